"""Parameters: a value that goes by the model is put in where it is named, checked, and chosen for each charger."""

from __future__ import annotations

import pytest
from moments import network, rule, run, seconds, signal, status

from chargelore.engine.case import Charger
from chargelore.engine.grammar.rule import Rules, SignalRule
from chargelore.engine.matching.concern import chosen
from chargelore.engine.matching.network import START, State, compile_rules
from chargelore.engine.places import Places
from chargelore.engine.scope import UNPLACED, Spot
from chargelore.kb.errors import RuleError

BY = "parameters:\n  settle:\n    default: 30s\n    by: "
WAITS = "{waits: {kind: status, status: Preparing}}"


def settling(by: str, signals: str = WAITS, when: str = "{sustained: waits, for: $settle}") -> SignalRule:
    return rule(signals, when, f"parameters: {{settle: {{default: 30s, by: {by}}}}}\n")


def boots(vendor: str = "", model: str = "") -> State:
    return START._replace(charger=Charger(id="C1", vendor=vendor, model=model))


def test_a_model_gets_its_own_span_and_every_other_charger_the_default() -> None:
    made = settling("[{vendor: X, model: 'Y*', value: 90s}]")
    signals = [status(0, "Preparing"), *(signal(each, "heartbeat") for each in (31, 60, 91, 120))]
    assert seconds(run(network(made), signals, boots("X", "Z"))[1]) == [30]
    assert seconds(run(network(made), signals, boots("X", "Y2"))[1]) == [90]
    assert seconds(run(network(made), signals)[1]) == [30]


def test_the_most_specific_scope_wins() -> None:
    made = settling(
        "[{vendor: X, value: 1m}, {vendor: X, model: 'Y*', value: 2m}, {vendor: X, model: 'Y 22*', value: 3m},"
        " {vendor: X, firmware: '>=2', value: 4m}, {connector: dc, value: 5m}]"
    )

    def value(charger: Charger, spot: Spot = UNPLACED) -> str:
        (place,) = chosen(made.parameters, charger, spot, 1)
        return str(made.parameters[0].values[place])

    assert value(Charger(id="c", vendor="W")) == "30s"
    assert value(Charger(id="c", vendor="X", model="A")) == "1m"
    assert value(Charger(id="c", vendor="X", model="Y 7")) == "2m"
    assert value(Charger(id="c", vendor="X", model="Y 22 kW")) == "3m"
    assert value(Charger(id="c", vendor="X", model="Y 22", firmware="2.1")) == "4m"
    assert value(Charger(id="c"), Spot(connectors=((1, "ccs2"),))) == "5m"
    assert value(Charger(id="c", vendor="X"), Spot(connectors=((1, "ccs2"),))) == "1m"


def test_connectors_of_one_charger_may_have_different_values() -> None:
    made = settling("[{connector: dc, value: 90s}]")
    places = Places(exact={"C1": Spot(connectors=((1, "type2"), (2, "ccs2")))}, file="f")
    compiled = compile_rules(Rules(signal_rules=(made,)), places=places)
    signals = [status(0, "Preparing", 1), status(0, "Preparing", 2), *(signal(each, "heartbeat") for each in (31, 95))]
    fired = run(compiled, signals)[1]
    assert [(each.connector, after) for each, after in zip(fired, seconds(fired), strict=True)] == [(1, 30), (2, 90)]


def test_a_limit_and_a_count_may_go_by_model_too() -> None:
    made = rule(
        "{hot: {kind: meter, temperature: {'>': $limit}}}",
        "{count: hot, at_least: $times, within: 1h}",
        "parameters:\n  limit: {default: 80 C, by: [{vendor: X, value: 95 C}]}\n"
        "  times: {default: 1, by: [{vendor: X, value: 2}]}\n",
    )
    warm = [signal(each, "meter", {"temperature": 90}) for each in (0, 60)]
    assert len(run(network(made), warm)[1]) == 1
    assert run(network(made), warm, boots("X"))[1] == []
    hot = [signal(each, "meter", {"temperature": 99}) for each in (0, 60)]
    assert len(run(network(made), hot, boots("X"))[1]) == 1


def test_what_was_open_under_another_value_ends_when_the_charger_says_what_it_is() -> None:
    made = settling("[{vendor: X, value: 90s}]")
    boot = signal(10, "boot", {"vendor": "X", "model": "M"})
    signals = [
        status(0, "Preparing"),
        boot,
        status(11, "Preparing"),
        *(signal(each, "heartbeat") for each in (40, 120)),
    ]
    assert seconds(run(network(made), signals)[1]) == [101]


@pytest.mark.parametrize(
    ("more", "when", "line", "said"),
    [
        ("parameters: {settle: 30s}", "$settle", 7, "`settle` has no default"),
        ("parameters: {settle: {default: 30s, for: 3s}}", "$settle", 7, "`for` does not belong here"),
        (BY + "[{value: 3s}]", "$settle", 10, "for no charger in particular"),
        (BY + "[{vendor: X}]", "$settle", 10, "names no value"),
        (BY + "[{vendor: X, value: 3 A}]", "$settle", 10, "has another unit"),
        (BY + "[{vendor: X, value: 3}]", "$settle", 10, "has another unit"),
        (BY + "[{vendr: X, value: 3s}]", "$settle", 10, "vendr"),
        (BY + "[{connector: css2, value: 3s}]", "$settle", 10, "mean ccs2?"),
        ("parameters: {settle: {default: 30s}, idle: {default: 3s}}", "$settle", 7, "the parameter idle is not used"),
        ("parameters: {settle: {default: 30s}}", "$setle", 6, "did you mean $settle?"),
        ("", "$settle", 6, "no parameter is called settle"),
        ("parameters: {settle: {default: 30 A}}", "$settle", 6, "'30 A' is no span of time"),
        ("parameters: {settle: {default: 30s, by: [{vendor: X, value: 3s}, {vendor: X, value: 4s}]}}", "$settle", 7,
         "stands for the same chargers"),
        ("parameters: {settle: {default: true}}", "$settle", 7, "'True' is no value"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_line_and_cure(more: str, when: str, line: int, said: str) -> None:
    with pytest.raises(RuleError) as refused:
        rule(WAITS, f"{{sustained: waits, for: {when}}}", more + "\n")
    assert said in str(refused.value)
    assert refused.value.where.endswith(f"r.yaml:{line}")
    assert refused.value.mend


def test_a_slip_in_a_limit_is_no_field_of_the_signal() -> None:
    with pytest.raises(RuleError, match="did you mean \\$limit"):
        rule(
            "{hot: {kind: meter, temperature: {'>': $limt}}}", "{signal: hot}", "parameters: {limit: {default: 80 C}}\n"
        )
    other = rule("{hot: {kind: meter, current: {'>': $current.offered}}}", "{signal: hot}")
    assert other.variants == ()


def test_a_span_over_several_chargers_cannot_go_by_model_but_one_inside_can() -> None:
    with pytest.raises(RuleError, match="over several chargers goes by model"):
        settling(
            "[{vendor: X, value: 90s}]", when="{chargers: {signal: waits}, at_least: 2, within: $settle}\nacross: site"
        )
    inside = "{chargers: {sustained: waits, for: $settle}, at_least: 2, within: 1h}\nacross: site"
    assert len(settling("[{vendor: X, value: 90s}]", when=inside).variants) == 1


def test_more_combinations_than_can_be_kept_are_refused() -> None:
    by = ", ".join(f"{{vendor: V{number}, value: {number}s}}" for number in range(1, 40))
    with pytest.raises(RuleError, match="more than 32 combinations"):
        settling(f"[{by}]")
