"""Current: whether a charger gives AC or DC, so that no wallbox is suspected of what only a DC charger has. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from chargelore.engine.case import Charger
from chargelore.engine.diagnosing.observed import Observed
from chargelore.engine.diagnosing.roll import Place, roll
from chargelore.engine.scope import matches_name
from chargelore.kb.model import Current, Knowledge, Product
from chargelore.kb.words import tokens


def current_of(knowledge: Knowledge, charger: Charger, seen: Observed) -> Current | None:
    """What it gives by its maker and model, else AC by what people call it; None where that is open or contradicts."""
    known = _made(knowledge, charger.vendor, charger.model)
    if known:
        return made_for(knowledge, charger)
    said = {current for parts, current in _words(knowledge).items() if parts <= seen.words}
    return "ac" if said == {"ac"} else None  # who names a fast charger may compare: it works there, and here not


def made_for(knowledge: Knowledge, charger: Charger) -> Current | None:
    """What it gives by its maker and model alone."""
    known = _made(knowledge, charger.vendor, charger.model)
    return next(iter(known)) if len(known) == 1 else None


def possible(knowledge: Knowledge, places: list[Place], current: Current | None) -> list[Place]:
    """Those of these causes that can be on such a charger; all of them where none can, as then it is another one."""
    if current is None:
        return places
    barred = _only_on(knowledge, "dc" if current == "ac" else "ac")
    return [each for each in places if each not in barred] or places


@lru_cache(maxsize=256)
def _made(knowledge: Knowledge, vendor: str, model: str) -> frozenset[Current]:
    """By the longest name of a model that fits; a product of all models of a maker has the shortest."""
    fitting = [each for each in knowledge.products.values() if vendor and _is_of(each, vendor, model)]
    most = max((len(each.model) for each in fitting), default=0)
    return frozenset(each.current for each in fitting if len(each.model) == most)


def _is_of(product: Product, vendor: str, model: str) -> bool:
    return bool(product.vendor) and matches_name(product.vendor, vendor) and matches_name(product.model, model)


@lru_cache(maxsize=4)
def _words(knowledge: Knowledge) -> Mapping[frozenset[str], Current]:
    return {frozenset(tokens(word)): each.current for each in knowledge.products.values() for word in each.words}


@lru_cache(maxsize=8)
def _only_on(knowledge: Knowledge, current: Current) -> frozenset[Place]:
    return frozenset(place for place, each in enumerate(roll(knowledge).causes) if each.current == current)
