"""Durable: case rules in durable-rules, as a program of its own that a crash of the C extension cannot take along.

Speaks JSON lines: first `{"sets": [{rule: definition}], "derives": {rule: fact}}`, then for each case
`{"facts": [fact, …]}`, answered by `{"rules": [rule, …]}`. It stays inside what that library does soundly: facts only,
equality joins, our own small ids, a first `open` fact so that a state may be deleted, states deleted after their case.
Imports nothing of ours: it must start in milliseconds.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import durable_rules_engine as library

OPEN = {"open": {"all": [{"m": {"$and": [{"open": 1}]}}]}}
CASE = "1"
NOT_MATCHED = 1  # what the library answers for a fact that no rule asks for


def serve() -> None:
    """Answer cases until stdin ends."""
    task = json.loads(sys.stdin.readline())
    sets = [
        library.create_ruleset(f"set{number}", json.dumps({**OPEN, **rules}))
        for number, rules in enumerate(task["sets"])
    ]
    for line in sys.stdin:
        facts = json.loads(line)["facts"]
        held = sorted({rule for handle in sets for rule in case(handle, facts, task["derives"])})
        print(json.dumps({"rules": held}), flush=True)


def case(handle: Any, facts: list[dict[str, int]], derives: dict[str, dict[str, int]]) -> set[str]:
    """The rules of one set that hold in a case; what they derive is asserted in turn."""
    held: set[str] = set()
    waiting = [{"open": 1}, *facts]
    number = 0
    while waiting:
        number += 1
        new = _asserted(handle, {"id": f"f{number}", "sid": CASE, **waiting.pop(0)}) - held - {"open"}
        held |= new
        waiting += [derives[rule] for rule in sorted(new) if rule in derives]
    library.delete_state(handle, CASE)
    return held


def _asserted(handle: Any, fact: dict[str, Any]) -> set[str]:
    """Assert one fact and run every action that it completes; the names of their rules."""
    status, state = library.assert_fact(handle, json.dumps(fact))
    if status == NOT_MATCHED:
        return set()
    started = library.start_action_for_state(handle, state)
    message = started[1] if started else None
    fired: set[str] = set()
    while message:
        fired |= set(json.loads(message))
        message = library.complete_and_start_action(handle, state)
    return fired


if __name__ == "__main__":
    serve()
