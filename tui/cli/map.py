"""`chargelore map`: a maker's code table in, suggestions of canonical faults out; a person decides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from chargelore.kb.load import shipped
from chargelore.kb.rows import read_rows
from chargelore.kb.suggest import Suggestion, suggest
from chargelore.tui.cli.output import as_json, chosen, format_option, say, table, write_csv

COLUMNS = ("id", "rank", "fault", "mrec", "relation", "confidence", "is_fault", "because")
Line = dict[str, object]


@click.command("map", epilog="Example: chargelore map codes.csv --format csv > suggestions.csv")
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE.csv")
@format_option
def map_table(file: Path, form: str | None) -> int:
    """Suggest canonical faults and MREC codes for a table of native codes.

    The file has the columns id, vendor, model, firmware, channel, code and native_text. At most three suggestions come
    out for each row, likeliest first; an empty fault means that nothing known fits. `confidence` is the chance that the
    MREC is right.
    """
    PRINTERS[chosen(form)](_line(each) for row in read_rows(file) for each in suggest(row, shipped()))
    return 0


def _line(each: Suggestion) -> Line:
    return {column: getattr(each, column) for column in COLUMNS}


def _print_json(lines: Iterable[Line]) -> None:
    """One array, a line for each suggestion, so that a large table need not fit in memory."""
    between = "[\n"
    for line in lines:
        click.echo(f"{between}{as_json(line)}", nl=False)
        between = ",\n"
    click.echo("\n]" if between != "[\n" else "[]")


def _print_csv(lines: Iterable[Line]) -> None:
    write_csv((line | {"is_fault": str(line["is_fault"]).lower()} for line in lines), COLUMNS)


def _print_table(lines: Iterable[Line]) -> None:
    say(table(_cells(lines), COLUMNS))


def _cells(lines: Iterable[Line]) -> Iterator[list[object]]:
    for line in lines:
        shown = line | {"fault": line["fault"] or "none", "is_fault": "yes" if line["is_fault"] else "no"}
        yield ["-" if shown[column] in ("", None) else shown[column] for column in COLUMNS]


PRINTERS = {"json": _print_json, "csv": _print_csv, "table": _print_table}
