"""JSON-LD: SKOS as JSON with a context of its own; nothing is fetched to read it."""

from __future__ import annotations

import json
from typing import Any

from chargelore.kb.export.skos import PREFIXES, Term, Thing, things
from chargelore.kb.export.view import View

NAME = "chargelore.jsonld"


def render(shown: View) -> dict[str, bytes]:
    """One file: the context, then every thing on a line."""
    lines = ",\n".join(json.dumps(_thing(each), ensure_ascii=False) for each in things(shown))
    return {NAME: f'{{"@context": {json.dumps(PREFIXES, sort_keys=True)},\n"@graph": [\n{lines}\n]}}\n'.encode()}


def _thing(thing: Thing) -> dict[str, Any]:
    told: dict[str, Any] = {"@id": thing.iri, "@type": thing.type}
    for predicate, term in thing.facts:
        told.setdefault(predicate, []).append(_term(term))
    return told


def _term(term: Term) -> dict[str, Any]:
    if term.is_iri:
        return {"@id": term.text}
    if term.is_flag:
        return {"@value": term.text == "true"}
    return {"@value": term.text} | ({"@language": term.language} if term.language else {})
