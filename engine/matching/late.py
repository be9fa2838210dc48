"""Late: signals of one charger in order of event time again, by holding each back for as long as another may be late.

Rules on order in time place a late signal themselves; those on what stands, lasts, changes or stays away cannot, for by
then they have spoken. So what the wire, a logger's threads or several files shuffled is put right before rules hear it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from operator import itemgetter
from typing import NamedTuple

from msgspec.structs import replace

from chargelore.engine.matching.moment import slack_of
from chargelore.engine.matching.network import BACK, BELIEVED, FORWARD
from chargelore.engine.signal import Signal

MOST_HELD = 1_000  # signals of one charger; beyond that the oldest goes on before its time
USUAL = timedelta(seconds=5)  # as threads of one logger and clocks of one site differ
LATE = "late"

Key = tuple[datetime, int, int]  # event time, line, and order of arrival
Ready = tuple[Signal, ...]


class Buffer(NamedTuple):
    """The signals that are held back, in order; picklable.

    `newest` is the latest time heard, `strays` how many in a row bore a time that nobody believes yet, `late` how many
    came too late to be put in order, the worst of them `worst` after their time; `hurried` went on before theirs.
    """

    held: tuple[tuple[Key, Signal], ...] = ()
    newest: datetime | None = None
    strays: int = 0
    taken: int = 0
    late: int = 0
    worst: timedelta = timedelta()
    hurried: int = 0


START = Buffer()


def step(buffer: Buffer, signal: Signal, lateness: timedelta) -> tuple[Buffer, Ready]:
    """Take one signal; out come those that no signal within the allowed lateness can precede any more.

    One that is later than allowed goes on at once, marked `late`. One whose time is missing or not to be believed
    stays behind what came before it.
    """
    newest, at = buffer.newest, _utc(signal.at)
    if newest is None:
        return _placed(buffer._replace(newest=at), signal, at, lateness) if at else (buffer, (signal,))
    if at is None:
        return _placed(buffer, signal, newest, lateness)
    if not -BACK <= at - newest <= FORWARD:
        return _stray(buffer, signal, at, lateness)
    if newest - at > lateness + slack_of((signal,)):
        worst = max(buffer.worst, newest - at)
        marked = replace(signal, marks=(*signal.marks, LATE))
        return buffer._replace(late=buffer.late + 1, worst=worst, strays=0), (marked,)
    return _placed(buffer._replace(newest=max(newest, at), strays=0), signal, at, lateness)


def until(buffer: Buffer, at: datetime) -> tuple[Buffer, Ready]:
    """Time went on without a signal: out come those that are older than `at`."""
    return _split(buffer, next((place for place, each in enumerate(buffer.held) if each[0][0] >= at), None))


def close(buffer: Buffer) -> tuple[Buffer, Ready]:
    """The source ends: out comes all that is held."""
    return _split(buffer, None)


def _placed(buffer: Buffer, signal: Signal, at: datetime, lateness: timedelta) -> tuple[Buffer, Ready]:
    assert buffer.newest is not None  # noqa: S101  # a time was heard by now
    each = ((at, signal.line, buffer.taken), signal)
    held = (*buffer.held, each)
    if len(held) > 1 and each[0] < held[-2][0]:
        held = tuple(sorted(held, key=itemgetter(0)))
    newest = buffer.newest
    open_from = next((place for place, one in enumerate(held) if newest - one[0][0] <= lateness), None)
    buffer, ready = _split(buffer._replace(held=held, taken=buffer.taken + 1), open_from)
    if len(buffer.held) <= MOST_HELD:
        return buffer, ready
    buffer, oldest = _split(buffer._replace(hurried=buffer.hurried + 1), 1)
    return buffer, (*ready, *oldest)


def _split(buffer: Buffer, place: int | None) -> tuple[Buffer, Ready]:
    """Let go of those before a place; of all where there is none."""
    if place == 0:
        return buffer, ()
    left = () if place is None else buffer.held[place:]
    return buffer._replace(held=left), tuple(signal for _, signal in buffer.held[:place])


def _stray(buffer: Buffer, signal: Signal, at: datetime, lateness: timedelta) -> tuple[Buffer, Ready]:
    """A clock that jumped: the third such time in a row is believed, and what was held under the old one goes first."""
    if buffer.strays + 1 < BELIEVED:
        buffer = buffer._replace(strays=buffer.strays + 1)
        return _placed(buffer, signal, buffer.newest or at, lateness)
    buffer, ready = close(buffer)
    buffer, more = _placed(buffer._replace(newest=at, strays=0), signal, at, lateness)
    return buffer, (*ready, *more)


def _utc(at: datetime | None) -> datetime | None:
    return None if at is None else _aware(at)


def _aware(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def in_order(signals: Iterable[Signal], lateness: timedelta = USUAL) -> Iterator[Signal]:
    """The signals of a source that ends, those of each charger in order of event time but for what is later still."""
    buffers: dict[str, Buffer] = {}
    for signal in signals:
        buffers[signal.charger], ready = step(buffers.get(signal.charger, START), signal, lateness)
        yield from ready
    for buffer in buffers.values():
        yield from close(buffer)[1]
