"""`chargelore report layers`: which slices of a charger were heard, when last, and what its last firmware changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import click

from chargelore.engine.case import Charger
from chargelore.engine.door import redacted
from chargelore.engine.heard.ear import Ear
from chargelore.engine.heard.layered import Change, Layered, Layering
from chargelore.engine.heard.reportability import NOTHING_HEARD, Sheet, merged, report_on
from chargelore.engine.heard.silence import Silence, judged, name_of, silence
from chargelore.engine.relay.kept import signal_of
from chargelore.engine.signal import KINDS, Signal
from chargelore.engine.sources.clock import utc_now
from chargelore.kb.codes import Codes
from chargelore.kb.kept import Wanted
from chargelore.kb.load import shipped as knowledge
from chargelore.kb.store import Store
from chargelore.tui.cli.listing import db_option
from chargelore.tui.cli.output import as_json, chosen, format_option, mapped, say, write_csv
from chargelore.tui.cli.parcels import inputs
from chargelore.tui.cli.progress import read_here
from chargelore.tui.live import key_at_hand, sheet_here
from chargelore.tui.text import count, day

COLUMNS = ("charger", "vendor", "model", "firmware", "layer", "state", "signals", "first_at", "last_at")
DAYS = 30  # of what watches captured, where no file is named


@dataclass(frozen=True, slots=True)
class Known:
    """A charger, what its model at this firmware sent at some time, and what it is proven never to send."""

    layered: Layered
    sent: tuple[str, ...]
    never: tuple[Silence, ...]


@click.command(epilog="Example: chargelore report layers charger.log modbus.log")
@click.argument("files", nargs=-1, metavar="[FILE…]")
@click.option("--columns", metavar="ROLE=NAME,…", default="", help="What the columns of a table hold, as for triage.")
@db_option
@format_option
def layers(files: tuple[str, ...], *, columns: str, db: str | None, form: str | None) -> int:
    """Say of each charger in FILE… which layers were heard, which are missing, and what changed at its last firmware.

    Without a file, of what watches captured in the last 30 days.
    """
    layering, ear = Layering(), Ear(key_at_hand())
    for signal, charger in _in_files(files, columns) if files else _captured(db):
        layering.takes(signal, charger)
        ear.takes(signal, charger)
    sheet = merged(sheet_here(db), ear.sheet()) if layering.layered() else NOTHING_HEARD
    PRINTERS[chosen(form)]([_known(each, sheet) for each in layering.layered()])
    return 0


def _in_files(files: Iterable[str], columns: str) -> Iterator[tuple[Signal, Charger]]:
    from chargelore.tui.cli.reporting.report import named, spoken_by  # noqa: PLC0415  # it holds this command

    key, codes = key_at_hand(), Codes(knowledge())
    with inputs(files) as given:
        for each in given.values():
            reading = read_here(each, mapped(columns))
            yield from spoken_by((redacted(signal, key) for signal in reading), codes, named(reading, key))


def _captured(db: str | None) -> Iterator[tuple[Signal, Charger]]:
    """What watches captured; it has passed the door."""
    from chargelore.tui.cli.reporting.report import spoken_by  # noqa: PLC0415  # it holds this command

    wanted = Wanted(since=utc_now() - timedelta(days=DAYS))
    with Store.open(db) as store:
        kept = (signal_of(row) for row in store.signals(wanted) if row.kind in KINDS)
        yield from spoken_by(kept, Codes(knowledge()))


def _known(one: Layered, sheet: Sheet) -> Known:
    report = report_on(sheet, one.charger)
    if report is None:
        return Known(one, (), ())
    never = (silence(report, each) for each in judged())
    return Known(one, tuple(sorted(report.counts)), tuple(each for each in never if each is not None))


def _print_json(found: list[Known]) -> None:
    say(as_json({"chargers": [_as_json(each) for each in found]}))


def _as_json(one: Known) -> dict[str, object]:
    charger, change = one.layered.charger, one.layered.change
    return {
        "charger": charger.id,
        "vendor": charger.vendor,
        "model": charger.model,
        "firmware": charger.firmware,
        "layers": {
            layer: {"signals": each.signals, "first_at": _iso(each.first_at), "last_at": _iso(each.last_at)}
            for layer, each in one.layered.voices.items()
        },
        "missing": one.layered.missing,
        "sent": one.sent,
        "never": [{"item": each.item, "occasions": each.occasions, "chargers": each.chargers} for each in one.never],
        "changed": _change_json(change) if change else None,
    }


def _change_json(change: Change) -> dict[str, object]:
    return {
        "at": _iso(change.since),
        "before": change.before,
        "now": change.now,
        "new": change.new,
        "signals": {"before": change.signals_before, "since": change.signals_since},
        "faults": {name: {"before": before, "since": since} for name, (before, since) in change.faults.items()},
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _print_csv(found: list[Known]) -> None:
    write_csv((row for each in found for row in _rows(each.layered)), COLUMNS)


def _rows(one: Layered) -> Iterator[dict[str, object]]:
    charger = one.charger
    base = {"charger": charger.id, "vendor": charger.vendor, "model": charger.model, "firmware": charger.firmware}
    for layer, each in one.voices.items():
        told = {"signals": each.signals, "first_at": _iso(each.first_at), "last_at": _iso(each.last_at)}
        yield {**base, "layer": layer, "state": "heard", **told}
    for layer in one.missing:
        yield {**base, "layer": layer, "state": "missing", "signals": 0}


def _print_table(found: list[Known]) -> None:
    for each in found:
        say("\n".join(_lines(each)) + "\n")
    if not found:
        say("No charger was heard: name logs, or let `chargelore watch` listen for a while.")


def _lines(one: Known) -> Iterator[str]:
    charger = one.layered.charger
    made = " ".join(filter(None, (charger.vendor, charger.model, charger.firmware))) or "make not known"
    yield f"{charger.id or 'charger without a name'}: {made}"
    for layer, each in one.layered.voices.items():
        last = f"last {day(each.last_at)}" if each.last_at else "no time known"
        yield f"  {layer:<9}  {count(each.signals, 'signal')}, {last}"
    yield f"  missing    {', '.join(one.layered.missing) or 'nothing'}"
    kinds = sorted({item.partition(".")[0] for item in one.sent})
    yield f"  has sent   {', '.join(kinds) or 'nothing that is counted'}"
    if one.never:
        yield f"  never      {', '.join(name_of(each.item) for each in one.never)}"
    if one.layered.change is not None:
        yield from _changes(one.layered.change)


def _changes(change: Change) -> Iterator[str]:
    when = day(change.since) if change.since else "a time that nothing tells"
    yield f"  firmware   {change.now} since {when}, before it {change.before or 'one that it did not name'}"
    yield f"  new since  {', '.join(change.new) or 'nothing'} (of {count(change.signals_since, 'signal')})"
    for name, (before, since) in change.faults.items():
        yield f"  fault      {name}: {since} since, {before} before"


PRINTERS = {"json": _print_json, "csv": _print_csv, "table": _print_table}
