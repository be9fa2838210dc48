"""Durable: case rules in durable-rules, as a program of its own that a crash of the C extension cannot take along.

Speaks JSON lines. First `[{"rules": {number: definition}, "asks": [symptom, …], "derives": {number: symptom}}, …]`,
answered by `"ready"`. Then for each case `{"facts": [[symptom, connector], …], "places": [connector, …]}`, answered by
the numbers of the rules that hold. It stays inside what that library does soundly: facts only, equality joins, our own
small ids, a first `open` fact so that a state may be deleted, states deleted after their case and sets at the end.
Imports nothing of ours: it must start in milliseconds.
"""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Iterator
from typing import Any

import durable_rules_engine as library

OPEN = {"open": {"all": [{"m": {"$and": [{"open": 1}]}}]}}
CASE = "1"
NOT_MATCHED = 1  # what the library answers for a fact that no rule asks for
PATIENCE = 15  # seconds; the library can hang while it holds the interpreter, and only the system can end it then

Placed = tuple[int, int]


def serve() -> None:
    """Answer cases until stdin ends, which it does when the parent ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sets = [_Set(number, each) for number, each in enumerate(json.loads(sys.stdin.readline()))]
    _say("ready")
    for line in sys.stdin:
        if hasattr(signal, "alarm"):
            signal.alarm(PATIENCE)
        _say(sorted(held(sets, **json.loads(line))))
        if hasattr(signal, "alarm"):
            signal.alarm(0)
    for each in sets:
        library.delete_ruleset(each.handle)


def _say(answer: object) -> None:
    print(json.dumps(answer), flush=True)


class _Set:
    """One set of rules in the library, with a state for the case at hand while `count` is not zero."""

    def __init__(self, number: int, written: dict[str, Any]) -> None:
        self.handle = library.create_ruleset(f"set{number}", json.dumps({**OPEN, **written["rules"]}))
        self.asks: frozenset[int] = frozenset(written["asks"])
        self.derives: dict[str, int] = written["derives"]
        self.count = 0

    def take(self, fact: dict[str, int]) -> Iterator[tuple[str, int | None]]:
        """Assert a fact; the rules that it completes, each with the connector it holds on, None for all."""
        if not self.count:
            list(self._asserted({"open": 1}))
        yield from self._asserted(fact)

    def _asserted(self, fact: dict[str, int]) -> Iterator[tuple[str, int | None]]:
        self.count += 1
        message = json.dumps({"id": f"f{self.count}", "sid": CASE, **fact})
        status, state = library.assert_fact(self.handle, message)
        started = None if status == NOT_MATCHED else library.start_action_for_state(self.handle, state)
        action = started[1] if started else None
        while action:
            for rule, facts in json.loads(action).items():
                yield rule, facts.get("m0", {}).get("c")
            action = library.complete_and_start_action(self.handle, state)

    def forget(self) -> None:
        """The case is over."""
        if self.count:
            library.delete_state(self.handle, CASE)
        self.count = 0


def held(sets: list[_Set], facts: list[list[int]], places: list[int]) -> set[int]:
    """The rules that hold in a case; what they derive is asserted in turn, in every set that asks for it."""
    found: set[int] = set()
    waiting = [(symptom, place) for symptom, place in facts]
    known = set(waiting)
    seen: set[int] = set()
    while waiting:
        symptom, place = waiting.pop(0)
        for each in sets:
            if symptom not in each.asks:
                continue
            for rule, on in _told(each, symptom, place, is_first=symptom not in seen):
                found.add(int(rule))
                new = _derived(each, rule, on, places) - known
                known |= new
                waiting += sorted(new)
        seen.add(symptom)
    for each in sets:
        each.forget()
    return found


def _told(each: _Set, symptom: int, place: int, *, is_first: bool) -> list[tuple[str, int | None]]:
    told = list(each.take({f"P{symptom}": 1, "c": place}))
    return [*told, *each.take({f"A{symptom}": 1})] if is_first else told


def _derived(each: _Set, rule: str, on: int | None, places: list[int]) -> set[Placed]:
    symptom = each.derives.get(rule)
    if symptom is None:
        return set()
    return {(symptom, place) for place in ([on] if on is not None else places)}


if __name__ == "__main__":
    serve()
