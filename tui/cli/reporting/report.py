"""`chargelore report`: what chargers can tell: layers, kinds of signal and fields that a model sends or never sends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby

import click

from chargelore.engine.case import Charger
from chargelore.engine.door import redacted, redacted_text
from chargelore.engine.heard.ear import Ear
from chargelore.engine.heard.reportability import NOTHING_HEARD, Sheet, merged
from chargelore.engine.heard.reported import Reported, reported
from chargelore.engine.heard.silence import Silence, name_of
from chargelore.engine.post import Post
from chargelore.engine.read import Reading
from chargelore.engine.signal import Signal
from chargelore.engine.spoken import spoken
from chargelore.kb.codes import Codes
from chargelore.kb.errors import UseError
from chargelore.kb.load import shipped as knowledge
from chargelore.tui.cli.listing import db_option, opened
from chargelore.tui.cli.output import as_json, chosen, format_option, mapped, say, write_csv
from chargelore.tui.cli.parcels import inputs
from chargelore.tui.cli.progress import read_here
from chargelore.tui.cli.reporting.coverage import coverage
from chargelore.tui.live import key_at_hand, remember, sheet_here
from chargelore.tui.text import count, day

COLUMNS = ("vendor", "model", "firmware", "charger", "item", "state", "times", "occasions", "of", "chargers")


@click.group(epilog="Example: chargelore report reportability charger.log")
def report() -> None:
    """Say what chargers can tell, and what they never tell."""


@report.command(epilog="Example: chargelore report reportability logs/*.log --learn")
@click.argument("files", nargs=-1, metavar="[FILE…]")
@click.option("--learn", is_flag=True, help="Remember what these files show of each model; nothing names a charger.")
@click.option("--columns", metavar="ROLE=NAME,…", default="", help="What the columns of a table hold, as for triage.")
@db_option
@format_option
def reportability(files: tuple[str, ...], *, learn: bool, columns: str, db: str | None, form: str | None) -> int:
    """List what each model and charger in FILE… sends and never sends; without a file, what is remembered."""
    if learn and not files:
        raise UseError("there is nothing to learn from", mend="name the logs: report reportability FILE… --learn")
    sheet = _heard_in(files, columns) if files else sheet_here(db)
    if learn:
        with opened(db) as store:
            click.echo(f"chargelore: {count(remember(store, sheet), 'model')} told something new", err=True)
    PRINTERS[chosen(form)](tuple(reported(sheet)))
    return 0


def _heard_in(files: Iterable[str], columns: str) -> Sheet:
    """What logs and case files show; each is heard from its first byte, whatever another said of a charger."""
    key, codes, sheet = key_at_hand(), Codes(knowledge()), NOTHING_HEARD
    with inputs(files) as given:
        for each in given.values():
            sheet = merged(sheet, _heard(read_here(each, mapped(columns)), codes, key))
    return sheet


def _heard(reading: Reading, codes: Codes, key: bytes) -> Sheet:
    ear = Ear(key)
    for signal, charger in spoken_by((redacted(each, key) for each in reading), codes, named(reading, key)):
        ear.takes(signal, charger)
    return ear.sheet()


def spoken_by(
    signals: Iterable[Signal], codes: Codes, known: Iterable[Charger] = ()
) -> Iterator[tuple[Signal, Charger]]:
    """Every signal as rules hear it, with its charger as it is known by then; `known` cannot say who they are."""
    posts = {each.id: Post(each) for each in known}
    for signal in spoken(signals, codes, [each.charger for each in posts.values()]):
        post = posts.setdefault(signal.charger, Post(Charger(id=signal.charger)))
        post.notices(signal)
        yield signal, post.charger


def named(reading: Reading, key: bytes) -> list[Charger]:
    """The chargers that an input introduces, past the door."""
    return [_nameless(each, key) for each in reading.introduced]


def _nameless(charger: Charger, key: bytes) -> Charger:
    """A case file may have written a serial number behind the model."""
    hidden = (redacted_text(each, key) for each in (charger.vendor, charger.model))
    return replace(charger, **dict(zip(("vendor", "model"), hidden, strict=True)))


def _print_json(found: tuple[Reported, ...]) -> None:
    say(as_json({"reports": [_as_json(each) for each in found]}))


def _as_json(one: Reported) -> dict[str, object]:
    change = one.change
    return {
        **one.model._asdict(),
        "charger": one.charger,
        "chargers": one.chargers,
        "signals": one.signals,
        "first_at": one.report.first_at,
        "last_at": one.report.last_at,
        "layers": one.report.layers,
        "sent": one.sent,
        "never": [
            {"item": each.item, "occasions": each.occasions, "of": each.words, "chargers": each.chargers}
            for each in one.never
        ],
        "not_known": one.open,
        "changed": change and {"since": change.since, "new": change.new, "gone": change.gone},
    }


def _print_csv(found: tuple[Reported, ...]) -> None:
    write_csv((row for each in found for row in _rows(each)), COLUMNS)


def _rows(one: Reported) -> Iterator[dict[str, object]]:
    base = {**one.model._asdict(), "charger": one.charger}
    for item, times in one.sent.items():
        chargers = one.report.chargers([item])
        yield {**base, "item": item, "state": "sent", "times": times, "chargers": chargers}
    for each in one.never:
        row = {"item": each.item, "state": "never", "times": 0, "occasions": each.occasions, "of": each.words}
        yield {**base, **row, "chargers": each.chargers}
    for item in one.open:
        yield {**base, "item": item, "state": "not known", "times": 0}


def _print_table(found: tuple[Reported, ...]) -> None:
    for each in found:
        say("\n".join(_lines(each)) + "\n")
    if not found:
        say("Nothing was heard yet: `report reportability FILE… --learn` or `chargelore watch` remember it.")


def _lines(one: Reported) -> Iterator[str]:
    made = " ".join(filter(None, one.model)) or "make not known"
    heard = f"{count(one.signals, 'signal')}, {day(one.report.first_at)} to {day(one.report.last_at)}"
    who = count(one.chargers, "charger") if one.charger is None else f"charger {one.charger or 'without a name'}"
    yield f"{made}: {who}, {heard}"
    layers = (f"{layer} (last {day(at)})" for layer, at in sorted(one.report.layers.items()))
    yield f"  layers     {', '.join(layers)}"
    for kind in (item for item in one.sent if "." not in item):
        parts = [_short(item) for item in one.sent if item.startswith(f"{kind}.")]
        yield f"  sends      {kind} {one.sent[kind]:,}" + (f": {', '.join(parts)}" if parts else "")
    yield from (f"  never      {each}" for each in _never(one.never))
    yield f"  not known  {', '.join(each for each in one.open if '.' not in each) or 'nothing'}{_more(one.open)}"
    if one.change is not None:
        new, gone = (", ".join(map(_in_kind, each)) or "nothing" for each in (one.change.new, one.change.gone))
        yield f"  changed    since {one.change.since}: new {new}; gone {gone}"


def _never(silent: Iterable[Silence]) -> Iterator[str]:
    """What was never heard, with all that has the same proof on one line."""
    for proof, some in groupby(silent, key=_proof):
        yield f"{', '.join(name_of(each.item) for each in some)}: {proof}"


def _proof(one: Silence) -> str:
    return f"0 of {one.occasions:,} {one.words} of {count(one.chargers, 'charger')}"


def _more(items: tuple[str, ...]) -> str:
    fields = sum("." in each for each in items)
    return f", {count(fields, 'field')}" if fields else ""


def _short(item: str) -> str:
    return item.partition(".")[2].partition("=")[2] or item.partition(".")[2]


def _in_kind(item: str) -> str:
    """An item with its kind: `temperature` of meter."""
    kind, _, rest = item.partition(".")
    return f"{name_of(item)} of {kind}" if rest else name_of(item)


PRINTERS = {"json": _print_json, "csv": _print_csv, "table": _print_table}

from chargelore.tui.cli.reporting.apart import apart  # noqa: E402  # as the next
from chargelore.tui.cli.reporting.ball import report_ball  # noqa: E402  # as above
from chargelore.tui.cli.reporting.layers import layers  # noqa: E402  # it needs what stands above
from chargelore.tui.cli.reporting.metrics import report_metrics  # noqa: E402  # as above
from chargelore.tui.cli.reporting.telemetry import telemetry  # noqa: E402  # as above

report.add_command(apart)
report.add_command(layers)
report.add_command(coverage)
report.add_command(telemetry)
report.add_command(report_ball)
report.add_command(report_metrics)
