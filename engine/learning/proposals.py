"""Proposals: links that findings show and that nobody wrote down. Pure; whether one is true a person decides.

A symptom comes with a cause, or a cause with the chargers of a quirk, far more often than by chance: its lift. What an
author repeats counts less each time here too, and a case that several people tell of is one case.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from chargelore.engine.case import Charger
from chargelore.engine.scope import fit
from chargelore.kb.aftermath import aftermath
from chargelore.kb.clock import stamp_of
from chargelore.kb.events import Event
from chargelore.kb.finding import UNKNOWN, Finding, Machine
from chargelore.kb.fold import Told
from chargelore.kb.model import CHANCE, Cause, Evidence, Grade, Knowledge, Quirk
from chargelore.kb.projection import Projection
from chargelore.kb.settled import settled
from chargelore.kb.statement import By, Link, edge_event, review_event

LEAST_LIFT, FEWEST = 2.5, 5  # more than this, and at least so many cases
AGAIN = 2  # times as many cases as when it was declined
MOST_TOLD = 10  # people and houses; more would only tell who is loud
GRADES: tuple[Grade, ...] = ("rarely", "sometimes", "often")  # findings alone never say `always`


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A link that findings show. `n` cases show it, of the `looked` in which it could be told.

    `lift` is how many times as often as among all cases. `authors` and `houses` (stores) are told up to ten. `grade` is
    the one that fits, empty where the link has none.
    """

    link: Link
    lift: float
    n: int
    looked: int
    authors: int
    houses: int
    grade: str = ""


@dataclass(slots=True)
class _Pile:
    """The findings on one thing: their weight, their cases, who told them and where. Lives while counting."""

    weight: int = 0
    cases: set[Hashable] = field(default_factory=set)
    authors: set[str] = field(default_factory=set)
    houses: set[str] = field(default_factory=set)

    def takes(self, told: Told) -> None:
        """One more finding."""
        self.weight += told.counted.weight
        house, finding = stamp_of(told.event.hlc).replica, told.counted.finding
        where = finding.of_case or finding.case
        self.cases.add(where if finding.opened_at else (house, where))  # a name may be another's in another house
        self.houses.add(house)
        self.authors.add(told.event.author)


Piles = defaultdict[Hashable, _Pile]


def proposals(
    findings: Iterable[Told], knowledge: Knowledge, settled: Mapping[str, int | None]
) -> tuple[Proposed, ...]:
    """What findings propose, by how many people, the best first.

    `settled` are links that somebody judged: with how many cases it was declined, None for good.
    """
    counting = [each for each in findings if each.counted.weight]
    found = (*_of_symptoms(counting, knowledge), *_of_quirks(counting, knowledge))
    news = (each for each in found if _is_news(each, settled))
    return tuple(sorted(news, key=lambda each: (-each.authors, -each.lift, -each.n, each.link.id)))


def open_proposals(
    events: Sequence[Event], owners: frozenset[str], whole: Projection, known: Knowledge
) -> tuple[Proposed, ...]:
    """What the findings of a log propose and nobody judged yet; `known` is the knowledge with what people added."""
    return proposals(aftermath(events, owners).findings, known, settled(events, owners, whole))


def accepted(one: Proposed, by: Callable[[], By], grade: str = "") -> tuple[Event, Event]:
    """The link with what speaks for it, and that it was reviewed; `grade` is another than the one proposed."""
    backing = {"lift": f"{one.lift:.1f}", "n": one.n, "authors": one.authors, "houses": one.houses}
    graded = grade or one.grade if one.grade else ""
    return edge_event(one.link, graded, by(), {"proposed": backing}), review_event(one.link.id, "reviewed", by())


def up_to_ten(many: int) -> str | int:
    """People or houses as they are told: from ten on no number."""
    return f"{MOST_TOLD}+" if many >= MOST_TOLD else many


def _is_news(one: Proposed, settled: Mapping[str, int | None]) -> bool:
    before = settled.get(one.link.id, 0)
    return before is not None and one.n >= AGAIN * before


def _of_symptoms(findings: list[Told], knowledge: Knowledge) -> Iterator[Proposed]:
    piles: Piles = defaultdict(_Pile)
    for each in findings:
        cause = _cause(each.counted.finding, knowledge)
        for evidence, answer in _answers(each.counted.finding, knowledge):
            keys: list[Hashable] = [evidence.id, (evidence.id, answer)]
            keys += [(cause.id, evidence.id), (cause.id, evidence.id, answer)] if cause is not None else []
            for key in keys:
                piles[key].takes(each)
    for key in list(piles):
        if isinstance(key, tuple) and len(key) == 3:
            name, evidence_id, answer = key
            if all(link.evidence != evidence_id for link in knowledge.causes[name].shows):
                link = Link(src=f"cause/{name}", rel="shows", dst=f"evidence/{evidence_id}", answer=answer)
                around = piles[name, evidence_id], piles[evidence_id, answer], piles[evidence_id]
                yield from _lifted(link, piles[key], *around, grade=_grade)


def _of_quirks(findings: list[Told], knowledge: Knowledge) -> Iterator[Proposed]:
    quirks_on = lru_cache(maxsize=1024)(lambda machine: tuple(_quirks_on(machine, knowledge)))
    piles: Piles = defaultdict(_Pile)
    for each in findings:
        cause, fault = _cause(each.counted.finding, knowledge), each.counted.finding.fault
        for place in ("", *(quirk.id for quirk in quirks_on(each.counted.finding.charger))):
            piles[place, fault].takes(each)
            if cause is not None:
                piles[place, fault, cause.id].takes(each)
    for key in list(piles):
        if isinstance(key, tuple) and len(key) == 3 and key[0]:
            quirk, fault, name = key
            if name not in knowledge.quirks[quirk].causes:
                link = Link(src=f"quirk/{quirk}", rel="likelier", dst=f"cause/{name}")
                yield from _lifted(link, piles[key], piles[quirk, fault], piles["", fault, name], piles["", fault])


def _lifted(  # noqa: PLR0913  # the four corners of a table
    link: Link, both: _Pile, one: _Pile, other: _Pile, every: _Pile, *, grade: Callable[[float], str] = lambda _: ""
) -> Iterator[Proposed]:
    """The proposal of a link, where it is lifted enough by enough cases."""
    share, usual = both.weight / one.weight, other.weight / every.weight
    if len(both.cases) >= FEWEST and share > LEAST_LIFT * usual:
        yield Proposed(
            link=link,
            lift=share / usual,
            n=len(both.cases),
            looked=len(one.cases),
            authors=min(MOST_TOLD, len(both.authors)),
            houses=min(MOST_TOLD, len(both.houses)),
            grade=grade(share),
        )


def _cause(finding: Finding, knowledge: Knowledge) -> Cause | None:
    """The cause, where it stands."""
    cause = knowledge.causes.get(finding.known_cause) if finding.known_cause is not None else None
    return cause if cause is not None and cause.status != "deprecated" else None


def _answers(finding: Finding, knowledge: Knowledge) -> Iterator[tuple[Evidence, str]]:
    """What was looked for, with what it was, as far as this knowledge base asks it."""
    for name, answer in finding.evidence.items():
        evidence = knowledge.evidence.get(name)
        if (
            evidence is not None
            and evidence.status != "deprecated"
            and answer != UNKNOWN
            and answer in evidence.answers
        ):
            yield evidence, answer


def _quirks_on(machine: Machine, knowledge: Knowledge) -> Iterator[Quirk]:
    charger = Charger(id="", vendor=machine.vendor, model=machine.model, firmware=machine.firmware)
    for quirk in knowledge.quirks.values():
        if quirk.status != "deprecated" and fit(quirk.scope, charger) == "inside":
            yield quirk


def _grade(share: float) -> str:
    """The grade that is nearest to a share."""
    return min(GRADES, key=lambda each: abs(CHANCE[each] - share))
