"""Rows: what a view holds as rows of flat tables; `tables` says what their columns mean."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from typing import Any

from chargelore.kb.claim import Claim, Scope
from chargelore.kb.export.view import View, code_id
from chargelore.kb.licence import wording
from chargelore.kb.model import Cause, Fault, Quirk, Register, RegisterMap, Sign, Step, Travel
from chargelore.kb.registermap import FaultRule
from chargelore.kb.travel import ANYHOW

Row = dict[str, Any]
CLAIM = ("status", "replaced_by", "reason", "tlp", "source", "dated")
SCOPE = ("vendor", "model", "firmware", "hardware", "region")


def _claim(claim: Claim, shown: View) -> Row:
    row: Row = {name: getattr(claim, name) for name in CLAIM}
    source = shown.knowledge.sources.get(claim.source)
    row["dated"] = claim.dated or (source.dated if source else "")
    return row


def _scope(scope: Scope) -> Row:
    return {name: getattr(scope, name) for name in SCOPE}


def _taken(claim: object, *names: str) -> Row:
    """These fields of a claim; what it has none of is empty, tuples are lists."""
    values = {name: getattr(claim, name) for name in names}
    return {
        name: list(each) if isinstance(each, tuple) else "" if each is None else each for name, each in values.items()
    }


def faults(shown: View) -> Iterator[Row]:
    """Canonical faults."""
    names = (
        "id",
        "label",
        "domain",
        "definition",
        "responsible",
        "safety",
        "is_fault",
        "mrec",
        "mrec_relation",
        "aliases",
        "leak",
    )
    for each in shown.knowledge.faults.values():
        yield _taken(each, *names) | {"severity_of_fault": each.severity} | _claim(each, shown)


def leads(shown: View) -> Iterator[Row]:
    """Which faults a charger reports on account of another one."""
    for each in shown.knowledge.faults.values():
        yield from (
            {"fault": each.id, "leads_to": name, "grade": grade} for name, grade in sorted(each.leads_to.items())
        )


def codes(shown: View) -> Iterator[Row]:
    """Codes by their export name."""
    names = ("vendor", "model", "firmware", "channel", "table", "code", "kind", "text", "severity", "is_fault")
    for each in shown.knowledge.codes:
        more = {"signs": [_sign(sign) for sign in each.signs], "travel": _travel(each.travel)}
        yield {"id": code_id(each)} | _taken(each, *names, "also", "clears") | more | _claim(each, shown)


def _sign(sign: Sign) -> str:
    """A light or tone in words, such as `flash red slow 3`."""
    return " ".join(str(getattr(sign, each.name)) for each in fields(sign) if getattr(sign, each.name))


def _travel(travel: Travel) -> str:
    """How codes travel as JSON, without what is not known; empty where nothing is."""
    told = {each.name: getattr(travel, each.name) for each in fields(travel)}
    known = {name: value for name, value in told.items() if value != getattr(ANYHOW, name)}
    return json.dumps(known, ensure_ascii=False) if known else ""


def mappings(shown: View) -> Iterator[Row]:
    """A row for each meaning of a code."""
    for code in shown.knowledge.codes:
        name = code_id(code)
        for rank, each in enumerate(code.means, 1):
            first = {"code": name, "rank": str(rank), "vendor": code.vendor, "native": code.code}
            yield first | _taken(each, "fault", "relation", "confidence")


def causes(shown: View) -> Iterator[Row]:
    """Causes; grade and count where they may be told."""
    names = ("id", "fault", "label", "detail", "domain", "responsible", "current", "words")
    for each in shown.knowledge.causes.values():
        told = shown.tells_rates_of(each.id)
        rate = {"prior": each.prior if told else "", "cases": shown.counts.causes.get((each.fault, each.id), "")}
        row = _taken(each, *names) | {"responsible": [each.responsible] if each.responsible else []}
        yield row | rate | _scope(each.scope) | _claim(each, shown)


def shows(shown: View) -> Iterator[Row]:
    """Links from causes to answers."""
    for cause in shown.knowledge.causes.values():
        told = shown.tells_rates_of(cause.id)
        for each in cause.shows:
            cases = shown.counts.shown.get((cause.id, each.evidence, each.answer), "")
            grade = each.grade if told else ""
            yield {"cause": cause.id, "evidence": each.evidence, "answer": each.answer, "grade": grade, "cases": cases}


def evidence(shown: View) -> Iterator[Row]:
    """Questions."""
    for each in shown.knowledge.evidence.values():
        names = ("id", "question", "answers", "channel", "group", "leak", "layer", "detail", "danger")
        yield _taken(each, *names) | _claim(each, shown)


def steps(shown: View) -> Iterator[Row]:
    """Steps."""
    names = (
        "id",
        "kind",
        "label",
        "detail",
        "minutes",
        "where",
        "needs",
        "hazard",
        "precondition",
        "reversible",
        "parts",
        "tools",
        "first",
        "guards",
        "dead",
        "message",
    )
    for each in shown.knowledge.steps.values():
        given = " ".join(f"{one.evidence}={one.answer}" if one.answer else one.evidence for one in each.given)
        yield _taken(each, *names) | {"given": given} | _claim(each, shown)


def fixes(shown: View) -> Iterator[Row]:
    """Links from steps to causes."""
    for step in shown.knowledge.steps.values():
        for each in step.fixes:
            pair = (step.id, each.cause)
            rate = {"cases": shown.counts.fixed.get(pair, ""), "held": shown.counts.held.get(pair, "")}
            grade = each.grade if shown.tells_rates_of(each.cause) else ""
            yield {"step": step.id, "cause": each.cause, "grade": grade} | rate


def answering(shown: View) -> Iterator[Row]:
    """Links from steps to evidence."""
    for step in shown.knowledge.steps.values():
        yield from ({"step": step.id, "evidence": each} for each in step.answers)


def quirks(shown: View) -> Iterator[Row]:
    """Quirks."""
    for each in shown.knowledge.quirks.values():
        names = ("id", "topic", "label", "detail", "cure", "causes", "thread")
        yield _taken(each, *names) | _scope(each.scope) | _claim(each, shown)


def makers(shown: View) -> Iterator[Row]:
    """Namespaces of codes."""
    yield from (_taken(each, "name", "kind", "aliases", "editions") for each in shown.knowledge.makers.values())


def sources(shown: View) -> Iterator[Row]:
    """Sources, and whose words of them leave."""
    for each in shown.knowledge.sources.values():
        names = ("id", "title", "url", "licence", "edition", "dated")
        yield _taken(each, *names) | {"wording": wording(each.licence)}


MAP = ("map", "vendor", "model", "firmware", "hardware", "verified", "checked", "note", "transport", "serial", "port")
REGISTER = (
    "name", "address", "table", "type", "word_order", "byte_order", "encoding", "decimals", "unit", "device",
)  # fmt: skip


def register_maps(shown: View) -> Iterator[Row]:
    """Register maps: one product each."""
    for each in shown.knowledge.registers.values():
        yield _taken(each, *MAP) | {"unit_id": each.unit_id, "measures": each.measures, "source": each.source.id}


def registers(shown: View) -> Iterator[Row]:
    """Registers of all maps; `tells` says how one tells a fault, if it does."""
    for each, register in _each_register(shown):
        rule = each.rule(register)
        more = {"words_of_text": register.words, "absent": list(map(str, register.absent)), **_told(rule)}
        yield {"map": each.map} | _taken(register, *REGISTER) | more


def _told(rule: FaultRule | None) -> Row:
    """How a register tells a fault; empty where it tells none."""
    if rule is None:
        return {"tells": "", "are": [], "clear": [], "codes_of": ""}
    return {"tells": rule.by, "are": list(map(str, rule.are)), "clear": list(map(str, rule.clear)), "codes_of": rule.of}


def register_values(shown: View) -> Iterator[Row]:
    """Names of values and bits."""
    for each, register in _each_register(shown):
        row = {"map": each.map, "name": register.name}
        for value in sorted(register.values, key=lambda one: (isinstance(one, str), one)):
            yield row | {"what": "value", "value": str(value), "means": register.values[value]}
        yield from (
            row | {"what": "bit", "value": str(bit), "means": register.bits[bit]} for bit in sorted(register.bits)
        )


def _each_register(shown: View) -> Iterator[tuple[RegisterMap, Register]]:
    for each in shown.knowledge.registers.values():
        yield from ((each, register) for register in each.registers)


def labels(shown: View) -> Iterator[Row]:
    """The words in other languages of everything that has some."""
    told = shown.knowledge
    labelled: tuple[tuple[str, Iterable[Fault | Cause | Step | Quirk]], ...] = (
        ("fault", told.faults.values()),
        ("cause", told.causes.values()),
        ("step", told.steps.values()),
        ("quirk", told.quirks.values()),
    )
    for what, shelf in labelled:
        for each in shelf:
            yield from _languages(what, each.id, each.labels)
    for asked in told.evidence.values():
        yield from _languages("evidence", asked.id, asked.questions)


def _languages(what: str, name: str, words: Mapping[str, str]) -> Iterator[Row]:
    yield from ({"kind": what, "id": name, "language": at, "text": words[at]} for at in sorted(words))


def symptoms(shown: View) -> Iterator[Row]:
    """What people say, a row for each saying."""
    for each in shown.knowledge.faults.values():
        for at in sorted(each.symptoms):
            yield from ({"fault": each.id, "language": at, "text": text} for text in each.symptoms[at])
