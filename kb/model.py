"""The words of the trade as frozen values: fault, code, cause, evidence, step, and the knowledge that holds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, NewType

FaultId = NewType("FaultId", str)
CauseId = NewType("CauseId", str)
EvidenceId = NewType("EvidenceId", str)
StepId = NewType("StepId", str)
SourceId = NewType("SourceId", str)

Domain = Literal[
    "connectivity", "authorization-payment", "power-input", "safety", "connector", "thermal", "power-electronics",
    "vehicle-communication", "vehicle", "metering", "firmware-config", "mechanical", "environment", "backend",
    "installation",
]  # fmt: skip
Party = Literal[
    "driver", "cso", "site-host", "installer", "utility", "network-provider", "csms-provider", "emsp",
    "payment-provider", "evse-oem", "ev-oem",
]  # fmt: skip
Layer = Literal["ocpp", "csms", "modbus", "firmware", "vehicle", "grid", "field"]
Relation = Literal["exact", "close", "broad", "narrow", "not"]
Confidence = Literal["high", "medium", "low"]
Grade = Literal["never", "rarely", "sometimes", "often", "always"]
CodeKind = Literal["enum", "bit", "name", "pattern"]
StepKind = Literal["test", "question", "repair", "reset", "refer"]
Competence = Literal["anyone", "technician", "electrician", "hv", "oem"]
Place = Literal["remote", "desk", "at-charger", "cabinet"]
Status = Literal["draft", "reviewed", "deprecated"]
Channel = Literal["signal", "asked", "measured"]

# What an author's word is worth as a probability, and how many observed cases it weighs (KNOWLEDGE: measured).
CHANCE: Mapping[Grade, float] = MappingProxyType(
    {"never": 0.02, "rarely": 0.1, "sometimes": 0.3, "often": 0.6, "always": 0.9}
)
AUTHOR_WORTH = 6.0


class Written:
    """A value that people write in YAML; keys that it does not have are refused."""

    __slots__ = ()
    __pydantic_config__ = MappingProxyType({"extra": "forbid"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope(Written):
    """To which chargers a statement applies; an empty field means all. `firmware` is a range such as `>=5.2,<6`."""

    vendor: str = ""
    model: str = ""
    firmware: str = ""


EVERYWHERE = Scope()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source(Written):
    """Where a statement comes from, and under which licence it may be shipped."""

    id: SourceId
    title: str
    url: str = ""
    licence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault(Written):
    """One canonical fault, or with `is_fault` false an outcome that is none.

    `responsible` names the first party to act, then others; `severity` is OCPP 2.x, 0 (danger) to 9 (debug).
    `labels` and `symptoms` are keyed by language (`en`, `de`); `symptoms` are the words people use for it.
    """

    id: FaultId
    label: str
    domain: Domain
    definition: str
    responsible: tuple[Party, ...]
    severity: int = 4
    safety: bool = False
    is_fault: bool = True
    mrec: str = ""
    mrec_relation: Relation | None = None
    aliases: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    source: SourceId = SourceId("own")
    status: Status = "reviewed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning(Written):
    """One canonical fault that a code stands for; the relation reads from the code to the fault, as in SKOS."""

    fault: FaultId
    relation: Relation = "exact"
    confidence: Confidence = "medium"


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One code as a maker or a standard emits it. A code is a pair of namespace and value: `vendor` + `code`.

    `text` is native text where the licence allows it, our own words otherwise. No meaning means: no canonical fault.
    """

    vendor: str
    code: str
    text: str
    model: str = ""
    firmware: str = ""
    channel: str = ""
    kind: CodeKind = "enum"
    severity: str = ""
    means: tuple[Meaning, ...] = ()
    is_fault: bool = True
    source: SourceId = SourceId("own")
    table: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence(Written):
    """A question with two to five exclusive answers.

    `signal` evidence is answered `yes` by the symptom of that id, which a rule detects.
    `leak` grades how often the answer `yes` shows up although no linked cause is at work; in a `group` only the
    strongest piece counts, because its members repeat one physical event.
    """

    id: EvidenceId
    question: str
    answers: tuple[str, ...] = ("yes", "no")
    channel: Channel = "signal"
    group: str = ""
    leak: Grade = "never"
    layer: Layer | None = None
    questions: Mapping[str, str] = field(default_factory=dict)
    source: SourceId = SourceId("own")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shows(Written):
    """A cause shows this answer of an evidence that often; `never` speaks against the cause when it is seen."""

    evidence: EvidenceId
    grade: Grade
    answer: str = "yes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause(Written):
    """What can lie behind a fault. `label` speaks to a technician, `detail` to an engineer.

    `domain` and `responsible` override those of the fault where the cause lies with somebody else. `words` are terms
    that people use when they meet this cause; `scope` limits a quirk to a maker, a model or a firmware.
    """

    id: CauseId
    fault: FaultId
    label: str
    detail: str = ""
    prior: Grade = "sometimes"
    domain: Domain | None = None
    responsible: Party | None = None
    shows: tuple[Shows, ...] = ()
    words: tuple[str, ...] = ()
    scope: Scope = EVERYWHERE
    labels: Mapping[str, str] = field(default_factory=dict)
    source: SourceId = SourceId("own")
    status: Status = "reviewed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixes(Written):
    """A step cures this cause that often."""

    cause: CauseId
    grade: Grade = "often"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Written):
    """Something to do: a test or question answers evidence, a repair or reset fixes causes, a refer hands over."""

    id: StepId
    kind: StepKind
    label: str
    minutes: int
    where: Place = "at-charger"
    needs: Competence = "technician"
    hazard: str = ""
    precondition: str = ""
    reversible: bool = True
    parts: tuple[str, ...] = ()
    fixes: tuple[Fixes, ...] = ()
    answers: tuple[EvidenceId, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    source: SourceId = SourceId("own")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Knowledge:
    """Everything that was authored, as loaded from YAML; a value that lives as long as the program."""

    sources: Mapping[SourceId, Source]
    faults: Mapping[FaultId, Fault]
    codes: tuple[Code, ...]
    evidence: Mapping[EvidenceId, Evidence]
    causes: Mapping[CauseId, Cause]
    steps: Mapping[StepId, Step]
    vendor_aliases: Mapping[str, str] = field(default_factory=dict)
