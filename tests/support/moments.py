"""Rules from text and signals at seconds, for tests of the rule engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from chargelore.engine.firing import Firing
from chargelore.engine.grammar.rule import CaseRule, Rules, SignalRule, rule_in
from chargelore.engine.matching.network import START, Network, State, compile_rules
from chargelore.engine.signal import Scalar, Signal
from chargelore.kb.errors import RuleError
from chargelore.kb.yamlfile import parse

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)


def read(text: str, name: str = "r") -> SignalRule | CaseRule:
    """The rule in a text, as if it stood in a file of that name."""
    return rule_in(parse(Path("rules") / "signals" / f"{name}.yaml", RuleError, text))


def rule(signals: str, when: str, more: str = "", name: str = "r") -> SignalRule:
    """A stable signal rule with these `signals` and `when`, written as flow mappings."""
    text = f"id: {name}\ntitle: T\nauthor: a\nstatus: stable\nsignals: {signals}\nwhen: {when}\n{more}"
    made = read(text, name)
    assert isinstance(made, SignalRule)
    return made


def network(*rules: SignalRule) -> Network:
    """The network of these rules."""
    return compile_rules(Rules(signal_rules=rules))


def signal(
    at: float | None,
    kind: str,
    fields: Mapping[str, Scalar] | None = None,
    *,
    connector: int | None = None,
    charger: str = "C1",
    line: int = 0,
) -> Signal:
    """A signal so many seconds after noon; None for one without a time."""
    when = None if at is None else NOON + timedelta(seconds=at)
    return Signal(
        layer="ocpp", kind=kind, charger=charger, connector=connector, at=when, fields=dict(fields or {}), line=line
    )


def status(at: float | None, said: str, connector: int | None = 1, charger: str = "C1") -> Signal:
    """A StatusNotification."""
    return signal(at, "status", {"status": said}, connector=connector, charger=charger)


def beat(at: float | None) -> Signal:
    """A heartbeat: time goes by."""
    return signal(at, "heartbeat")


def run(compiled: Network, signals: Iterable[Signal], state: State = START) -> tuple[State, list[Firing]]:
    """The state and the firings after all signals."""
    fired: list[Firing] = []
    for each in signals:
        state, new = compiled.step(state, each)
        fired += new
    return state, fired


def seconds(firings: Iterable[Firing]) -> list[float]:
    """When each fired, in seconds after noon."""
    return [(each.at - NOON).total_seconds() for each in firings if each.at]
