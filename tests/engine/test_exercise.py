"""Examples run through what runs live, and an example that cannot be read is refused."""

from __future__ import annotations

import pytest
from moments import read, rule

from chargelore.engine.exercise import exercise, given
from chargelore.engine.firing import Conclusion
from chargelore.engine.rule import CaseRule, Rules
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
        ("{at: soon, a: {}}", "has no time"),
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
