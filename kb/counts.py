"""Counts: what findings add up to, in whole numbers, so that every order of adding gives the very same sums.

A weight is a whole number of 2⁻⁴⁰ parts of a case. A count can be taken out again exactly, which is how a store keeps
its counters while findings come in: it takes out what an author said on one fault and cause, and puts in what they say
now.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from functools import partial
from math import isqrt
from typing import Any, cast

from chargelore.kb.codekey import bare
from chargelore.kb.finding import NOT_LISTED, UNKNOWN, Finding
from chargelore.kb.learned import Learned, Proof, Tally
from chargelore.kb.model import CauseId, EvidenceId, FaultId, StepId

COUNTED_PER_AUTHOR = 25
MOST_PROOFS = 200  # topics whose latest finding judges the diagnosis
ONE = 1 << 40
HALVES: Mapping[bool | None, int] = {True: 2, None: 1, False: 0}  # of a case: what a fix is worth, judged or not
UNLISTED = CauseId(NOT_LISTED)  # findings whose cause was found but is not in this knowledge base
YES_NO = ("no", "yes")
CASES, CAUSE, SCOPED, SHOWN, ANSWER, FIXED = "cases", "cause", "cause at", "shown", "answer", "fixed"

Key = tuple[str, str, str, str]  # what is counted, and up to three names
Sums = tuple[int, int, int, int]  # weight for, weight against, cases, fixes that held
Counts = Mapping[Key, Sums]
NONE: Sums = (0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Counted:
    """A finding that stands, its author's k-th on this fault and cause; `held` is None where it was not judged."""

    finding: Finding
    repeat: int
    held: bool | None

    @property
    def weight(self) -> int:
        """What it counts, in parts of 2⁻⁴⁰: 1/√k of a case, half where not judged, nothing where it came back."""
        return _share(self.repeat) * HALVES[self.held] // 2

    def sides(self, key: Key, *, is_for: bool) -> tuple[int, int]:
        """What it counts for and against one of its keys: a fix after which the fault came back cured nothing."""
        if self.held is False and is_for and key[0] == FIXED:
            return 0, _share(self.repeat)
        return (self.weight, 0) if is_for else (0, self.weight)


def _share(repeat: int) -> int:
    return isqrt(ONE * ONE // repeat) if repeat <= COUNTED_PER_AUTHOR else 0


def counted(findings: Iterable[Counted]) -> dict[Key, Sums]:
    """The sums over all these findings."""
    sums: defaultdict[Key, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for each in findings:
        for key, is_for in keys_of(each.finding):
            row, (good, bad) = sums[key], each.sides(key, is_for=is_for)
            row[0] += good
            row[1] += bad
            row[2] += 1
            row[3] += each.held is True
    return {key: (row[0], row[1], row[2], row[3]) for key, row in sums.items()}


def difference(now: Counts, before: Counts) -> dict[Key, Sums]:
    """What must be added to the sums before to have those of now."""
    both = {key: (now.get(key, NONE), before.get(key, NONE)) for key in {*now, *before}}
    return {
        key: (new[0] - old[0], new[1] - old[1], new[2] - old[2], new[3] - old[3])
        for key, (new, old) in both.items()
        if new != old
    }


def keys_of(finding: Finding) -> Iterator[tuple[Key, bool]]:
    """What one finding is counted under, and whether it speaks for it."""
    yield (CASES, "", "", ""), True
    cause = UNLISTED if finding.unlisted else finding.known_cause
    if cause is not None:
        yield (CAUSE, finding.fault, cause, ""), True
        machine = finding.charger
        for level in levels(machine.vendor, machine.model, machine.firmware)[1:]:
            yield (SCOPED, finding.fault, cause, level), True
    given = [(evidence, answer) for evidence, answer in finding.evidence.items() if answer != UNKNOWN]
    known = finding.known_cause
    if known is None:  # it teaches which answers there are, and no more
        yield from (((ANSWER, evidence, answer, ""), True) for evidence, answer in given)
    else:
        yield from (((SHOWN, known, evidence, answer), True) for evidence, answer in given)
        yield from _of_steps(finding, known)


def levels(vendor: str, model: str, firmware: str) -> tuple[str, ...]:
    """Where a finding on such a charger counts, from everywhere to its very firmware, as far as it said who it is."""
    named = [bare(vendor), bare(model), firmware.strip().casefold()]
    known = named.index("") if "" in named else len(named)
    return ("", *("/".join(named[:many]) for many in range(1, known + 1)))


def _of_steps(finding: Finding, cause: CauseId) -> Iterator[tuple[Key, bool]]:
    yield from (((FIXED, step, cause, ""), worked) for step, worked in _tried(finding).items())


def _tried(finding: Finding) -> dict[str, bool]:
    """Steps that were taken, worked or not; the one that fixed it counts once, however it was written down."""
    worked: dict[str, bool] = {step.id: step.worked for step in finding.steps}
    return worked | {finding.fixed_by: True} if finding.fixed_by else worked


def judged(counts: Counts, latest: Iterable[Counted]) -> Learned:
    """What the counts teach, with the latest findings on each topic to judge it by, oldest first.

    One finding a topic, so that nobody is judge by being loud; one that came back proves nothing.
    """
    proofs = [each for each in latest if each.weight and each.finding.cause != UNKNOWN]
    if not proofs:
        return learned_of(counts)
    before = {**counts, **_taken_out(counts, counted(proofs))}
    told = tuple(Proof(each.finding, each.weight / ONE) for each in proofs)
    return replace(learned_of(counts), proofs=told, without=learned_of(before))


def _taken_out(counts: Counts, of: Counts) -> dict[Key, Sums]:
    return {key: difference({key: counts[key]}, {key: sums}).get(key, NONE) for key, sums in of.items()}


def learned_of(counts: Counts) -> Learned:
    """The counts as the diagnosis reads them; an answer speaks against all other answers to the same question."""
    standing = {key: sums for key, sums in counts.items() if sums[2]}
    answers, asked = _answers(standing), _asked(standing)
    causes = {(FaultId(key[1]), CauseId(key[2])): _tally(sums) for key, sums in standing.items() if key[0] == CAUSE}
    shown = {
        (CauseId(key[1]), EvidenceId(key[2]), answer): _of_answer(sums, standing.get((SHOWN, *key[1:3], answer), NONE))
        for key, sums in asked.items()
        for answer in answers[key[2]]
    }
    fixed = {(StepId(key[1]), CauseId(key[2])): _tally(sums) for key, sums in standing.items() if key[0] == FIXED}
    scoped = {
        (FaultId(key[1]), CauseId(key[2]), key[3]): _tally(sums) for key, sums in standing.items() if key[0] == SCOPED
    }
    return Learned(
        causes=dict(sorted(causes.items(), key=str)),
        shown=dict(sorted(shown.items(), key=str)),
        fixed=dict(sorted(fixed.items(), key=str)),
        cases=standing.get((CASES, "", "", ""), NONE)[2],
        scoped=dict(sorted(scoped.items(), key=str)),
    )


def _tally(sums: Sums) -> Tally:
    return Tally(yes=sums[0] / ONE, no=sums[1] / ONE, cases=sums[2], held=sums[3])


def _of_answer(asked: Sums, shown: Sums) -> Tally:
    return Tally(yes=shown[0] / ONE, no=(asked[0] - shown[0]) / ONE, cases=asked[2], held=asked[3])


def _asked(counts: Counts) -> dict[Key, Sums]:
    """How often a cause was found where a question was answered, whatever the answer: the sum over its answers."""
    sums: dict[Key, Sums] = {}
    for (what, cause, evidence, _), (yes, no, cases, held) in counts.items():
        if what == SHOWN:
            key = (SHOWN, cause, evidence, "")
            before = sums.get(key, NONE)
            sums[key] = (before[0] + yes, before[1] + no, before[2] + cases, before[3] + held)
    return sums


def _answers(counts: Counts) -> Mapping[str, tuple[str, ...]]:
    """Every answer that was ever given to a question; yes and no come as a pair."""
    given: defaultdict[str, set[str]] = defaultdict(set)
    for what, first, second, third in counts:
        evidence, answer = (first, second) if what == ANSWER else (second, third)
        if what in {ANSWER, SHOWN}:
            given[evidence] |= {*YES_NO} if answer in YES_NO else {answer}
    return {evidence: tuple(sorted(answers)) for evidence, answers in given.items()}


def renamed(learned: Learned, aliases: Mapping[str, str]) -> Learned:
    """What was learned of a merged cause, evidence, step or fault, counted for the one that stands for it."""
    if not aliases:
        return learned
    without = renamed(learned.without, aliases) if learned.without else None
    name = partial(_named, aliases)
    causes = _summed(((name("fault", f), name("cause", c)), tally) for (f, c), tally in learned.causes.items())
    shown = _summed(((name("cause", c), name("evidence", e), a), tally) for (c, e, a), tally in learned.shown.items())
    fixed = _summed(((name("step", s), name("cause", c)), tally) for (s, c), tally in learned.fixed.items())
    scoped = _summed(
        ((name("fault", f), name("cause", c), level), tally) for (f, c, level), tally in learned.scoped.items()
    )
    sums = {"causes": causes, "shown": shown, "fixed": fixed, "scoped": scoped}
    proofs = tuple(replace(each, finding=under(each.finding, aliases)) for each in learned.proofs)
    return Learned(**cast("Any", sums), cases=learned.cases, proofs=proofs, without=without, answers=learned.answers)


def under(finding: Finding, aliases: Mapping[str, str]) -> Finding:
    """The finding under the names that stand."""
    name = partial(_named, aliases)
    cause = finding.cause if finding.known_cause is None else name("cause", finding.cause)
    evidence = {EvidenceId(name("evidence", each)): said for each, said in finding.evidence.items()}
    return replace(finding, cause=cause, fault=FaultId(name("fault", finding.fault)), evidence=evidence)


def _named(aliases: Mapping[str, str], kind: str, bare_name: str) -> str:
    return aliases.get(f"{kind}/{bare_name}", f"{kind}/{bare_name}").partition("/")[2]


def _summed(tallies: Iterable[tuple[tuple[str, ...], Tally]]) -> dict[tuple[str, ...], Tally]:
    sums: dict[tuple[str, ...], Tally] = {}
    for key, each in tallies:
        so_far = sums.get(key, Tally())
        sums[key] = Tally(**{name: getattr(so_far, name) + value for name, value in asdict(each).items()})
    return sums


def repeats(topics: Iterable[tuple[str, str, str]]) -> Iterator[int]:
    """How often the same author spoke on the same fault and cause so far, this time included."""
    said: Counter[tuple[str, str, str]] = Counter()
    for topic in topics:
        said[topic] += 1
        yield said[topic]
