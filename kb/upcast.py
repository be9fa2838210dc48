"""Upcast: old bodies of events read as new ones. The log is never rewritten: this happens each time it is folded.

One function for each kind and version turns that version's body into the next one's; a body passes all that follow.
Bodies of a version later than ours go through as they are and are read as far as they are understood.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from chargelore.kb.events import FINDING, GAP, VERSIONS, Event

Body = Mapping[str, Any]


def upcast(one: Event) -> Event:
    """The event as the current version would have written it; id, time and author stay those of the log."""
    if one.v >= VERSIONS.get(one.kind, 1):
        return one
    body, v = one.body, one.v
    while (step := UPCASTERS.get((one.kind, v))) is not None:
        body, v = step(body), v + 1
    return replace(one, body=body, v=v)


def _told_of_one_visit(body: Body) -> Body:
    """Until version 2 a finding was the end of one visit; others to the same case could not be told."""
    return {"visits": 1, **body}


def _scope_apart(body: Body) -> Body:
    """Until version 2 maker and model stood beside the words of a gap, where a later key could collide with them."""
    scope = {key: value for key, value in body.items() if key != "words" and isinstance(value, str)}
    return {"words": body.get("words", ""), "scope": scope}


UPCASTERS: Mapping[tuple[str, int], Callable[[Body], Body]] = {
    (FINDING, 1): _told_of_one_visit,
    (GAP, 1): _scope_apart,
}
