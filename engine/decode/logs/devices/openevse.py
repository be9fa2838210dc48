"""OpenEVSE: the status object of its web interface, and the counters of its faults."""

from __future__ import annotations

from chargelore.engine.decode.logs.devices.device import Device

# OpenEVSE's public RAPI description; 254 and 255 are sleeping and disabled.
_STATES = {
    "1": "not connected", "2": "connected", "3": "charging", "4": "ventilation required", "5": "diode check failed",
    "6": "ground fault", "7": "no ground", "8": "relay stuck", "9": "ground fault test failed", "10": "too hot",
    "11": "overcurrent", "254": "sleeping", "255": "disabled",
}  # fmt: skip

STATUS = Device(
    name="OpenEVSE",
    vendor="OpenEVSE",
    signs=(
        frozenset({"state", "gfcicount", "nogndcount"}),
        frozenset({"state", "pilot", "vehicle"}),
        frozenset({"state", "pilot", "stuckcount"}),
    ),
    meters={"voltage": ("voltage", 1.0), "amp": ("current", 0.001), "pilot": ("current.offered", 1.0)},
    codes={"state": "api:state"},
    normal={"state": frozenset({"1", "2", "3", "254", "255"})},
    words={"state": _STATES},
    who={"firmware": "firmware"},
)
DEVICES = (STATUS,)
