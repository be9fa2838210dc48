"""What a reviewer would say of rules, each with a code and a fix."""

from __future__ import annotations

from dataclasses import replace

import pytest
from moments import read, rule
from small_world import AT_PLUG_IN, WET, knowledge

from chargelore.engine.lint import lint
from chargelore.engine.rule import CaseRule, Rules, SignalRule

EXAMPLES = "examples: [{name: a, expect: match, given: []}, {name: b, expect: no match, given: []}]\n"
SOUND = rule("{a: {kind: start}}", "{signal: a}", f"symptom: {AT_PLUG_IN}\nsource: own\n{EXAMPLES}", name="sound")
CASE = "status: stable\nauthor: a\n" + EXAMPLES


def codes(*rules: SignalRule | CaseRule) -> set[str]:
    known = Rules(
        signal_rules=tuple(each for each in rules if isinstance(each, SignalRule)),
        case_rules=tuple(each for each in rules if isinstance(each, CaseRule)),
    )
    return {issue.code for issue in lint(known, knowledge())}


def signal_rule(signals: str, when: str) -> SignalRule:
    return rule(signals, when, f"symptom: {AT_PLUG_IN}\nsource: own\n{EXAMPLES}")


def test_a_sound_rule_has_no_issue():
    assert codes(SOUND) == set()


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (replace(SOUND, examples=SOUND.examples[1:]), "R01"),
        (replace(SOUND, examples=SOUND.examples[:1]), "R02"),
        (replace(SOUND, author=""), "R03"),
        (replace(SOUND, symptom="unheard-of"), "R04"),
        (replace(SOUND, source=""), "R11"),
        (signal_rule("{a: {kind: fault, fault: no-such-fault}}", "{signal: a}"), "R09"),
        (signal_rule("{a: {kind: fault, fault: [ground-fault-trip, nonsense]}}", "{signal: a}"), "R09"),
        (signal_rule("{a: {kind: start}}", "{count: a, at_least: 2, within: 20d}"), "R10"),
        (signal_rule("{a: {kind: start}, b: {kind: stop}}", "{signal: a}"), "R13"),
        (signal_rule("{a: {kind: log, text: {matches: '(x|)'}}}", "{signal: a}"), "R14"),
        (replace(SOUND, status="deprecated"), "R15"),
    ],
)
def test_each_flaw_of_a_signal_rule_has_its_code(made, code):
    assert code in codes(made)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"id: r\nall: [{AT_PLUG_IN}]\nconclude: {{cause: nobody}}\n", "R06"),
        (f"id: r\nall: [{AT_PLUG_IN}]\nconclude: {{symptom: nothing}}\n", "R06"),
        (f"id: r\nall: [{AT_PLUG_IN}, never-detected]\nconclude: {{cause: {WET}}}\n", "R07"),
        (f"id: r\nall: [{AT_PLUG_IN}]\nconclude: {{symptom: {AT_PLUG_IN}}}\n", "R08"),
    ],
)
def test_each_flaw_of_a_case_rule_has_its_code(text, code):
    assert codes(SOUND, read(text + CASE)) == {code}


def test_two_rules_that_say_the_same_are_told():
    assert codes(SOUND, replace(SOUND, id="twin")) == {"R12"}


def test_every_issue_says_what_to_do():
    issues = list(lint(Rules(signal_rules=(replace(SOUND, author="", source="", examples=()),)), knowledge()))
    assert len(issues) == 4
    assert all(issue.what and issue.fix and issue.place for issue in issues)
