"""Kept: a signal as the store keeps it, and read back; alone here, as many read who never move any."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
from msgspec.structs import replace

from chargelore.engine.signal import Signal
from chargelore.kb.kept import KeptSignal

_body = msgspec.json.Encoder().encode
_read = msgspec.json.Decoder(Signal).decode


def row_of(signal: Signal, name: tuple[str, int, int], heard: datetime) -> KeptSignal:
    """A signal as the store keeps it, with its own text; `name` are its run, its message and its place in that."""
    run, seq, part = name
    return KeptSignal(
        run=run,
        seq=seq,
        part=part,
        heard=heard,
        at=utc(signal.at, heard),
        charger=signal.charger,
        connector=signal.connector,
        layer=signal.layer,
        kind=signal.kind,
        body=_body(replace(signal, raw="")).decode(),
        raw=signal.raw,
    )


def signal_of(row: KeptSignal) -> Signal:
    """The signal that a row holds. ValueError when it was changed to something else."""
    return replace(_read(row.body), raw=row.raw or "")


def utc(at: datetime | None, otherwise: datetime) -> datetime:
    """A time with its zone; the other one where there is none."""
    at = at or otherwise
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)
