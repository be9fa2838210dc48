"""The pictures in `docs/pictures` are snapshots of seven screens: they show what the program shows.

They hold for the Textual that `constraints.txt` pins. Where a screen was changed on purpose: `make screenshots`.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HOUSE = Path(__file__).parents[2]


def test_the_pictures_show_what_the_program_shows() -> None:
    told = subprocess.run(
        [sys.executable, ".ci/pictures.py", "--check"], cwd=HOUSE, capture_output=True, text=True, check=False
    )
    assert (told.returncode, told.stdout, told.stderr[-2000:]) == (0, "", "")
