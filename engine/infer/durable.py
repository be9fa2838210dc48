"""Durable: case rules in durable-rules, as a program of its own that a crash of the C extension cannot take along.

Speaks JSON lines. First a list of sets, `{"rules": {number: definition}, "needs": {number: [symptom, …]},
"joins": [symptom, …], "derives": {number: symptom}}`, answered by `"ready"`. Then for each case
`{"facts": [[symptom, connector], …], "places": [connector, …]}`, answered by the numbers of the rules that hold.
It stays inside what that library does soundly: facts only, equality joins, our own small numbers, a first `open` fact
so that a state may be deleted, one state of a set at a time, deleted after its case, and sets at the end.
Imports nothing of ours: it must start in milliseconds.
"""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import durable_rules_engine as library

OPEN = {"open": {"all": [{"m": {"$and": [{"open": 1}]}}]}}
CASE = "1"
NOT_MATCHED = 1  # what the library answers for a fact that no rule asks for
PATIENCE = 3  # seconds for a case; the library can hang while it holds the interpreter: only the system ends it then
LARGEST = 2**30  # bytes of memory; 10,000 rules take a fifth of it, so what asks for more has gone astray

Placed = tuple[int, int]
Found = tuple[str, int | None]  # a rule that holds, and the connector it does so on; None for all


def serve() -> None:
    """Answer cases until stdin ends, which it does when the parent ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _be_bounded()
    sets = [_Set(number, each) for number, each in enumerate(json.loads(sys.stdin.readline()))]
    asking = _asking(sets)
    _say("ready")
    for line in sys.stdin:
        signal.alarm(PATIENCE)
        _say(sorted(held(asking, **json.loads(line))))
        signal.alarm(0)
    for each in sets:
        library.delete_ruleset(each.handle)


def _be_bounded() -> None:
    """A child that grows without end is ended by the system, not the machine with it."""
    with suppress(ImportError, ValueError, OSError):  # not every system knows such a bound
        import resource  # noqa: PLC0415  # as the line above says

        resource.setrlimit(resource.RLIMIT_AS, (LARGEST, LARGEST))


def _say(answer: object) -> None:
    print(json.dumps(answer), flush=True)


class _Set:
    """One set of rules in the library, with a state for the case at hand while `count` is not zero."""

    def __init__(self, number: int, written: dict[str, Any]) -> None:
        self.handle = library.create_ruleset(f"set{number}", json.dumps({**OPEN, **written["rules"]}))
        self.needs = [frozenset(needs) for needs in written["needs"].values()]
        self.asks = frozenset[int]().union(*self.needs)
        self.joins = frozenset(written["joins"])
        self.derives: dict[str, int] = written["derives"]
        self.count = 0
        self.waiting: list[Placed] = []
        self.seen: set[int] = set()

    def take(self, news: list[Placed]) -> Iterator[Found]:
        """What the case shows now; the rules that it completes. Nothing is asserted before one of them may hold."""
        told = [each for each in news if each[0] in self.asks]
        self.waiting += told
        if not told or not self._may_hold():
            return
        if not self.count:
            list(self._asserted({"open": 1}))
        for symptom, place in self.waiting:
            if symptom in self.joins:
                yield from self._asserted({f"P{symptom}": 1, "c": place})
            if symptom not in self.seen:
                self.seen.add(symptom)
                yield from self._asserted({f"A{symptom}": 1})
        self.waiting = []

    def forget(self) -> None:
        """The case is over."""
        if self.count:
            library.delete_state(self.handle, CASE)
        self.count, self.waiting, self.seen = 0, [], set()

    def _may_hold(self) -> bool:
        told = self.seen.union(symptom for symptom, _ in self.waiting)
        return any(needs <= told for needs in self.needs)

    def _asserted(self, fact: dict[str, int]) -> Iterator[Found]:
        self.count += 1
        message = json.dumps({"id": f"f{self.count}", "sid": CASE, **fact})
        status, state = library.assert_fact(self.handle, message)
        started = None if status == NOT_MATCHED else library.start_action_for_state(self.handle, state)
        action = started[1] if started else None
        while action:
            for rule, facts in json.loads(action).items():
                yield rule, facts.get("m0", {}).get("c")
            action = library.complete_and_start_action(self.handle, state)


def _asking(sets: list[_Set]) -> dict[int, list[_Set]]:
    """The sets that ask for each symptom."""
    asking: dict[int, list[_Set]] = {}
    for each in sets:
        for symptom in each.asks:
            asking.setdefault(symptom, []).append(each)
    return asking


def held(asking: dict[int, list[_Set]], facts: list[list[int]], places: list[int]) -> set[int]:
    """The rules that hold in a case; what they derive is told in turn to every set, of whatever domain."""
    found: set[int] = set()
    opened: set[_Set] = set()
    news = [(symptom, place) for symptom, place in facts]
    known = set(news)
    while news:
        concerned = dict.fromkeys(each for symptom, _ in news for each in asking.get(symptom, ()))
        told = [(each, rule, on) for each in concerned for rule, on in each.take(news)]
        found |= {int(rule) for _, rule, _ in told}
        derived = {new for each, rule, on in told for new in _derived(each, rule, on, places)}
        news = sorted(derived - known)
        known |= derived
        opened.update(concerned)
    for each in opened:
        each.forget()
    return found


def _derived(each: _Set, rule: str, on: int | None, places: list[int]) -> list[Placed]:
    symptom = each.derives.get(rule)
    if symptom is None:
        return []
    return [(symptom, place) for place in ([on] if on is not None else places)]


if __name__ == "__main__":
    serve()
