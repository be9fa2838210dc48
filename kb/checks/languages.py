"""Checks of languages: what a reviewer would say of labels and questions in other languages than English."""

from __future__ import annotations

from collections.abc import Iterator

from chargelore.kb.checks.issue import Check, Issue
from chargelore.kb.languages import Labelled, languages, said
from chargelore.kb.model import Evidence, Knowledge

COMPLETE = "de"  # the language that is as complete as English
LONGEST_LABEL = 90
LONGEST_QUESTION = 160


def german_missing(knowledge: Knowledge) -> Iterator[Issue]:
    """K81: where German is spoken at all, every label and question has its German."""
    if not any(COMPLETE in languages(entry) for entry in _labelled(knowledge)):
        return
    for entry in _labelled(knowledge):
        if COMPLETE not in languages(entry):
            fix = f"add it to languages/{COMPLETE}"
            yield Issue(code="K81", subject=entry.id, what="has no German label", fix=fix)


def long_label(knowledge: Knowledge) -> Iterator[Issue]:
    """K82: a label must fit a narrow screen in every language."""
    for entry in _labelled(knowledge):
        most = LONGEST_QUESTION if isinstance(entry, Evidence) else LONGEST_LABEL
        for language, text in languages(entry).items():
            if len(text) > most:
                what = f"has {len(text)} characters in {language}"
                yield Issue(code="K82", subject=entry.id, what=what, fix=f"say it in {most}")


def alike_label(knowledge: Knowledge) -> Iterator[Issue]:
    """K83: a label that reads as in English was probably left there; one word may be the same in both."""
    for entry in _labelled(knowledge):
        for language, text in languages(entry).items():
            if text.casefold() == said(entry).casefold() and " " in text.strip():
                what = f"is called the same in {language} as in English"
                yield Issue(code="K83", subject=entry.id, what=what, fix="translate it, or remove it")


def _labelled(knowledge: Knowledge) -> Iterator[Labelled]:
    yield from knowledge.faults.values()
    yield from knowledge.causes.values()
    yield from knowledge.steps.values()
    yield from knowledge.quirks.values()
    yield from knowledge.evidence.values()


LANGUAGE_CHECKS: tuple[Check, ...] = (german_missing, long_label, alike_label)
