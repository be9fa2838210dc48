"""Abreast: several recordings heard as one, in order of time, so that chargers of one site are seen side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from heapq import merge
from pathlib import PurePath

from msgspec.structs import replace

from chargelore.engine.signal import Signal

BEGIN = datetime.min.replace(tzinfo=UTC)


def side_by_side(recordings: Mapping[str, Iterable[Signal]]) -> Iterator[tuple[str, Signal]]:
    """The signals of all recordings, each with the name of its own; a charger without an id is called as its file.

    Each recording keeps its own order: a signal without a time, or with an earlier one, stays where it stands.
    """
    alone = len(recordings) == 1
    ways = [_timed(name, signals, alone=alone) for name, signals in recordings.items()]
    yield from ((name, signal) for _, name, signal in merge(*ways, key=lambda each: each[0]))


def _timed(name: str, signals: Iterable[Signal], *, alone: bool) -> Iterator[tuple[datetime, str, Signal]]:
    last = BEGIN
    for signal in signals:
        if signal.at is not None:
            last = max(last, signal.at if signal.at.tzinfo else signal.at.replace(tzinfo=UTC))
        told = signal if signal.charger or alone else replace(signal, charger=PurePath(name).stem)
        yield last, name, told
