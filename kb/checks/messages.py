"""Checks of message patterns: what a reviewer would say of expressions that read what chargers write."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from chargelore.kb.checks.issue import Check, Issue
from chargelore.kb.messages import compiled, is_pattern
from chargelore.kb.model import Code, Knowledge


def clashes(knowledge: Knowledge) -> Iterator[Issue]:
    """K56: a pattern of messages reads its own text, and no message of another code of the same maker."""
    for code in filter(is_pattern, knowledge.codes):
        shape = compiled(code)
        if shape is None:
            yield _issue(code, "is no expression that RE2 knows", "correct the expression")
        elif not shape.fullmatch(code.text):
            yield _issue(code, "does not read its own text", "make `text` one message as it is sent")
        else:
            yield from _read_of_others(code, shape, knowledge)


def _read_of_others(code: Code, shape: Any, knowledge: Knowledge) -> Iterator[Issue]:
    for other in knowledge.codes:
        if other is not code and other.vendor == code.vendor and shape.fullmatch(other.text):
            yield _issue(code, f"reads `{other.text}`, which is another code's", "make the expression narrower")


def _issue(code: Code, what: str, fix: str) -> Issue:
    return Issue(code="K56", subject=f"{code.vendor} {code.code}", what=what, fix=fix)


MESSAGE_CHECKS: tuple[Check, ...] = (clashes,)
