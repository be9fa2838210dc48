"""What a reviewer would say of rules, each with a code and a fix."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from moments import read, rule
from small_world import AT_PLUG_IN, IDLE, WET, knowledge

from chargelore.engine.lint import explained, lint
from chargelore.engine.lint.issue import Edit
from chargelore.engine.lint.mend import mended
from chargelore.engine.rule import CaseRule, Rules, SignalRule
from chargelore.kb.errors import RuleError

START = "[{at: 0s, signal: {kind: start}}]"
EXAMPLES = f"examples: [{{name: a, expect: match, given: []}}, {{name: b, expect: no match, given: {START}}}]\n"
LIMITS = "limits: sees nothing that is not sent\n"
SOUND = rule("{a: {kind: start}}", "{signal: a}", f"symptom: {AT_PLUG_IN}\nsource: own\n{EXAMPLES}", name="sound")
CASE = "status: stable\nauthor: a\nwhy: so it is\n" + EXAMPLES


def codes(*rules: SignalRule | CaseRule) -> set[str]:
    known = Rules(
        signal_rules=tuple(each for each in rules if isinstance(each, SignalRule)),
        case_rules=tuple(each for each in rules if isinstance(each, CaseRule)),
    )
    return {issue.code for issue in lint(known, knowledge(), "hint")} - {"R24"}


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


ONE, TWO = "{a: {kind: start}}", "{a: {kind: start}, b: {kind: start}}"
SEVEN = "{a: {kind: status, status: Faulted}}"
NOW_OR_LATER = [
    ("R16", replace(SOUND, status="deprecated", replaced_by="nobody")),
    ("R17", replace(SOUND, replaced_by="other")),
    ("R18", replace(SOUND, examples=(SOUND.examples[0], replace(SOUND.examples[1], name="a")))),
    ("R19", replace(SOUND, examples=tuple(replace(each, given=()) for each in SOUND.examples))),
    ("R20", signal_rule("{a: {kind: boot}}", "{signal: a}")),
    ("R21", replace(SOUND, examples=(*SOUND.examples, replace(SOUND.examples[1], name="c", given=())))),
    ("R22", replace(SOUND, title="so " * 60)),
    ("R26", signal_rule("{a: {kind: start}}", "{signal: a}\napplies_to: {vendor: Acmee}")),
    ("R27", signal_rule("{a: {kind: code, vendor: Acme, code: E8}}", "{signal: a}")),
    ("R28", signal_rule("{a: {kind: reading, name: no.such.register}}", "{signal: a}")),
    ("R29", signal_rule("{a: {kind: status, status: Fautled}}", "{signal: a}")),
    ("R29", signal_rule("{a: {kind: answer, action: RemoteStrat}}", "{signal: a}")),
    ("R31", signal_rule("{a: {kind: meter, current: {'>': 32 A, '<': 6 A}}}", "{signal: a}")),
    ("R33", signal_rule(TWO, "{sequence: [a, b], within: 1m}")),
    ("R34", signal_rule("{a: {kind: log, text: {matches: offline}}}", "{signal: a}")),
    ("R35", signal_rule("{a: {kind: meter, temperature: {'>': 7000}}}", "{signal: a}")),
    ("R36", signal_rule("{a: {kind: status, status: [Faulted, faulted]}}", "{signal: a}")),
    ("R37", signal_rule("{a: {kind: status, status: [Faulted]}}", "{signal: a}")),
    ("R38", signal_rule("{a: {kind: log}}", "{signal: a}")),
    ("R39", signal_rule("{a: {kind: meter, power: {contains: 7}}}", "{signal: a}")),
    ("R40", signal_rule(ONE, "{count: a, at_least: 2, within: 0s}")),
    ("R41", signal_rule(ONE, "{count: a, at_least: 1, within: 1m}")),
    ("R42", signal_rule(ONE, "{absent: a, after: a, for: 1m}")),
    ("R42", signal_rule(ONE, "{sequence: [a, a], within: 1m}")),
    ("R43", signal_rule("{a: {kind: stop}}", "{sustained: a, for: 1m}")),
    ("R44", signal_rule(SEVEN, "{changed: a.status}")),
    ("R45", signal_rule(ONE, "{any: [{signal: a}, {signal: a}]}")),
    (
        "R46",
        signal_rule(
            "{a: {kind: status}, b: {kind: stop}}", "{all: [{sustained: a, for: 2h}, {signal: b}], within: 1h}"
        ),
    ),
    ("R47", signal_rule(ONE, '{signal: a}\napplies_to: {vendor: Acme, firmware: ">=6,<5"}')),
    ("R48", signal_rule(ONE, '{signal: a}\napplies_to: {firmware: ">=6"}')),
    ("R49", replace(SOUND, place="rules/signals/no-domain/sound.yaml:1")),
]


@pytest.mark.parametrize(("code", "made"), NOW_OR_LATER)
def test_each_doubt_about_a_signal_rule_has_its_code(code, made):
    assert code in codes(made)


def test_a_rule_without_limits_is_a_hint_only():
    assert "R24" in {each.code for each in lint(Rules(signal_rules=(SOUND,)), knowledge(), "hint")}
    assert not list(lint(Rules(signal_rules=(SOUND,)), knowledge()))


def test_a_case_rule_without_a_why_is_told():
    assert "R23" in codes(
        SOUND, read(f"id: r\nall: [{AT_PLUG_IN}]\nconclude: {{cause: {WET}}}\n{CASE}".replace("so it is", "''"))
    )


def test_case_rules_that_feed_one_another_are_told():
    one = read(f"id: r\nall: [{AT_PLUG_IN}]\nconclude: {{symptom: {IDLE}}}\n{CASE}")
    other = read(f"id: s\nall: [{IDLE}]\nconclude: {{symptom: {AT_PLUG_IN}}}\n{CASE}", "s")
    assert "R25" in codes(SOUND, one, other)


def test_symptoms_of_one_group_that_are_joined_are_told():
    world = knowledge()
    grouped = {name: replace(each, group="one") for name, each in world.evidence.items()}
    joined = read(f"id: r\nall: [{AT_PLUG_IN}, {IDLE}]\nconclude: {{cause: {WET}}}\n{CASE}")
    told = lint(Rules(case_rules=(joined,)), replace(world, evidence=grouped), "hint")
    assert "R30" in {each.code for each in told}


def test_a_rule_that_fires_only_when_another_does_is_told():
    wide = signal_rule("{a: {kind: status, status: Faulted}}", "{signal: a}")
    narrow = replace(signal_rule("{a: {kind: status, status: Faulted, info: X}}", "{signal: a}"), id="narrow")
    assert codes(wide, narrow) == {"R20", "R32"}


def test_every_check_is_tried_here():
    tried = {code for code, _ in NOW_OR_LATER} | {f"R{number:02}" for number in range(1, 16)}
    assert {code for code, _ in explained()} - tried == {"R23", "R24", "R25", "R30", "R32"}


def test_safe_fixes_change_the_value_and_nothing_else():
    text = "# why\nid: r\ntitle: T\nsignals:\n  a: {kind: status, status: [Faulted]}  # kept\nwhen: {signal: a}\n"
    edits = [Edit(("signals", "a", "status"), "Faulted")]
    assert mended(text, edits, Path("r.yaml")) == text.replace("[Faulted]", "Faulted")


WHOLE = "id: r\ntitle: T\nsignals: {a: {kind: start}}\nwhen: {signal: a}\n"


def test_a_fix_that_would_break_the_rule_is_refused():
    with pytest.raises(RuleError):
        mended(
            "id: r\ntitle: T\nsignals: {a: {kind: start}}\nwhen: {signal: a}\n", [Edit(("when",), {})], Path("r.yaml")
        )
