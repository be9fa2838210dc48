"""Deciding: the events that it is to accept or decline what waits. Pure; `by` gives who speaks, and a fresh moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from chargelore.kb.claim import Status
from chargelore.kb.events import Event, retract_event
from chargelore.kb.model import Code, FaultId
from chargelore.kb.pack import node_of_code
from chargelore.kb.statement import (
    By,
    Link,
    Position,
    declined_event,
    dispute_event,
    edge_event,
    node_event,
    review_event,
    set_event,
)
from chargelore.tui.reviewing.waiting import WHOLE, Waiting

Speaks = Callable[[], By]


@dataclass(frozen=True, slots=True)
class Terms:
    """What a reviewer adds to a yes: another grade of a proposed link, or what words looked up in vain mean."""

    grade: str = ""
    code: Code | None = None
    fault: FaultId | None = None


AS_IT_IS = Terms()


def accepted(one: Waiting, by: Speaks, terms: Terms = AS_IT_IS) -> tuple[Event, ...]:
    """It is so. Nothing for a gap whose meaning is not named, and for a rule, which stands in a file."""
    if one.kind == "proposal":
        return tuple(_linked(one, by, terms))
    if one.kind == "gap":
        return tuple(_meant(one, by, terms))
    if one.kind == "correction":
        return set_event(one.subject, one.fields, by()), review_event(one.subject, "reviewed", by())
    return () if one.kind == "trial" else (_reviewed(one, by, is_right=one.kind == "draft"),)


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


def _linked(one: Waiting, by: Speaks, terms: Terms) -> Iterator[Event]:
    """The link with what spoke for it, and that it was reviewed."""
    assert one.proposed is not None  # noqa: S101  # a proposal has one
    found = one.proposed
    backing = {"lift": f"{found.lift:.1f}", "n": found.n, "authors": found.authors, "houses": found.houses}
    graded = terms.grade or found.grade if found.grade else ""
    yield edge_event(found.link, graded, by(), {"proposed": backing})
    yield review_event(found.link.id, "reviewed", by())


def _meant(one: Waiting, by: Speaks, terms: Terms) -> Iterator[Event]:
    """A code that means a fault; the words are wanted no more."""
    if terms.code is None or terms.fault is None:
        return
    code, node = terms.code, node_of_code(terms.code)
    names = ("vendor", "code", "model", "firmware", "channel")
    link = Link(src=node, rel="maps_to", dst=f"fault/{terms.fault}")
    yield node_event(node, code.text, {name: getattr(code, name) for name in names if getattr(code, name)}, by())
    yield review_event(node, "reviewed", by())
    yield edge_event(link, "", by(), {"relation": "close"})
    yield review_event(link.id, "reviewed", by())
    yield from _taken_back(one, by, "it is known now")


def _reviewed(one: Waiting, by: Speaks, *, is_right: bool) -> Event:
    status: Status = "reviewed" if is_right else "deprecated"
    return review_event(one.subject, status, by())


def _taken_back(one: Waiting, by: Speaks, reason: str) -> Iterator[Event]:
    for each in one.events:
        said = by()
        yield retract_event(each, reason, stamp=said.stamp, author=said.author)
