"""ESP32-EVSE: the state object of its REST interface, with a list of errors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from chargelore.engine.decode.flat import flat
from chargelore.engine.decode.logs.devices.device import code_record, identity, reading
from chargelore.engine.decode.logs.record import Head, Record


@dataclass(frozen=True, slots=True)
class _State:
    """`{"state": "F", "errors": ["PILOT_FAULT"], "pendingAuth": false, "limitReached": false, …}`."""

    name: str = "ESP32-EVSE state"
    vendor: str = "ESP32-EVSE"

    def knows(self, body: Mapping[str, object]) -> bool:
        return {"state", "errors", "limitReached"} <= body.keys()

    def records(self, body: Mapping[str, object]) -> Iterator[Record]:
        base = Record(0, "", Head(0), layer="firmware")
        yield reading(base, {**flat(body), "name": self.name}, identity(self.vendor))
        errors = body["errors"]
        for each in errors[:16] if isinstance(errors, list) else ():
            yield code_record(base, self.vendor, str(each), "api:errors")


DEVICES = (_State(),)
