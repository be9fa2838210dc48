"""A log of a management system with many chargers that get into all sorts of trouble; the same at every call."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

STATUSES = ("Available", "Preparing", "Charging", "SuspendedEV", "Faulted", "Finishing", "Unavailable")
ERRORS = (*["NoError"] * 6, "GroundFailure", "HighTemperature", "OtherError", "ConnectorLockFailure")


def fleet_log(chargers: int, lines: int, seed: int = 5) -> str:
    """So many lines, some of them up to half a minute late."""
    return "".join(_lines(random.Random(seed), chargers, lines))  # noqa: S311  # no secret


def _lines(dice: random.Random, chargers: int, lines: int) -> Iterator[str]:
    at = datetime(2031, 5, 1, 8, tzinfo=UTC)
    for number in range(lines):
        at += timedelta(seconds=dice.choice((0, 1, 5)))
        told = at - timedelta(seconds=dice.choice((0, 0, 0, 2, 30)))
        frame = json.dumps(
            [2, f"m{number}", *dice.choice((_boot, _status, _status, _status, _start, _stop, _beat))(dice)]
        )
        yield f"{told:%Y-%m-%d %H:%M:%S},000 INFO:ocpp:CP-{dice.randrange(chargers)}: receive message {frame}\n"


def _boot(dice: random.Random) -> tuple[str, dict[str, object]]:
    said = {"chargePointVendor": dice.choice(("Acme", "Volta")), "chargePointModel": "One"}
    return "BootNotification", {**said, "firmwareVersion": dice.choice("12")}


def _status(dice: random.Random) -> tuple[str, dict[str, object]]:
    said = {"connectorId": dice.randrange(3), "status": dice.choice(STATUSES), "errorCode": dice.choice(ERRORS)}
    return "StatusNotification", {**said, "vendorErrorCode": dice.choice(("", "", "E12"))}


def _start(dice: random.Random) -> tuple[str, dict[str, object]]:
    return "StartTransaction", {"connectorId": dice.choice((1, 2)), "idTag": "A1B2C3D4", "meterStart": 1}


def _stop(dice: random.Random) -> tuple[str, dict[str, object]]:
    return "StopTransaction", {"transactionId": 1, "meterStop": 5, "reason": dice.choice(("Local", "PowerLoss"))}


def _beat(_: random.Random) -> tuple[str, dict[str, object]]:
    return "Heartbeat", {}
