"""go-e: the status object of its local and cloud interface, versions 1 (all values texts) and 2."""

from __future__ import annotations

from chargelore.engine.decode.logs.devices.device import Device

# go-e's public descriptions of both interfaces: voltages of the phases and of neutral, currents, powers.
_VOLTS = {f"nrg[{place}]": (f"voltage.l{place + 1}", 1.0) for place in range(3)}


def _measured(ampere: float, watt: float, total: float) -> dict[str, tuple[str, float]]:
    amps = {f"nrg[{place + 4}]": (f"current.l{place + 1}", ampere) for place in range(3)}
    watts = {f"nrg[{place + 7}]": (f"power.l{place + 1}", watt) for place in range(3)}
    return {**_VOLTS, **amps, **watts, "nrg[11]": ("power", total)}


_CAR = {"0": "unknown", "1": "no vehicle", "2": "charging", "3": "waits for the vehicle", "4": "charged", "5": "error"}
_WHO = {"fwv": "firmware", "typ": "model", "sse": "charger"}

VERSION_1 = Device(
    name="go-e",
    vendor="go-e",
    signs=(frozenset({"car", "err", "amp", "dws"}), frozenset({"car", "err", "amp", "ast", "version"})),
    meters={**_measured(0.1, 100.0, 10.0), "eto": ("energy", 100.0), "dws": ("energy.interval", 10 / 3600)},
    codes={"err": "api:err"},
    words={"car": _CAR},
    who=_WHO,
)
VERSION_2 = Device(
    name="go-e",
    vendor="go-e",
    signs=tuple(frozenset({"car", "err", each}) for each in ("amp", "alw", "nrg", "frc", "modelStatus")),
    meters={**_measured(1.0, 1.0, 1.0), "eto": ("energy", 1.0), "wh": ("energy.interval", 1.0)},
    codes={"err": "api:err"},
    words={
        "car": {
            "0": "unknown",
            "1": "idle",
            "2": "charging",
            "3": "waiting for the vehicle",
            "4": "complete",
            "5": "error",
        }
    },
    who=_WHO,
)
DEVICES = (VERSION_1, VERSION_2)
