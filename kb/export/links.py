"""Links: codes and faults as mappings in the words of SKOS; SSSOM and SKOS tell the same of them.

`skos:exactMatch` is transitive: a code that were exactly two faults would make the two one, so such a code is told as
close to both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from chargelore.kb.export.view import View, code_id
from chargelore.kb.model import Code, Confidence, Fault, Meaning, Relation

MATCH: Mapping[Relation, str] = {
    "exact": "exactMatch", "close": "closeMatch", "broad": "broadMatch", "narrow": "narrowMatch", "not": "closeMatch",
}  # fmt: skip
# What a word of confidence is worth as a number; a convention, not a measurement.
CONFIDENCE: Mapping[Confidence, float] = {"high": 0.9, "medium": 0.7, "low": 0.4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A code stands for a fault, or with `denied` looks as if and does not."""

    name: str
    code: Code
    fault: Fault
    match: str
    denied: bool
    confidence: float


def links(shown: View) -> Iterator[Link]:
    """Every mapping of the view, in its order."""
    for code in shown.knowledge.codes:
        several = sum(each.relation == "exact" for each in code.means) > 1
        seen: set[str] = set()
        for each in code.means:
            if each.fault not in seen:
                yield _link(code, each, shown, several=several)
            seen.add(each.fault)


def _link(code: Code, means: Meaning, shown: View, *, several: bool) -> Link:
    match = "closeMatch" if several and means.relation == "exact" else MATCH[means.relation]
    return Link(
        name=code_id(code),
        code=code,
        fault=shown.knowledge.faults[means.fault],
        match=match,
        denied=means.relation == "not",
        confidence=CONFIDENCE[means.confidence],
    )
