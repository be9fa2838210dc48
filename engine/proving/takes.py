"""Takes: what a rule is judged by: recordings with a confirmed cause, and what a store kept before a finding.

A rule is judged among all the others by the same watch as in production: whether the layers of a cause were in view
depends on the cases that those open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path

import msgspec

from chargelore.engine.aftercare.fixes import charger_of
from chargelore.engine.case import Charger
from chargelore.engine.diagnosing.known import standing
from chargelore.engine.grammar.rule import AnyRule, Rules
from chargelore.engine.matching.late import USUAL
from chargelore.engine.proving.backtest import Heard, Score, Verdict, hear, scores, verdict
from chargelore.engine.proving.recordings import recordings
from chargelore.engine.read import Reading, read
from chargelore.engine.relay.kept import signal_of
from chargelore.engine.signal import Signal
from chargelore.engine.trial import promoted
from chargelore.engine.watch import Watch
from chargelore.kb.clock import stamp_of
from chargelore.kb.errors import ChargeloreError
from chargelore.kb.finding import Finding
from chargelore.kb.fold import Told, in_order, live, told
from chargelore.kb.kept import KeptSignal, Wanted
from chargelore.kb.model import CauseId, Knowledge
from chargelore.kb.store import Store

BEFORE = timedelta(days=7)  # of what a charger said before a finding on it
MOST = 50_000  # signals of one take

Passing = Callable[[Reading, Iterator[Signal]], Iterator[Signal]]


@dataclass(frozen=True, slots=True)
class Take:
    """One recording or one stretch of a store; `cause` is None of a healthy one, `reads` opens it anew each time."""

    name: str
    cause: CauseId | None
    reads: Callable[[], Reading]


@dataclass(frozen=True, slots=True)
class Tried:
    """What the rule made of a take; of one that cannot be read `trouble` says why."""

    take: Take
    fires: int = 0
    verdict: Verdict | None = None
    heard: Heard | None = None
    trouble: str = ""


def recorded(folder: Path, knowledge: Knowledge) -> tuple[Take, ...]:
    """The recordings that the list of a folder names. InputError when it cannot be read."""
    return tuple(Take(each.name, each.cause, partial(read, each.file)) for each in recordings(folder, knowledge))


def stored(store: Store, knowledge: Knowledge) -> tuple[Take, ...]:
    """What the store kept of each charger before a finding that names a cause here. StoreError when it cannot say."""
    alive, _ = live(in_order(store.events()), store.owners)
    found = (_stretch(store, each, knowledge) for each in told(alive) if each.counted.held is not False)
    return tuple(each for each in found if each is not None)


def _stretch(store: Store, one: Told, knowledge: Knowledge) -> Take | None:
    finding = one.counted.finding
    cause = standing(knowledge, finding.known_cause) if finding.known_cause is not None else None
    name = charger_of(finding)
    if cause is None or not name:
        return None
    until = fixed_at(one)
    asked = Wanted(name, since=until - BEFORE, until=until)
    if not store.count_signals(asked):
        return None
    return Take(finding.case, cause.id, partial(_kept, store, asked, finding))


def fixed_at(one: Told) -> datetime:
    """When it was found out: as the finding says, else when it was written down."""
    try:
        said = datetime.fromisoformat(one.counted.finding.fixed_at)
    except ValueError:
        return stamp_of(one.event.hlc).at
    return said if said.tzinfo else said.replace(tzinfo=UTC)


def _kept(store: Store, asked: Wanted, finding: Finding) -> Reading:
    machine = finding.charger
    charger = Charger(id=asked.charger, vendor=machine.vendor, model=machine.model, firmware=machine.firmware)
    signals = _signals(islice(store.signals(asked), MOST))
    return Reading("store", introduced=(charger,)).through(lambda _reading, _none: signals)


def _signals(rows: Iterable[KeptSignal]) -> Iterator[Signal]:
    """A row that somebody changed to something else is left out."""
    for row in rows:
        with suppress(ValueError, msgspec.MsgspecError):
            yield signal_of(row)


def tried(
    rule: AnyRule, rules: Rules, takes: Iterable[Take], knowledge: Knowledge, passing: Passing
) -> Iterator[Tried]:
    """What the rule makes of each take, in their order; `passing` looks on while signals are read, and may raise."""
    with Watch(knowledge, believed(rules, rule), lateness=USUAL, inference="chain") as compiled:
        for take in takes:
            try:
                heard = hear(take.name, take.cause, take.reads().through(passing), compiled.fresh())
            except ChargeloreError as error:
                yield Tried(take, trouble=str(error))
            else:
                yield Tried(take, heard.fired.get(rule.id, 0), verdict(rule, heard, knowledge), heard)


def believed(rules: Rules, rule: AnyRule) -> Rules:
    """The rules as if those on trial were stable, and this one too, whatever its state."""
    others, certain = promoted(rules), replace(rule, status="stable")
    return Rules.of(certain if each.id == rule.id else each for each in others.every)


def total(rule: AnyRule, found: Sequence[Tried], knowledge: Knowledge) -> Score:
    """How often it was right, wrong, useless and silent over all takes."""
    (score,) = scores(Rules.of([rule]), (each.heard for each in found if each.heard is not None), knowledge)
    return score
