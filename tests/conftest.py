"""What every test needs: a data folder of its own, and a clear word when a clone lost its links."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parent.parent

if not (ROOT / ".dev" / "chargelore" / "kb").is_dir():
    pytest.exit("`.dev/chargelore/*` are files, not links: clone with `git clone -c core.symlinks=true`.", returncode=2)


# No test asserts a time: a machine that is busy with other work is not a fault of the product.
settings.register_profile("chargelore", deadline=None)
settings.load_profile("chargelore")


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the data folder of the person who runs it."""
    monkeypatch.setenv("CHARGELORE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CHARGELORE_CACHE", str(ROOT / ".cache"))
