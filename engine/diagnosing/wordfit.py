"""Word fit: how far the words of a report resemble the words that people use for a cause.

A report names few exact symptoms but many telling words. Each shared word counts by its rarity over all causes (inverse
document frequency), so `charger` counts for nothing and `follower` for much. It is one weak witness and is capped.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache

from chargelore.engine.diagnosing.roll import Place, roll
from chargelore.kb.model import Cause, Knowledge
from chargelore.kb.words import tokens

CEILING = math.log(40)  # all words together; measured on confirmed cases, as is the next
PER_NAT = 0.15  # log odds for one nat of shared rarity: one rare word is a hint, only several speak clearly
SPECIALTY = 1.5  # a cause's own `words` against words of its description
NAMED_AT = math.log(2)
NAMED_MOST = 12


Worth = tuple[tuple[Place, float], ...]


@lru_cache(maxsize=4)
def lexicon(knowledge: Knowledge) -> Mapping[str, Worth]:
    """By word, the causes that it speaks for and what it is worth for each, in nats."""
    terms = [_terms(knowledge, cause) for cause in roll(knowledge).causes]
    spread = Counter(word for words in terms for word in words)
    worth: dict[str, list[tuple[Place, float]]] = {word: [] for word in spread}
    for place, words in enumerate(terms):
        for word, factor in words.items():
            worth[word].append((place, factor * math.log(len(terms) / spread[word])))
    return {word: tuple(causes) for word, causes in worth.items()}


@lru_cache(maxsize=64)
def fits(knowledge: Knowledge, words: frozenset[str]) -> Mapping[Place, float]:
    """Log odds by which the words speak for each cause, above 0 and at most CEILING; the others are left out.

    A case is weighed again and again while its words stay the same.
    """
    index = lexicon(knowledge) if words else {}
    shared: defaultdict[Place, float] = defaultdict(float)
    for word in sorted(words):  # in one order, so that the sums are the same to the last digit
        for place, worth in index.get(word, ()):
            shared[place] += worth
    return {place: min(CEILING, PER_NAT * sum_) for place, sum_ in shared.items() if sum_ > 0}


def named_among(found: Mapping[Place, float]) -> tuple[Place, ...]:
    """The causes that the words alone bring under suspicion, best first."""
    ranked = sorted((-fit, place) for place, fit in found.items() if fit >= NAMED_AT)
    return tuple(place for _, place in ranked[:NAMED_MOST])


def _terms(knowledge: Knowledge, cause: Cause) -> dict[str, float]:
    own = dict.fromkeys(_tokens(cause.words), SPECIALTY)
    described = dict.fromkeys(_tokens((cause.label, cause.detail, *cause.labels.values())), 1.0)
    fault = knowledge.faults.get(cause.fault)
    about = dict.fromkeys(_tokens((fault.label, *fault.aliases)) if fault else (), 0.5)
    return about | described | own


def _tokens(texts: Iterable[str]) -> list[str]:
    return [token for text in texts for token in tokens(text)]
