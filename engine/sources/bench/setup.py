"""Setup: how a bench is set up: who may connect, what it tells, and how patient it is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from ssl import SSLContext

from chargelore.engine.sources.bench.admission import Admission
from chargelore.engine.sources.bench.receiver import Receiver
from chargelore.engine.sources.clock import utc_now

PATIENCE = 30.0  # seconds for an answer


async def no_danger(_charger: str) -> str:
    """Nothing is suspected."""
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """How a bench is set up. `key` makes pseudonyms of what chargers report; `uploads` takes their files.

    `danger` names the safety fault that is suspected at a charger by all that it said so far, empty where none is.
    `tells` hears sentences on what happens. `seconds` is the patience for an answer.
    """

    admission: Admission = field(default_factory=Admission)
    tls: SSLContext | None = None
    key: bytes = b""
    uploads: Receiver | None = None
    danger: Callable[[str], Awaitable[str]] = no_danger
    tells: Callable[[str], None] = lambda _: None
    seconds: float = PATIENCE
    now: Callable[[], datetime] = utc_now
