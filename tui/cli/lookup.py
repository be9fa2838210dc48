"""`chargelore lookup`: what a code or a few words mean; what nobody knows is kept as a gap."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

import click

from chargelore.kb.codekey import is_null, key
from chargelore.kb.errors import StoreError, UseError
from chargelore.kb.languages import ENGLISH, said
from chargelore.kb.load import shipped
from chargelore.kb.search import Hit
from chargelore.kb.search import lookup as looked_up
from chargelore.tui.cli.makers import unknown_maker
from chargelore.tui.cli.output import as_json, chosen, format_option, readable, say, write_csv
from chargelore.tui.text import plain

COLUMNS = (
    "match", "likeness", "fault", "label", "relation", "confidence", "is_fault", "alternatives", "vendor", "model",
    "firmware", "channel", "code", "text", "note", "also", "source", "evidence", "scope", "dated", "age", "status",
    "replaced_by", "licence", "values",
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
@click.option(
    "--language",
    envvar="CHARGELORE_LANGUAGE",
    default=ENGLISH,
    show_default=True,
    help="In which language faults are named, such as de; in English where it has no name.",
)
@format_option
def lookup(query: tuple[str, ...], db: str | None, language: str, form: str | None, **scope: Any) -> int:
    """Say what a code, a display text or a few words mean.

    A code may be written in any way: 0x1A, 26, 026, 1Ah, a sum of bits. Exit code 0 when something was found, 1 when
    nothing was; then the words are kept, so that somebody can add what they mean.
    """
    asked = _askable(readable(" ".join(query)))
    scope = {name: readable(each) for name, each in scope.items()}
    stranger = unknown_maker(scope["vendor"], shipped())
    _aside(stranger)
    hits = looked_up(asked, shipped(), limit=MOST, today=datetime.now(UTC).date(), **scope)
    PRINTERS[chosen(form)](asked, tuple(_spoken(hit, language) for hit in hits))
    if hits:
        return 0
    if is_null(asked):
        _aside(f"{'zero' if key(asked) == 'n:0' else asked} says that nothing is wrong")
    else:
        _aside(_kept(asked, scope, db) + (", under a maker that it does not know" if stranger else ""))
    return NOTHING_FOUND


def _askable(words: str) -> str:
    """The words; UseError when there is neither a letter nor a digit in them, which nobody could ever answer."""
    if not any(map(str.isalnum, words)):
        raise UseError("there is no letter and no digit to look up", mend="give a code, a display text or a few words")
    return words


def _aside(told: str) -> None:
    """A line that is no result: on stderr, so that piped output stays clean."""
    if told:
        click.echo(f"chargelore: {plain(told)}", err=True)


def _spoken(hit: Hit, language: str) -> Hit:
    """The hit with its fault named in a language; what a code says stays as its maker wrote it."""
    fault = shipped().faults.get(hit.fault) if hit.fault else None
    if fault is None:
        return hit
    label = said(fault, language)
    return replace(hit, label=label, text=hit.text if hit.code else label)


def _kept(asked: str, scope: Mapping[str, str], db: str | None) -> str:
    """A look-up goes on where nothing can be written; it only says so. Whom the words name is not kept."""
    from chargelore.kb.home import home  # noqa: PLC0415  # a look-up that finds something needs no database
    from chargelore.kb.label import local_key  # noqa: PLC0415  # as above
    from chargelore.kb.store import Store  # noqa: PLC0415  # as above
    from chargelore.tui.missed import fit_to_keep  # noqa: PLC0415  # as above

    try:
        with Store.open(db) as store:
            own = local_key(home())
            store.record_gap(fit_to_keep(asked, own), {name: fit_to_keep(each, own) for name, each in scope.items()})
    except StoreError as error:
        return f"nothing found, and this could not be noted: {error}"
    return "nothing found; noted as missing in this knowledge base"


def _line(hit: Hit) -> dict[str, object]:
    told = asdict(hit)
    return {column: told[column] for column in COLUMNS} | {"values": dict(hit.values)}


def _print_json(asked: str, hits: tuple[Hit, ...]) -> None:
    click.echo(as_json({"query": asked, "hits": [_line(hit) for hit in hits]}))


def _print_csv(_asked: str, hits: tuple[Hit, ...]) -> None:
    write_csv(map(_row, hits), COLUMNS)


def _row(hit: Hit) -> dict[str, object]:
    read = " | ".join(f"{name}={value}" for name, value in hit.values)
    lists = {"alternatives": " | ".join(hit.alternatives), "also": " | ".join(hit.also), "values": read}
    return _line(hit) | lists | {"is_fault": str(hit.is_fault).lower()}


def _print_table(_asked: str, hits: tuple[Hit, ...]) -> None:
    for hit in hits:
        say(_headline(hit))
        for line in _details(hit):
            say(f"    {line}")


def _details(hit: Hit) -> Iterator[str]:
    if hit.match != "quirk":
        yield _meaning(hit)
    if hit.alternatives:
        yield f"may also be {', '.join(hit.alternatives)}"
    if hit.values:
        yield ", ".join(f"{name} {value}" for name, value in hit.values)
    told = f"found because: {hit.evidence}" if hit.evidence else ""
    yield "; ".join(filter(None, (told, hit.scope, hit.note)))
    stands = "" if hit.status == "reviewed" else hit.status + (f", see {hit.replaced_by}" if hit.replaced_by else "")
    yield "; ".join(filter(None, (f"source {hit.title or hit.source}", hit.licence, hit.age, stands)))
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
    return f"{hit.label} ({hit.fault}{kind}); {sure}"


PRINTERS = {"json": _print_json, "csv": _print_csv, "table": _print_table}
