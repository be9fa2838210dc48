"""Checks of the shipped signal families, against the knowledge that they are used with."""

from __future__ import annotations

from collections.abc import Iterator

from chargelore.kb.checks.issue import Issue
from chargelore.kb.model import Knowledge
from chargelore.kb.signalfamilies import SignalFamily, astray


def families_astray(families: tuple[SignalFamily, ...], knowledge: Knowledge) -> Iterator[Issue]:
    """K115: a signal family names what is not there, so nobody would ever ask a maker for it."""
    for each in astray(families, knowledge):
        family, _, what = each.partition(": ")
        yield Issue(
            code="K115", subject=family, what=f"names {what}, which is not there", fix="mend signals/families.yaml"
        )
    named = [each.id for each in families]
    for name in sorted({each for each in named if named.count(each) > 1}):
        yield Issue(code="K115", subject=name, what="is the name of two families", fix="give one another id")
