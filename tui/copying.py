"""Copying: what a person takes along: rows as text, JSON, Markdown or CSV, made harmless."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from io import StringIO
from pathlib import Path

from chargelore.kb.home import made, unwritable
from chargelore.tui.cli.output import cell
from chargelore.tui.text import plain

Words = Mapping[str, str]
LONGEST = 100_000  # letters for a clipboard; terminals cut or drop more


def harmless(text: str) -> str:
    """The text without what a terminal would obey where it is pasted; its lines stay."""
    return "\n".join(map(plain, text[:LONGEST].splitlines()))


def as_text(rows: Sequence[Words]) -> str:
    """One line a row."""
    return "\n".join(" · ".join(filter(None, row.values())) for row in rows)


def as_json(rows: Sequence[Words]) -> str:
    """One object a line."""
    return "\n".join(json.dumps(dict(row), ensure_ascii=False) for row in rows)


def as_markdown(rows: Sequence[Words]) -> str:
    """A table, for a ticket."""
    names = _names(rows)
    lines = [names, ["---"] * len(names), *([row.get(name, "") for name in names] for row in rows)]
    return "\n".join(f"| {' | '.join(map(_escaped, each))} |" for each in lines)


def as_csv(rows: Sequence[Words]) -> str:
    """A table, for a spreadsheet; no cell is a formula."""
    text, names = StringIO(), _names(rows)
    sheet = csv.writer(text, lineterminator="\n")
    sheet.writerow(names)
    sheet.writerows([cell(plain(row.get(name, ""))) for name in names] for row in rows)
    return text.getvalue()


FORMS: Mapping[str, Callable[[Sequence[Words]], str]] = {
    "text": as_text, "JSON": as_json, "Markdown": as_markdown, "CSV": as_csv,
}  # fmt: skip


def written(file: Path, text: str) -> Path:
    """The file with that text. StoreError when it cannot be written."""
    try:
        made(file.parent)
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise unwritable(file, error) from error
    return file


def _names(rows: Sequence[Words]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row))


def _escaped(text: str) -> str:
    return plain(text).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
