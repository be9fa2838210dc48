"""Metrics: what a span of time shows of many cases, each figure with the number of cases behind it. Pure.

The **diagnosis** of a case is the first finding that names the cause which its last finding names, or a verdict that
there is no fault; its minutes count from the first signal or the first words. **Solved** is a case with a finding that
says what fixed it. It **came back** when the fix was judged so, or when the same fault shows on the same charger and
connector within 14 days. A figure of fewer than five cases is not told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from statistics import median

from chargelore.engine.handing.ball import NOTHING, holdings, waiting
from chargelore.engine.handing.life import Life
from chargelore.kb.answer import MAKER

ENOUGH = 5
BACK_WITHIN = timedelta(days=14)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """`some` of `n` cases; `value` is None where those are too few to say."""

    some: int
    n: int

    @property
    def value(self) -> float | None:
        """The share, 0..1."""
        return self.some / self.n if self.n >= ENOUGH else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Minutes:
    """Minutes to the diagnosis: median and 90th percentile of `n` cases, None where those are too few to say."""

    n: int
    median: float | None
    p90: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waited:
    """How long one party had the ball, of how many cases; `still` are those that it has now, counted to now.

    `open_time` is the part of the time that these make up; `share` is that of the time of all parties.
    """

    party: str
    time: timedelta
    open_time: timedelta
    n: int
    still: int
    share: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """The figures. `unjudged` cases were solved less than 14 days ago; `odd` have a record that is marked.

    `undated` have no begin, so that they stand in no figure of time; `open` are those not over at the end.
    """

    since: datetime | None
    until: datetime
    cases: int
    open: int
    minutes: Minutes
    without_maker: Share
    waiting: tuple[Waited, ...]
    reopened: Share
    unjudged: int
    odd: int
    undated: int


@dataclass(frozen=True, slots=True)
class _Span:
    """A span of time; its begin may be open."""

    since: datetime | None
    until: datetime

    def holds(self, at: datetime | None) -> bool:
        return at is not None and at <= self.until and (self.since is None or at >= self.since)


def metrics(
    lives: Iterable[Life], now: datetime, since: datetime | None = None, until: datetime | None = None
) -> Metrics:
    """The figures of a span of time; without its bounds, of all time up to now. `until` counts up to now at most.

    A case counts for its diagnosis and its repair when these fall into the span, for waiting as long as it was open
    in it.
    """
    span = _Span(since, min(filter(None, (until, now))))
    every = tuple(lives)
    within = [each for each in every if _is_of(each, span)]
    back, fresh = _reopened(every, span, now)
    solved = [each for each in every if each.ended_by == "finding" and span.holds(each.ended)]
    return Metrics(
        since=since,
        until=span.until,
        cases=len(within),
        open=sum(each.ended is None or each.ended > span.until for each in within),
        minutes=_minutes(every, span),
        without_maker=Share(some=sum(not had_maker(each) for each in solved), n=len(solved)),
        waiting=_waiting(every, span),
        reopened=back,
        unjudged=fresh,
        odd=sum(bool(each.marks) for each in within),
        undated=sum(each.began is None for each in within),
    )


def had_maker(life: Life) -> bool:
    """Whether the maker was needed: a finding says so, or the case was handed to them."""
    return life.needed_maker or MAKER in (life.holder, *(each.to for each in life.hands))


def _is_of(life: Life, span: _Span) -> bool:
    """Whether a case was there in a span: one without a begin is there where it ends."""
    if life.began is None:
        return span.holds(life.ended or life.diagnosed) or life.ended is life.diagnosed is None
    ends_before = span.since is not None and life.ended is not None and life.ended < span.since
    return life.began <= span.until and not ends_before


def _minutes(lives: Iterable[Life], span: _Span) -> Minutes:
    took = sorted(
        (each.diagnosed - each.began) / MINUTE
        for each in lives
        if each.began is not None and each.diagnosed is not None and span.holds(each.diagnosed)
    )
    if len(took) < ENOUGH:
        return Minutes(n=len(took), median=None, p90=None)
    return Minutes(n=len(took), median=median(took), p90=took[ceil(0.9 * len(took)) - 1])


def _waiting(lives: Iterable[Life], span: _Span) -> tuple[Waited, ...]:
    """By party, who kept cases waiting longest first."""
    times: defaultdict[str, list[timedelta]] = defaultdict(list)
    still: defaultdict[str, list[timedelta]] = defaultdict(list)
    for life in lives:
        held = holdings(life, span.until)
        for party, time in waiting(held, span.since, span.until).items():
            if time > NOTHING:
                times[party].append(time)
        if held and held[-1].is_open and held[-1].within(span.since, span.until) > NOTHING:
            still[held[-1].party].append(held[-1].within(span.since, span.until))
    whole = sum((sum(each, NOTHING) for each in times.values()), NOTHING)
    found = [_waited(party, each, still[party], whole) for party, each in times.items()]
    return tuple(sorted(found, key=lambda each: (-each.time, each.party)))


def _waited(party: str, times: list[timedelta], still: list[timedelta], whole: timedelta) -> Waited:
    time = sum(times, NOTHING)
    return Waited(
        party=party,
        time=time,
        open_time=sum(still, NOTHING),
        n=len(times),
        still=len(still),
        share=time / whole if len(times) >= ENOUGH else None,
    )


def _reopened(lives: tuple[Life, ...], span: _Span, now: datetime) -> tuple[Share, int]:
    """How many solved cases came back, of those that can be judged; and how many are too fresh for that."""
    alike: defaultdict[tuple[str, str], list[Life]] = defaultdict(list)
    for each in lives:
        alike[each.told.charger.id, each.fault].append(each)
    solved = [each for each in lives if each.ended_by == "finding" and span.holds(each.ended)]
    back = {
        each.key for each in solved if each.came_back or _is_back(each, alike[each.told.charger.id, each.fault], now)
    }
    fresh = [each for each in solved if each.key not in back and each.ended and now - each.ended < BACK_WITHIN]
    return Share(some=len(back), n=len(solved) - len(fresh)), len(fresh)


def _is_back(one: Life, alike: list[Life], now: datetime) -> bool:
    """Whether the same fault opened on the same charger and connector within 14 days after the repair."""
    if not one.told.charger.id or not one.fault or one.fixed is None:
        return False
    begins = [each.began for each in alike if each.key != one.key and _same_place(one, each) and each.began]
    return any(one.fixed < each <= min(now, one.fixed + BACK_WITHIN) for each in begins)


def _same_place(one: Life, other: Life) -> bool:
    return one.told.connector is None or one.told.connector == other.told.connector
