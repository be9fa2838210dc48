"""Scorecard: which rules earn their keep, judged by what technicians found; only fixes that were not undone count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from chargelore.engine.backtest import FEWEST, Heard, Score, scores
from chargelore.engine.rule import Rules
from chargelore.kb.finding import Finding
from chargelore.kb.model import CauseId, Knowledge

Advice = Literal["keep", "tune", "retire", "too few"]
GOOD, POOR = 0.7, 0.4  # shares of firings that spoke for the cause that was found


def scorecard(rules: Rules, findings: Iterable[Finding], knowledge: Knowledge) -> tuple[tuple[Score, Advice], ...]:
    """Every signal rule with its score over findings whose cause is known, and what to do with it."""
    heard = tuple(_heard(rules, findings, knowledge))
    return tuple((each, advice(each)) for each in scores(rules, heard, knowledge))


def advice(score: Score) -> Advice:
    """Keep a rule that is mostly right, tune one that is as often wrong, retire one that misleads."""
    if score.right + score.wrong < FEWEST:
        return "too few"
    share = score.right / (score.right + score.wrong)
    return "keep" if share >= GOOD else "tune" if share >= POOR else "retire"


def _heard(rules: Rules, findings: Iterable[Finding], knowledge: Knowledge) -> Iterator[Heard]:
    """Findings as recordings: which rules had fired is told by the symptoms that were recorded; no layer is claimed."""
    for finding in findings:
        cause = finding.known_cause
        if cause is None:
            continue
        shown = {evidence for evidence, answer in finding.evidence.items() if answer == "yes"}
        fired = {rule.id: 1 for rule in rules.signal_rules if rule.symptom in shown}
        yield Heard(name=finding.case, cause=_standing(cause, knowledge), fired=fired)


def _standing(cause: CauseId, knowledge: Knowledge) -> CauseId:
    """A deprecated cause goes by the name of its successor."""
    known = knowledge.causes.get(cause)
    return CauseId(known.replaced_by) if known is not None and known.replaced_by else cause
