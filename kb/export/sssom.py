"""SSSOM: the mappings from codes to faults as a set that others' tools of mapping read (subject: the code)."""

from __future__ import annotations

import csv
import io
import json
import re

from chargelore.kb.export.links import Link, links
from chargelore.kb.export.text import BASE, distinct, harmless, local
from chargelore.kb.export.view import View
from chargelore.kb.licence import wording
from chargelore.kb.model import Code, Source

NAME = "chargelore.sssom.tsv"
NEEDED = ("subject_id", "predicate_id", "object_id", "mapping_justification")
COLUMNS = (
    "subject_id", "subject_label", "predicate_id", "predicate_modifier", "object_id", "object_label",
    "mapping_justification", "license", "subject_source", "subject_source_version", "object_source", "confidence",
    "see_also", "other", "comment",
)  # fmt: skip
PREFIXES = {
    "code": f"{BASE}code:",
    "fault": f"{BASE}fault:",
    "maker": f"{BASE}maker:",
    "scheme": f"{BASE}scheme:",
    "semapv": "https://w3id.org/semapv/vocab/",
    "urn": "urn:",
    "skos": "http://www.w3.org/2004/02/skos/core#",
}
JUSTIFIED = "semapv:ManualMappingCuration"
APACHE = "https://www.apache.org/licenses/LICENSE-2.0"
_LICENCES = (
    ("Apache-2.0", APACHE),
    ("MIT", "https://opensource.org/license/mit"),
    ("CC0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
    ("CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/"),
)
_URL = re.compile(r"https?://[!-~]+")


def render(shown: View) -> dict[str, bytes]:
    """One TSV file: a head in comments, a line for each mapping."""
    out = io.StringIO(newline="")
    out.write(_head(shown))
    lines = csv.writer(out, delimiter="\t", lineterminator="\n")
    lines.writerow(COLUMNS)
    makers = distinct({code.vendor for code in shown.knowledge.codes})
    for link in links(shown):
        row = _row(link, shown.knowledge.sources.get(link.code.source)) | {
            "subject_source": f"maker:{makers[link.code.vendor]}"
        }
        lines.writerow([row[column] for column in COLUMNS])
    return {NAME: out.getvalue().encode()}


def _head(shown: View) -> str:
    lines = [
        "curie_map:",
        *(f"  {prefix}: {json.dumps(PREFIXES[prefix])}" for prefix in sorted(PREFIXES)),
        f"license: {json.dumps(APACHE)}",
        f"mapping_set_description: {json.dumps('Codes of EV chargers and the canonical faults that they stand for')}",
        f"mapping_set_id: {json.dumps(f'{BASE}mappings')}",
        f"mapping_set_title: {json.dumps('Chargelore: codes to faults')}",
        f"mapping_set_version: {json.dumps(shown.version)}",
    ]
    return "".join(f"#{line}\n" for line in lines)


def _row(link: Link, source: Source | None) -> dict[str, str]:
    code = link.code
    return {
        "subject_id": f"code:{link.name}",
        "subject_label": harmless(code.text),
        "predicate_id": f"skos:{link.match}",
        "predicate_modifier": "Not" if link.denied else "",
        "object_id": f"fault:{local(link.fault.id)}",
        "object_label": harmless(link.fault.label),
        "mapping_justification": JUSTIFIED,
        "license": _licence(source),
        "subject_source_version": harmless(source.edition) if source else "",
        "object_source": "scheme:faults",
        "confidence": str(link.confidence),
        "see_also": source.url if source and _URL.fullmatch(source.url) else "",
        "other": _native(code),
        "comment": harmless(f"{source.title}: {source.licence}") if source else "",
    }


def _licence(source: Source | None) -> str:
    """The address of an open licence; where only facts were taken, the licence of our own words."""
    if source is None or wording(source.licence) != "native":
        return APACHE
    return next((address for name, address in _LICENCES if name in source.licence), "")


def _native(code: Code) -> str:
    """The code as emitted, with its namespace, as JSON."""
    names = ("vendor", "model", "firmware", "channel", "table", "code", "kind")
    told = {name: getattr(code, name) for name in names if getattr(code, name)}
    return json.dumps(told if code.is_fault else told | {"is_fault": "no"}, ensure_ascii=False)
