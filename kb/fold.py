"""Fold: the findings of the event log become counts. Pure: any order, split and repetition of events give the same.

An author's k-th finding on one fault and cause counts 1/√k and nothing after the 25th, and a fix that held counts twice
as much as one not yet judged: without both, eager or hasty authors make the diagnosis worse than no learning at all.
What an author says of a case later stands for what the same one said of it before: a case counts once for each author.
Of several verdicts on one fix the worst stands, in whatever order they came: three good sessions were too early a joy
where the fault came back. A wrong verdict is taken back like anything else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from chargelore.kb.counts import COUNTED_PER_AUTHOR, MOST_PROOFS, UNLISTED, Counted, counted, judged, renamed, repeats
from chargelore.kb.errors import InputError
from chargelore.kb.escalations import answers_in
from chargelore.kb.events import FINDING, HELD, Event
from chargelore.kb.finding import UNKNOWN, Finding, finding_of
from chargelore.kb.learned import Learned
from chargelore.kb.model import Knowledge
from chargelore.kb.rights import Rights, moment, rights_of, taken_back
from chargelore.kb.same import aliases_of
from chargelore.kb.upcast import upcast

__all__ = [
    "COUNTED_PER_AUTHOR",
    "UNLISTED",
    "Told",
    "fold",
    "in_order",
    "latest",
    "live",
    "misfit",
    "read_finding",
    "told",
]


@dataclass(frozen=True, slots=True)
class Told:
    """A finding that stands, and the event that tells it."""

    event: Event
    counted: Counted


def fold(events: Iterable[Event], owners: frozenset[str] = frozenset()) -> Learned:
    """What all findings together teach; findings about unknown causes count as cases only."""
    log, rights = live(in_order(events), owners)
    found = list(told(log))
    counts = renamed(judged(counted(each.counted for each in found), latest(found)), aliases_of(log, rights))
    return replace(counts, answers=answers_in(log, rights))


def latest(found: Iterable[Told]) -> list[Counted]:
    """The latest finding on each topic: one author, fault and cause; of the latest topics only. The order is kept."""
    last = {(each.event.author, each.counted.finding.fault, each.counted.finding.cause): each for each in found}
    return [each.counted for each in sorted(last.values(), key=lambda each: moment(each.event))[-MOST_PROOFS:]]


def in_order(events: Iterable[Event], base: Iterable[Event] = ()) -> list[Event]:
    """Each event once, in the order of time and as the current version reads it; shipped statements come first."""
    shipped = {each.id: upcast(each) for each in base}
    others = {each.id: upcast(each) for each in events if each.id not in shipped}
    return sorted(shipped.values(), key=moment) + sorted(others.values(), key=moment)


def live(log: list[Event], owners: frozenset[str], base: frozenset[str] = frozenset()) -> tuple[list[Event], Rights]:
    """The events that nobody took back, and who may do what. The log is in order."""
    gone = taken_back(log, rights_of(log, owners, base))
    left = [each for each in log if each.id not in gone] if gone else log
    return left, rights_of(left, owners, base)


def told(log: Iterable[Event]) -> Iterator[Told]:
    """The findings that stand in a log that is in order and live, each with its verdict."""
    verdicts: dict[str, bool] = {}
    findings: list[tuple[Event, Finding]] = []
    for each in log:
        if each.kind == HELD:
            _judge(verdicts, each)
        elif each.kind == FINDING and (finding := read_finding(each)) is not None:
            findings.append((each, finding))
    last = _last(findings)
    for (one, finding), repeat in zip(last, repeats((e.author, f.fault, f.cause) for e, f in last), strict=True):
        yield Told(one, Counted(finding, repeat, verdicts.get(one.id)))


def _last(findings: Iterable[tuple[Event, Finding]]) -> list[tuple[Event, Finding]]:
    """The last finding of each author on each case; of old ones, which do not say of which case they are, all.

    What rules on trial had said is judged by the first: later ones were made by somebody who was told.
    """
    kept: dict[object, tuple[Event, Finding]] = {}
    for one, finding in findings:
        key = one.id if finding.of_case is None else (one.author, finding.of_case)
        before = kept.pop(key, None)
        blind = before[1].blind if before is not None else {}
        kept[key] = one, replace(finding, blind=blind) if blind else finding
    return list(kept.values())


def _judge(verdicts: dict[str, bool], one: Event) -> None:
    said = one.body.get("held")
    if isinstance(said, bool):
        verdicts[one.subject] = said and verdicts.get(one.subject, True)


def misfit(one: Event, known: Knowledge) -> str:
    """What of the finding in an event counts for nothing here, in words; empty where all of it counts."""
    try:
        finding = finding_of(one.body)
    except InputError as error:
        return f"counts for nothing: {error}"
    strange = ", ".join(_strange(finding, known))
    return f"counts only in part, as this knowledge has no {strange}" if strange else ""


def _strange(finding: Finding, known: Knowledge) -> Iterator[str]:
    """What a finding names that is unknown here, as in one of a later version."""
    if finding.known_cause is not None and finding.cause not in known.causes:
        yield f"cause {finding.cause}"
    yield from (f"step {each.id}" for each in finding.steps if each.id not in known.steps)
    for name, said in finding.evidence.items():
        evidence = known.evidence.get(name)
        if evidence is None or said not in (*evidence.answers, UNKNOWN):
            yield f"answer {said} to {name}"


def read_finding(one: Event) -> Finding | None:
    """The finding of an event; one that cannot be read here is left out of the counts, not out of the log."""
    try:
        return finding_of(one.body)
    except InputError:
        return None
