"""Progress: how much of a file was read and how long the rest will take, on stderr and only on a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TypeVar

import click

from chargelore.engine.decode.logs.makers import Makers
from chargelore.engine.door import charger_called
from chargelore.engine.read import Reading
from chargelore.engine.signal import Signal
from chargelore.tui.cli.parcels import Input
from chargelore.tui.live import key_at_hand
from chargelore.tui.text import plain

AFTER = 1.0  # seconds; what is read faster needs no bar
EVERY = 0.2
WIDTH = 24
Of = TypeVar("Of")
MOST_NAMED = 4  # makers in a doubt
LOOK = 256  # signals between two looks at the clock


def read_here(each: Input, columns: Mapping[str, str]) -> Reading:
    """Open an input; on a terminal a bar shows how far it was read.

    What could be done for more to be read is said on stderr; at its end, where it may hold several chargers in one.
    """
    reading = each.read(columns)
    if reading.hint:
        click.echo(plain(f"{each.name}: {reading.hint}"), err=True)
    reading.through(partial(_doubted, each.name))
    return reading.through(partial(with_progress, each)) if sys.stderr.isatty() else reading


def _doubted(name: str, _: Reading, signals: Iterator[Signal]) -> Iterator[Signal]:
    """The signals; behind them which of the chargers may be several that the log does not tell apart."""
    makers = Makers()
    for signal in signals:
        makers.notes(signal)
        yield signal
    for charger, named in makers.fused():
        called = charger_called(charger, key_at_hand()) or "the charger, which the log does not name,"
        told = (
            f"{called} introduces itself as {' and as '.join(named[:MOST_NAMED])}: these may be several chargers in one"
        )
        mend = "give each a log of its own, or name the charger in front of each frame, `CP-1 sent [2,…`"
        click.echo(plain(f"{name}: {told} - {mend}"), err=True)


def with_progress(
    each: Input, reading: Reading, signals: Iterator[Signal], clock: Callable[[], float] = time.monotonic
) -> Iterator[Signal]:
    """The signals; meanwhile a bar on stderr."""
    begun = clock()
    shown_at, size = begun + AFTER - EVERY, _size_of(each)
    for count, signal in enumerate(signals):
        if count % LOOK == 0 and (now := clock()) - shown_at >= EVERY:
            shown_at = now
            _draw(bar(each.name, reading.bytes, size, now - begun))
        yield signal
    if shown_at > begun + AFTER - EVERY:
        _draw("")


def counted(name: str, total: int, items: Iterator[Of], clock: Callable[[], float] = time.monotonic) -> Iterator[Of]:
    """So many items of known number; on a terminal a bar shows how many came and how long the rest will take."""
    if not sys.stderr.isatty():
        yield from items
        return
    begun, shown_at = clock(), 0.0
    for number, item in enumerate(items, 1):
        if (now := clock()) - max(begun + AFTER - EVERY, shown_at) >= EVERY:
            shown_at = now
            _draw(
                f"{_short(name)} {_drawn(number / total)}, {clock_of((now - begun) * (total - number) / number)} left"
            )
        yield item
    if shown_at:
        _draw("")


def _size_of(each: Input) -> int:
    """The size of a file in bytes, 0 where it has none, like a pipe."""
    try:
        return 0 if each.is_piped else each.file.stat().st_size
    except OSError:
        return 0


def _draw(line: str) -> None:
    sys.stderr.write(f"\r\x1b[K{line}")
    sys.stderr.flush()


def bar(name: str, done: int, size: int, seconds: float) -> str:
    """`charger.log ━━━━╌╌╌╌ 42 %, 3.1 MB/s, 2:05 left`; without a size what was read and how fast."""
    speed = done / seconds if seconds > 0 else 0.0
    said = f"{speed / 1e6:.1f} MB/s"
    short = _short(name)
    if size <= 0 or speed <= 0:
        return f"{short} {done / 1e6:.1f} MB, {said}"
    share = min(done / size, 1.0)
    left = max(size - done, 0) / speed
    return f"{short} {_drawn(share)}, {said}, {clock_of(left)} left"


def _short(name: str) -> str:
    return plain(name)[-30:]


def _drawn(share: float) -> str:
    full = round(share * WIDTH)
    return f"{'━' * full}{'╌' * (WIDTH - full)} {share:.0%}"


def clock_of(seconds: float) -> str:
    """`0:07`, `2:05`, `1:00:00`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
