"""Signals a second through the rule network at 50, 200 and 1,000 rules, beside durable-rules on the same.

The traffic is that of a healthy site: 95 of 100 signals concern no rule. durable-rules takes every signal as a fact, in
a process of its own, because it may crash; it knows no spans, so it is asked for less.
Run it as `python benchmarks/bench_engine.py [signals]`.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from chargelore.engine.network import START, State, compile_rules
from chargelore.engine.rule import Rules, SignalRule, rule_in
from chargelore.engine.signal import Signal
from chargelore.kb.errors import RuleError
from chargelore.kb.yamlfile import parse

SIZES = (50, 200, 1_000)
CHARGERS = 100
NOON = datetime(2024, 5, 1, tzinfo=UTC)
# In ten rules: five that wait for a code, two for a limit, two for an order, one for a count.
BODIES = (
    ("{a: {kind: fault, fault: f%d}}", "{signal: a}"),
    ("{a: {kind: fault, fault: f%d}}", "{signal: a}"),
    ("{a: {kind: status, status: Faulted, vendorErrorCode: e%d}}", "{signal: a}"),
    ("{a: {kind: answer, action: A%d, status: Rejected}}", "{signal: a}"),
    ("{a: {kind: event, component: c%d}}", "{signal: a}"),
    ('{a: {kind: meter, temperature: {">": %d C}}}', "{signal: a}"),
    ('{a: {kind: meter, current: {">": %d A}, power: {"<": 10 kW}}}', "{signal: a}"),
    ("{a: {kind: status, status: Preparing}, b: {kind: fault, fault: f%d}}", "{sequence: [a, b], within: 30s}"),
    ("{a: {kind: fault, fault: f%d}, b: {kind: stop, reason: PowerLoss}}", "{sequence: [a, b], within: 2m}"),
    ("{a: {kind: fault, fault: f%d}}", "{count: a, at_least: 3, within: 10m}"),
)


def rules(size: int) -> Rules:
    """So many rules of ten sorts."""
    return Rules(signal_rules=tuple(_rule(number) for number in range(size)))


def _rule(number: int) -> SignalRule:
    signals, when = BODIES[number % len(BODIES)]
    text = f"id: r{number}\ntitle: T\nstatus: stable\nsignals: {signals % (100 + number)}\nwhen: {when}\n"
    made = rule_in(parse(Path(f"r{number}.yaml"), RuleError, text))
    assert isinstance(made, SignalRule)
    return made


def traffic(count: int) -> Iterator[Signal]:
    """Meter values, heartbeats and states of a hundred chargers; in five of a hundred something that a rule knows."""
    dice = random.Random(1)
    for number in range(count):
        kind, fields = _trouble(dice) if dice.random() < 0.05 else _routine(dice)
        charger = f"CP{dice.randrange(CHARGERS)}"
        at = NOON + timedelta(seconds=number / 20)
        yield Signal(layer="ocpp", kind=kind, charger=charger, connector=1, at=at, fields=fields, line=number)


def _routine(dice: random.Random) -> tuple[str, dict[str, Any]]:
    reading = {"power": 7_000.0, "current": dice.uniform(6, 32), "voltage": 230.0, "temperature": 40.0, "energy": 5_000}
    kinds = [("meter", reading), ("heartbeat", {}), ("status", {"status": "Charging", "vendorErrorCode": ""})]
    return dice.choice([*kinds, kinds[0], ("answer", {"action": "Heartbeat", "status": "Accepted"})])


def _trouble(dice: random.Random) -> tuple[str, dict[str, Any]]:
    number = 100 + dice.randrange(1_000)
    kinds = [
        ("fault", {"fault": f"f{number}"}),
        ("event", {"component": f"c{number}"}),
        ("stop", {"reason": dice.choice(["Local", "PowerLoss"])}),
    ]
    return dice.choice([*kinds, ("status", {"status": "Faulted", "vendorErrorCode": f"e{number}"})])


def ours(size: int, signals: list[Signal]) -> tuple[float, int]:
    """Signals a CPU second, and how many symptoms they made."""
    network = compile_rules(rules(size))
    states: dict[str, State] = {}
    fired = 0
    begin = time.process_time()
    for signal in signals:
        states[signal.charger], firings = network.step(states.get(signal.charger, START), signal)
        fired += len(firings)
    return len(signals) / (time.process_time() - begin), fired


THEIRS = """
import json, sys, time
import durable_rules_engine as library
task = json.loads(sys.stdin.readline())
handle = library.create_ruleset("bench", json.dumps(task["rules"]))
facts = [json.dumps(each) for each in task["facts"]]
begin = time.process_time()
for fact in facts:
    status, state = library.assert_fact(handle, fact)
    started = library.start_action_for_state(handle, state) if status != 1 else None
    action = started[1] if started else None
    while action:
        action = library.complete_and_start_action(handle, state)
print(len(facts) / (time.process_time() - begin))
"""


def theirs(size: int, signals: list[Signal]) -> float | None:
    """Facts a CPU second in durable-rules, None where it crashes."""
    facts = [{"id": f"f{n}", "sid": each.charger, "kind": each.kind, **each.fields} for n, each in enumerate(signals)]
    written = {rule.id: _definition(rule) for rule in rules(size).signal_rules}
    task = json.dumps({"rules": written, "facts": facts})
    command = [sys.executable, "-c", THEIRS]
    try:
        done = subprocess.run(command, input=task, capture_output=True, text=True, timeout=300, check=True)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return None
    return float(done.stdout)


def _definition(rule: SignalRule) -> dict[str, Any]:
    tests = [
        {f"m{place}": {"$and": [{"kind": pattern.kinds[0]}, *(_test(each) for each in pattern.conditions)]}}
        for place, pattern in enumerate(rule.patterns.values())
    ]
    return {"all": tests, **({"count": 3} if "count" in type(rule.when).__name__.lower() else {})}


def _test(condition: Any) -> dict[str, Any]:
    words = {"==": None, ">": "$gt", "<": "$lt"}
    word, plain = words[condition.op], {condition.field: condition.limit}
    return {word: plain} if word else plain


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    signals = list(traffic(count))
    for size in SIZES:
        speed, fired = ours(size, signals)
        other = theirs(size, signals[: count // 5])
        compared = f"{other:>9,.0f} /s, ratio {speed / other:.1f}" if other else "crashed"
        print(f"{size:>5} rules: {speed:>9,.0f} signals/s ({fired} symptoms); durable-rules facts {compared}")


if __name__ == "__main__":
    main()
