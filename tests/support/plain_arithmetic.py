"""The arithmetic of suspicion as one would write it down by hand: cause by cause, nothing prepared, nothing kept."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

from chargelore.engine.case import Charger
from chargelore.engine.diagnosing.known import standing
from chargelore.engine.diagnosing.observed import Observed
from chargelore.engine.diagnosing.odds import answers_of, cure_chance, odds
from chargelore.engine.diagnosing.prior import priors
from chargelore.engine.diagnosing.roll import roll
from chargelore.engine.diagnosing.weigh import FAULT_LEAK, JOINT_LEAK
from chargelore.engine.diagnosing.wordfit import NAMED_AT, NAMED_MOST, fits
from chargelore.kb.counts import UNLISTED
from chargelore.kb.learned import Learned
from chargelore.kb.model import CHANCE, Cause, CauseId, EvidenceId, Fault, Knowledge, StepId

Scores = dict[CauseId, float]
Parts = dict[str, tuple[str, float]]  # by evidence, its group and its log odds


def scores(
    knowledge: Knowledge, learned: Learned, charger: Charger, seen: Observed, tried: Iterable[StepId]
) -> tuple[Scores, Scores]:
    """The stage and what was told, by suspect and for what nobody wrote down."""
    before = priors(knowledge, learned, charger)
    stage, told = Scores(), Scores()
    for cause in knowledge.causes.values():
        if cause.status == "deprecated" or not is_suspect(knowledge, cause, seen):
            continue
        stage[cause.id] = math.log(before.causes[cause.id] * max((1.0, *_reports(knowledge, cause, seen))))
        for step in tried:
            stage[cause.id] += math.log(1 - cure_chance(learned, knowledge.steps[step], cause.id))
        told[cause.id] = sum(value for _, value in _joined(knowledge, learned, cause, seen).values())
    shares = [
        before.unknown.get(each, 0) / before.unknown_in_all * trust / _leak(knowledge.faults[each])
        for each, trust in seen.faults.items()
    ]
    stage[UNLISTED] = math.log(before.unknown_in_all * (1 + max(shares, default=0.0)))
    told[UNLISTED] = sum(value for _, value in strongest(dict(_unlisted(knowledge, learned, seen))).values())
    return stage, told


def is_suspect(knowledge: Knowledge, cause: Cause, seen: Observed) -> bool:
    """Whether an answer, a code, a case rule or clear words speak for the cause."""
    fit = _fits(knowledge, seen)
    clear = sorted((each for each in fit if fit[each] >= NAMED_AT), key=lambda each: (-fit[each], each))
    return (
        cause.fault in seen.faults
        or any(each in seen.faults for each in knowledge.faults[cause.fault].leads_to)
        or any(seen.answers.get(link.evidence) == link.answer and link.grade != "never" for link in cause.shows)
        or any(standing(knowledge, end.cause) == cause for end in seen.conclusions if end.cause)
        or cause.id in clear[:NAMED_MOST]
    )


def _reports(knowledge: Knowledge, cause: Cause, seen: Observed) -> Iterator[float]:
    """How much likelier each code makes the cause: one of its own fault, and one of what that leads to."""
    own = knowledge.faults[cause.fault]
    yield seen.faults.get(own.id, 0.0) / _leak(own)
    for name, grade in own.leads_to.items():
        yield seen.faults.get(name, 0.0) * CHANCE[grade] / _leak(knowledge.faults[name])


def _leak(fault: Fault) -> float:
    return CHANCE[fault.leak] if fault.leak else FAULT_LEAK


def chances(stage: Mapping[CauseId, float], told: Mapping[CauseId, float], temper: float) -> Scores:
    """Probabilities, none above 97 %, the rest for what nobody wrote down."""
    raw = {each: math.exp(stage[each] + temper * told[each]) for each in stage}
    shares = {each: min(0.97, raw[each] / sum(raw.values())) for each in raw if each != UNLISTED}
    return shares | {UNLISTED: 1 - sum(shares.values())}


def strongest(parts: Parts) -> Parts:
    """Of each group the strongest."""
    best: dict[str, str] = {}
    for name, (group, value) in sorted(parts.items()):
        if group not in best or abs(value) > abs(parts[best[group]][1]):
            best[group] = name
    return {name: parts[name] for name in best.values()}


def _joined(knowledge: Knowledge, learned: Learned, cause: Cause, seen: Observed) -> Parts:
    parts = strongest(dict(_answers(knowledge, learned, cause, seen)))
    if (fit := _fits(knowledge, seen).get(cause.id)) is not None:
        parts["words"] = "words", fit
    for number, end in enumerate(seen.conclusions):
        if end.cause is not None and standing(knowledge, end.cause) == cause:
            joint = math.log(CHANCE[end.grade] / JOINT_LEAK)
            if joint > sum(value for name, (_, value) in parts.items() if name in end.facts):
                parts = {name: each for name, each in parts.items() if name not in end.facts}
                parts[f"rule-{number}"] = "", joint
    return parts


def _answers(
    knowledge: Knowledge, learned: Learned, cause: Cause, seen: Observed
) -> Iterator[tuple[str, tuple[str, float]]]:
    spoken = {link.evidence for link in cause.shows}
    for name, answer in _said(seen):
        evidence = knowledge.evidence[name]
        if name in spoken and answer in evidence.answers:
            likely = answers_of(learned, cause, evidence)[answer]
            leak = odds(knowledge, learned).leaks[name, answer]
            yield name, (evidence.group or name, math.log(likely / leak))


def _unlisted(knowledge: Knowledge, learned: Learned, seen: Observed) -> Iterator[tuple[str, tuple[str, float]]]:
    rates = odds(knowledge, learned)
    for name, answer in _said(seen):
        evidence = knowledge.evidence[name]
        if answer in evidence.answers:
            yield name, (evidence.group or name, math.log(rates.bases[name, answer] / rates.leaks[name, answer]))


def _fits(knowledge: Knowledge, seen: Observed) -> Scores:
    return {roll(knowledge).causes[place].id: fit for place, fit in fits(knowledge, seen.words).items()}


def _said(seen: Observed) -> list[tuple[EvidenceId, str]]:
    return [*seen.answers.items(), *((each, "no") for each in seen.absent)]
