"""Prints how long functions and files are, and fails when a function grows past what one reads at a glance."""

from __future__ import annotations

import ast
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path

ROOMS = ("kb", "engine", "tui")
MEDIAN, P90, MOST = 10, 25, 40


def functions(file: Path) -> Iterator[tuple[int, str]]:
    """Every function of a file with its length in lines, the docstring left out."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            doc = ast.get_docstring(node, clean=False)
            lines = (node.end_lineno or node.lineno) - node.lineno + 1 - (doc.count("\n") + 1 if doc else 0)
            yield lines, f"{file}:{node.lineno} {node.name}"


def main() -> int:
    """The figures, and exit 1 when one is over its limit."""
    found = sorted(each for room in ROOMS for file in sorted(Path(room).rglob("*.py")) for each in functions(file))
    lengths = [length for length, _ in found]
    median, p90 = statistics.median(lengths), lengths[int(0.9 * len(lengths))]
    print(
        f"functions: {len(lengths)}, median {median:g} lines (<= {MEDIAN}), p90 {p90} (<= {P90}), longest {lengths[-1]}"
    )
    for length, name in found:
        if length > MOST:
            print(f"  too long: {length} lines: {name}")
    return int(median > MEDIAN or p90 > P90 or lengths[-1] > MOST)


if __name__ == "__main__":
    sys.exit(main())
