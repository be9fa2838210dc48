"""Deciding: how much the answer to a question would tell about the suspects, in bits, and who could give it. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chargelore.engine.case import Charger, SeenCode
from chargelore.engine.diagnosing.diagnosis import Unasked
from chargelore.engine.diagnosing.observed import Observed
from chargelore.engine.diagnosing.odds import answers_of, odds
from chargelore.engine.diagnosing.posterior import Suspect
from chargelore.kb.learned import Learned
from chargelore.kb.model import Evidence, Knowledge, Layer

# Layers that a charger keeps to itself unless its maker reads them out.
FOR_MAKERS: frozenset[Layer] = frozenset({"firmware", "vehicle", "modbus"})
ENOUGH = 0.05  # bits; a question that tells less decides nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """What questions are judged by: the suspects with their chances, what was seen, and what could not be asked.

    `unknown` is the chance that the cause is none of them; `codes` and `signs` are what the charger reported and what
    was seen, as far as a question may name it.
    """

    knowledge: Knowledge
    learned: Learned
    suspects: tuple[Suspect, ...]
    unknown: float
    seen: Observed
    charger: Charger
    missing: tuple[Layer, ...] = ()
    unasked: tuple[Unasked, ...] = ()
    codes: tuple[SeenCode, ...] = ()
    signs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """An open question: what its answer would tell in bits, the suspects that speak of it, and why it is open.

    `is_for_maker` says that nobody but the maker can answer it.
    """

    evidence: Evidence
    bits: float
    suspects: tuple[Suspect, ...]
    why: str
    is_for_maker: bool


def telling(doubt: Doubt) -> tuple[Telling, ...]:
    """The open questions that would decide something among the suspects, the most telling first."""
    found = (_telling(doubt, each) for each in _open(doubt))
    return tuple(
        sorted((each for each in found if each.bits >= ENOUGH), key=lambda each: (-each.bits, each.evidence.id))
    )


def _open(doubt: Doubt) -> Iterable[Evidence]:
    """What suspects show and nobody knows of this case."""
    known = {*doubt.seen.answers, *doubt.seen.absent}
    names = dict.fromkeys(link.evidence for each in doubt.suspects for link in each.cause.shows)
    return (doubt.knowledge.evidence[each] for each in names if each not in known and each in doubt.knowledge.evidence)


def _telling(doubt: Doubt, evidence: Evidence) -> Telling:
    speaking = tuple(each for each in doubt.suspects if any(one.evidence == evidence.id for one in each.cause.shows))
    why, is_for_maker = _why(doubt, evidence)
    return Telling(
        evidence=evidence, bits=_bits(doubt, evidence), suspects=speaking, why=why, is_for_maker=is_for_maker
    )


def _bits(doubt: Doubt, evidence: Evidence) -> float:
    """Mutual information of the answer and the cause."""
    rates = odds(doubt.knowledge, doubt.learned)
    leak = {answer: rates.leaks[evidence.id, answer] for answer in evidence.answers}
    base = {answer: rates.bases[evidence.id, answer] for answer in evidence.answers}
    parts = [(each.probability, _likely(doubt, each, evidence, leak)) for each in doubt.suspects]
    parts.append((doubt.unknown, base))
    whole = math.fsum(chance for chance, _ in parts)
    if whole <= 0:
        return 0.0
    mean = {answer: math.fsum(chance * _share(likely)[answer] for chance, likely in parts) / whole for answer in leak}
    within = math.fsum(chance * entropy(_share(likely).values()) for chance, likely in parts) / whole
    return max(0.0, entropy(mean.values()) - within)


def _likely(doubt: Doubt, suspect: Suspect, evidence: Evidence, leak: Mapping[str, float]) -> Mapping[str, float]:
    if all(link.evidence != evidence.id for link in suspect.cause.shows):
        return leak
    return answers_of(doubt.learned, suspect.cause, evidence)


def _share(likely: Mapping[str, float]) -> Mapping[str, float]:
    """Answers exclude each other: their chances add up to one."""
    whole = math.fsum(likely.values())
    return {answer: value / whole for answer, value in likely.items()}


def entropy(chances: Iterable[float]) -> float:
    """How open something is, in bits."""
    return -math.fsum(each * math.log2(each) for each in chances if each > 0)


def _why(doubt: Doubt, evidence: Evidence) -> tuple[str, bool]:
    """Why a question is open, and whether only the maker can close it."""
    silent = {each.symptom: each.why for each in doubt.unasked}
    if evidence.id in silent:
        return silent[evidence.id], True
    if evidence.channel == "signal":
        return _unheard(doubt, evidence)
    steps = [
        each for each in doubt.knowledge.steps.values() if evidence.id in each.answers and each.status != "deprecated"
    ]
    if steps and all(each.needs == "oem" for each in steps):
        return "only its maker has what it takes to look", True
    return "nobody looked", False


def _unheard(doubt: Doubt, evidence: Evidence) -> tuple[str, bool]:
    if evidence.layer in doubt.missing:
        return f"nothing of the {evidence.layer} layer was heard", evidence.layer in FOR_MAKERS
    return "not seen so far, and too little was heard to say that it is not there", False


def by_fault(doubt: Doubt) -> float:
    """How many bits it would tell to learn behind which fault the cause lies."""
    shares: dict[str, float] = {"": doubt.unknown}
    for each in doubt.suspects:
        shares[each.cause.fault] = shares.get(each.cause.fault, 0.0) + each.probability
    return entropy(shares.values())
