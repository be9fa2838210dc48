"""Examples run through what runs live, and an example that cannot be read is refused."""

from __future__ import annotations

import pytest
from moments import read, rule

from chargelore.engine.firing import Conclusion
from chargelore.engine.grammar.rule import CaseRule, Rules
from chargelore.engine.proving.exercise import exercise
from chargelore.engine.proving.story import given
from chargelore.kb.errors import RuleError

TWO = "{a: {kind: status, status: [Preparing, Occupied]}, b: {kind: fault, fault: x}}"


def outcome(one):
    rules = Rules(case_rules=(one,)) if isinstance(one, CaseRule) else Rules(signal_rules=(one,))
    return [each.passed for each in exercise(rules)]


def with_examples(*examples, signals=TWO, when="{sequence: [a, b], within: 30s}", more=""):
    lines = "\n".join(f"  - {each}" for each in examples)
    return rule(signals, when, f"{more}examples:\n{lines}\n")


def test_an_example_passes_when_the_rule_does_as_it_says():
    made = with_examples(
        "{name: soon, expect: match, given: [{at: 0s, a: {}}, {at: 9s, b: {}}]}",
        "{name: late, expect: no match, given: [{at: 0s, a: {}}, {at: 9m, b: {}}]}",
        "{name: wrong, expect: match, given: [{at: 0s, a: {}}]}",
        "{name: too much, expect: no match, given: [{at: 0s, a: {status: Occupied}}, {at: 9s, b: {}}]}",
        "{name: free, expect: no match, given: [{at: 0s, signal: {kind: status, status: Charging}}, {at: 9s, b: {}}]}",
        "{name: apart, expect: no match, given: [{at: 0s, a: {connector: 1}}, {at: 9s, b: {connector: 2}}]}",
    )
    assert outcome(made) == [True, True, False, False, True, True]


@pytest.mark.parametrize("firmware", [">=5.2,<6", "5.2", "==5.2", ">5.2", "<6", "!=5.2", ">=R1.02b"])
def test_a_rule_with_a_scope_is_tried_on_a_charger_inside_it(firmware):
    scope = f'applies_to: {{vendor: Acme, model: "Box*", firmware: "{firmware}"}}\n'
    made = with_examples("{name: x, expect: match, given: [{at: 0s, a: {}}, {at: 9s, b: {}}]}", more=scope)
    assert outcome(made) == [True]


def test_limits_of_a_pattern_are_met_without_being_named():
    signals = '{a: {kind: meter, power: {"<": 60 W}, current: {">": {field: current.offered, times: 1.1}}}}'
    made = with_examples(
        "{name: x, expect: match, given: [{at: 0s, a: {current.offered: 10 A}}]}", signals=signals, when="{signal: a}"
    )
    assert outcome(made) == [True]


def test_the_examples_of_a_case_rule_name_symptoms():
    made = read(
        "id: r\nall: [s, {symptom: t, same: connector}]\nconclude: {cause: c}\nstatus: draft\nexamples:\n"
        "  - {name: both, expect: match, given: [s, t]}\n"
        "  - {name: one, expect: no match, given: [s]}\n"
        "  - {name: apart, expect: no match, given: [{symptom: s, connector: 1}, {symptom: t, connector: 2}]}\n"
    )
    assert outcome(made) == [True, True, True]


@pytest.mark.parametrize(
    "fact", ["{symptom: s, connector: left}", "{symptom: [s]}", "{symptom: s, connector: [1]}", "7"]
)
def test_an_example_of_a_case_rule_that_names_no_symptom_is_refused_with_its_place(fact):
    made = read(f"id: r\nall: [s]\nconclude: {{cause: c}}\nexamples: [{{name: a, expect: match, given: [{fact}]}}]\n")
    with pytest.raises(RuleError) as refused:
        outcome(made)
    assert "r.yaml:" in refused.value.where
    assert "connector: 1" in refused.value.mend


class Dumb:
    """An inference that concludes nothing."""

    def conclude(self, facts: object) -> tuple[Conclusion, ...]:  # noqa: ARG002  # the interface has it
        return ()

    def close(self) -> None:
        """Nothing to let go of."""


def test_an_example_fails_when_the_engines_differ():
    made = read("id: r\nall: [s]\nconclude: {cause: c}\nexamples: [{name: a, expect: match, given: [s]}]\n")
    assert isinstance(made, CaseRule)
    assert [each.passed for each in exercise(Rules(case_rules=(made,)), Dumb())] == [False]


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ("{at: soon, a: {}}", "the example `x`: an example's signal has no time"),
        ("{at: 0s}", "names no signal"),
        ("{at: 0s, a: {}, b: {}}", "names no signal"),
        ("{at: 0s, c: {}}", "c is not among the signals"),
        ("{at: 0s, signal: {status: x}}", "None is no kind"),
        ("{at: 0s, a: {status: [x]}}", "holds no value"),
        ("{at: 0s, a: {connector: one}}", "holds no value"),
        ("nothing", "has no time"),
    ],
)
def test_an_example_that_cannot_be_read_is_refused(item, said):
    made = with_examples(f"{{name: x, expect: match, given: [{item}]}}")
    with pytest.raises(RuleError, match=said):
        given(made, made.examples[0])


METER = "{a: {kind: meter, current: {'>': 32 A}}}"


def told(fires, given, when="{signal: a}", expect="match"):
    made = with_examples(f"{{name: x, expect: {expect}, fires: {fires}, given: [{given}]}}", signals=METER, when=when)
    return next(iter(exercise(Rules(signal_rules=(made,)))))


@pytest.mark.parametrize(
    ("fires", "given", "passed", "said"),
    [
        ("2", "{at: 0s, a: {}}, {at: 9s, a: {}}", True, "fired at 0s, 9s"),
        ("1", "{at: 0s, a: {}}, {at: 9s, a: {}}", False, "fired at 0s, 9s, but must 1 times"),
        ("9s", "{at: 9s, a: {}}", True, "fired at 9s"),
        ("[0s, 5m]", "{at: 0s, a: {}}, {at: 5m, a: {}}", True, "fired at 0s, 5m"),
        ("5m", "{at: 301s, a: {}}", False, "fired at 301s, but must at 5m"),
        ("3", "{at: 0s, a: {current: 10}}", False, "did not fire, but must 3 times"),
        ("11", "{at: 0s..5m every 30s, a: {}}", True, "fired at 0s, 30s, 1m, 90s, 2m …"),
        ("4m", '{at: 0s every 1m, a: {current: "16+4x5"}}', False, "fired at 5m, but must at 4m"),
        ("[2m, 5m]", '{at: 0s every 1m, a: {current: "16x1 40 _x2 36-6x2"}}', True, "fired at 2m, 5m"),
        ("[0s, 30s, 1m]", '{at: 1m, a: {}}, {at: 0s every 30s, a: {current: "40x1"}}', True, "fired at 0s, 30s, 1m"),
    ],
)
def test_an_example_may_say_how_often_or_when_the_rule_fires(fires, given, passed, said):
    outcome = told(fires, given)
    assert (outcome.passed, str(outcome)) == (passed, said)


def test_what_stays_away_fires_when_its_time_is_over():
    made = with_examples(
        "{name: x, expect: match, fires: 5m, given: [{at: 0s, a: {}}, {at: 9m, signal: {kind: heartbeat}}]}",
        when="{absent: b, after: a, for: 5m}",
    )
    assert outcome(made) == [True]


@pytest.mark.parametrize(
    ("fires", "given", "expect", "said"),
    [
        ("soon", "{at: 0s, a: {}}", "match", "fires 'soon'"),
        ("0", "{at: 0s, a: {}}", "match", "fires 0"),
        ("[]", "{at: 0s, a: {}}", "match", r"fires \(\)"),
        ("1", "{at: 0s, a: {current: 1}}", "no match", "fires 1"),
        ("1", "{at: 0s..9s, a: {}}", "match", "is no run of moments"),
        ("1", "{at: 0s..9s every 0s, a: {}}", "match", "is no run of moments"),
        ("1", "{at: 0s..ever every 1s, a: {}}", "match", "is no run of moments"),
        ("1", "{at: 9s..0s every 1s, a: {}}", "match", "does not say how often"),
        ("1", "{at: 0s..31d every 1s, a: {}}", "match", "does not say how often"),
        ("1", "{at: 0s every 1s, a: {}}", "match", "does not say how often"),
        ("1", '{at: 0s every 1s, a: {current: "1x3", power: "1x4"}}', "match", "does not say how often"),
        ("1", '{at: 0s every 1s, a: {current: "1x9999"}}', "match", "is a long series"),
        ("1", ", ".join(["{at: 0s..30m every 1s, a: {}}"] * 6), "match", "is too long"),
    ],
)
def test_an_example_that_says_neither_how_often_nor_when_is_refused(fires, given, expect, said):
    with pytest.raises(RuleError, match=said):
        told(fires, given, expect=expect)


def test_the_example_of_a_case_rule_has_no_times():
    made = read("id: r\nall: [s]\nconclude: {cause: c}\nexamples: [{name: a, expect: match, fires: 1, given: [s]}]\n")
    with pytest.raises(RuleError, match="holds or does not"):
        outcome(made)
