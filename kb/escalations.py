"""Escalations: cases handed to a maker and what makers answered, as events and out of the log. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from chargelore.kb.answer import Answer, Escalation, Signature, answer_of, body_of, escalation_of
from chargelore.kb.clock import Stamp
from chargelore.kb.codekey import bare
from chargelore.kb.errors import InputError
from chargelore.kb.events import ANSWERED, ESCALATED, FINDING, LONGEST_NAME, Event, canonical, checksum, event
from chargelore.kb.model import CauseId, EvidenceId, FaultId
from chargelore.kb.rights import Rights
from chargelore.kb.same import aliases_of


@dataclass(frozen=True, slots=True)
class Escalated:
    """An escalation that stands, the event that tells it, and whether somebody found out since what it was."""

    event: Event
    escalation: Escalation
    is_found: bool = False


def escalated_event(told: Escalation, *, stamp: Stamp, author: str) -> Event:
    """A case is handed to its maker: from now on the maker holds the ball."""
    return event(ESCALATED, told.case[:LONGEST_NAME], body_of(told), stamp=stamp, author=author)


def answered_event(told: Answer, *, stamp: Stamp, author: str) -> Event:
    """The maker said what it was."""
    return event(ANSWERED, told.case[:LONGEST_NAME], body_of(told), stamp=stamp, author=author)


def signature_id(one: Signature) -> str:
    """The name of a signature; how a maker spells itself does not matter."""
    evidence = [list(each) for each in one.evidence]
    return checksum(canonical([bare(one.vendor), bare(one.model), one.faults, one.codes, evidence]))


def answers_in(log: Iterable[Event], rights: Rights) -> tuple[Answer, ...]:
    """The answers of makers in a log that is in order and live, under the names that stand; of two same ones the last.

    What cannot be read here is left out of them, not out of the log.
    """
    told = list(log)
    names = aliases_of(told, rights)
    found = (_answer(each) for each in told if each.kind == ANSWERED)
    last = {_topic(each): each for each in (_under(one, names) for one in found if one is not None)}
    return tuple(sorted(last.values(), key=lambda each: each.event))


def _answer(one: Event) -> Answer | None:
    try:
        return answer_of(one.body, one.id)
    except InputError:
        return None


def _topic(one: Answer) -> tuple[str, str, str]:
    return signature_id(one.signature), one.cause, canonical([getattr(one.scope, each) for each in LIMITS])


LIMITS = ("vendor", "model", "firmware")


def _under(one: Answer, names: Mapping[str, str]) -> Answer:
    """The answer under the names that stand for what was merged."""
    if not names:
        return one

    def name(kind: str, plain: str) -> str:
        return names.get(f"{kind}/{plain}", f"{kind}/{plain}").partition("/")[2]

    faults = tuple(sorted(FaultId(name("fault", each)) for each in one.signature.faults))
    evidence = tuple(sorted((EvidenceId(name("evidence", each)), said) for each, said in one.signature.evidence))
    signature = replace(one.signature, faults=faults, evidence=evidence)
    step = name("step", one.resolution) if f"step/{one.resolution}" in names else one.resolution
    return replace(one, signature=signature, cause=CauseId(name("cause", one.cause)), resolution=step)


def escalated(log: Iterable[Event]) -> tuple[Escalated, ...]:
    """The escalations in a log that is in order and live, the last one of each case, oldest first."""
    last: dict[tuple[str, str], Escalated] = {}
    for each in log:
        if each.kind == ESCALATED and (told := _escalation(each)) is not None:
            last.pop((told.case, told.opened_at), None)
            last[told.case, told.opened_at] = Escalated(each, told)
        elif each.kind == FINDING:
            last.update((key, replace(one, is_found=True)) for key, one in last.items() if _is_of(each, key))
    return tuple(last.values())


def _is_of(finding: Event, key: tuple[str, str]) -> bool:
    """Whether a finding is of this case; one of old says its name only, and not when it opened."""
    opened = finding.body.get("opened_at")
    return key[0] == finding.subject and opened in (None, key[1])


def _escalation(one: Event) -> Escalation | None:
    try:
        return escalation_of(one.body)
    except InputError:
        return None
