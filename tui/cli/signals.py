"""`chargelore signals`: what watches captured, out of the store: a table to read, CSV, or JSON for `triage -`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import get_args

import click
import msgspec

from chargelore.engine.decode import signallines
from chargelore.engine.relay.kept import signal_of
from chargelore.engine.signal import KINDS, Signal
from chargelore.kb.errors import UseError
from chargelore.kb.kept import KeptSignal, Wanted
from chargelore.kb.model import Layer
from chargelore.kb.store import Store
from chargelore.tui.cli.listing import moment
from chargelore.tui.cli.output import as_json, aside, chosen, format_option, say, write_csv
from chargelore.tui.lines.signal import said

COLUMNS = ("at", "charger", "connector", "layer", "kind", "says", "marks", "run", "seq", "part")
Kept = tuple[KeptSignal, Signal]


@click.command(epilog="Example: chargelore signals CP-7 --from 2026-05-04 --format json | chargelore triage -")
@click.argument("charger", default="")
@click.option("--from", "since", metavar="TIME", default=None, help="Not before this day or time (UTC).")
@click.option("--to", "until", metavar="TIME", default=None, help="Not after this day or time (UTC).")
@click.option("--layer", type=click.Choice(get_args(Layer)), default=None, help="Only those of one layer.")
@click.option("--kind", type=click.Choice(sorted(KINDS)), default=None, help="Only those of one kind.")
@click.option("--db", metavar="URL", default=None, help="Another store than the one in the data folder.")
@format_option
def signals(  # noqa: PLR0913  # one argument for each option
    *, charger: str, since: str | None, until: str | None, layer: str | None, kind: str | None, db: str | None,
    form: str | None,
) -> int:  # fmt: skip
    """What watches captured of one charger or of all, in the order of capture. Its JSON is a log that triage reads."""
    asked = Wanted(charger, layer or "", kind or "", begin(since), moment(until) if until else None)
    if asked.since and asked.until and asked.since > asked.until:
        raise UseError("--from is later than --to", mend="turn them round")
    with Store.open(db) as store:
        PRINTERS[chosen(form)](_introduced(store, charger), _sound(store.signals(asked)))
    return 0


def begin(text: str | None) -> datetime | None:
    """A day (its begin) or a time; UTC where no zone is given. UseError for anything else."""
    if text is None:
        return None
    read = moment(text)
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if len(text) == 10 else read


def _introduced(store: Store, charger: str) -> Iterator[KeptSignal]:
    """Who chargers are that cannot say so themselves: each once, as it was told last."""
    told = {each.charger: each for each in store.signals(Wanted(charger, kind=signallines.WHO))}
    yield from told.values()


def _sound(rows: Iterable[KeptSignal]) -> Iterator[Kept]:
    """The signals in the rows; how many rows somebody has changed to something else is told."""
    damaged = 0
    for row in rows:
        if row.kind == signallines.WHO:
            continue
        try:
            yield row, signal_of(row)
        except (ValueError, msgspec.MsgspecError):
            damaged += 1
    if damaged:
        aside(f"{damaged} of the rows hold no signal any more")


def _print_json(who: Iterable[KeptSignal], kept: Iterable[Kept]) -> None:
    for row, signal in ((each, signal_of(each)) for each in who):
        click.echo(_line(row, signal))
    for row, signal in kept:
        click.echo(_line(row, signal))


def _line(row: KeptSignal, signal: Signal) -> str:
    named = {"run": row.run, "seq": row.seq, "part": row.part, "heard": row.heard.isoformat()}
    return as_json(named | msgspec.to_builtins(signal))


def _print_csv(_who: Iterable[KeptSignal], kept: Iterable[Kept]) -> None:
    write_csv((_row(row, signal) for row, signal in kept), COLUMNS)


def _row(row: KeptSignal, signal: Signal) -> Mapping[str, object]:
    return {
        "at": row.at.isoformat(),
        "charger": signal.charger,
        "connector": signal.connector,
        "layer": signal.layer,
        "kind": signal.kind,
        "says": said(signal),
        "marks": " ".join(signal.marks),
        "run": row.run,
        "seq": row.seq,
        "part": row.part,
    }


def _print_table(_who: Iterable[KeptSignal], kept: Iterable[Kept]) -> None:
    is_empty = True
    for row, signal in kept:
        is_empty = False
        place = f" #{signal.connector}" if signal.connector else ""
        marks = f"  [{' '.join(signal.marks)}]" if signal.marks else ""
        head = f"{row.at:%Y-%m-%d %H:%M:%S}  {signal.layer:<8}  {signal.charger}{place}"
        say(f"{head}  {said(signal)}{marks}".replace("\n", " "))
    if is_empty:
        say("No signals of that kind are in the store.")


PRINTERS: Mapping[str, Callable[[Iterable[KeptSignal], Iterable[Kept]], None]] = {
    "json": _print_json,
    "csv": _print_csv,
    "table": _print_table,
}
