"""Child: the engine's program is started so that what a terminal tells its parent does not reach it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from chargelore.engine.relay.child import deaf


def test_ctrl_c_does_not_concern_the_program_from_its_first_line_on(tmp_path: Path) -> None:
    (tmp_path / "listens.py").write_text("import signal\nprint(signal.getsignal(signal.SIGINT).name)\n")
    paths = {**os.environ, "PYTHONPATH": str(tmp_path)}
    said = subprocess.run(deaf("listens"), env=paths, capture_output=True, text=True, check=True).stdout
    assert said == "SIG_IGN\n"
