"""Writes the tables of documents that follow from the program: checks of `rules lint`, keys of the screens."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from chargelore.engine.lint import explained
from chargelore.tui.keys.sheet import cheat_sheet


def checks() -> str:
    """Each check by its code and what it tells, as a table."""
    rows = [f"| {code} | {tells.removesuffix('.').replace('|', chr(92) + '|')} |\n" for code, tells in explained()]
    return "".join(("\n| code | what it tells of |\n|---|---|\n", *rows, "\n"))


def keys() -> str:
    """Every key of the screens."""
    return cheat_sheet({}) + "\n\n"


TABLES: Mapping[tuple[Path, str], Callable[[], str]] = {
    (Path("rules/README.md"), "checks"): checks,
    (Path("docs/keys.md"), "keys"): keys,
}


def main() -> int:
    """Exit 1 when a page is not as it should be; without `--check` they are written."""
    is_wrong = False
    for (page, name), made in TABLES.items():
        text, table = page.read_text(encoding="utf-8"), made()
        place = re.compile(rf"(?<=<!-- {name} -->\n).*?(?=<!-- end of {name} -->)", re.DOTALL)
        fresh = place.sub(lambda _, table=table: table, text)
        if "--check" not in sys.argv:
            page.write_text(fresh, encoding="utf-8")
        elif fresh != text or table not in text:
            print(f"{page}: the {name} are others; write them with `python .ci/tables.py`")
            is_wrong = True
    return int(is_wrong)


if __name__ == "__main__":
    sys.exit(main())
