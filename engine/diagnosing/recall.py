"""Recall: which answers of makers were given to the trouble in front of us, and how far they are believed. Pure.

An answer is evidence like any other: it is weighed, shown with its source, and may be outweighed. Who answered knew the
signs of the signature, so that the answer's cause explains each of them as well as any cause could. An answer of which
nobody says where it comes from, or whose trouble was never seen here, is a hint.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from chargelore.engine.case import Charger
from chargelore.engine.diagnosing.known import standing
from chargelore.engine.diagnosing.observed import Observed
from chargelore.engine.diagnosing.odds import odds
from chargelore.engine.diagnosing.roll import Place, roll
from chargelore.engine.diagnosing.table import Weight, reporting
from chargelore.engine.diagnosing.weigh import ANSWER, FAULT_LEAK, report
from chargelore.engine.scope import fit, matches_name
from chargelore.kb.answer import Answer
from chargelore.kb.codekey import bare
from chargelore.kb.learned import NO_DOUBT, Learned
from chargelore.kb.model import CHANCE, EvidenceId, FaultId, Knowledge

Likeness = Literal["same", "close"]
TRUST: Mapping[Likeness, float] = {"same": 0.9, "close": 0.7}  # as of a code that maps exactly, or closely
SHOWN = CHANCE["always"]
LEAKS = (FAULT_LEAK, 0.1, 0.3)  # how often such an answer names what is not the cause, by how many doubts there are
WORTH = 4.0  # cases that an answer weighs as much as, against what was found since


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What can be held against a signature: evidence with answers, what was looked for in vain, faults and codes."""

    answers: Mapping[EvidenceId, str] = field(default_factory=dict)
    absent: Collection[EvidenceId] = ()
    faults: Collection[FaultId] = ()
    codes: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Recalled:
    """An answer that was given to such a trouble; `close` where the rest of its signs was not looked for yet."""

    answer: Answer
    likeness: Likeness


def signs_of(seen: Observed) -> Signs:
    """What a case shows, to be held against signatures."""
    return Signs(answers=seen.answers, absent=seen.absent, faults=seen.faults, codes=seen.codes)


def recalled(knowledge: Knowledge, answers: Iterable[Answer], charger: Charger, signs: Signs) -> tuple[Recalled, ...]:
    """The answers to this trouble, those to the very same first; also those whose cause is gone from the knowledge."""
    found = ((each, likeness(knowledge, each, charger, signs)) for each in answers)
    alike = [Recalled(each, how) for each, how in found if how is not None]
    return tuple(sorted(alike, key=lambda each: (each.likeness != "same", each.answer.event)))


def likeness(knowledge: Knowledge, answer: Answer, charger: Charger, signs: Signs) -> Likeness | None:
    """Whether the answer was given to this trouble: to the very `same`, to a `close` one, or to another (None)."""
    signature = answer.signature
    where, what = _scoped(answer, charger), _evidence(knowledge, signature.evidence, signs)
    if where is None or what is None or signature.is_empty:
        return None
    if not (set(signature.faults) <= set(signs.faults) and set(signature.codes) <= set(signs.codes)):
        return None
    is_whole = set(signature.faults) == set(signs.faults) and set(signature.codes) == set(signs.codes)
    return "same" if is_whole and where == what == "same" else "close"


def _scoped(answer: Answer, charger: Charger) -> Likeness | None:
    """Whether it was said of this charger; `close` where only the beginning of its model fits, or its firmware is open.

    A charger that does not say who it is could be any.
    """
    scope = answer.scope
    if not charger.vendor or not matches_name(scope.vendor, charger.vendor):
        return None
    match fit(scope, charger):
        case "outside":
            return None
        case "inside":
            is_named = not scope.model or "*" in scope.model or bare(scope.model) == bare(charger.model)
            return "same" if is_named else "close"
        case _:
            return "close"


def _evidence(knowledge: Knowledge, wanted: Iterable[tuple[EvidenceId, str]], signs: Signs) -> Likeness | None:
    """Whether all evidence was answered so; `close` where a person has not looked yet, None where it is otherwise."""
    found: Likeness = "same"
    for name, answer in wanted:
        evidence = knowledge.evidence.get(name)
        given = signs.answers.get(name) or ("no" if name in signs.absent else None)
        if evidence is None or given == answer:  # what is no longer asked cannot tell cases apart
            continue
        if given is not None or evidence.channel == "signal":
            return None
        found = "close"
    return found


def by_cause(knowledge: Knowledge, learned: Learned, found: Iterable[Recalled]) -> Mapping[Place, Recalled]:
    """The causes that stand with the best answer that names each; several that say the same count once."""
    best: dict[Place, Recalled] = {}
    for each in sorted(found, key=lambda one: -worth(learned, one)):
        cause = standing(knowledge, each.answer.cause)
        if cause is not None:
            best.setdefault(roll(knowledge).places[cause.id], each)
    return best


def doubts(learned: Learned, answer: Answer) -> tuple[str, ...]:
    """In words, why an answer is not taken at its word; empty where it is."""
    about, signature = learned.doubts.get(answer.event, NO_DOUBT), answer.signature
    told = (
        (not (answer.said_by or answer.source), "nobody says where it comes from"),
        (about.is_unseen, "its trouble was never seen here"),
        (not (signature.codes or signature.evidence), "only the fault is the same"),
    )
    return tuple(words for is_so, words in told if is_so)


def worth(learned: Learned, told: Recalled) -> float:
    """The log odds by which an answer speaks for its cause; what was found since on the same signs shifts them."""
    about = learned.doubts.get(told.answer.event, NO_DOUBT)
    leak = LEAKS[min(len(doubts(learned, told.answer)), len(LEAKS) - 1)]
    whole = WORTH + about.agreeing + about.against
    trust = (WORTH * TRUST[told.likeness] + about.agreeing) / whole
    return math.log(trust / max(leak, about.against / whole))


def explained(
    knowledge: Knowledge, learned: Learned, weights: Iterable[Weight], answer: Answer, seen: Observed
) -> tuple[Weight, ...]:
    """The weights of the cause that an answer names: it explains the signs to which the answer was given.

    Whoever has not seen the trouble here may have made up the signs.
    """
    if learned.doubts.get(answer.event, NO_DOUBT).is_unseen:
        return tuple(weights)
    leaks = odds(knowledge, learned).leaks
    groups = {each.group: each for each in weights}
    for name, said in answer.signature.evidence:
        if (name, said) in leaks and seen.answers.get(name) == said:
            group = knowledge.evidence[name].group or name
            value = math.log(SHOWN / min(SHOWN, leaks[name, said]))
            if group not in groups or groups[group].value < value:
                groups[group] = Weight(name, group, value)
    return tuple(groups.values())


def believed(
    knowledge: Knowledge, learned: Learned, named: Mapping[Place, Recalled], seen: Observed
) -> Iterator[tuple[Place, Weight]]:
    """What the answers say for the causes that they name, and what the charger reports: it stands for this cause here,
    whatever fault that lies behind elsewhere.
    """
    for place, told in named.items():
        name = f"{ANSWER}{told.answer.event}"
        yield place, Weight(name, name, worth(learned, told))
        is_sure = not doubts(learned, told.answer)
        if is_sure and not any(place in reporting(knowledge).get(fault, ()) for fault in seen.faults):
            trusts = {fault: seen.faults[fault] for fault in told.answer.signature.faults if fault in seen.faults}
            yield from (
                (place, report(knowledge, fault, trusts[fault]))
                for fault in sorted(trusts, key=trusts.__getitem__)[-1:]
            )
