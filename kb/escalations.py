"""Escalations: cases handed to a maker and what makers answered, as events and out of the log. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from chargelore.kb.answer import Answer, Escalation, Signature, answer_of, body_of, escalation_of
from chargelore.kb.clock import Stamp, stamp_of
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

    What cannot be read here, or is unsound, is left out of them, not out of the log.
    """
    told = list(log)
    names = aliases_of(told, rights)
    found = (under(answer, names) for _, answer in answers_told(told))
    last = {_topic(each): each for each in found}
    return tuple(sorted(last.values(), key=lambda each: each.event))


def answers_told(log: Iterable[Event]) -> Iterator[tuple[Event, Answer]]:
    """The sound answers in a log, each with the event that tells it."""
    for each in log:
        if each.kind == ANSWERED and not complaint(each):
            yield each, answer_of(each.body, each.id)


def complaint(one: Event) -> str:
    """Why the answer in an event counts for nothing, whoever sent it; empty where it is sound."""
    if odd := unsound(one.body):
        return odd
    said_at = answer_of(one.body).said_at
    told_on = stamp_of(one.hlc).at.date() + timedelta(days=1)  # clocks differ
    return f"{said_at} had not come when it was told" if said_at and date.fromisoformat(said_at) > told_on else ""


def unsound(body: Mapping[str, Any]) -> str:
    """The same of the body alone, whenever it was told."""
    try:
        answer = answer_of(body)
    except InputError as error:
        return str(error)
    if answer.signature.is_empty:
        return "it names no sign by which its trouble could be known again"
    if not answer.scope.vendor.strip("* "):
        return "it is said of every maker's chargers"
    return "" if _is_day(answer.said_at) else f"{answer.said_at[:40]!r} is no day"


def _is_day(text: str) -> bool:
    try:
        return not text or bool(date.fromisoformat(text))
    except ValueError:
        return False


def _topic(one: Answer) -> tuple[str, str, str]:
    return signature_id(one.signature), one.cause, canonical([getattr(one.scope, each) for each in LIMITS])


LIMITS = ("vendor", "model", "firmware")


def under(one: Answer, names: Mapping[str, str]) -> Answer:
    """The answer under the names that stand for what was merged."""
    if not names:
        return one
    step = _name("step", one.resolution, names) if f"step/{one.resolution}" in names else one.resolution
    cause = CauseId(_name("cause", one.cause, names))
    return replace(one, signature=_signature_under(one.signature, names), cause=cause, resolution=step)


def _signature_under(one: Signature, names: Mapping[str, str]) -> Signature:
    faults = tuple(sorted(FaultId(_name("fault", each, names)) for each in one.faults))
    evidence = tuple(sorted((EvidenceId(_name("evidence", each, names)), said) for each, said in one.evidence))
    return replace(one, faults=faults, evidence=evidence)


def _name(kind: str, plain: str, names: Mapping[str, str]) -> str:
    return names.get(f"{kind}/{plain}", f"{kind}/{plain}").partition("/")[2]


def escalations_told(log: Iterable[Event], names: Mapping[str, str]) -> Iterator[Escalation]:
    """The escalations in a log that can be read, under the names that stand."""
    for each in log:
        if each.kind == ESCALATED and (found := _escalation(each)) is not None:
            yield replace(found, signature=_signature_under(found.signature, names)) if names else found


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
