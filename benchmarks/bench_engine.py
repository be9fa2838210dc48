"""Our rule engine beside others on the same frames and rules, decoding included; each in a process of its own.

The traffic is that of 1,000 chargers; 95 of 100 frames concern no rule. A second table has traffic where every frame
does. All engines are checked against an oracle. Events a second are those of CPU time, that of children included. A
slow engine is stopped after so many CPU seconds; the column `frames` says how far it came.
Run it by `make bench-engine`, or as `python benchmarks/bench_engine.py [frames] [seconds]`.
"""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from engine_stream import oracle, plain_rules, traffic

HERE = Path(__file__).parent
PEERS = HERE.parent / ".venv-peers"
SIZES = (50, 200, 1_000)
CASE_RULES = {1_000: 200}  # in a line of its own; the others are spared them
IDLE = (10_000, 100_000)
LIMIT, OURS = "decode alone (msgspec)", "chargelore"
WITH_CASES = "chargelore + case rules"
SYSTEMS = (
    LIMIT,
    OURS,
    WITH_CASES,
    "chargelore, no sieve",
    "durable-rules, naive",
    "CLIPS (clipspy)",
    "Drools (drools-jpy)",
    "Drools (drools-jpy) + our sieve",
    "zen-engine",
    "rule-engine",
    "experta",
)
HEAD = f"{'':33}{'frames':>8}{'frames/s':>11}{'of decode':>10}{'p99 us':>9}{'peak MB':>8}{'missed':>7}{'spurious':>9}"


def table(frames: list[Any], size: int, seconds: float, systems: Iterable[str] = SYSTEMS) -> None:
    """All engines on these frames, with the ratios that matter."""
    expected = set(oracle(plain_rules(size), frames))
    cases = CASE_RULES.get(size, 0)
    print(f"\n{size} rules, or with {cases} case rules; {len(expected)} symptoms expected\n{HEAD}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "frames"
        file.write_bytes(pickle.dumps(frames))
        speeds: dict[str, float] = {}
        for name in systems if cases else (each for each in systems if each != WITH_CASES):
            limit = seconds if name not in (LIMIT, OURS, WITH_CASES) else 600.0
            asked = cases if name == WITH_CASES else 0
            told = run({"system": name, "size": size, "cases": asked, "frames": str(file), "limit": limit})
            print(line(name, told, expected, speeds), flush=True)


def line(name: str, told: dict[str, Any] | str, expected: set[tuple[int, str]], speeds: dict[str, float]) -> str:
    """One engine's figures, or why there are none."""
    if isinstance(told, str):
        return f"{name:33} {told}"
    speeds[name] = told["frames"] / told["cpu"]
    fired = {(number, rule) for number, rule in told["fired"] if rule.startswith("r")}
    due = {each for each in expected if each[0] < told["frames"]}
    wrong = ("-", "-") if name == LIMIT else (len(due - fired), len(fired - due))
    share = speeds[name] / speeds[LIMIT] if LIMIT in speeds else 0
    figures = f"{told['frames']:>8}{speeds[name]:>11,.0f}{share:>10.3f}{told['p99']:>9.1f}{told['peak'] / 1024:>8.0f}"
    ratio = (
        ""
        if name in (LIMIT, OURS, WITH_CASES) or OURS not in speeds
        else f"   ours x {speeds[OURS] / speeds[name]:.1f}"
    )
    return f"{name:33}{figures}{wrong[0]:>7}{wrong[1]:>9}{ratio}"


def run(task: dict[str, Any]) -> dict[str, Any] | str:
    """The figures of one task, or one sentence on why there are none."""
    places = [str(each) for each in PEERS.glob("lib/python*/site-packages")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(places)}
    command = [sys.executable, str(HERE / "engine_worker.py")]
    try:
        done = subprocess.run(
            command,
            check=False,
            input=json.dumps(task) + "\n",
            capture_output=True,
            text=True,
            env=environment,
            timeout=900,
        )
    except subprocess.TimeoutExpired:
        return "did not end within 15 minutes"
    if done.returncode < 0:
        return f"crashed with signal {-done.returncode}"
    if done.returncode:
        said = done.stderr.strip().splitlines()[-1:]
        return f"not run: {said[0] if said else 'no reason given'}"
    told: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return told


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 30.0
    if not PEERS.exists():
        print("the other engines are not installed; `make bench-engine` does that")
    print(f"{count:,} frames of 1,000 chargers, 95 of 100 concern no rule; others stop after {seconds:g} CPU seconds")
    frames = list(traffic(count, noise=0.95, size=1_000))
    for size in SIZES:
        table(frames, size, seconds)
    print(f"\n{count // 4:,} frames, every one of which concerns a rule")
    table(list(traffic(count // 4, noise=0.0, size=SIZES[-1])), SIZES[-1], seconds)
    for idle in IDLE:
        told = run({"system": "idle", "chargers": idle})
        print(f"{idle:>7,} idle chargers: {told if isinstance(told, str) else round(told['each'])} bytes each")


if __name__ == "__main__":
    main()
