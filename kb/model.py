"""The words of the trade as frozen values: fault, code, cause, evidence, step, and the knowledge that holds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from chargelore.kb.claim import (
    EVERYWHERE,
    CauseId,
    Channel,
    Claim,
    CodeKind,
    Competence,
    Confidence,
    Current,
    Domain,
    EvidenceId,
    FaultId,
    Grade,
    Guard,
    Layer,
    MakerKind,
    Party,
    Place,
    ProductId,
    QuirkId,
    Relation,
    Scope,
    Source,
    SourceId,
    Status,
    StepId,
    StepKind,
    Tlp,
    Tool,
    Topic,
    Written,
)
from chargelore.kb.registermap import Register, RegisterMap
from chargelore.kb.signs import Sign
from chargelore.kb.travel import ANYHOW, Travel

__all__ = [
    "AUTHOR_WORTH",
    "CHANCE",
    "EVERYWHERE",
    "Cause",
    "CauseId",
    "Channel",
    "Claim",
    "Code",
    "CodeKind",
    "Competence",
    "Confidence",
    "Current",
    "Domain",
    "Evidence",
    "EvidenceId",
    "Fault",
    "FaultId",
    "Fixes",
    "Given",
    "Grade",
    "Guard",
    "Knowledge",
    "Layer",
    "Maker",
    "MakerKind",
    "Meaning",
    "Party",
    "Place",
    "Product",
    "ProductId",
    "Quirk",
    "QuirkId",
    "Register",
    "RegisterMap",
    "Relation",
    "Scope",
    "Shows",
    "Sign",
    "Source",
    "SourceId",
    "Status",
    "Step",
    "StepId",
    "StepKind",
    "Tlp",
    "Tool",
    "Topic",
    "Travel",
    "Written",
]

# What an author's word is worth as a probability, and how many observed cases it weighs (KNOWLEDGE: measured).
CHANCE: Mapping[Grade, float] = MappingProxyType(
    {"never": 0.02, "rarely": 0.1, "sometimes": 0.3, "often": 0.6, "always": 0.9}
)
AUTHOR_WORTH = 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker(Written):
    """A namespace of codes: a maker, a platform that several makers build on, or a public standard.

    `editions` are those of a standard, the newest first.
    """

    name: str
    kind: MakerKind = "maker"
    aliases: tuple[str, ...] = ()
    editions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault(Claim):
    """One canonical fault, or with `is_fault` false an outcome that is none.

    `responsible` names the first party to act, then others; `severity` is OCPP 2.x, 0 (danger) to 9 (debug).
    `labels` and `symptoms` are keyed by language (`en`, `de`); `symptoms` are the words people use for it.
    `leads_to` holds how often a charger that has it reports another fault, as well or instead; `leak` how often a
    charger reports it while another one ails it: seldom, unless it is a name for anything.
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
    symptoms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    leads_to: Mapping[FaultId, Grade] = field(default_factory=dict)
    leak: Grade | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning(Written):
    """One canonical fault that a code stands for; the relation reads from the code to the fault, as in SKOS."""

    fault: FaultId
    relation: Relation = "exact"
    confidence: Confidence = "medium"


@dataclass(frozen=True, slots=True, kw_only=True)
class Code(Claim):
    """One code as a maker or a standard emits it. A code is a pair of namespace and value: `vendor` + `code`.

    `text` is native text where the licence allows it, our own words otherwise. No meaning means: no canonical fault.
    `also` are other names under which the same code is emitted. `clears` names the code of the same table that is over
    when this one comes. `signs` are the lights or tones of a code of kind `pattern`. `travel` is that of its table.
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
    table: str = ""
    also: tuple[str, ...] = ()
    clears: str = ""
    signs: tuple[Sign, ...] = ()
    travel: Travel = ANYHOW


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence(Claim):
    """A question with two to five exclusive answers.

    `signal` evidence is answered `yes` by the symptom of that id, which a rule detects.
    `leak` grades how often the answer `yes` shows up although no linked cause is at work; in a `group` only the
    strongest piece counts, because its members repeat one physical event. An answer in `danger` says that people may be
    hurt as things stand: making safe comes before everything else.
    """

    id: EvidenceId
    question: str
    answers: tuple[str, ...] = ("yes", "no")
    channel: Channel = "signal"
    group: str = ""
    leak: Grade = "never"
    layer: Layer | None = None
    detail: str = ""
    danger: tuple[str, ...] = ()
    questions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shows(Written):
    """A cause shows this answer of an evidence that often; `never` speaks against the cause when it is seen."""

    evidence: EvidenceId
    grade: Grade
    answer: str = "yes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause(Claim):
    """What can lie behind a fault. `label` speaks to a technician, `detail` to an engineer.

    `domain` and `responsible` override those of the fault where the cause lies with somebody else. `words` are terms
    that people use when they meet this cause; `scope` limits a quirk to a maker, a model or a firmware. `current` names
    the one kind of charger, AC or DC, on which the cause can be.
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
    current: Current | None = None
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixes(Written):
    """A step cures this cause that often."""

    cause: CauseId
    grade: Grade = "often"


@dataclass(frozen=True, slots=True, kw_only=True)
class Given(Written):
    """What must have been found before a step is done: this answer, or any where none is named."""

    evidence: EvidenceId
    answer: str = ""

    def holds(self, said: str) -> bool:
        """Whether such an answer lets the step be done."""
        return self.answer in ("", said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Claim):
    """Something to do: a test or question answers evidence, a repair or reset fixes causes, a refer hands over.

    A `secure` step makes safe: it answers and cures nothing, and `guards` says before what it must be done: while an
    answer tells of `danger`, while a `safety` fault is live, before a step with a `hazard` or in the open `cabinet`.
    `first` names the secure steps of a step that needs others than those. A secure step that is `dead` leaves no
    voltage. What a step has as `given` is found out before it, or it is not done.

    `message` is the OCPP message that does it, as `errand.py` writes it; empty where no message does.
    """

    id: StepId
    kind: StepKind
    label: str
    minutes: int
    detail: str = ""
    where: Place = "at-charger"
    needs: Competence = "technician"
    hazard: str = ""
    precondition: str = ""
    reversible: bool = True
    parts: tuple[str, ...] = ()
    tools: tuple[Tool, ...] = ()
    first: tuple[StepId, ...] = ()
    guards: tuple[Guard, ...] = ()
    dead: bool = False
    given: tuple[Given, ...] = ()
    fixes: tuple[Fixes, ...] = ()
    answers: tuple[EvidenceId, ...] = ()
    message: str = ""

    @property
    def asks(self) -> bool:
        """Whether it finds something out for others: it cures nothing, and waits for no answer itself."""
        is_open = self.status != "deprecated" and self.kind in ("test", "question")
        return is_open and not self.given and not self.fixes

    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quirk(Claim):
    """What chargers of one maker, model or firmware do otherwise than one would expect.

    `label` speaks to a technician, `detail` to an engineer, `cure` says what to do. `causes` are likelier on such a
    charger; `thread` names the public thread it was learnt from, so that scoring can leave out what it taught.
    """

    id: QuirkId
    topic: Topic
    label: str
    detail: str
    scope: Scope
    cure: str = ""
    causes: tuple[CauseId, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    thread: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Product(Claim):
    """Which current a line of chargers gives: by `vendor` and `model` as chargers name them, or by `words` of people.

    `*` in a model stands for anything, and a model names all that begin with it.
    """

    id: ProductId
    current: Current
    vendor: str = ""
    model: str = ""
    words: tuple[str, ...] = ()


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
    makers: Mapping[str, Maker] = field(default_factory=dict)
    quirks: Mapping[QuirkId, Quirk] = field(default_factory=dict)
    registers: Mapping[str, RegisterMap] = field(default_factory=dict)
    products: Mapping[ProductId, Product] = field(default_factory=dict)
