"""Turtle: SKOS as text that people and triple stores read, one fact a line."""

from __future__ import annotations

from collections.abc import Iterator

from chargelore.kb.export.skos import PREFIXES, Term, Thing, things
from chargelore.kb.export.view import View

NAME = "chargelore.ttl"
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def render(shown: View) -> dict[str, bytes]:
    """One file: the prefixes, then every thing with its facts."""
    prefixes = "".join(f"@prefix {name}: <{PREFIXES[name]}> .\n" for name in sorted(PREFIXES))
    return {NAME: (prefixes + "".join(map(_thing, things(shown)))).encode()}


def _thing(thing: Thing) -> str:
    return f"\n<{thing.iri}> {' ;'.join(_facts(thing))} .\n"


def _facts(thing: Thing) -> Iterator[str]:
    yield f"a {thing.type}"
    yield from (f"\n    {predicate} {_term(term)}" for predicate, term in thing.facts)


def _term(term: Term) -> str:
    if term.is_iri:
        return f"<{term.text}>"
    if term.is_flag:
        return term.text
    return f'"{term.text.translate(_ESCAPES)}"' + (f"@{term.language}" if term.language else "")
