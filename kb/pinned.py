"""Pinned: a signal that a person holds for evidence of a case, with a note on it or without."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import asdict, dataclass

from chargelore.kb.clock import Stamp
from chargelore.kb.events import PINNED, Event, case_event


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """One line of evidence. `name` finds the signal on a timeline again, as it follows from what the signal is.

    `at` is ISO 8601, empty where the signal told no time; `says` is the signal in a line that names nobody, as `note`
    is what a person wrote beside it. `event` is the id of the event that tells it, empty until it is recorded.
    """

    name: str
    at: str = ""
    layer: str = ""
    says: str = ""
    note: str = ""
    event: str = ""


def pinned_event(case: str, opened_at: str, pinned: Pinned, *, stamp: Stamp, author: str) -> Event:
    """Somebody pins a signal of the case of that name that opened then."""
    body = {key: value for key, value in asdict(pinned).items() if value and key != "event"}
    return case_event(PINNED, case, {**body, "opened_at": opened_at}, stamp=stamp, author=author)


def pinned_in(events: Iterable[Event], case: str, opened_at: str, known: Container[str] = ()) -> Mapping[str, Pinned]:
    """What stands as pinned in a case, by name, in the order of being pinned; of two on one signal the last counts.

    The events are those that nobody took back, in the order of time. What cannot be read here is passed over. Played
    again, a case may open a moment earlier or later: what was pinned on one of its `known` signals is of it too.
    """
    found: dict[str, Pinned] = {}
    for each in events:
        is_of = each.body.get("opened_at") == opened_at or each.body.get("name") in known
        if (
            each.kind == PINNED
            and each.subject == case
            and is_of
            and all(isinstance(value, str) for value in each.body.values())
            and each.body.get("name")
        ):
            told = {key: each.body.get(key, "") for key in ("name", "at", "layer", "says", "note")}
            found[told["name"]] = Pinned(**told, event=each.id)
    return found
