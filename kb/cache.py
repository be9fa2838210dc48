"""Cache: what was parsed from YAML, kept as a pickle in the cache folder until a file of it changes."""

from __future__ import annotations

import hashlib
import os
import pickle  # reads back only what this program wrote into the person's own folder
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

from chargelore.kb.home import cache_folder

Parsed = TypeVar("Parsed")
OURS = Path(__file__).parent

# What reading a cut or foreign pickle can raise.
BROKEN = (
    OSError, pickle.UnpicklingError, EOFError, AttributeError, ImportError, ValueError, TypeError, LookupError,
    ArithmeticError, MemoryError, RecursionError,
)  # fmt: skip


def cached(folder: Path, parse: Callable[[Path], Parsed]) -> Parsed:
    """`parse(folder)`, or its kept result when no file below the folder changed since. A broken cache is no cache."""
    kept = cache_folder() / f"{folder.name}-{stamp(folder, _code_of(parse))}.pickle"
    with suppress(*BROKEN):
        found: Parsed = pickle.loads(kept.read_bytes())  # noqa: S301  # as above
        return found
    parsed = parse(folder)
    with suppress(OSError):
        _keep(kept, parsed)
    return parsed


def stamp(folder: Path, code: Path = OURS) -> str:
    """Names, sizes and times of all files, and the version that would read them; `code` is the folder of who parses."""
    lines = [f"{version('chargelore')} {sys.version_info[:2]}"]
    programs = {file for place in (OURS, code) for file in place.glob("*.py")}
    for file in sorted((*folder.rglob("*.yaml"), *programs)):
        status = file.stat()
        lines.append(f"{file} {status.st_size} {status.st_mtime_ns}")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def _code_of(parse: Callable[[Path], Parsed]) -> Path:
    """The folder of the program that parses: when its values get another shape, what is kept no longer fits."""
    return Path(getattr(sys.modules.get(parse.__module__), "__file__", None) or __file__).parent


def _keep(kept: Path, parsed: object) -> None:
    """Written aside and moved into place, so that no reader sees half a file; older ones of the folder go."""
    kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=kept.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            pickle.dump(parsed, out, protocol=pickle.HIGHEST_PROTOCOL)
        Path(name).replace(kept)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    for old in kept.parent.glob(f"{kept.name.rsplit('-', 1)[0]}-*.pickle"):
        if old != kept:
            old.unlink(missing_ok=True)
