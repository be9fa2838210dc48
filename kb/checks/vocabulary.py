"""Checks of the vocabulary: phrases that no text can reach, and cues that speak of nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from chargelore.kb.checks.issue import Check, Issue
from chargelore.kb.concepts import concepts
from chargelore.kb.cues import cued_faults, needed
from chargelore.kb.model import Knowledge
from chargelore.kb.vocabulary import language, vocabulary


def cue_of_nothing(knowledge: Knowledge) -> Iterator[Issue]:
    """K86: a cue must speak for a fault that exists."""
    for fault in sorted(cued_faults() - {*knowledge.faults}):
        yield Issue(
            code="K86", subject=fault, what="has cues but does not exist", fix="name a fault in language/cues.yaml"
        )


def without_cue(knowledge: Knowledge) -> Iterator[Issue]:
    """K87: a fault without a cue is only found by its neighbours."""
    for fault in sorted({*knowledge.faults} - cued_faults()):
        yield Issue(
            code="K87", subject=fault, what="has no cue", fix="say in language/cues.yaml which concepts speak for it"
        )


def unreachable_phrase(_knowledge: Knowledge) -> Iterator[Issue]:
    """K88: a phrase must lead to its concept; another may hold it already, or its words all fall away."""
    yield from unreachable(language().phrases)


def unreachable(phrases: Mapping[str, tuple[str, ...]]) -> Iterator[Issue]:
    """The phrases that lead to another concept or to none."""
    for concept, listed in phrases.items():
        for phrase in listed:
            found = concepts(phrase)
            if concept not in found:
                fix = "remove it, or take it from the concept that has it"
                yield Issue(
                    code="K88", subject=concept, what=f"`{phrase}` says {' + '.join(found) or 'nothing'}", fix=fix
                )


def unheard_cue(_knowledge: Knowledge) -> Iterator[Issue]:
    """K89: a concept that no cue needs is heard in vain."""
    for concept in sorted(vocabulary().names - needed()):
        yield Issue(
            code="K89", subject=concept, what="is needed by no cue", fix="use it in language/cues.yaml, or remove it"
        )


VOCABULARY_CHECKS: tuple[Check, ...] = (cue_of_nothing, without_cue, unreachable_phrase, unheard_cue)
