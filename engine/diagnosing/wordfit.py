"""Word fit: how far the words of a report resemble the words that people use for a cause.

A report names few exact symptoms but many telling words. Each shared word counts by its rarity over all causes (inverse
document frequency), so `charger` counts for nothing and `follower` for much. It is one weak witness and is capped.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from chargelore.kb.model import Cause, CauseId, Knowledge
from chargelore.kb.words import tokens

CEILING = math.log(12)  # all words together say at most "clear"
PER_NAT = 0.22  # log odds for one nat of shared rarity; fitted so that vague reports stay weak
SPECIALTY = 1.5  # a cause's own `words` against words of its description
NAMED_AT = math.log(2)
NAMED_MOST = 12


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of every cause with their worth."""

    worth: Mapping[CauseId, Mapping[str, float]]
    causes_of: Mapping[str, tuple[CauseId, ...]]


@lru_cache(maxsize=4)
def lexicon(knowledge: Knowledge) -> Lexicon:
    """The word index over all causes."""
    terms = {cause.id: _terms(knowledge, cause) for cause in knowledge.causes.values() if cause.status != "deprecated"}
    spread = Counter(word for words in terms.values() for word in words)
    rarity = {word: math.log(len(terms) / count) for word, count in spread.items()}
    worth = {cause: {word: factor * rarity[word] for word, factor in words.items()} for cause, words in terms.items()}
    causes_of: dict[str, list[CauseId]] = {}
    for cause, words in terms.items():
        for word in words:
            causes_of.setdefault(word, []).append(cause)
    return Lexicon(worth, {word: tuple(causes) for word, causes in causes_of.items()})


def word_weight(knowledge: Knowledge, cause: CauseId, words: frozenset[str]) -> float:
    """Log odds by which the words speak for the cause, 0 to CEILING."""
    worth = lexicon(knowledge).worth.get(cause, {})
    shared = sum(worth[word] for word in words if word in worth)
    return min(CEILING, PER_NAT * shared)


def named_by(knowledge: Knowledge, words: frozenset[str]) -> tuple[CauseId, ...]:
    """The causes that the words alone bring under suspicion, best first."""
    index = lexicon(knowledge)
    touched = {cause for word in words for cause in index.causes_of.get(word, ())}
    fits = ((word_weight(knowledge, cause, words), cause) for cause in touched)
    ranked = sorted(
        ((weight, cause) for weight, cause in fits if weight >= NAMED_AT), key=lambda each: (-each[0], each[1])
    )
    return tuple(cause for _, cause in ranked[:NAMED_MOST])


def _terms(knowledge: Knowledge, cause: Cause) -> dict[str, float]:
    own = dict.fromkeys(_tokens(cause.words), SPECIALTY)
    described = dict.fromkeys(_tokens((cause.label, cause.detail, *cause.labels.values())), 1.0)
    fault = knowledge.faults.get(cause.fault)
    about = dict.fromkeys(_tokens((fault.label, *fault.aliases)) if fault else (), 0.5)
    return about | described | own


def _tokens(texts: Iterable[str]) -> list[str]:
    return [token for text in texts for token in tokens(text)]
