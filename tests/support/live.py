"""Signals as a charger would send them, for tests of the live state."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from chargelore.engine.decode.frame import decode_frame
from chargelore.engine.signal import Signal

BEGIN = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
_numbers = iter(range(1, 1_000_000))


def frame(action: str, payload: dict[str, Any], *, after: float = 0, charger: str = "CP-1") -> tuple[Signal, ...]:
    """The signals of a charger's request, so many seconds after the beginning."""
    text = json.dumps([2, f"m{next(_numbers)}", action, payload])
    return decode_frame(text, direction="charger", charger=charger, at=BEGIN + timedelta(seconds=after))


def status(
    word: str, error: str = "NoError", *, connector: int = 1, after: float = 0, charger: str = "CP-1"
) -> tuple[Signal, ...]:
    """A StatusNotification."""
    payload = {"connectorId": connector, "status": word, "errorCode": error}
    return frame("StatusNotification", payload, after=after, charger=charger)


def boot(vendor: str = "Acme", model: str = "One", *, charger: str = "CP-1") -> tuple[Signal, ...]:
    """A BootNotification."""
    return frame("BootNotification", {"chargePointVendor": vendor, "chargePointModel": model}, charger=charger)
