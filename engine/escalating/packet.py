"""Packet: the words in which a case is put to the charger's maker; made by `packing`, told as a page, JSON or a zip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from chargelore.engine.diagnosing.diagnosis import MakerSaid, Reason, Verdict
from chargelore.engine.freeze import Course
from chargelore.kb.answer import Signature
from chargelore.kb.model import CauseId, EvidenceId, FaultId, Layer, Party, Relation, StepId, Tlp

Asker = Literal["rule", "person", "silence"]
Kind = Literal["code", "sign", "apart", "cause"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The charger under its pseudonym, and what kind it is."""

    name: str
    vendor: str
    model: str
    firmware: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldCode:
    """A native code and the canonical fault that it stands for; `fault` is None where nobody mapped it."""

    vendor: str
    code: str
    text: str
    channel: str
    fault: FaultId | None
    label: str
    relation: Relation | None
    times: int
    is_over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowLine:
    """One signal of the window, in a line: its time in ISO 8601, empty where it told none."""

    at: str
    layer: Layer
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What came before the fault: how readings went, the last signals, and how many more there were.

    `again_at` is set where a case went on for so long that only the signals before the fault came last are still kept.
    """

    courses: tuple[Course, ...] = ()
    moments: tuple[WindowLine, ...] = ()
    more: int = 0
    again_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """One signal that a person holds for evidence, in a line, and what they noted beside it."""

    at: str
    layer: str
    says: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A question with its answer. `by` says who looked: a rule that saw it, one that looked in vain, or a person."""

    evidence: EvidenceId
    question: str
    answer: str
    by: Asker


@dataclass(frozen=True, slots=True, kw_only=True)
class NotLooked:
    """A question that would count and has no answer, neither yes nor no, and why nobody looked."""

    evidence: EvidenceId
    question: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A step that was done and did not help; `minutes` are those it usually takes."""

    step: StepId
    label: str
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspected:
    """A cause that is still open. `probability` is 0 to 0.97."""

    cause: CauseId
    label: str
    fault: str
    responsible: Party
    probability: float
    because: tuple[Reason, ...]
    against: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuledOut:
    """A cause that was under suspicion and is no more, and what did that."""

    cause: CauseId
    label: str
    how: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deciding:
    """A sign that would have decided: how many bits its answer would tell about the suspects, which it separates."""

    evidence: EvidenceId
    question: str
    layer: Layer | None
    why: str
    bits: float
    splits: tuple[str, ...]
    for_maker: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """The one question: its text, of what kind it is, what it is about, and the suspects it decides between."""

    text: str
    kind: Kind
    about: str
    splits: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Which case it is, by a reference that names no charger, and how it stands.

    `unknown` is 0 to 1, times are ISO 8601.
    """

    reference: str
    signature_id: str
    tlp: Tlp
    charger: Identity
    connector: int | None
    opened_at: str
    last_at: str
    verdict: Verdict
    unknown: float
    layers_seen: tuple[Layer, ...]
    layers_missing: tuple[Layer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What was looked for and what was not, which is something else than a no; and what was tried."""

    looked: tuple[Looked, ...]
    not_looked: tuple[NotLooked, ...]
    tried: tuple[Tried, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What is suspected, what no more, and what would have decided.

    `withheld` counts suspects labelled stricter than the packet.
    """

    suspects: tuple[Suspected, ...]
    ruled_out: tuple[RuledOut, ...]
    deciding: tuple[Deciding, ...]
    withheld: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """A case for its maker. Names nobody; everything that a charger or a person wrote has passed the door.

    `worth_it` are steps that would still be worth their minutes, without those that only make safe. `words` are what
    people said, which is TLP:RED.
    """

    head: Head
    question: Question
    signature: Signature
    codes: tuple[ToldCode, ...]
    window: Window
    search: Search
    weighed: Weighed
    maker_said: tuple[MakerSaid, ...] = ()
    worth_it: tuple[str, ...] = ()
    pinned: tuple[Exhibit, ...] = ()
    words: tuple[str, ...] = ()
