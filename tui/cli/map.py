"""`chargelore map`: a maker's code table in, suggestions of canonical faults out; a person decides."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import click

from chargelore.kb.draft import Draft, drafts
from chargelore.kb.errors import UseError
from chargelore.kb.load import shipped
from chargelore.kb.rows import read_rows, read_stream
from chargelore.kb.suggest import Suggestion, suggest
from chargelore.tui.cli.output import as_json, chosen, format_option, say, table, write_csv
from chargelore.tui.text import plain

NEXT = "name its source, then `chargelore kb check`"
COLUMNS = ("id", "rank", "fault", "mrec", "relation", "confidence", "is_fault", "because")
STDIN = "-"
Line = dict[str, object]


@click.command("map", epilog="Example: chargelore map codes.csv --format csv > suggestions.csv")
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE.csv")
@click.option(
    "--review", type=click.Path(path_type=Path), metavar="FILE.yaml", help="Write a draft to correct instead."
)
@click.option("--force", is_flag=True, help="Write the draft over a file that is there.")
@format_option
def map_table(file: Path, review: Path | None, force: bool, form: str | None) -> int:
    """Suggest canonical faults and MREC codes for a table of native codes.

    The file (`-` reads stdin) has the columns id, vendor, model, firmware, channel, code and native_text. At most three
    suggestions come out for each row, likeliest first; an empty fault means that nothing known fits. `confidence` is
    the chance that the MREC is right. With --review a draft for knowledge/vendors is written, one file a maker.
    """
    rows = read_stream(sys.stdin.buffer, "standard input", _warn) if str(file) == STDIN else read_rows(file, _warn)
    mapped = ((row, suggest(row, shipped())) for row in rows)
    if review is not None:
        return _review(drafts(mapped, shipped()), review, force)
    PRINTERS[chosen(form)](_line(each) for _, suggestions in mapped for each in suggestions)
    return 0


def _warn(what: str) -> None:
    click.echo(f"chargelore: {plain(what)}", err=True)


def _review(written: Sequence[Draft], review: Path, force: bool) -> int:
    """Nothing is written unless all of it can be."""
    places = _places(written, review)
    taken = [place for place in places if place.exists()]
    if taken and not force:
        raise UseError("is there already", where=str(taken[0]), mend="name another file, or say --force")
    for place, draft in zip(places, written, strict=True):
        try:
            place.write_text(draft.text, encoding="utf-8")
        except OSError as error:
            raise UseError(f"cannot be written ({error.strerror})", where=str(place), mend="check the path") from error
        left = f", {draft.left_out} rows left out, see there" if draft.left_out else ""
        click.echo(plain(f"{place}: {draft.codes} codes of {draft.vendor} to correct{left}; {NEXT}"), err=True)
    return 0


def _places(written: Sequence[Draft], review: Path) -> list[Path]:
    """The file that was named; with several makers one beside it for each, by its name."""
    if len(written) <= 1:
        return [review][: len(written)]
    names: list[str] = []
    for draft in written:
        name = re.sub(r"[^a-z0-9]+", "-", draft.vendor.lower()).strip("-")[:60] or "maker"
        names.append(name if name not in names else f"{name}-{len(names) + 1}")
    return [review.with_name(f"{review.stem}-{name}{review.suffix or '.yaml'}") for name in names]


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
