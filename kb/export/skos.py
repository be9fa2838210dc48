"""SKOS: the taxonomy as a concept scheme and each maker's codes as one of their own, as things with facts.

Turtle and JSON-LD write the same things down. Domains are the top concepts of the taxonomy, its faults are narrower.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from chargelore.kb.claim import Claim
from chargelore.kb.export.links import links
from chargelore.kb.export.text import BASE, distinct, iri
from chargelore.kb.export.view import View, code_id
from chargelore.kb.model import Code, Fault

PREFIXES = {
    "dcterms": "http://purl.org/dc/terms/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
}
TAXONOMY = f"{BASE}scheme:faults"
APACHE = "https://www.apache.org/licenses/LICENSE-2.0"
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")


@dataclass(frozen=True, slots=True, order=True)
class Term:
    """What a fact says: the name of another thing, or a text in a language or in none."""

    text: str
    language: str = ""
    is_iri: bool = False
    is_flag: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Thing:
    """A concept or a scheme by its IRI, with its facts in order."""

    iri: str
    type: str
    facts: tuple[tuple[str, Term], ...]


def things(shown: View) -> list[Thing]:
    """Everything that the view holds in the words of SKOS, in the order of their IRIs."""
    return sorted(_once(each) for each in (*_schemes(shown), *_domains(shown), *_faults(shown), *_codes(shown)))


def _once(thing: Thing) -> Thing:
    return Thing(thing.iri, thing.type, tuple(sorted(set(thing.facts))))


def _to(name: str) -> Term:
    return Term(name, is_iri=True)


def _schemes(shown: View) -> Iterator[Thing]:
    tops = [("skos:hasTopConcept", _to(iri("domain", domain))) for domain in _domain_names(shown)]
    head = [("dcterms:title", Term("Faults of EV chargers", "en")), ("dcterms:license", _to(APACHE))]
    yield Thing(TAXONOMY, "skos:ConceptScheme", (*head, ("owl:versionInfo", Term(shown.version)), *tops))
    schemes = _maker_schemes(shown)
    for maker in sorted(schemes):
        codes = [code for code in shown.knowledge.codes if code.vendor == maker]
        tops = [("skos:hasTopConcept", _to(iri("code", code_id(code)))) for code in codes]
        yield Thing(schemes[maker], "skos:ConceptScheme", (("dcterms:title", Term(f"Codes of {maker}", "en")), *tops))


def _maker_schemes(shown: View) -> dict[str, str]:
    names = distinct({code.vendor for code in shown.knowledge.codes})
    return {maker: iri("maker", name) for maker, name in names.items()}


def _domain_names(shown: View) -> list[str]:
    return sorted({fault.domain for fault in shown.knowledge.faults.values()})


def _domains(shown: View) -> Iterator[Thing]:
    for domain in _domain_names(shown):
        label = Term(domain.replace("-", " ").capitalize(), "en")
        facts = (("skos:prefLabel", label), ("skos:inScheme", _to(TAXONOMY)), ("skos:topConceptOf", _to(TAXONOMY)))
        yield Thing(iri("domain", domain), "skos:Concept", facts)


def _faults(shown: View) -> Iterator[Thing]:
    for fault in shown.knowledge.faults.values():
        facts = [
            ("skos:inScheme", _to(TAXONOMY)),
            ("skos:broader", _to(iri("domain", fault.domain))),
            ("skos:notation", Term(fault.id)),
            *_labels(fault),
            *_standing(fault, "fault"),
        ]
        yield Thing(iri("fault", fault.id), "skos:Concept", tuple(facts))


def _labels(fault: Fault) -> Iterator[tuple[str, Term]]:
    """One preferred label a language; other names only where they are none of these."""
    labels = {"en": fault.label, **{at: text for at, text in fault.labels.items() if _LANGUAGE.fullmatch(at)}}
    yield from (("skos:prefLabel", Term(text, at)) for at, text in labels.items() if text)
    taken = {text.casefold() for text in labels.values()}
    yield from (("skos:altLabel", Term(each)) for each in fault.aliases if each and each.casefold() not in taken)
    if fault.definition:
        yield "skos:definition", Term(fault.definition, "en")


def _standing(claim: Claim, kind: str) -> Iterator[tuple[str, Term]]:
    if claim.status == "deprecated":
        yield "owl:deprecated", Term("true", is_flag=True)
        if claim.replaced_by and kind == "fault":
            yield "dcterms:isReplacedBy", _to(iri(kind, claim.replaced_by))
    if claim.source:
        yield "dcterms:source", Term(claim.source)


def _codes(shown: View) -> Iterator[Thing]:
    matches: dict[str, list[tuple[str, Term]]] = {}
    for link in links(shown):
        if not link.denied:
            fact = (f"skos:{link.match}", _to(iri("fault", link.fault.id)))
            matches.setdefault(link.name, []).append(fact)
    schemes = _maker_schemes(shown)
    for code in shown.knowledge.codes:
        facts = (*_code(code, schemes[code.vendor]), *matches.get(code_id(code), ()))
        yield Thing(iri("code", code_id(code)), "skos:Concept", facts)


def _code(code: Code, scheme: str) -> Iterator[tuple[str, Term]]:
    yield "skos:inScheme", _to(scheme)
    yield "skos:topConceptOf", _to(scheme)
    yield "skos:notation", Term(code.code)
    yield "skos:prefLabel", Term(f"{code.code}: {code.text}" if code.text else code.code, "en")
    scope = ", ".join(text for text in (code.model, code.firmware, code.channel) if text)
    if scope:
        yield "skos:scopeNote", Term(scope, "en")
    yield from _standing(code, "code")
