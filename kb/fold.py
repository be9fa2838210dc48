"""Fold: the whole event log becomes counts. Pure: any order, any split and any repetition of events give the same.

An author's k-th finding on one fault and cause counts 1/√k and nothing after the 25th, and a fix that held counts twice
as much as one not yet judged: without both, eager or hasty authors make the diagnosis worse than no learning at all.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import TypeVar

from chargelore.kb.errors import InputError
from chargelore.kb.events import FINDING, HELD, RETRACT, Event
from chargelore.kb.finding import NOT_LISTED, UNKNOWN, Finding, finding_of
from chargelore.kb.learned import Learned, Tally
from chargelore.kb.model import CauseId, EvidenceId, FaultId, StepId

COUNTED_PER_AUTHOR = 25
WORTH: Mapping[bool | None, float] = {True: 1.0, None: 0.5, False: 0.0}
UNLISTED = CauseId(NOT_LISTED)  # findings whose cause was found but is not in this knowledge base
YES_NO = ("no", "yes")

Answers = Mapping[EvidenceId, tuple[str, ...]]
Key = TypeVar("Key", bound=tuple[str, ...])


@dataclass(frozen=True, slots=True)
class Counted:
    """A finding that stands, what it weighs, and whether its fix held (None: not judged yet)."""

    finding: Finding
    weight: float
    held: bool | None


def fold(events: Iterable[Event]) -> Learned:
    """What all findings together teach; findings about unknown causes count as cases only."""
    counted = standing(events)
    answers = _answers(counted)
    return Learned(
        causes=_tallied((key, each, True) for each in counted for key in _caused(each.finding)),
        shown=_tallied((key, each, yes) for each in counted for key, yes in _shown(each.finding, answers)),
        fixed=_tallied((key, each, worked) for each in counted for key, worked in _fixed(each.finding)),
        cases=len(counted),
    )


def standing(events: Iterable[Event]) -> tuple[Counted, ...]:
    """The findings that nobody took back, in the order of their time, with their weight."""
    log = sorted({each.id: each for each in events}.values(), key=_moment)
    authors = {each.id: each.author for each in log}
    gone = {each.subject for each in log if each.kind == RETRACT and authors.get(each.subject) == each.author}
    live = [each for each in log if each.id not in gone]
    verdicts = {each.subject: each.body.get("held") for each in live if each.kind == HELD}  # the last one stays
    return tuple(_weighed([each for each in live if each.kind == FINDING], verdicts))


def _moment(one: Event) -> tuple[str, str]:
    return one.hlc, one.id


def _weighed(findings: Iterable[Event], verdicts: Mapping[str, object]) -> Iterator[Counted]:
    said: Counter[tuple[str, str, str]] = Counter()
    for each in findings:
        finding = _read(each)
        if finding is None:
            continue
        topic = (each.author, finding.fault, finding.cause)
        said[topic] += 1
        verdict = verdicts.get(each.id)
        held = verdict if isinstance(verdict, bool) else None
        yield Counted(finding, _weight(said[topic], held), held)


def _weight(repeat: int, held: bool | None) -> float:
    return WORTH[held] / sqrt(repeat) if repeat <= COUNTED_PER_AUTHOR else 0.0


def _read(one: Event) -> Finding | None:
    """A finding of a later version that cannot be read here is left out of the counts, not out of the log."""
    try:
        return finding_of(one.body)
    except InputError:
        return None


def _caused(finding: Finding) -> Iterator[tuple[FaultId, CauseId]]:
    cause = UNLISTED if finding.unlisted else finding.known_cause
    if cause is not None:
        yield finding.fault, cause


def _shown(finding: Finding, answers: Answers) -> Iterator[tuple[tuple[CauseId, EvidenceId, str], bool]]:
    """An answer speaks against all other answers to the same question."""
    if finding.known_cause is None:
        return
    for evidence, given in finding.evidence.items():
        if given != UNKNOWN:
            yield from (((finding.known_cause, evidence, each), each == given) for each in answers[evidence])


def _answers(counted: Iterable[Counted]) -> Answers:
    """Every answer that was ever given to a question; yes and no come as a pair."""
    given: defaultdict[EvidenceId, set[str]] = defaultdict(set)
    for each in counted:
        for evidence, answer in each.finding.evidence.items():
            given[evidence] |= {*YES_NO} if answer in YES_NO else {answer}
    return {evidence: tuple(sorted(answers)) for evidence, answers in given.items()}


def _fixed(finding: Finding) -> Iterator[tuple[tuple[StepId, CauseId], bool]]:
    """Steps that were taken, worked or not; the one that fixed it counts once, however it was written down."""
    if finding.known_cause is None:
        return
    worked = {step.id: step.worked for step in finding.steps}
    if finding.fixed_by:
        worked[StepId(finding.fixed_by)] = True
    yield from (((step, finding.known_cause), good) for step, good in worked.items())


def _tallied(counts: Iterable[tuple[Key, Counted, bool]]) -> Mapping[Key, Tally]:
    """Sums in the order of time, so that rounding is the same on every machine."""
    tallies: dict[Key, Tally] = {}
    for key, each, yes in counts:
        tallies[key] = _added(tallies.get(key, Tally()), each, yes=yes)
    return dict(sorted(tallies.items(), key=str))


def _added(tally: Tally, each: Counted, *, yes: bool) -> Tally:
    return Tally(
        yes=tally.yes + each.weight * yes,
        no=tally.no + each.weight * (not yes),
        cases=tally.cases + 1,
        held=tally.held + (each.held is True),
    )
