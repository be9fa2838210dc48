"""Scorecard: which rules earn their keep, judged by what technicians found; only fixes that were not undone count.

A stable rule is judged by the cases in which it had spoken; a technician had read it, so that its figures flatter it. A
rule on trial is judged blind: it had spoken unheard, and its verdict was kept when the technician named the cause.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from chargelore.engine.grammar.rule import AnyRule, Rules, SignalRule
from chargelore.engine.proving.backtest import Heard, Score, scores
from chargelore.engine.proving.judge import FEWEST
from chargelore.kb.finding import Finding
from chargelore.kb.model import CauseId, Knowledge

Advice = Literal["keep", "tune", "retire", "promote", "too few"]
GOOD, POOR = 0.7, 0.4  # shares of firings that spoke for the cause that was found


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """A rule with its score and what to do with it. `blind` counts the verdicts of its time on trial.

    `earlier` counts the verdicts on other versions of it, which judge nothing.
    """

    rule: AnyRule
    score: Score
    blind: Score
    advice: Advice
    earlier: int = 0


def scorecard(rules: Rules, findings: Iterable[Finding], knowledge: Knowledge) -> tuple[Rated, ...]:
    """Every rule that is not given up with its score over findings whose cause is known, and what to do with it."""
    kept = [each for each in findings if each.known_cause is not None]
    heard = tuple(_heard(rules, kept, knowledge))
    told = Counter((name, said) for each in kept for name, said in each.blind.items())
    rated = zip(rules.every, scores(rules, heard, knowledge), strict=True)
    return tuple(_rated(rule, score, told, kept) for rule, score in rated if rule.status != "deprecated")


def _rated(rule: AnyRule, score: Score, told: Counter[tuple[str, str]], findings: list[Finding]) -> Rated:
    name = f"{rule.id}@{rule.version}"
    blind = Score(
        rule=rule.id, version=rule.version, right=told[name, "right"], wrong=told[name, "wrong"],
        useless=told[name, "useless"],
    )  # fmt: skip
    others = (each for one in findings for each in (*one.rules, *one.blind) if each.startswith(f"{rule.id}@"))
    earlier = sum(each != name for each in others)
    return Rated(rule=rule, score=score, blind=blind, advice=_advice(rule, score, blind), earlier=earlier)


def _advice(rule: AnyRule, score: Score, blind: Score) -> Advice:
    """A rule on trial that is mostly right is ready to be believed; the others go by what was found beside them."""
    if rule.status != "shadow":
        return advice(score)
    said = advice(blind)
    return "promote" if said == "keep" else said


def advice(score: Score) -> Advice:
    """Keep a rule that is mostly right, tune one that is as often wrong, retire one that misleads."""
    if score.right + score.wrong < FEWEST:
        return "too few"
    share = score.right / (score.right + score.wrong)
    return "keep" if share >= GOOD else "tune" if share >= POOR else "retire"


def _heard(rules: Rules, findings: Iterable[Finding], knowledge: Knowledge) -> Iterator[Heard]:
    """Findings as recordings: which rules had spoken; no layer is claimed, so that nothing counts as missed."""
    for finding in findings:
        cause = finding.known_cause
        assert cause is not None  # noqa: S101  # the others were left out
        fired = {rule.id: 1 for rule in rules.every if rule.status != "shadow" and _spoke(rule, finding)}
        yield Heard(name=finding.case, cause=_standing(cause, knowledge), fired=fired)


def _spoke(rule: AnyRule, finding: Finding) -> bool:
    """As the finding says; one that names no rules, of an earlier version, tells it by the symptoms it recorded."""
    if finding.rules:
        return f"{rule.id}@{rule.version}" in finding.rules
    return isinstance(rule, SignalRule) and finding.evidence.get(rule.symptom) == "yes"


def _standing(cause: CauseId, knowledge: Knowledge) -> CauseId:
    """A deprecated cause goes by the name of its successor."""
    known = knowledge.causes.get(cause)
    return CauseId(known.replaced_by) if known is not None and known.replaced_by else cause
