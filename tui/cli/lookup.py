"""`chargelore lookup`: what a code or a few words mean; what nobody knows is kept as a gap."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict

import click

from chargelore.kb.errors import StoreError
from chargelore.kb.load import shipped
from chargelore.kb.search import Hit
from chargelore.kb.search import lookup as looked_up
from chargelore.tui.cli.output import as_json, chosen, format_option, say, write_csv

COLUMNS = (
    "match", "likeness", "fault", "label", "relation", "confidence", "is_fault", "alternatives", "vendor", "model",
    "firmware", "channel", "code", "text", "note", "also", "source",
)  # fmt: skip
NOTHING_FOUND = 1
MOST = 10


@click.command(epilog="Example: chargelore lookup 0x1A --vendor Zaptec")
@click.argument("query", nargs=-1, required=True, metavar="QUERY…")
@click.option("--vendor", default="", help="The maker, under any of its names.")
@click.option("--model", default="", help="The model, as the charger or its label says it.")
@click.option("--firmware", default="", help="The firmware version.")
@click.option("--channel", default="", help="Where the code was seen, such as ocpp.vendorErrorCode or modbus.")
@click.option("--db", metavar="URL", default=None, help="Another store for gaps than the one in the data folder.")
@format_option
def lookup(query: tuple[str, ...], db: str | None, form: str | None, **scope: str) -> int:
    """Say what a code, a display text or a few words mean.

    A code may be written in any way: 0x1A, 26, 026, 1Ah, a sum of bits. Exit code 0 when something was found, 1 when
    nothing was; then the words are kept, so that somebody can add what they mean.
    """
    asked = " ".join(query)
    hits = looked_up(asked, shipped(), limit=MOST, **scope)
    PRINTERS[chosen(form)](asked, hits)
    if hits:
        return 0
    click.echo(_kept(asked, scope, db), err=True)
    return NOTHING_FOUND


def _kept(asked: str, scope: Mapping[str, str], db: str | None) -> str:
    """A look-up goes on where nothing can be written; it only says so."""
    from chargelore.kb.store import Store  # noqa: PLC0415  # a look-up that finds something needs no database

    try:
        with Store.open(db) as store:
            store.record_gap(asked, scope)
    except StoreError as error:
        return f"chargelore: nothing found, and this could not be noted: {error}"
    return "chargelore: nothing found; noted as missing in this knowledge base"


def _line(hit: Hit) -> dict[str, object]:
    return {column: asdict(hit)[column] for column in COLUMNS}


def _print_json(asked: str, hits: tuple[Hit, ...]) -> None:
    click.echo(as_json({"query": asked, "hits": [_line(hit) for hit in hits]}))


def _print_csv(_asked: str, hits: tuple[Hit, ...]) -> None:
    write_csv(map(_row, hits), COLUMNS)


def _row(hit: Hit) -> dict[str, object]:
    lists = {"alternatives": " | ".join(hit.alternatives), "also": " | ".join(hit.also)}
    return _line(hit) | lists | {"is_fault": str(hit.is_fault).lower()}


def _print_table(_asked: str, hits: tuple[Hit, ...]) -> None:
    for hit in hits:
        say(_headline(hit))
        for line in _details(hit):
            say(f"    {line}")


def _details(hit: Hit) -> Iterator[str]:
    yield _meaning(hit)
    if hit.alternatives:
        yield f"may also be {', '.join(hit.alternatives)}"
    if hit.note:
        yield hit.note
    if hit.also:
        yield f"elsewhere the same code means: {'; '.join(hit.also)}"


def _headline(hit: Hit) -> str:
    alike = f"similar, not the same ({hit.likeness:.2f})" if hit.match == "similar" else hit.match
    code = " ".join(filter(None, (hit.vendor, hit.model, hit.code)))
    return f"{code or 'fault'}: {hit.text}  [{alike}]"


def _meaning(hit: Hit) -> str:
    if hit.fault is None:
        return "no fault that makers share" if hit.is_fault else "no fault"
    kind = "" if hit.is_fault else ", no fault"
    sure = f"{hit.relation or 'unknown'} match, confidence {hit.confidence}"
    return f"{hit.label} ({hit.fault}{kind}); {sure}; source {hit.source}"


PRINTERS = {"json": _print_json, "csv": _print_csv, "table": _print_table}
