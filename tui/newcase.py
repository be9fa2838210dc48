"""New case: a person tells of a trouble at a charger; the case that it opens comes on the book, and can be undone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial

from msgspec.structs import replace

from chargelore.engine.handing.proposing import as_entered, first_words
from chargelore.engine.openers import tells_of_trouble
from chargelore.engine.post import numbered
from chargelore.engine.signal import Signal
from chargelore.engine.watch import Watch
from chargelore.engine.witness import Sight, sights, without_odds
from chargelore.kb.casebook import Entry
from chargelore.kb.errors import UseError
from chargelore.tui.desk import Desk
from chargelore.tui.doings import Doing
from chargelore.tui.speech import t


def opens(desk: Desk, charger: str, words: str) -> str:
    """The id of the case that these words open. UseError where they open none, StoreError when it cannot be kept."""
    desk.may_write()
    if desk.replayed is not None:
        raise UseError("a tape plays here", mend="open the screens without one: chargelore")
    told = tuple(_signals(desk, charger, words))
    if not any("nothing" not in each.fields and tells_of_trouble(desk.known, each) for each in told):
        raise UseError("this says only what there is not", mend="say what is wrong, then what is not")
    _may_open(desk, told[0])
    charger = told[0].charger
    taken = _taken(desk, charger)
    tried = desk.watch.rehearsal(charger)
    name = _opened(tried, charger, taken, told)
    events = _kept(desk, tried, name)
    desk.watch.has_opened(charger, taken)
    for each in told:
        desk.feed(each)
    do, undo = (partial(desk.turns, name, is_open=each) for each in (True, False))
    do()
    desk.doings.did(Doing(what=t("new case {name}", name=name), event=events[0], also=events[1:], do=do, undo=undo))
    return name


def _taken(desk: Desk, charger: str) -> int:
    """The last number of a case of this charger on the book, where those of other programs and days stand, too."""
    called = desk.watch.called(charger)
    return max((numbered(each.subject, called) for each in desk.store.casebook()), default=0)


def _opened(watch: Watch, charger: str, taken: int, told: Sequence[Signal]) -> str:
    """The id of the case that opens where a watch is told this."""
    watch.has_opened(charger, taken)
    before = {name for name, _ in watch.opened}
    for each in told:
        watch.feed(each)
    name = next((name for name, _ in watch.opened if name not in before), "")
    if not name:
        raise UseError("no case opened by this", mend="say in other words what is wrong")
    return name


def _signals(desk: Desk, charger: str, words: str) -> Iterator[Signal]:
    """What was said, in its place and time: those that are typed count before those of the charger that was named."""
    now = desk.event_time()
    if not words.strip():
        raise UseError("nothing is said", mend="type what is wrong, in the words of who says it")
    for each in without_odds(sights([words], desk.known.evidence)):
        name = each.signal.charger or charger.strip()
        if not name:
            raise UseError("no charger is named", mend="type its id as your management system calls it")
        yield replace(each.signal, charger=name, at=_time(each, now))


def _time(sight: Sight, now: datetime) -> datetime:
    """When it was seen: a time without its day is the last such one; nothing is seen after now."""
    at = sight.signal.at
    if at is None and sight.when is not None:
        at = datetime.combine(now.date(), sight.when.at.timetz())
        at -= timedelta(days=at > now)
    return min(at or now, now)


def _may_open(desk: Desk, signal: Signal) -> None:
    """UseError where the charger has an open case there: its questions are to be answered in that."""
    called = desk.watch.called(signal.charger)
    there = (case for case in desk.watch.cases.values() if case.charger.id == called)
    for case in there:
        if None in (case.connector, signal.connector) or case.connector == signal.connector:
            raise UseError(f"{called} has an open case already, {case.id}", mend="open that and answer its questions")


def _kept(desk: Desk, tried: Watch, name: str) -> tuple[str, ...]:
    """The ids of the events by which the case comes on the book, before it is there. StoreError where it cannot be."""
    case, store = tried.case(name), desk.store
    words = first_words(case)
    entries: tuple[Entry, ...] = (
        as_entered(case, tried.diagnosis(name), desk.known),
        *((words,) if words else ()),
    )
    with store.together():
        return tuple(store.record_entry(name, each).id for each in entries)
