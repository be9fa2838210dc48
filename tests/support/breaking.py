"""A child of inference that breaks: the real program, but a real SIGSEGV ends it when a fault is due."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from shell import Said

BREAKS = """
import json, os, signal
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

spec = spec_from_file_location("child", {real!r})
child = module_from_spec(spec)
spec.loader.exec_module(child)
broken, held = Path({broken!r}), child.held


def breaks(asking, facts, places):
    before = json.loads(broken.read_text()) if broken.exists() else []
    if len(before) < {faults} and (before[-{each}:] != [facts] * {each}):
        broken.write_text(json.dumps([*before, facts]))
        os.kill(os.getpid(), signal.SIGSEGV)
    return held(asking, facts, places)


child.held = breaks
child.serve()
"""
EVERYWHERE = """
from pathlib import Path
from chargelore.engine.infer import child
child.PROGRAM = Path({program!r})
"""  # read by each interpreter as it starts, those of shards too


def chargelore_breaking(folder: Path, *arguments: object, faults: int, each: int = 1) -> Said:
    """Run a command whose child of inference breaks so many times in all, `each` times on one question."""
    program = folder / "breaking.py"
    real, broken = str(child_program()), str(folder / "broken.json")
    program.write_text(BREAKS.format(real=real, broken=broken, faults=faults, each=each), encoding="utf-8")
    (folder / "sitecustomize.py").write_text(EVERYWHERE.format(program=str(program)), encoding="utf-8")
    command = [sys.executable, "-c", "from chargelore.tui.cli import main; main()", *map(str, arguments)]
    around = {**os.environ, "PYTHONPATH": str(folder)}
    done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False, env=around)
    return Said(done.returncode, done.stdout, done.stderr)


def child_program() -> Path:
    """Our program, asked for late: where durable-rules cannot be had nobody asks."""
    from chargelore.engine.infer.child import PROGRAM  # noqa: PLC0415  # as the line above says

    return PROGRAM
