"""Stored: a rule tuned on findings, which keep whether its symptom was seen, the codes and the maker, but no signals.

So only two changes can be judged: an exception for a code or fault, and a narrower scope.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from chargelore.engine.drafting.atom import Atom, atoms
from chargelore.engine.drafting.session import Hearing, heard_of
from chargelore.engine.tuning.move import Move, exception, scopes, vendor_of
from chargelore.engine.tuning.recorded import FALSE, Outcome, keeps_examples, told
from chargelore.engine.tuning.tune import Tried, Tuned, Written, chosen
from chargelore.kb.finding import Finding
from chargelore.kb.model import CauseId, Knowledge

BACK = timedelta(hours=1)  # a finding tells no times
CODED = frozenset({"fault", "code"})


def of_findings(
    written: Written, findings: Iterable[Finding], knowledge: Knowledge, heard: Hearing
) -> tuple[Outcome, ...]:
    """What the rule said of each finding whose cause is known, as far as the finding tells."""
    return tuple(_outcome(written, each, knowledge, heard) for each in findings if each.known_cause is not None)


def _outcome(written: Written, finding: Finding, knowledge: Knowledge, heard: Hearing) -> Outcome:
    session = heard_of(finding, heard)
    known = knowledge.causes.get(finding.known_cause) if finding.known_cause else None
    if known is not None and known.replaced_by:
        session = replace(session, cause=CauseId(known.replaced_by))
    fired = finding.evidence.get(written.rule.symptom) == "yes"
    verdict = told(written.rule, session, knowledge, fired=fired)
    return Outcome(session, "silent" if verdict == "missed" else verdict)  # which layers were in view is not recorded


def tune_stored(written: Written, seen: Sequence[Outcome], knowledge: Knowledge) -> Tuned:
    """The best exception or scope for these findings; no `move` where nothing is to be done or can be proved."""
    tried = [_tried(written, move, seen, knowledge) for move in _moves(written, seen)]
    fit = [each for each in tried if each is not None and keeps_examples(each.rule)]
    return chosen(written, seen, fit, len(tried) - len(fit))


def _moves(written: Written, seen: Sequence[Outcome]) -> Iterator[Move]:
    yield from scopes(
        written.rule,
        written.body,
        [one for one in seen if one.told == "right"],
        [one for one in seen if one.told in FALSE],
    )
    hits = {atom for one in seen if one.told == "right" for atom in _coded(one)}
    false = {atom for one in seen if one.told in FALSE for atom in _coded(one)}
    yield from (exception(written.rule, written.body, atom, BACK) for atom in sorted(false - hits, key=str))


def _coded(one: Outcome) -> set[Atom]:
    found = (atom for signal in one.session.signals if signal.kind in CODED for atom in atoms(signal))
    return {atom for atom in found if atom.tests and not atom.vendor}


def _tried(written: Written, move: Move, seen: Sequence[Outcome], knowledge: Knowledge) -> Tried | None:
    rule = move.rule(written.body, written.file)
    if rule is None:
        return None
    pattern = rule.patterns.get(move.exception)
    verdicts = []
    for one in seen:
        fired = one.told in ("right", "wrong", "useless")
        kept = (
            not any(pattern.matches(each) for each in one.session.signals)
            if pattern is not None
            else vendor_of(one).casefold() == rule.applies_to.vendor.casefold()
        )
        now = told(written.rule, one.session, knowledge, fired=fired and kept)
        verdicts.append("silent" if now == "missed" and one.told == "silent" else now)
    return Tried(move, rule, tuple(verdicts))
