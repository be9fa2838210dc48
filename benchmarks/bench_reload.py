"""How long one changed rule among many takes to be in force, and that chargers lose nothing of what they remember.

    python benchmarks/bench_reload.py [rules, default 1000] [times, default 30]

Beside it the whole folder read anew, which is what a restart costs.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from chargelore.engine.grammar.rule import SHIPPED, load_rules
from chargelore.engine.grammar.shelf import Shelf, looked
from chargelore.engine.matching.network import compile_rules


def main(wanted: int, times: int) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = filled(Path(place), wanted)
        shelf = looked(Shelf(folder))
        file = sorted(folder.rglob("*.yaml"))[wanted // 2]
        ours = statistics.median(reloaded(shelf, file) for _ in range(times))
        whole = statistics.median(restarted(folder) for _ in range(3))
        print(f"{len(shelf.files)} rules; one changed and in force after {ours:.0f} ms (median of {times})")
        print(f"the whole folder read anew: {whole:.0f} ms; ratio {whole / ours:.1f}")


def filled(folder: Path, wanted: int) -> Path:
    """Shipped rules, as often as needed, under further names."""
    files = sorted((SHIPPED / "signals").rglob("*.yaml"))
    for number in range(wanted):
        text, name = files[number % len(files)].read_text(encoding="utf-8"), files[number % len(files)].stem
        copy = f"{name}-{number // len(files)}"
        (folder / f"{copy}.yaml").write_text(text.replace(f"id: {name}\n", f"id: {copy}\n", 1), encoding="utf-8")
    return folder


def reloaded(shelf: Shelf, file: Path) -> float:
    text = file.read_text(encoding="utf-8")
    started = perf_counter()
    file.write_text(text.replace("author: ", "author: another ", 1), encoding="utf-8")
    compile_rules(looked(shelf).rules)
    took = (perf_counter() - started) * 1000
    file.write_text(text, encoding="utf-8")
    stamp = shelf.files[file][0][0]
    os.utime(file, ns=(stamp, stamp))
    return took


def restarted(folder: Path) -> float:
    started = perf_counter()
    compile_rules(load_rules(folder))
    return (perf_counter() - started) * 1000


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:3]]
    main(given[0] if given else 1000, given[1] if len(given) > 1 else 30)
