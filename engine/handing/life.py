"""Life: one trouble from its begin to its end, put together from what was told of it, in whatever order that came in.

Clocks of people and chargers may be wrong. What was told for a time that cannot be is put where it can: not before the
case began, not after it was written, not after now. Each such record is marked; no span is ever negative.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from chargelore.engine.handing.entries import Told, entries, time_in
from chargelore.engine.handing.troubles import Key, by_trouble
from chargelore.kb.answer import Answer
from chargelore.kb.casebook import FIRST_HOLDER, Closed, Handed, Opened, Words
from chargelore.kb.clock import SLACK, stamp_of
from chargelore.kb.events import HELD, Event
from chargelore.kb.finding import UNKNOWN, Finding

LONG_BEFORE = timedelta(days=30)  # words are seldom older than their trouble by more
EARLIEST = datetime(2010, 1, 1, tzinfo=UTC)  # no OCPP charger is older: a clock that says so is not set


@dataclass(frozen=True, slots=True)
class Hand:
    """The case went to a party at a time; `giver` is who had it then."""

    at: datetime
    giver: str
    to: str
    note: str
    author: str


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said, word for word; `at` is the time that they gave, or that of writing it down."""

    text: str
    by: str
    at: datetime
    author: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """One trouble. `began` is None where neither a signal nor a word nor a hand-over says when.

    `told` says how it stood, with every layer that anybody entered as heard; `last` is the last such entry as it is.
    `words` are in the order of being written down: the first stay the first. `ended_by` is `finding` or the verdict of
    whoever closed it; `fixed` is the time of the repair on the clock of what was watched. `marks` are sentences on what
    was odd.
    """

    key: Key
    told: Opened = field(default_factory=Opened)
    last: Opened | None = None
    began: datetime | None
    holder: str
    words: tuple[Said, ...] = ()
    hands: tuple[Hand, ...] = ()
    diagnosed: datetime | None = None
    ended: datetime | None = None
    ended_by: str = ""
    fixed: datetime | None = None
    needed_maker: bool = False
    came_back: bool = False
    fault: str = ""
    cause: str = ""
    marks: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """How a person names it: its case, and when that opened where this is known."""
        return f"{self.key.case}@{self.key.opened_at[:16]}" if self.key.opened_at else self.key.case

    @property
    def held_by(self) -> str:
        """Who has it now, or had it at its end."""
        return self.hands[-1].to if self.hands else self.holder


def lives(events: Iterable[Event], now: datetime) -> tuple[Life, ...]:
    """The troubles that these events tell of, each as it stands at `now`, in the order of their begin.

    The events are those that nobody took back; their order and repetition do not matter.
    """
    log = sorted({each.id: each for each in events}.values(), key=lambda each: (each.hlc, each.id))
    back = frozenset(each.subject for each in log if each.kind == HELD and each.body.get("held") is False)
    found = (_life(key, some, back, now) for key, some in by_trouble(log).items())
    return tuple(sorted(found, key=lambda each: (each.began or now, each.key)))


def _life(key: Key, some: list[Event], back: frozenset[str], now: datetime) -> Life:
    marks: list[str] = []
    read = list(entries(some, marks))
    entered = [each.entry for each in read if isinstance(each.entry, Opened)]
    opened = _together(entered)
    words = [each for each in read if isinstance(each.entry, Words)]
    began = _began(key, read, words, now, marks)
    placed = [replace(each, at=_placed(each, began, now, marks)) for each in read]
    findings = [each for each in placed if isinstance(each.entry, Finding)]
    diagnosed, cause = _diagnosed(placed)
    ended, ended_by = _ended(placed)
    hands = tuple(_hands(placed, ended, marks))
    return Life(
        key=key,
        told=opened,
        last=entered[-1] if entered else None,
        began=began,
        holder=hands[0].giver if hands else FIRST_HOLDER,
        words=tuple(_said(each) for each in words),
        hands=hands,
        diagnosed=diagnosed or (ended if ended_by == "no-fault" else None),
        ended=ended,
        ended_by=ended_by,
        fixed=_fixed(findings) or ended,
        needed_maker=any(each.entry.needed_oem for each in findings if isinstance(each.entry, Finding)),
        came_back=any(each.event.id in back for each in findings),
        fault=_fault(findings) or opened.fault,
        cause=cause,
        marks=tuple(dict.fromkeys(marks)),
    )


def _together(entries: list[Opened]) -> Opened:
    """The last word on how a case stood; a layer that anybody heard is shown."""
    if not entries:
        return Opened()
    shown = tuple(dict.fromkeys(layer for each in entries for layer in each.shown))
    last = entries[-1]
    missing, telling = (tuple(each for each in some if each not in shown) for some in (last.missing, last.telling))
    return replace(last, shown=shown, missing=missing, telling=telling)


def _began(key: Key, read: list[Told], words: list[Told], now: datetime, marks: list[str]) -> datetime | None:
    """The first signal or the first words, whichever came first; else the first entry. Never later than now."""
    written = [each.at for each in read if not isinstance(each.entry, Finding)]
    first = time_in(key.opened_at)
    if first is not None and first < EARLIEST:
        marks.append("the clock of the charger was not set: the case counts from when it came on the book")
        first = None
    if first is not None and first > now + SLACK:
        marks.append("the case opens in the future, by the clock of its charger")
        first = None
    begin = first or min(written, default=None)
    said = [each.at for each in words[:1]]
    if begin and said and said[0] < begin - LONG_BEFORE:
        marks.append("the first words are told for a time long before the case")
        said = []
    return min((*filter(None, (begin,)), *said, now)) if begin else None


def _placed(one: Told, began: datetime | None, now: datetime, marks: list[str]) -> datetime:
    """When it happened as far as that can be: neither before the begin nor after it was written or after now."""
    if isinstance(one.entry, Opened):
        return one.at
    kind, limit = one.event.kind, min(now, stamp_of(one.event.hlc).at)
    if one.at > now + SLACK:
        marks.append(f"the {kind} {one.event.id} is told for the future")
    elif one.at > limit + SLACK:
        marks.append(f"the {kind} {one.event.id} is told for later than it was written")
    if began and min(one.at, limit) < began - SLACK and not isinstance(one.entry, Words):
        marks.append(f"the {kind} {one.event.id} is told for a time before the case began")
    return max(min(one.at, limit), began or EARLIEST)


def _said(one: Told) -> Said:
    assert isinstance(one.entry, Words)  # noqa: S101  # whoever calls has chosen them
    return Said(one.entry.text, one.entry.by, one.at, one.event.author)


def _diagnosed(placed: list[Told]) -> tuple[datetime | None, str]:
    """When the cause was named that stands in the end: a first guess that was given up is no diagnosis.

    The maker's answer names one too.
    """
    named = [(each.at, each.entry.cause) for each in placed if isinstance(each.entry, Finding | Answer)]
    causes = [cause for _, cause in named if cause != UNKNOWN]
    if not causes:
        return None, ""
    return min(at for at, cause in named if cause == causes[-1]), causes[-1]


def _ended(placed: list[Told]) -> tuple[datetime | None, str]:
    """The first that says it is over: a finding with what fixed it, or a verdict."""
    ends = [
        (each.at, each.event.hlc, each.entry.verdict if isinstance(each.entry, Closed) else "finding")
        for each in placed
        if isinstance(each.entry, Closed) or (isinstance(each.entry, Finding) and each.entry.fixed_by)
    ]
    return (min(ends)[0], min(ends)[2]) if ends else (None, "")


def _fixed(findings: list[Told]) -> datetime | None:
    """When it was repaired, where the first finding of a repair says so."""
    times = [each.entry.fixed_at for each in findings if isinstance(each.entry, Finding) and each.entry.fixed_by]
    return time_in(times[0]) if times else None


def _hands(placed: list[Told], ended: datetime | None, marks: list[str]) -> Iterator[Hand]:
    """The hand-overs in their order; one after the end changes nothing."""
    given = [(each.at, each.event, each.entry) for each in placed if isinstance(each.entry, Handed)]
    holder = ""
    for at, one, entry in sorted(given, key=lambda each: (each[0], each[1].hlc, each[1].id)):
        if ended is not None and at > ended:
            marks.append(f"the hand-over {one.id} comes after the end of the case")
            continue
        if holder and entry.giver not in ("", holder):
            marks.append(f"the hand-over {one.id} is by {entry.giver}, while {holder} had it")
        yield Hand(at, holder or entry.giver or FIRST_HOLDER, entry.to, entry.note, one.author)
        holder = entry.to


def _fault(findings: list[Told]) -> str:
    faults = [each.entry.fault for each in findings if isinstance(each.entry, Finding) and each.entry.fault]
    return faults[-1] if faults else ""
