"""Checks of claims: what a reviewer would say of sources, dates, labels and successors of all statements."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

from chargelore.kb.checks.issue import Check, Issue
from chargelore.kb.model import Cause, Fault, Knowledge, Quirk, Step
from chargelore.kb.stats import claims, shelves

LONGEST_LABEL = 90
# Control characters, bidirectional marks and overrides, zero-width characters; not the blanks of plain text.
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", re.ASCII)


def missing_source(knowledge: Knowledge) -> Iterator[Issue]:
    """K11: every statement names a source that is known."""
    for name, claim in claims(knowledge):
        if claim.source not in knowledge.sources:
            what = f"names the source {claim.source}, which is not there"
            yield Issue(code="K11", subject=name, what=what, fix="add it to sources")


def long_label(knowledge: Knowledge) -> Iterator[Issue]:
    """K15: a label must fit a narrow screen."""
    labelled: tuple[Fault | Cause | Step | Quirk, ...] = (
        *knowledge.faults.values(), *knowledge.causes.values(), *knowledge.steps.values(), *knowledge.quirks.values(),
    )  # fmt: skip
    for entry in labelled:
        if len(entry.label) > LONGEST_LABEL:
            yield Issue(
                code="K15",
                subject=entry.id,
                what=f"has a label of {len(entry.label)} characters",
                fix="move the rest to the detail",
            )


def successor_missing(knowledge: Knowledge) -> Iterator[Issue]:
    """K26: what is deprecated says what to use instead, or why there is nothing."""
    for name, claim in claims(knowledge):
        if claim.status == "deprecated" and not claim.replaced_by and not claim.reason:
            fix = "name `replaced_by`, or give a `reason`"
            yield Issue(code="K26", subject=name, what="is deprecated without a successor", fix=fix)
        if claim.status != "deprecated" and claim.replaced_by:
            what = f"is replaced by {claim.replaced_by} and yet not deprecated"
            yield Issue(code="K26", subject=name, what=what, fix="add `status: deprecated`, or remove the successor")


def successor_that_does_not_stand(knowledge: Knowledge) -> Iterator[Issue]:
    """K27: a successor is of the same kind, is there, and stands itself."""
    for shelf in shelves(knowledge):
        for name, claim in shelf.items():
            heir = shelf.get(claim.replaced_by)
            if claim.replaced_by and (heir is None or heir.status == "deprecated"):
                what = f"is replaced by {claim.replaced_by}, which is {'not there' if heir is None else 'deprecated'}"
                yield Issue(code="K27", subject=name, what=what, fix="name the entry that stands today")


def unreadable_date(knowledge: Knowledge) -> Iterator[Issue]:
    """K28: how old a claim is can be told only from a date."""
    dated = [(name, claim.dated) for name, claim in claims(knowledge)]
    dated += [(str(source.id), source.dated) for source in knowledge.sources.values()]
    for name, date in dated:
        if date and not _DATE.fullmatch(date):
            yield Issue(
                code="K28", subject=name, what=f"is dated `{date[:40]}`", fix="write 2024, 2024-05 or 2024-05-17"
            )


def quirk_from_hearsay(knowledge: Knowledge) -> Iterator[Issue]:
    """K29: what only some chargers do needs somebody who says so, and a maker."""
    for quirk in knowledge.quirks.values():
        if quirk.source == "own":
            yield Issue(
                code="K29", subject=quirk.id, what="names nobody who says so", fix="name the document or thread"
            )
        if not quirk.scope.vendor:
            yield Issue(code="K29", subject=quirk.id, what="is a quirk of no maker", fix="name the vendor in `scope`")


def source_without_claim(knowledge: Knowledge) -> Iterator[Issue]:
    """K30: a source that nothing rests on."""
    used = {str(claim.source) for _, claim in claims(knowledge)} | {"own"}
    used |= {str(each.source.id) for each in knowledge.registers.values()}
    for source in knowledge.sources.values():
        if source.id not in used:
            yield Issue(
                code="K30", subject=source.id, what="supports nothing", fix="name it where it is used, or remove it"
            )


def hidden_characters(knowledge: Knowledge) -> Iterator[Issue]:
    """K96: no text carries characters that steer a terminal, turn the reading direction or show nothing."""
    named = [*claims(knowledge), *((str(each.id), each) for each in knowledge.sources.values())]
    for name, entry in named:
        found = _HIDDEN.search(" ".join(_texts(entry)))
        if found is not None:
            what = f"holds the character U+{ord(found.group()):04X}"
            yield Issue(code="K96", subject=_HIDDEN.sub("?", name), what=what, fix="remove it")


def _texts(value: object) -> Iterator[str]:
    """Every text in a value, however deep."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        yield from (text for each in fields(value) for text in _texts(getattr(value, each.name)))
    elif isinstance(value, Mapping):
        yield from (text for pair in value.items() for text in _texts(pair))
    elif isinstance(value, tuple | list | frozenset):
        yield from (text for each in value for text in _texts(each))


CLAIM_CHECKS: tuple[Check, ...] = (
    missing_source, long_label, successor_missing, successor_that_does_not_stand, unreadable_date, quirk_from_hearsay,
    source_without_claim, hidden_characters,
)  # fmt: skip
