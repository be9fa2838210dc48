"""Tinkerforge WARP: `evse/state`, alone or in a debug report with all states of the charger."""

from __future__ import annotations

from chargelore.engine.decode.logs.devices.device import Device

_STATES = {
    "0": "no vehicle", "1": "waits for the release", "2": "ready to charge", "3": "charging", "4": "error"
}  # fmt: skip

STATE = Device(
    name="WARP evse/state",
    vendor="Tinkerforge",
    signs=(frozenset({"iec61851_state", "error_state"}), frozenset({"iec61851_state", "contactor_error"})),
    meters={"allowed_charging_current": ("current.offered", 0.001)},
    codes={
        "error_state": "api:evse/state.error_state",
        "lock_state": "api:evse/state.lock_state",
        "dc_fault_current_state": "api:evse/dc_fault_current_state",
        "contactor_error": "api:evse/state.contactor_error",
    },
    normal={"lock_state": frozenset("1234")},
    words={"charger_state": _STATES},
)
DEVICES = (STATE,)
