"""Deciding: the events that it is to accept or decline what waits. Pure; `by` gives who speaks, and a fresh moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from chargelore.engine.learning import proposals
from chargelore.kb.claim import Status
from chargelore.kb.events import Event, retract_event
from chargelore.kb.statement import (
    By,
    Position,
    declined_event,
    dispute_event,
    review_event,
    set_event,
)
from chargelore.tui.reviewing.waiting import WHOLE, Waiting

Speaks = Callable[[], By]


def accepted(one: Waiting, by: Speaks) -> tuple[Event, ...]:
    """It is so. Nothing for a gap, whose meaning is named elsewhere, and for a rule, which stands in a file."""
    if one.proposed is not None:
        return proposals.accepted(one.proposed, by)
    if one.kind == "correction":
        return set_event(one.subject, one.fields, by()), review_event(one.subject, "reviewed", by())
    if one.kind in ("gap", "trial"):
        return ()
    edited = (set_event(one.subject, one.fields, by()),) if one.fields else ()
    return (*edited, _reviewed(one, by, is_right=one.kind == "draft"))


def declined(one: Waiting, by: Speaks, reason: str = "") -> tuple[Event, ...]:
    """It is not so."""
    if one.proposed is not None:
        return (declined_event(one.proposed.link, one.proposed.n, reason, by()),)
    if one.kind in ("correction", "gap"):
        return tuple(_taken_back(one, by, reason))
    return () if one.kind == "trial" else (_reviewed(one, by, is_right=one.kind == "objection"),)


def agreed(one: Waiting, by: Speaks, agreement: float, reason: str) -> Event:
    """What somebody thinks of it, from -1 to 1, for a reviewer to weigh."""
    position: Position = "agree" if agreement > 0 else "disagree"
    return dispute_event(one.subject, position, reason, by(), round(agreement * WHOLE))


def _reviewed(one: Waiting, by: Speaks, *, is_right: bool) -> Event:
    status: Status = "reviewed" if is_right else "deprecated"
    return review_event(one.subject, status, by())


def _taken_back(one: Waiting, by: Speaks, reason: str) -> Iterator[Event]:
    for each in one.events:
        said = by()
        yield retract_event(each, reason, stamp=said.stamp, author=said.author)
