"""Standing: which escalated cases are still open, and which of them an answer closes. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from chargelore.engine.case import Charger
from chargelore.engine.diagnosing.known import standing
from chargelore.engine.diagnosing.recall import Recalled, Signs, recalled
from chargelore.kb.answer import Answer, Escalation, Signature
from chargelore.kb.escalations import Escalated
from chargelore.kb.model import Knowledge


@dataclass(frozen=True, slots=True)
class Standing:
    """An escalated case, and the answers that were given to its signature, or to one that is close."""

    escalated: Escalated
    answers: tuple[Recalled, ...]

    @property
    def closing(self) -> tuple[Answer, ...]:
        """The answers to the very same signature."""
        return tuple(each.answer for each in self.answers if each.likeness == "same")

    @property
    def is_open(self) -> bool:
        """Whether nobody has answered it, and nobody has found out."""
        return not (self.escalated.is_found or self.closing)


def standings(knowledge: Knowledge, escalated: Iterable[Escalated], answers: Iterable[Answer]) -> tuple[Standing, ...]:
    """How each escalated case stands; an answer whose cause left the knowledge closes it all the same."""
    given = tuple(answers)
    return tuple(Standing(each, _alike(knowledge, each.escalation, given)) for each in escalated)


def contradicted(
    knowledge: Knowledge, charger: Charger, signature: Signature, answers: Iterable[Answer], answer: Answer
) -> tuple[Answer, ...]:
    """The answers to the same signature that name another cause."""
    meant = standing(knowledge, answer.cause)
    others = []
    for each in recalled(knowledge, answers, charger, signs_of(signature)):
        named = standing(knowledge, each.answer.cause)
        if each.likeness == "same" and (named or each.answer.cause) != (meant or answer.cause):
            others.append(each.answer)
    return tuple(others)


def signs_of(signature: Signature) -> Signs:
    """A signature as what a case shows, to be held against another."""
    return Signs(answers=dict(signature.evidence), faults=signature.faults, codes=signature.codes)


def charger_of(told: Escalation) -> Charger:
    """The charger of an escalated case, as far as it is known there."""
    machine = told.charger
    return Charger(id="", vendor=machine.vendor, model=machine.model, firmware=machine.firmware)


def _alike(knowledge: Knowledge, told: Escalation, answers: Iterable[Answer]) -> tuple[Recalled, ...]:
    return recalled(knowledge, answers, charger_of(told), signs_of(told.signature))
