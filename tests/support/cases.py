"""Folders of recordings with a confirmed.csv: ground faults at plug-in, faults under load, and good sessions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

WET, VEHICLE = "water-in-coupler", "vehicle-leaks-residual-current"
Line = tuple[int, str, str]  # seconds after noon, status, errorCode


def log_of(lines: Iterable[Line], charger: str = "CP-1") -> str:
    """StatusNotifications as a management system logs them."""
    return "".join(_line(number, each, charger) for number, each in enumerate(lines))


def _line(number: int, line: Line, charger: str) -> str:
    second, status, error = line
    stamp = f"2024-05-01T{12 + second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}Z"
    body = {"connectorId": 1, "status": status, "errorCode": error, "timestamp": stamp}
    return f'{stamp} {charger} [2,"{number}","StatusNotification",{json.dumps(body)}]\n'


def trips(after: int) -> list[Line]:
    """A ground fault so many seconds after plug-in."""
    return [(0, "Available", "NoError"), (90, "Preparing", "NoError"), (90 + after, "Faulted", "GroundFailure"),
            (200 + after, "Available", "NoError")]  # fmt: skip


def trips_under_load(after: int) -> list[Line]:
    """A ground fault so many seconds after the current flows."""
    return [(0, "Available", "NoError"), (90, "Preparing", "NoError"), (110, "Charging", "NoError"),
            (110 + after, "Faulted", "GroundFailure"), (200 + after, "Available", "NoError")]  # fmt: skip


def charges(span: int) -> list[Line]:
    """A good session."""
    return [(0, "Available", "NoError"), (90, "Preparing", "NoError"), (110, "Charging", "NoError"),
            (110 + span, "Finishing", "NoError"), (150 + span, "Available", "NoError")]  # fmt: skip


def recorded(folder: Path, files: Mapping[str, tuple[list[Line], str]]) -> Path:
    """The folder with these logs and what each turned out to be."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = ["file,cause"]
    for number, (name, (lines, cause)) in enumerate(files.items()):
        (folder / name).write_text(log_of(lines, f"CP-{number}"), encoding="utf-8")
        rows.append(f"{name},{cause}")
    (folder / "confirmed.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


def usual(folder: Path) -> Path:
    """Four wet couplers, two leaking vehicles and four good sessions."""
    files = {f"wet-{n}.log": (trips(5 + 3 * n), WET) for n in range(4)}
    files |= {f"load-{n}.log": (trips_under_load(1000 + 90 * n), VEHICLE) for n in range(2)}
    files |= {f"good-{n}.log": (charges(1200 + 400 * n), "healthy") for n in range(4)}
    return recorded(folder, files)
