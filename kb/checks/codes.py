"""Checks of code tables: what a reviewer would say of codes, their meanings and the sources they come from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from chargelore.kb.checks.issue import Check, Issue
from chargelore.kb.checks.travel import TRAVEL_CHECKS
from chargelore.kb.codekey import is_null
from chargelore.kb.model import Code, Knowledge
from chargelore.kb.version import is_range

LONGEST_TEXT = 200
FORBIDDEN = ("proprietary text", "all rights reserved")


def _named(code: Code) -> str:
    return f"{code.vendor} {code.code}"


def licence_missing(knowledge: Knowledge) -> Iterator[Issue]:
    """K12: a source says under which licence it may be shipped."""
    for source in knowledge.sources.values():
        if not source.licence or source.licence.lower() in FORBIDDEN:
            yield Issue(
                code="K12",
                subject=source.id,
                what="has no licence to ship under",
                fix="name the licence, or remove the table",
            )


def two_exact_meanings(knowledge: Knowledge) -> Iterator[Issue]:
    """K13: exact is transitive; one code must not be exactly two faults."""
    for code in knowledge.codes:
        exact = [means.fault for means in code.means if means.relation == "exact"]
        if len(exact) > 1:
            yield Issue(
                code="K13",
                subject=_named(code),
                what=f"is exactly {' and '.join(exact)}",
                fix="keep one exact, make the other close",
            )


def doubled_code(knowledge: Knowledge) -> Iterator[Issue]:
    """K14: one table says one thing of one code."""
    keys = Counter(
        (code.vendor, code.model, code.firmware, code.channel, code.table, code.code) for code in knowledge.codes
    )
    for key, times in keys.items():
        if times > 1:
            yield Issue(
                code="K14", subject=f"{key[0]} {key[-1]}", what=f"stands {times} times in {key[-2]}", fix="keep one"
            )


def fault_or_not(knowledge: Knowledge) -> Iterator[Issue]:
    """K21: what says that something is wrong maps to a fault, what does not to an outcome."""
    for code in knowledge.codes:
        first = knowledge.faults[code.means[0].fault] if code.means else None
        if first is not None and code.is_fault != first.is_fault and not _is_warning(code):
            said = "is a fault" if code.is_fault else "is no fault"
            what = f"{said}, but {first.id} says otherwise"
            yield Issue(code="K21", subject=_named(code), what=what, fix="correct `is_fault` or the meaning")


def _is_warning(code: Code) -> bool:
    """A success with a warning: all is well, and yet the fault is near."""
    return not code.is_fault and code.means[0].relation != "exact"


def code_without_text(knowledge: Knowledge) -> Iterator[Issue]:
    """K22: a person must be able to read what a code says, in one line."""
    for code in knowledge.codes:
        if not code.text.strip() or len(code.text) > LONGEST_TEXT:
            what = f"has a text of {len(code.text)} characters"
            yield Issue(code="K22", subject=_named(code), what=what, fix="say it in one line")


def unreadable_firmware(knowledge: Knowledge) -> Iterator[Issue]:
    """K23: a firmware range is compared, so it must be one."""
    scopes = {(_named(code), code.firmware) for code in knowledge.codes}
    scopes |= {(str(cause.id), cause.scope.firmware) for cause in knowledge.causes.values()}
    for subject, firmware in sorted(scopes):
        if firmware and not is_range(firmware):
            yield Issue(
                code="K23", subject=subject, what=f"`{firmware}` is no range of versions", fix="write `>=5.2,<6`"
            )


def bit_that_is_none(knowledge: Knowledge) -> Iterator[Issue]:
    """K24: a bit is written as `bit 3`, as its value 8, or as register.bit."""
    for code in knowledge.codes:
        if code.kind == "bit" and code.code.isdigit() and int(code.code).bit_count() != 1:
            yield Issue(
                code="K24",
                subject=_named(code),
                what="is the value of no single bit",
                fix="write `bit N`, or the value",
            )


def null_that_means_something(knowledge: Knowledge) -> Iterator[Issue]:
    """K25: zero and NoError are never looked up, so they cannot stand for a fault."""
    for code in knowledge.codes:
        if is_null(code.code) and code.is_fault:
            yield Issue(
                code="K25", subject=_named(code), what="says that nothing is wrong", fix="add `is_fault: false`"
            )


CODE_CHECKS: tuple[Check, ...] = (
    licence_missing, two_exact_meanings, doubled_code, fault_or_not, code_without_text, unreadable_firmware,
    bit_that_is_none, null_that_means_something, *TRAVEL_CHECKS,
)  # fmt: skip
