"""Writes the tables of documents that follow from the program: the checks of `rules lint` into rules/README.md."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from chargelore.engine.lint import explained

PAGE = Path("rules/README.md")
PLACE = re.compile(r"(?<=<!-- checks -->\n).*?(?=<!-- end of checks -->)", re.DOTALL)


def checks() -> str:
    """Each check by its code and what it tells, as a table."""
    rows = [f"| {code} | {tells.removesuffix('.').replace('|', chr(92) + '|')} |\n" for code, tells in explained()]
    return "".join(("\n| code | what it tells of |\n|---|---|\n", *rows, "\n"))


def main() -> int:
    """Exit 1 when the page is not as it should be; without `--check` it is written."""
    text = PAGE.read_text(encoding="utf-8")
    fresh = PLACE.sub(lambda _: checks(), text)
    if "--check" not in sys.argv:
        PAGE.write_text(fresh, encoding="utf-8")
    elif fresh != text or checks() not in text:
        print(f"{PAGE}: the checks are others; write them with `python .ci/tables.py`")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
