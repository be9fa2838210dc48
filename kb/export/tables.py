"""Tables: the knowledge as flat tables with named columns; CSV, JSON, their schemas and releases read these alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from chargelore.kb.export import rows
from chargelore.kb.export.rows import CLAIM, SCOPE, Row
from chargelore.kb.export.view import View

Kind = Literal["text", "integer", "boolean", "list"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table: its rows, the columns that tell them apart, and what it is."""

    name: str
    says: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    rows: Callable[[View], Iterator[Row]]


INTEGERS = frozenset(
    {"severity_of_fault", "minutes", "address", "decimals", "device", "port", "unit_id", "words_of_text"}
)
BOOLEANS = frozenset({"verified", "safety", "is_fault", "reversible", "dead"})
LISTS = frozenset(
    {
        "responsible",
        "aliases",
        "also",
        "signs",
        "absent",
        "are",
        "clear",
        "answers",
        "words",
        "parts",
        "tools",
        "first",
        "guards",
        "danger",
        "causes",
        "editions",
    }
)

SAYS: Mapping[str, str] = {
    "relation": "from the code to the fault: exact, close, broad (the fault is broader), narrow, not",
    "confidence": "high, medium or low",
    "prior": "how often this cause lies behind the fault: never, rarely, sometimes, often, always; empty: not told",
    "grade": "how often the link holds: never 2, rarely 10, sometimes 30, often 60, always 90 %; empty: not told",
    "cases": "findings that bear it out; <5 stands for fewer than five, empty for not told",
    "held": "of these, fixes after which the fault stayed away; <5 stands for fewer than five",
    "status": "draft, reviewed or deprecated",
    "replaced_by": "the successor of what is deprecated",
    "tlp": "Traffic Light Protocol 2.0",
    "dated": "when the claim was made, or its source published or read",
    "firmware": "a range such as >=5.2,<6; empty: all",
    "severity_of_fault": "OCPP 2.x: 0 danger to 9 debug",
    "severity": "as the maker grades it",
    "wording": "native: texts of the source; own: our words beside its facts; none: no text of it leaves",
    "group": "pieces of evidence of one group repeat one physical event; only the strongest counts",
    "leak": "how often the answer yes shows up although no linked cause is at work",
    "where": "remote, desk, at-charger or cabinet",
    "needs": "the competence: anyone, technician, electrician, hv or oem",
    "address": "wire address of the first word, from 0",
    "decimals": "the value is the integer times ten to the minus this",
    "aliases": "other names",
    "also": "other names under which the same code is emitted",
    "verified": "whether somebody compared it with a charger or the maker's document",
    "tells": "how it tells a fault: value, mask, bit or name; empty: it tells none",
    "absent": "integers that say: not measured",
    "are": "values, or numbers of bits, that mean a fault; empty: all but those in clear",
    "clear": "values that mean no fault",
    "codes_of": "whose codes they are, where they are not the maker's own",
    "clears": "the code of the same table that is over when this one comes",
    "signs": "what lights and tones do",
    "dead": "whether it leaves the charger without voltage",
    "given": "what is found out before: evidence=answer, or evidence alone where any answer will do",
    "travel": "how the codes of the table come over the wire, as JSON",
}


def kind(column: str) -> Kind:
    """What a column holds."""
    if column in INTEGERS:
        return "integer"
    if column in BOOLEANS:
        return "boolean"
    return "list" if column in LISTS else "text"


def _table(name: str, key: str, columns: str, made: Callable[[View], Iterator[Row]], says: str) -> Table:
    return Table(name=name, says=says, key=tuple(key.split()), columns=tuple(columns.split()), rows=made)


_CLAIM, _SCOPE = " ".join(CLAIM), " ".join(SCOPE)
TABLES: tuple[Table, ...] = (
    _table("faults", "id", "id label domain definition responsible severity_of_fault safety is_fault mrec mrec_relation"
           f" aliases leak {_CLAIM}", rows.faults, "Canonical faults, and outcomes that are none"),
    _table("leads", "fault leads_to", "fault leads_to grade", rows.leads,
           "Which other faults a charger reports when it has one"),
    _table("codes", "id", "id vendor model firmware channel table code also kind text severity is_fault clears signs"
           f" travel {_CLAIM}", rows.codes, "Codes as makers, platforms and standards emit them"),
    _table("mappings", "code fault", "code rank vendor native fault relation confidence", rows.mappings,
           "Which faults a code stands for, the likeliest first"),
    _table("causes", "id", f"id fault label detail domain responsible current prior cases words {_SCOPE} {_CLAIM}",
           rows.causes,
           "What can lie behind a fault"),
    _table("evidence", "id", f"id question answers channel group leak layer detail danger {_CLAIM}", rows.evidence,
           "Questions with exclusive answers"),
    _table("shows", "cause evidence answer", "cause evidence answer grade cases", rows.shows,
           "How often a cause shows an answer"),
    _table("steps", "id", "id kind label detail minutes where needs hazard precondition reversible parts tools first"
           f" guards dead message given {_CLAIM}", rows.steps, "What to test, ask, repair, reset or hand over"),
    _table("fixes", "step cause", "step cause grade cases held", rows.fixes, "How often a step cures a cause"),
    _table("answers", "step evidence", "step evidence", rows.answering, "Which evidence a step answers"),
    _table("quirks", "id", f"id topic label detail cure causes thread {_SCOPE} {_CLAIM}", rows.quirks,
           "What chargers of one maker, model or firmware do otherwise than one would expect"),
    _table("makers", "name", "name kind aliases editions", rows.makers, "Namespaces of codes"),
    _table("register_maps", "map", "map vendor model firmware hardware verified checked note transport serial port"
           " unit_id measures source", rows.register_maps, "Modbus registers by product"),
    _table("registers", "map name", "map name address table type words_of_text word_order byte_order encoding decimals"
           " unit device absent tells are clear codes_of", rows.registers, "Registers of the maps"),
    _table("register_values", "map name what value", "map name what value means", rows.register_values,
           "Names of values and bits of registers"),
    _table("sources", "id", "id title url licence edition dated wording", rows.sources,
           "Where statements come from, and under which licence"),
    _table("labels", "kind id language", "kind id language text", rows.labels, "Words in other languages"),
    _table("symptoms", "fault language text", "fault language text", rows.symptoms,
           "What people say when they meet a fault"),
)  # fmt: skip
