"""What a reviewer would say of rules, each with a code and a fix."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from moments import read, rule
from small_world import AT_PLUG_IN, IDLE, WET, knowledge

from chargelore.engine.grammar.rule import CaseRule, Rules, SignalRule
from chargelore.engine.lint import lint
from chargelore.engine.lint.issue import Edit
from chargelore.engine.lint.mend import mended
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


def test_two_rules_that_say_the_same_are_told():
    assert codes(SOUND, replace(SOUND, id="twin")) == {"R12"}


def test_every_issue_says_what_to_do():
    issues = list(lint(Rules(signal_rules=(replace(SOUND, author="", source="", examples=()),)), knowledge()))
    assert len(issues) == 4
    assert all(issue.what and issue.fix and issue.place for issue in issues)


def test_a_rule_without_limits_is_a_hint_only():
    assert "R24" in {each.code for each in lint(Rules(signal_rules=(SOUND,)), knowledge(), "hint")}
    assert not list(lint(Rules(signal_rules=(SOUND,)), knowledge()))


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


def test_a_rule_that_calls_the_same_signal_otherwise_is_told_too():
    wide = signal_rule("{down: {kind: status, status: Faulted}}", "{signal: down}")
    narrow = replace(signal_rule("{a: {kind: status, status: Faulted, info: X}}", "{signal: a}"), id="narrow")
    assert "R32" in codes(wide, narrow)


@pytest.mark.parametrize(("low", "high", "told"), [(">", "<", True), (">=", "<", True), (">=", "<=", False)])
def test_a_range_without_a_value_in_it_is_told(low: str, high: str, told: bool):
    rule = signal_rule(f"{{a: {{kind: meter, current: {{'{low}': 6 A, '{high}': 6 A}}}}}}", "{signal: a}")
    assert ("R31" in codes(rule)) is told


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


SAFE = Edit(("since",), "today", adds=True)


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        (f"# why\n{WHOLE}status: draft  # still\n", f"# why\n{WHOLE}since: 2026-05-04\nstatus: draft  # still\n"),
        (f"# why\n{WHOLE}", f"# why\nsince: 2026-05-04\n{WHOLE}"),
        ("{id: r, title: T, signals: {a: {kind: start}}, when: {signal: a}, status: draft}",
         "{id: r, title: T, signals: {a: {kind: start}}, when: {signal: a}, since: 2026-05-04, status: draft}"),
    ],
)  # fmt: skip
def test_a_key_that_is_missing_is_added_and_nothing_else_moves(text, becomes):
    assert mended(text, [replace(SAFE, value=date(2026, 5, 4))], Path("r.yaml")) == becomes


def test_several_fixes_of_one_file_do_not_get_into_each_others_way():
    text = f"{WHOLE.replace('kind: start', 'kind: status, status: [Faulted]')}status: draft\n"
    edits = [Edit(("signals", "a", "status"), "Faulted"), replace(SAFE, value=date(2026, 5, 4))]
    told = mended(text, edits, Path("r.yaml"))
    assert "status: Faulted}" in told
    assert "since: 2026-05-04\nstatus: draft" in told
