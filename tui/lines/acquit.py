"""Acquit as lines: the answers that would speak against a suspect, the surest first. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rich.text import Text

from chargelore.engine.case import Case
from chargelore.kb.model import CHANCE, CauseId, Evidence, Grade, Knowledge, Shows
from chargelore.tui.lines.paint import NAME, QUIET, line
from chargelore.tui.speech import t
from chargelore.tui.text import brief, words

CLEARS: frozenset[Grade] = frozenset({"always", "often"})  # of what a cause shows so, another answer speaks against it


@dataclass(frozen=True, slots=True)
class Alibi:
    """One answer that speaks against the suspect: it shows `shows` that often, which this is not."""

    evidence: Evidence
    answer: str
    shows: str
    grade: Grade

    @property
    def weight(self) -> float:
        """How much it clears: the rarer the suspect shows this answer, the more."""
        chance = CHANCE[self.grade]
        return 1 - chance if self.shows == self.answer else chance


def alibis(case: Case, cause: CauseId, known: Knowledge) -> tuple[Alibi, ...]:
    """What a person could still find that speaks against the cause, the surest first."""
    suspect = known.causes.get(cause)
    found = _alibis(case, suspect.shows, known) if suspect is not None else ()
    return tuple(sorted(found, key=lambda each: (-each.weight, each.evidence.id, each.answer)))


def _alibis(case: Case, shows: Iterable[Shows], known: Knowledge) -> Iterator[Alibi]:
    for link in shows:
        evidence = known.evidence.get(link.evidence)
        if evidence is None or evidence.channel == "signal" or evidence.id in case.answers:
            continue
        if link.grade in CLEARS:
            others = (each for each in evidence.answers if each != link.answer)
            yield from (Alibi(evidence, each, link.answer, link.grade) for each in others)
        elif link.grade == "never":
            yield Alibi(evidence, link.answer, link.answer, link.grade)


def alibi_key(one: Alibi) -> str:
    """What makes a row the same."""
    return f"{one.evidence.id} {one.answer}"


def alibi_lines(one: Alibi, width: int) -> tuple[Text, Text]:
    """The question, and below it the answer that clears and why it does."""
    return line(brief(one.evidence.question, width)), line(
        "  ", (t(words(one.answer)), NAME), (f"  {_why(one)}", QUIET)
    )


def _why(one: Alibi) -> str:
    if one.grade == "never":
        return t("it never shows {answer}", answer=t(words(one.shows)))
    return t("it {grade} shows {answer}", grade=t(one.grade), answer=t(words(one.shows)))


def alibi_words(one: Alibi) -> dict[str, str]:
    """What a filter searches and an export holds."""
    return {"question": one.evidence.question, "id": one.evidence.id, "answer": one.answer, "shows": one.shows,
            "grade": one.grade}  # fmt: skip
