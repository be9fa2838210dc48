"""Asking: what a person is told of chargers whose registers are read: each thing once."""

from __future__ import annotations

from chargelore.engine.asking import Told
from chargelore.engine.signal import Signal
from chargelore.engine.sources.copies import Health


def silent(part: str, why: str = "it takes no connection") -> Signal:
    fields = {"name": "silent", "part": part, "why": why}
    return Signal(layer="modbus", kind="reading", charger="CP-1", fields=fields)


def test_a_charger_that_never_answered_is_told_once_however_many_parts_it_has() -> None:
    said: list[str] = []
    told = Told(Health(), said.append, has_one_client=False)
    for part in ("charger", "meter", "charger", "display"):
        told.hears(silent(part))
    assert [each.partition(":")[0] for each in said] == ["nothing answers at CP-1"]


def test_each_part_that_falls_silent_later_is_told_once() -> None:
    said: list[str] = []
    told = Told(Health(), said.append, has_one_client=False)
    told.hears(Signal(layer="modbus", kind="reading", charger="CP-1", fields={"name": "state"}))
    for part in ("charger", "meter", "meter"):
        told.hears(silent(part))
    assert [each.partition(" fell")[0] for each in said] == ["charger of CP-1", "meter of CP-1"]
