"""The traffic and the rules of `bench_engine.py`, as plain data that every rule engine can be given, and the oracle."""

from __future__ import annotations

import json
import random
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

CHARGERS = 1_000
NOISE = 0.95
NOON = datetime(2024, 5, 1, tzinfo=UTC)
STEP = 0.05  # seconds between two frames of the whole site
CODES, AT_MOST = 100, 1_000  # the first number of what rules wait for, and how many numbers there are

Test = tuple[str, str, Any]
Pattern = tuple[str, tuple[Test, ...]]  # a kind of event and its tests


@dataclass(frozen=True)
class Plain:
    """One rule. `when` is `("signal", a)`, `("sequence", a, b, seconds)` or `("count", a, least, seconds)`."""

    id: str
    patterns: Mapping[str, Pattern]
    when: tuple[Any, ...]


def plain_rule(number: int) -> Plain:
    """In ten rules: five that wait for a value, two for a band, two for an order, one for a count."""
    k = CODES + number
    code: Pattern = ("status", (("vendorErrorCode", "==", f"e{k}"),))
    told: Pattern = ("data-transfer", (("messageId", "==", f"m{k}"),))
    lost: Pattern = ("stop", (("reason", "==", "PowerLoss"),))
    hot: Pattern = ("meter", (("temperature", ">", k), ("temperature", "<", k + 20)))
    flows: Pattern = ("meter", (("current", ">", k), ("current", "<", k + 20), ("power", "<", 10_000)))
    bodies: tuple[tuple[Mapping[str, Pattern], tuple[Any, ...]], ...] = (
        ({"a": code}, ("signal", "a")),
        ({"a": ("status", (("status", "==", "Faulted"), *code[1]))}, ("signal", "a")),
        ({"a": told}, ("signal", "a")),
        ({"a": ("security", (("type", "==", f"s{k}"),))}, ("signal", "a")),
        ({"a": ("authorize", (("idTag", "==", f"t{k}"),))}, ("signal", "a")),
        ({"a": hot}, ("signal", "a")),
        ({"a": flows}, ("signal", "a")),
        ({"a": told, "b": code}, ("sequence", "a", "b", 30)),
        ({"a": code, "b": lost}, ("sequence", "a", "b", 120)),
        ({"a": code}, ("count", "a", 3, 600)),
    )
    patterns, when = bodies[number % 10]
    return Plain(f"r{number}", patterns, when)


def plain_rules(size: int) -> tuple[Plain, ...]:
    """So many rules."""
    return tuple(plain_rule(number) for number in range(size))


def cases(count: int) -> list[tuple[str, list[str]]]:
    """So many case rules over the symptoms of the signal rules: an id, and two or three symptoms that it needs."""
    dice = random.Random(3)
    return [(f"c{n}", [f"r{each}" for each in dice.sample(range(1_000), dice.choice([2, 3]))]) for n in range(count)]


def traffic(count: int, *, noise: float, size: int) -> Iterator[tuple[str, datetime, bytes]]:
    """Charger, time and frame. What is no noise speaks of one of the first `size` rules."""
    dice = random.Random(1)
    waiting: deque[tuple[str, str, dict[str, Any]]] = deque()
    for number in range(count):
        at = NOON + timedelta(seconds=number * STEP)
        if dice.random() < noise:
            charger, action, payload = f"CP{dice.randrange(CHARGERS)}", *_routine(dice)
        else:
            if not waiting or dice.random() < 0.3:
                charger = f"CP{dice.randrange(CHARGERS)}"
                waiting.extend((charger, *each) for each in _trouble(dice, size))
            charger, action, payload = waiting.popleft()
        if action in ("StatusNotification", "StopTransaction"):
            payload["timestamp"] = at.isoformat().replace("+00:00", "Z")
        yield charger, at, json.dumps([2, f"{number:08x}", action, payload], separators=(",", ":")).encode()


def _routine(dice: random.Random) -> tuple[str, dict[str, Any]]:
    draw = dice.random()
    if draw < 0.5:
        return "MeterValues", _meter(dice.uniform(20, 50), dice.uniform(6, 32))
    if draw < 0.75:
        return "Heartbeat", {}
    if draw < 0.95:
        status = dice.choice(["Available", "Preparing", "Charging", "Finishing", "SuspendedEV"])
        return "StatusNotification", {"connectorId": 1, "errorCode": "NoError", "status": status, "vendorErrorCode": ""}
    if draw < 0.97:
        return "Authorize", {"idTag": f"{dice.randrange(10**8):08X}"}
    return "StopTransaction", {"transactionId": 7, "meterStop": 5_000, "reason": "Local"}


def _meter(temperature: float, current: float) -> dict[str, Any]:
    sampled = [
        {"value": "5000", "measurand": "Energy.Active.Import.Register", "unit": "Wh"},
        {"value": "7000.0", "measurand": "Power.Active.Import", "unit": "W"},
        {"value": f"{current:.2f}", "measurand": "Current.Import", "unit": "A"},
        {"value": "230.1", "measurand": "Voltage", "unit": "V"},
        {"value": f"{temperature:.1f}", "measurand": "Temperature", "unit": "Celsius"},
    ]
    value = {"timestamp": "2024-05-01T12:00:00Z", "sampledValue": sampled}
    return {"connectorId": 1, "transactionId": 7, "meterValue": [value]}


def _trouble(dice: random.Random, size: int) -> list[tuple[str, dict[str, Any]]]:
    """The frames that one rule waits for, drawn from all."""
    number = dice.randrange(size)
    k = CODES + number
    code = (
        "StatusNotification",
        {"connectorId": 1, "errorCode": "NoError", "status": "Faulted", "vendorErrorCode": f"e{k}"},
    )
    told = ("DataTransfer", {"vendorId": "Acme", "messageId": f"m{k}", "data": "x"})
    lost = ("StopTransaction", {"transactionId": 7, "meterStop": 5_000, "reason": "PowerLoss"})
    stories = (
        [code],
        [code],
        [told],
        [("SecurityEventNotification", {"type": f"s{k}", "timestamp": "2024-05-01T12:00:00Z"})],
        [("Authorize", {"idTag": f"t{k}"})],
        [("MeterValues", _meter(k + 5, 10))],
        [("MeterValues", _meter(40, k + 5))],
        [told, code],
        [code, lost],
        [code, code, code],
    )
    return [(action, dict(payload)) for action, payload in stories[number % 10]]


KINDS = {
    "MeterValues": "meter",
    "Heartbeat": "heartbeat",
    "StatusNotification": "status",
    "Authorize": "authorize",
    "StopTransaction": "stop",
    "DataTransfer": "data-transfer",
    "SecurityEventNotification": "security",
}
MEASURED = {"Power.Active.Import": "power", "Current.Import": "current", "Temperature": "temperature"}


def event(frame: list[Any]) -> dict[str, Any]:
    """A decoded frame as the flat event that other engines are given; less than what a product has to read."""
    kind, payload = KINDS[frame[2]], frame[3]
    if kind != "meter":
        return {"kind": kind, **payload}
    told = payload["meterValue"][0]["sampledValue"]
    found = {MEASURED[each["measurand"]]: float(each["value"]) for each in told if each["measurand"] in MEASURED}
    return {"kind": kind, **found}


class Windows:
    """Orders and counts of one set of rules, for engines that have none of their own; and for the oracle."""

    def __init__(self, rules: tuple[Plain, ...]) -> None:
        self._rules = {rule.id: rule for rule in rules}
        self._hits: dict[tuple[str, str], list[float]] = defaultdict(list)
        self._fired: dict[tuple[str, str], float] = {}

    def take(self, rule: str, names: set[str], charger: str, at: float) -> bool:
        """Whether the patterns of a rule that an event met complete it."""
        when, key = self._rules[rule].when, (rule, charger)
        if when[0] == "signal":
            return True
        return self._ordered(when, key, names, at) if when[0] == "sequence" else self._counted(when, key, at)

    def _ordered(self, when: tuple[Any, ...], key: tuple[str, str], names: set[str], at: float) -> bool:
        if when[1] in names:
            self._hits[key].append(at)
            return False
        done = any(at - each <= when[3] for each in self._hits[key])
        if done:
            self._hits[key].clear()
        return done

    def _counted(self, when: tuple[Any, ...], key: tuple[str, str], at: float) -> bool:
        hits = self._hits[key] = [*[each for each in self._hits[key] if at - each <= when[3]][1 - when[2] :], at]
        if len(hits) < when[2] or at - self._fired.get(key, -1e9) <= when[3]:
            return False
        self._fired[key] = at
        hits.clear()
        return True


HOLDS: dict[str, Callable[[Any, Any], bool]] = {
    "==": lambda value, limit: bool(value == limit),
    ">": lambda value, limit: bool(value > limit),
    "<": lambda value, limit: bool(value < limit),
}


def oracle(rules: tuple[Plain, ...], frames: list[tuple[str, datetime, bytes]]) -> list[tuple[int, str]]:
    """Slow and plain: every pattern of the kind is asked about every frame. Frame numbers and the rules that fire."""
    windows = Windows(rules)
    asked: dict[str, list[tuple[str, str, tuple[Test, ...]]]] = defaultdict(list)
    for rule in rules:
        for name, (kind, tests) in rule.patterns.items():
            asked[kind].append((rule.id, name, tests))
    found: list[tuple[int, str]] = []
    for number, (charger, at, frame) in enumerate(frames):
        said = event(json.loads(frame))
        met: dict[str, set[str]] = defaultdict(set)
        for rule_id, name, tests in asked[said["kind"]]:
            if all(field in said and HOLDS[op](said[field], limit) for field, op, limit in tests):
                met[rule_id].add(name)
        found += [(number, each) for each, names in met.items() if windows.take(each, names, charger, at.timestamp())]
    return found
