"""Ball: who has a case and for how long; the spans of a life sum to that life. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from chargelore.engine.handing.life import Life

NOTHING = timedelta()


@dataclass(frozen=True, slots=True)
class Holding:
    """A party had the case from `since` to `until`; `is_open` where it has it still, so that it is counted to now."""

    party: str
    since: datetime
    until: datetime
    is_open: bool = False

    @property
    def span(self) -> timedelta:
        """How long."""
        return self.until - self.since

    def within(self, since: datetime | None, until: datetime | None) -> timedelta:
        """How much of it lies between two times; None bounds nothing."""
        begin, end = max(filter(None, (self.since, since))), min(filter(None, (self.until, until)))
        return max(NOTHING, end - begin)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ball:
    """An open case with who has it, `since` when, how long each party had it, and which layers nobody has shown."""

    life: Life
    holder: str
    since: datetime
    waited: timedelta
    by_party: Mapping[str, timedelta]
    unshown: tuple[str, ...]
    telling: tuple[str, ...]


def holdings(life: Life, at: datetime) -> tuple[Holding, ...]:
    """Who had a case up to a time, one after the other, without a gap from its begin to its end or that time."""
    if life.began is None or life.began > at:
        return ()
    is_over = life.ended is not None and life.ended <= at
    end = life.ended if life.ended is not None and is_over else at
    turns = [(life.began, life.holder), *((each.at, each.to) for each in life.hands if each.at <= end)]
    ends = [*(since for since, _ in turns[1:]), end]
    last = len(turns) - 1
    return tuple(
        Holding(party, since, until, is_open=place == last and not is_over)
        for place, ((party, since), until) in enumerate(zip(((p, s) for s, p in turns), ends, strict=True))
    )


def waiting(
    held: Iterable[Holding], since: datetime | None = None, until: datetime | None = None
) -> dict[str, timedelta]:
    """How long each party had it, between two times where they are given."""
    sums: defaultdict[str, timedelta] = defaultdict(timedelta)
    for each in held:
        sums[each.party] += each.within(since, until)
    return dict(sums)


def ball(life: Life, now: datetime, shown: Iterable[str] = ()) -> Ball | None:
    """Who has an open case; None for one that is over or without a begin. `shown` are layers heard since."""
    held = holdings(life, now)
    if life.ended is not None or not held:
        return None
    since = _since(held)
    heard = {*life.told.shown, *shown, *(("field",) if life.words else ())}
    unshown, telling = (
        tuple(each for each in some if each not in heard) for some in (life.told.missing, life.told.telling)
    )
    return Ball(
        life=life,
        holder=held[-1].party,
        since=since,
        waited=held[-1].until - since,
        by_party=waiting(held),
        unshown=unshown,
        telling=telling,
    )


def _since(held: tuple[Holding, ...]) -> datetime:
    """Since when the last holder has it: one that was handed to those who had it already goes on waiting."""
    last = held[-1]
    for each in reversed(held):
        if each.party != last.party:
            break
        last = each
    return last.since
