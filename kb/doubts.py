"""Doubts: what in this store speaks for and against the answers of makers. Pure.

An answer is as good as what is known of where it comes from: it names who said it or where it is written, and its
trouble was a case of this store and not only a line in a file that somebody sent. What technicians found later, on a
charger with the same signs, outweighs what was said from afar.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from chargelore.kb.answer import Answer, Signature
from chargelore.kb.codekey import bare, key
from chargelore.kb.counts import ONE, Counted
from chargelore.kb.escalations import answers_told, escalations_told, signature_id, under
from chargelore.kb.events import Event
from chargelore.kb.finding import UNKNOWN, Finding
from chargelore.kb.fold import Told, told
from chargelore.kb.learned import Doubt
from chargelore.kb.model import CauseId
from chargelore.kb.rights import Rights
from chargelore.kb.same import aliases_of


@dataclass(frozen=True, slots=True)
class Here:
    """The store in front of us, as the events of its own name it, and who may speak for it."""

    replica: str
    rights: Rights

    def knows(self, one: Event) -> bool:
        """Whether the event was made here, or by somebody who may review here."""
        return one.origin == self.replica or self.rights.may_review(one)


def doubts_in(log: Iterable[Event], here: Here) -> dict[str, Doubt]:
    """By the event of each answer that stands in a log, in order and live, what this store makes of it."""
    events = list(log)
    names = aliases_of(events, here.rights)
    answers = [(each, under(answer, names)) for each, answer in answers_told(events)]
    found = list(told(events))
    seen = {signature_id(each.signature) for one, each in answers if here.knows(one)}
    seen |= {signature_id(each.signature) for each in escalations_told(filter(here.knows, events), names)}
    doubts = {}
    for one, answer in answers:
        like = list(_alike(one, answer, found))
        is_seen = signature_id(answer.signature) in seen or any(here.knows(each.event) for each in like)
        doubts[one.id] = _weighed([each.counted for each in like], answer.cause, names, is_seen=is_seen)
    return doubts


def _weighed(like: Iterable[Counted], cause: CauseId, names: Mapping[str, str], *, is_seen: bool) -> Doubt:
    """What was found on the same signs, for the cause of an answer and against it."""
    sides: dict[bool, list[float]] = {True: [], False: []}
    for each in like:
        sides[_cause(each.finding, names) == cause].append(each.weight / ONE)
    return Doubt(
        is_unseen=not is_seen,
        others=sum(each > 0 for each in sides[False]),
        against=sum(sides[False]),
        agreeing=sum(sides[True]),
    )


def _alike(one: Event, answer: Answer, found: Iterable[Told]) -> Iterator[Told]:
    """What was found since on chargers with the same signs; of one author and case the last counts."""
    last = {
        (each.event.author, each.counted.finding.case, each.counted.finding.opened_at): each
        for each in found
        if each.event.hlc > one.hlc and _is_of(each.counted.finding, answer)
    }
    return iter(last.values())


def _is_of(finding: Finding, answer: Answer) -> bool:
    """Whether somebody found out what it was, and the trouble was the one that was answered."""
    signs = answer.signature
    if finding.cause == UNKNOWN or not _is_same_make(finding, signs):
        return False
    if not finding.reported:  # from an older version, which did not keep what the charger had said
        return finding.case == answer.case
    opaque, wrote = {each.rpartition(" ")[2] for each in signs.codes}, {key(each) for each in finding.codes}
    return set(finding.reported) == set(signs.faults) and opaque <= wrote and _is_answered_so(finding, signs)


def _is_same_make(finding: Finding, signs: Signature) -> bool:
    machine = finding.charger
    return (bare(machine.vendor), bare(machine.model)) == (bare(signs.vendor), bare(signs.model))


def _is_answered_so(finding: Finding, signs: Signature) -> bool:
    """Whether nothing was observed otherwise; what nobody looked for tells nothing."""
    return all(finding.evidence.get(name, UNKNOWN) in (said, UNKNOWN) for name, said in signs.evidence)


def _cause(finding: Finding, names: Mapping[str, str]) -> CauseId:
    return CauseId(names.get(f"cause/{finding.cause}", f"cause/{finding.cause}").partition("/")[2])
