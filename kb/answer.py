"""Answer: what a maker said of a trouble, and the signature by which it is found again on other chargers. Values only.

A signature is what two cases must have in common to be the same trouble: who made the charger, the canonical faults,
the codes that nobody mapped, and the evidence that was answered and bears on the suspects.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from typing import Any, TypeVar, cast

from chargelore.kb.errors import InputError
from chargelore.kb.finding import Machine
from chargelore.kb.model import EVERYWHERE, CauseId, EvidenceId, FaultId, Party, Scope, Tlp

MAKER: Party = "evse-oem"

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """By what a trouble is known again. `codes` are native ones without a meaning, each `maker code`; all is sorted."""

    vendor: str = ""
    model: str = ""
    faults: tuple[FaultId, ...] = ()
    codes: tuple[str, ...] = ()
    evidence: tuple[tuple[EvidenceId, str], ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it that a charger or a person said of the trouble."""
        return not (self.faults or self.codes or self.evidence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """A case that was handed to `party`, with the one question that was asked.

    `opened_at` is ISO 8601, empty where nobody knows; `suspects` are causes with their chance in thousandths;
    `reference` is what the packet calls the case, which names no charger.
    """

    case: str
    reference: str
    signature: Signature
    charger: Machine = field(default_factory=Machine)
    opened_at: str = ""
    question: str = ""
    suspects: tuple[tuple[CauseId, int], ...] = ()
    tlp: Tlp = "AMBER"
    party: Party = MAKER


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the maker said it was. `event` is the id of the event that tells it, empty until it is recorded.

    `resolution` is the id of a step or a few words; `said_by` names a desk, never a person; `said_at` is a day in
    ISO 8601; `scope` are the chargers of which it was said.
    """

    case: str
    signature: Signature
    cause: CauseId
    resolution: str = ""
    source: str = ""
    said_by: str = ""
    said_at: str = ""
    scope: Scope = EVERYWHERE
    event: str = ""


def body_of(told: Escalation | Answer) -> dict[str, Any]:
    """An escalation or an answer as the body of an event; whatever was left empty is left out."""
    return _filled(asdict(replace(told, event="") if isinstance(told, Answer) else told))


def escalation_of(body: Mapping[str, Any]) -> Escalation:
    """The escalation in the body of an event; InputError when it is none."""
    return _read(Escalation, body)


def answer_of(body: Mapping[str, Any], event: str = "") -> Answer:
    """The answer in the body of an event; InputError when it is none."""
    return replace(_read(Answer, body), event=event)


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    plain = {key: _filled(value) if isinstance(value, Mapping) else value for key, value in values.items()}
    return {key: value for key, value in plain.items() if value}


def _read(kind: type[Value], body: Mapping[str, Any]) -> Value:
    from pydantic import ValidationError  # noqa: PLC0415  # a quarter of a second that look-ups need not wait

    try:
        found: Value = _checker(cast("Any", kind)).validate_python({"signature": {}, **body})
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise InputError(f"this is no {kind.__name__.lower()}: {first['msg']}", where=place) from error
    return found


@cache
def _checker(kind: Any) -> Any:
    from pydantic import TypeAdapter  # noqa: PLC0415  # as above

    return TypeAdapter(kind)
