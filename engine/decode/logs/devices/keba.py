"""KEBA: reports 1, 2, 3 and 100 to 130 over UDP, and what it tells unasked (`{"State": 4}`)."""

from __future__ import annotations

from chargelore.engine.decode.logs.devices.device import Device

# KEBA's public UDP programmers guide: currents in mA, power in mW, energies in 0.1 Wh, the power factor in 0.1 %.
_PHASES = range(1, 4)
_STATES = {
    "0": "starting", "1": "not ready", "2": "ready, waits for the vehicle", "3": "charging", "4": "error",
    "5": "authorization rejected or interrupted",
}  # fmt: skip
_PLUGS = {
    "0": "unplugged", "1": "plugged into the station", "3": "plugged into the station, locked",
    "5": "plugged into station and vehicle", "7": "plugged into station and vehicle, locked",
}  # fmt: skip

REPORT = Device(
    name="KEBA report",
    vendor="KEBA",
    signs=(
        frozenset({"ID", "State", "Plug"}),
        frozenset({"ID", "State", "Error1"}),
        frozenset({"ID", "Product", "Serial"}),
        frozenset({"ID", "U1", "I1"}),
        frozenset({"ID", "E pres"}),
        frozenset({"ID", "Session ID"}),
    ),
    meters={
        **{f"U{each}": (f"voltage.l{each}", 1.0) for each in _PHASES},
        **{f"I{each}": (f"current.l{each}", 0.001) for each in _PHASES},
        "P": ("power", 0.001),
        "PF": ("power.factor", 0.001),
        "E total": ("energy", 0.1),
        "E pres": ("energy.interval", 0.1),
        "Curr user": ("current.offered", 0.001),
    },
    codes={"Error1": "api:Error1", "Error2": "api:Error2"},
    words={"State": _STATES, "Plug": _PLUGS},
    who={"Product": "model", "Firmware": "firmware", "Serial": "charger"},
)
DEVICES = (REPORT,)
