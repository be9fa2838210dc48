"""EVerest: an error as it is raised on its bus and written to its database, `{"type": "evse_manager/…", …}`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from chargelore.engine.decode.flat import flat
from chargelore.engine.decode.logs.devices.device import code_record
from chargelore.engine.decode.logs.record import Head, Record

CHANNEL = "api:everest_error"
_OVER = frozenset({"clearedbymodule", "clearedbyreboot", "cleared"})


@dataclass(frozen=True, slots=True)
class _Error:
    """An error with the part that raised it; one that is over is a reading and no code."""

    name: str = "EVerest error"
    vendor: str = "EVerest"

    def knows(self, body: Mapping[str, object]) -> bool:
        kind = body.get("type")
        return (
            isinstance(kind, str)
            and kind.count("/") == 1
            and " " not in kind
            and {"severity", "message"} <= body.keys()
        )

    def records(self, body: Mapping[str, object]) -> Iterator[Record]:
        said = flat(body)
        evse = said.get("origin.mapping.evse", said.get("origin.evse"))
        connector = evse if isinstance(evse, int) and 0 <= evse < 1000 else None
        base = Record(0, "", Head(0, str(said.get("timestamp") or "")), layer="firmware", connector=connector)
        text = " ".join(filter(None, (str(said.get(key) or "") for key in ("sub_type", "description", "message"))))
        yield base._replace(kind="reading", fields={"name": self.name, "text": text, **said})
        if str(said.get("state") or "").lower() not in _OVER:
            yield code_record(base, self.vendor, str(body["type"]), CHANNEL, text)


DEVICES = (_Error(),)
