"""Which way a log runs: pages in a browser show the newest line first; read oldest first, time only moves on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from chargelore.engine.decode.clock import START_OF_TIME, moment
from chargelore.engine.decode.logs.record import Record

MAX_TURNED = 50_000  # records turned round at once; a longer log is turned piece by piece
ENOUGH = 2


def is_newest_first(sample: Sequence[Record]) -> bool:
    """Whether times in the sample run backwards, clearly and from the start."""
    written = [moment(record.head.stamp) for record in sample if record.head.stamp]
    times = [each.at for each in written if each is not None]
    back = sum(later < earlier for earlier, later in pairwise(times))
    forth = sum(later > earlier for earlier, later in pairwise(times))
    return back >= ENOUGH and back > 4 * forth


def upright(records: Iterable[Record]) -> Iterator[Record]:
    """Newest-first records turned round, in bounded pieces."""
    piece: list[Record] = []
    for record in records:
        piece.append(record)
        if len(piece) == MAX_TURNED:
            yield from reversed(piece)
            piece.clear()
    yield from reversed(piece)


def in_time(records: Iterable[Record]) -> Iterator[Record]:
    """The rows of a table, which may be sorted by anything, in order of their times, in bounded pieces."""
    piece: list[Record] = []
    for record in records:
        piece.append(record)
        if len(piece) == MAX_TURNED:
            yield from _sorted(piece)
            piece = []
    yield from _sorted(piece)


def _sorted(piece: list[Record]) -> list[Record]:
    """What has no time stays behind what stood before it."""
    last = START_OF_TIME
    keyed = []
    for record in piece:
        written = moment(record.head.stamp) if record.head.stamp else None
        last = written.at if written is not None else last
        keyed.append((last, record))
    return [record for _, record in sorted(keyed, key=lambda pair: pair[0])]
