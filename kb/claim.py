"""Claim: what every statement of the knowledge carries, and the closed lists of words that statements are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, NewType

FaultId = NewType("FaultId", str)
CauseId = NewType("CauseId", str)
EvidenceId = NewType("EvidenceId", str)
StepId = NewType("StepId", str)
SourceId = NewType("SourceId", str)
QuirkId = NewType("QuirkId", str)
ProductId = NewType("ProductId", str)

Domain = Literal[
    "connectivity", "authorization-payment", "power-input", "safety", "connector", "thermal", "power-electronics",
    "vehicle-communication", "vehicle", "metering", "firmware-config", "mechanical", "environment", "backend",
    "installation",
]  # fmt: skip
Party = Literal[
    "driver", "cso", "site-host", "installer", "distributor", "utility", "network-provider", "csms-provider", "emsp",
    "payment-provider", "evse-oem", "ev-oem",
]  # fmt: skip
Current = Literal["ac", "dc"]
Layer = Literal["ocpp", "csms", "modbus", "firmware", "vehicle", "grid", "field"]
Relation = Literal["exact", "close", "broad", "narrow", "not"]
Confidence = Literal["high", "medium", "low"]
Grade = Literal["never", "rarely", "sometimes", "often", "always"]
CodeKind = Literal["enum", "bit", "name", "pattern"]
StepKind = Literal["test", "question", "repair", "reset", "refer", "secure"]
Guard = Literal["danger", "safety", "hazard", "cabinet"]
Tool = Literal[
    "multimeter", "voltage-tester", "lock-off-kit", "torque-wrench", "crimping-tool", "insulation-tester",
    "rcd-tester", "loop-tester", "clamp-meter", "leakage-clamp", "oscilloscope", "power-recorder", "reference-meter",
    "high-voltage-meter", "thermal-camera", "thermometer", "test-adapter", "laptop", "other-cable", "other-vehicle",
    "coolant-kit",
]  # fmt: skip
Competence = Literal["anyone", "technician", "electrician", "hv", "oem"]
Place = Literal["remote", "desk", "at-charger", "cabinet"]
Status = Literal["draft", "reviewed", "deprecated"]
Channel = Literal["signal", "asked", "measured"]
Tlp = Literal["CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"]  # Traffic Light Protocol 2.0
Topic = Literal[
    "commands", "profiles", "units", "clock", "ping", "metering", "registers", "status", "authorization", "firmware",
    "connection", "hardware",
]  # fmt: skip
MakerKind = Literal["maker", "platform", "standard"]


class Written:
    """A value that people write in YAML; keys that it does not have are refused."""

    __slots__ = ()
    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope(Written):
    """To which chargers a statement applies; an empty field means all. `firmware` is a range such as `>=5.2,<6`."""

    vendor: str = ""
    model: str = ""
    firmware: str = ""
    hardware: str = ""
    region: str = ""


EVERYWHERE = Scope()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source(Written):
    """Where a statement comes from, and under which licence it may be shipped.

    `edition` names the version of the document; `dated` is when it was published or read, as 2024, 2024-05 or
    2024-05-17: how old a claim is that rests on it.
    """

    id: SourceId
    title: str
    url: str = ""
    licence: str = ""
    edition: str = ""
    dated: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(Written):
    """What every statement carries: who says so since when, who may read it, and whether it still stands.

    `dated` is empty where the date of the source counts; a deprecated claim names its successor in `replaced_by`, or
    says in `reason` why it has none.
    """

    source: SourceId = SourceId("own")
    status: Status = "reviewed"
    tlp: Tlp = "CLEAR"
    author: str = ""
    dated: str = ""
    replaced_by: str = ""
    reason: str = ""
