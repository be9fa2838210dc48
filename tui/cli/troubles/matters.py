"""Matters: the case that a person means: in a log, in what a watch remembers, or in the signals that it captured."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from chargelore.engine.decode import signallines
from chargelore.engine.diagnosing.diagnose import diagnose
from chargelore.engine.diagnosing.person import ANYBODY, Person
from chargelore.engine.escalating.desk import Matter
from chargelore.engine.heard.ear import Hearing
from chargelore.engine.matching.late import USUAL
from chargelore.engine.relay.kept import signal_of
from chargelore.engine.signal import Signal
from chargelore.engine.triage import Found, found, triaged_together
from chargelore.engine.watch import Watch
from chargelore.engine.witness import Sight
from chargelore.kb.called import id_of
from chargelore.kb.errors import ChargeloreError, InputError, UseError
from chargelore.kb.home import home
from chargelore.kb.kept import KeptSignal, Wanted
from chargelore.kb.learned import Learned
from chargelore.kb.model import Knowledge, Step, StepId
from chargelore.kb.store import Store
from chargelore.tui.cli.output import aside
from chargelore.tui.cli.parcels import inputs, with_seen
from chargelore.tui.cli.progress import read_here
from chargelore.tui.live import key_at_hand, live_watch, sheet_here
from chargelore.tui.pins import pinned_for

STDIN = "-"
MOST_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """What cases are judged by here, and what a person adds to them: what was seen, and what was tried in vain.

    `person` is whoever would go.
    """

    db: str | None
    knowledge: Knowledge
    learned: Learned
    seen: tuple[Sight, ...] = ()
    tried: tuple[StepId, ...] = ()
    person: Person = ANYBODY


def matters(named: str, grounds: Grounds) -> tuple[Matter, ...]:
    """The cases that are meant: all in a file, or the one of that name. InputError where there is none of that name."""
    found_here = _in_file(named, grounds) if named == STDIN or Path(named).exists() else _by_name(named, grounds)
    return tuple(_added(each, grounds) for each in found_here)


def one_of(found_here: Iterable[Matter], case: str) -> tuple[Matter, ...]:
    """The one of that name, all where none is named. UseError where it is not among them."""
    some = tuple(found_here)
    chosen = tuple(each for each in some if case in ("", each.case.id))
    if case and not chosen:
        raise UseError(f"{case} is no case of this log", mend=f"it has {_names(some) or 'none'}")
    return chosen


def _names(some: Iterable[Matter]) -> str:
    names = [each.case.id for each in some]
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more


def _opened(grounds: Grounds) -> Watch:
    hearing = Hearing(sheet_here(grounds.db))
    return live_watch(
        grounds.learned, None, grounds.knowledge,
        lateness=USUAL, hearing=hearing, key=key_at_hand(), person=grounds.person,
    )  # fmt: skip


def _in_file(name: str, grounds: Grounds) -> Iterator[Matter]:
    with inputs([name]) as unpacked, _opened(grounds) as watch:
        given = with_seen(unpacked, grounds.seen, together=False)
        results = triaged_together({each: read_here(one, {}) for each, one in given.items()}, watch)
        for each in results.values():
            yield from (_matter(one, grounds) for one in each.cases)


def _by_name(name: str, grounds: Grounds) -> Iterator[Matter]:
    if grounds.seen:
        raise UseError("what was seen joins a log, not a case that is open", mend="name the log with --seen")
    remembered = _remembered(name, grounds) or _captured(name, grounds)
    if remembered is None:
        what, mend = "is neither a file nor a case that is open here", "name a log, or a case of `chargelore watch`"
        raise InputError(what, where=name[:200], mend=mend)
    yield _matter(remembered, grounds)


def _remembered(name: str, grounds: Grounds) -> Found | None:
    """The case as a watch of this data folder keeps it, with what people answered and tried."""
    for file in sorted((home() / "watch").glob("*.json")):
        with _opened(grounds) as watch:
            try:
                watch.resume(file.read_bytes())
            except (OSError, ChargeloreError) as error:
                aside(f"{file} cannot be used: {error}")
                continue
            if name in watch.cases:
                return Found(watch.case(name), watch.diagnosis(name))
    return None


def _captured(name: str, grounds: Grounds) -> Found | None:
    """The case as it comes out of the signals that a watch captured of the charger."""
    charger = name.rpartition("-")[0]
    with Store.open(grounds.db) as store, _opened(grounds) as watch:
        for signal in _sound(store.signals(Wanted(charger))) if charger else ():
            if signal.kind == signallines.WHO:
                watch.identify(signallines.charger_of(signal))
            else:
                watch.feed(signal)
        watch.end()
        return next((each for each in found(watch) if each.case.id == name), None)


def _sound(rows: Iterable[KeptSignal]) -> Iterator[Signal]:
    """The signals in the rows; what somebody has changed to something else is passed over."""
    for row in rows:
        try:
            yield signal_of(row)
        except (ValueError, msgspec.MsgspecError):
            continue


def _matter(one: Found, grounds: Grounds) -> Matter:
    with Store.open(grounds.db) as store:
        pinned = tuple(pinned_for(store, one.case).values())
    return Matter(
        knowledge=grounds.knowledge, learned=grounds.learned, case=one.case, diagnosis=one.diagnosis, pinned=pinned
    )


def _added(matter: Matter, grounds: Grounds) -> Matter:
    """The case with the steps that were tried in vain, diagnosed anew."""
    new = tuple(each for each in grounds.tried if each not in matter.case.tried)
    if not new:
        return matter
    case = replace(matter.case, tried=(*matter.case.tried, *new))
    unasked = matter.diagnosis.unasked
    anew = diagnose(matter.knowledge, matter.learned, case, unasked, grounds.person)
    return replace(matter, case=case, diagnosis=anew)


def steps_of(names: Iterable[str], steps: Mapping[StepId, Step]) -> tuple[StepId, ...]:
    """The steps of these ids, or called so. UseError for one that there is not."""
    return tuple(dict.fromkeys(_step(each, steps) for each in names))


def _step(name: str, steps: Mapping[StepId, Step]) -> StepId:
    found = id_of(steps, name)
    if found is None:
        raise UseError(f"{name} is no step", mend="`chargelore kb ids WORDS` lists steps")
    return found
