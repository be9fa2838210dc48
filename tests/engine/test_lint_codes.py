"""Every check of lint has a rule that it complains of, and one that is nearly the same and passes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from moments import read, rule
from small_world import AT_PLUG_IN, IDLE, RAIN, WET, knowledge

from chargelore.engine.grammar.rule import AnyRule, CaseRule, Rules, SignalRule
from chargelore.engine.grammar.rulefile import Introduced
from chargelore.engine.lint import Beside, explained, lint
from chargelore.kb.model import Knowledge

START = "[{at: 0s, signal: {kind: start}}]"
MATCH, MISS = f"{{name: a, expect: match, given: {START}}}", "{name: b, expect: no match, given: [{at: 0s, a: {}}]}"
EXAMPLES = f"examples: [{MATCH}, {MISS}]\n"
ONE, TWO = "{a: {kind: start}}", "{a: {kind: start}, b: {kind: stop}}"
FAULTED = "{a: {kind: status, status: Faulted}}"
ON, NEVER = "{signal: a}", "{sequence: [a, b], within: 1m}"
TODAY = date(2026, 6, 1)


def made(signals: str = ONE, when: str = ON, more: str = "", name: str = "r") -> SignalRule:
    head = f"symptom: {AT_PLUG_IN}\nsource: own\nlimits: none\n{EXAMPLES}"
    return rule(signals, when, head + more, name)


def case(body: str, name: str = "c", more: str = "why: so it is\n") -> AnyRule:
    examples = (
        f"examples: [{{name: a, expect: match, given: [{AT_PLUG_IN}]}}, {{name: b, expect: no match, given: []}}]"
    )
    return read(f"id: {name}\nauthor: me\nstatus: stable\nlimits: none\n{body}\n{examples}\n{more}", name)


def settling(by: str, name: str = "r", more: str = "") -> SignalRule:
    values = f"parameters: {{settle: {{default: 30s, by: [{by}]}}}}\n"
    return made(FAULTED, "{sustained: a, for: $settle}", values + more, name)


SEVERAL = "{chargers: {signal: a}, at_least: 2, within: 1m}"
SOUND = made()
APART = made(when=SEVERAL, more="across: feeder\n")
ELSEWHERE = replace(SOUND.examples[1], chargers={"b": Introduced(feeder="other")})
OTHER_KIND = replace(SOUND.examples[1], given=SOUND.examples[0].given)  # a near miss of a start signal
GIVEN_UP = replace(SOUND, status="deprecated", reason="the maker mended it", replaced_by="none")
OTHER = made(FAULTED, name="other")
JOINS = case(f"all: [{AT_PLUG_IN}]\nconclude: {{cause: {WET}}}")
DRAFT = replace(SOUND, status="draft", since=date(2026, 2, 1))
SHADOW = replace(DRAFT, status="shadow", since=date(2025, 11, 1))
LED = case(f"all: [{AT_PLUG_IN}]\nconclude: {{symptom: {IDLE}}}", "led")
assert isinstance(LED, CaseRule)
Rules_ = Sequence[AnyRule]

# code -> rules with the flaw, and rules that nearly have it
TRIED: dict[str, tuple[Rules_, Rules_]] = {
    "R01": ([replace(SOUND, examples=SOUND.examples[1:])], [SOUND]),
    "R02": ([replace(SOUND, examples=SOUND.examples[:1])], [replace(DRAFT, examples=SOUND.examples[:1])]),
    "R03": ([replace(SOUND, author="")], [SOUND]),
    "R04": ([replace(SOUND, symptom="unheard-of")], [SOUND]),
    "R05": ([replace(SOUND, symptom="shown-by-none")], [replace(SOUND, symptom=RAIN)]),
    "R06": ([SOUND, case(f"all: [{AT_PLUG_IN}]\nconclude: {{cause: nobody}}")], [SOUND, JOINS]),
    "R07": ([JOINS], [SOUND, JOINS]),
    "R08": ([SOUND, replace(LED, conclude=replace(LED.conclude, symptom=AT_PLUG_IN))], [SOUND, LED]),
    "R09": ([made("{a: {kind: fault, fault: nonsense}}")], [made("{a: {kind: fault, fault: reconnect-loop}}")]),
    "R10": (
        [made(when="{count: a, at_least: 2, within: 49h}")],
        [made(when="{count: a, at_least: 2, within: 48h}")],
    ),
    "R11": ([replace(SOUND, source="")], [SOUND]),
    "R12": ([SOUND, replace(SOUND, id="twin")], [SOUND, made("{a: {kind: stop}}", name="twin")]),
    "R13": ([made(TWO)], [made(TWO, NEVER)]),
    "R14": ([made("{a: {kind: log, text: {matches: '(x|)'}}}")], [made("{a: {kind: log, text: {matches: '(x|y)'}}}")]),
    "R15": ([replace(GIVEN_UP, reason="")], [GIVEN_UP]),
    "R16": ([replace(GIVEN_UP, replaced_by="nobody")], [replace(GIVEN_UP, replaced_by="other"), OTHER]),
    "R17": ([replace(SOUND, replaced_by="other"), OTHER], [replace(GIVEN_UP, replaced_by="other"), OTHER]),
    "R18": ([replace(SOUND, examples=(SOUND.examples[0], replace(SOUND.examples[1], name="a")))], [SOUND]),
    "R19": ([replace(SOUND, examples=tuple(replace(each, given=()) for each in SOUND.examples))], [SOUND]),
    "R20": ([replace(made("{a: {kind: boot}}"), examples=(OTHER_KIND,))], [replace(SOUND, examples=(OTHER_KIND,))]),
    "R21": ([replace(SOUND, examples=(SOUND.examples[0], replace(SOUND.examples[1], given=())))], [SOUND]),
    "R22": ([replace(SOUND, title="so " * 34)], [replace(SOUND, title="so " * 33)]),
    "R23": ([SOUND, case(f"all: [{AT_PLUG_IN}]\nconclude: {{cause: {WET}}}", more="why: ''\n")], [SOUND, JOINS]),
    "R24": ([replace(SOUND, limits="")], [SOUND]),
    "R25": ([SOUND, LED, case(f"all: [{IDLE}]\nconclude: {{symptom: {AT_PLUG_IN}}}", "back")], [SOUND, LED]),
    "R26": ([made(more="applies_to: {vendor: Acmee}\n")], [made(more="applies_to: {vendor: Acme}\n")]),
    "R27": (
        [made("{a: {kind: code, vendor: Acme, code: E8}}")],
        [made("{a: {kind: code, vendor: Acme, code: E7}}")],
    ),
    "R28": (
        [made("{a: {kind: reading, name: no.such.register}}")],
        [made("{a: {kind: reading, name: silent}}")],
    ),
    "R29": ([made("{a: {kind: status, status: Fautled}}")], [made("{a: {kind: status, status: faulted}}")]),
    "R30": (
        [SOUND, case(f"all: [{AT_PLUG_IN}, {IDLE}]\nconclude: {{cause: {WET}}}")],
        [SOUND, case(f"all: [{AT_PLUG_IN}, {RAIN}]\nconclude: {{cause: {WET}}}")],
    ),
    "R31": (
        [made("{a: {kind: meter, current: {'>': 32 A, '<': 6 A}}}")],
        [made("{a: {kind: meter, current: {'>': 6 A, '<': 32 A}}}")],
    ),
    "R32": (
        [OTHER, made("{a: {kind: status, status: Faulted, info: X}}")],
        [OTHER, made("{a: {kind: status, status: Available, info: X}}")],
    ),
    "R33": ([made("{a: {kind: start}, b: {kind: start}}", NEVER)], [made(TWO, NEVER)]),
    "R34": (
        [made("{a: {kind: log, text: {matches: offline}}}")],
        [made("{a: {kind: log, text: {matches: 'off ?line'}}}")],
    ),
    "R35": (
        [made("{a: {kind: meter, temperature: {'>': 301 C}}}")],
        [made("{a: {kind: meter, temperature: {'>': 300 C}}}")],
    ),
    "R36": (
        [made("{a: {kind: status, status: [Faulted, faulted]}}")],
        [made("{a: {kind: status, status: [Faulted, Reserved]}}")],
    ),
    "R37": ([made("{a: {kind: status, status: [Faulted]}}")], [made(FAULTED)]),
    "R38": ([made("{a: {kind: log}}")], [made("{a: {kind: log, text: {contains: x}}}")]),
    "R39": ([made("{a: {kind: meter, power: {contains: 7}}}")], [made("{a: {kind: meter, power: {'>': 7}}}")]),
    "R40": (
        [made(when="{count: a, at_least: 2, within: 0s}")],
        [made(when="{count: a, at_least: 2, within: 1s}")],
    ),
    "R41": (
        [made(when="{count: a, at_least: 1, within: 1m}")],
        [made(when="{count: a, at_least: 2, within: 1m}")],
    ),
    "R42": ([made(TWO, "{absent: a, after: a, for: 1m}")], [made(TWO, "{absent: b, after: a, for: 1m}")]),
    "R43": ([made("{a: {kind: stop}}", "{sustained: a, for: 1m}")], [made(FAULTED, "{sustained: a, for: 1m}")]),
    "R44": (
        [made(FAULTED, "{changed: a.status}")],
        [made("{a: {kind: status, status: [Faulted, Available]}}", "{changed: a.status}")],
    ),
    "R45": ([made(TWO, "{any: [{signal: a}, {signal: a}]}")], [made(TWO, "{any: [{signal: a}, {signal: b}]}")]),
    "R46": (
        [made("{a: {kind: status}, b: {kind: stop}}", "{all: [{sustained: a, for: 61m}, {signal: b}], within: 1h}")],
        [made("{a: {kind: status}, b: {kind: stop}}", "{all: [{sustained: a, for: 1h}, {signal: b}], within: 1h}")],
    ),
    "R47": (
        [made(more='applies_to: {vendor: Acme, firmware: ">=6,<5"}\n')],
        [made(more='applies_to: {vendor: Acme, firmware: ">=5,<6"}\n')],
    ),
    "R48": (
        [made(more='applies_to: {firmware: ">=6"}\n')],
        [made(more='applies_to: {vendor: Acme, firmware: ">=6"}\n')],
    ),
    "R49": (
        [replace(SOUND, place="rules/signals/no-domain/r.yaml:1")],
        [replace(SOUND, place="rules/signals/safety/r.yaml:1")],
    ),
    "R50": ([DRAFT], [replace(DRAFT, since=date(2026, 3, 3))]),
    "R51": ([SHADOW], [replace(SHADOW, since=date(2025, 12, 3))]),
    "R52": ([replace(DRAFT, since=None)], [replace(SOUND, since=None)]),
    "R53": ([replace(DRAFT, since=date(2026, 6, 2))], [replace(DRAFT, since=TODAY)]),
    "R54": ([made(when="{count: a, at_least: 2, within: 1h}", name="old")],
            [made(when="{count: a, at_least: 2, within: 1h}", more="version: 2\n", name="old")]),
    "R55": ([made(more="version: 2\n", name="old")], [replace(made(name="old"), title="In other words")]),
    "R56": ([SOUND], [replace(GIVEN_UP, id="old")]),
    "R57": ([made(when=ON, more="across: site\n")], [made(when=SEVERAL, more="across: site\n")]),
    "R58": ([made(when=SEVERAL, more="across: feeder\n")], [replace(APART, examples=(*SOUND.examples[:1], ELSEWHERE))]),
    "R59": (
        [made(FAULTED, "{chargers: {sustained: a, for: 10m}, at_least: 2, within: 5m}", "across: site\n")],
        [made(FAULTED, "{chargers: {sustained: a, for: 5m}, at_least: 2, within: 5m}", "across: site\n")],
    ),
    "R60": ([settling("{vendor: Acme, value: 30s}")], [settling("{vendor: Acme, value: 31s}")]),
    "R61": (
        [settling("{vendor: Nobody, value: 1s}"), settling("{model: Y, value: 1s}", "s"),
         settling('{vendor: Acme, firmware: ">=6,<5", value: 1s}', "t")],
        [settling('{vendor: Acme, model: Y, firmware: ">=5,<6", value: 1s}')],
    ),
    "R62": (
        [settling("{connector: dc, value: 1s}", more="applies_to: {connector: type2}\n")],
        [settling("{connector: dc, value: 1s}", more="applies_to: {connector: [type2, ccs2]}\n")],
    ),
    "R63": ([made(more="applies_to: {connector: [ac, dc]}\n")], [made(more="applies_to: {connector: ac}\n")]),
}  # fmt: skip


def world() -> Knowledge:
    """The small world, with a symptom that no cause shows, and two that tell of one event."""
    small = knowledge()
    lonely = replace(small.evidence[RAIN], id="shown-by-none")
    grouped = {name: replace(small.evidence[name], group="one") for name in (AT_PLUG_IN, IDLE)}
    return replace(small, evidence={**small.evidence, **grouped, lonely.id: lonely})


def codes(rules: Rules_, beside: Beside) -> set[str]:
    known = Rules(
        signal_rules=tuple(each for each in rules if isinstance(each, SignalRule)),
        case_rules=tuple(each for each in rules if isinstance(each, CaseRule)),
    )
    return {issue.code for issue in lint(known, world(), "hint", beside)}


def beside(code: str) -> Beside:
    """Only what compares with earlier rules is told of one."""
    return Beside(
        today=TODAY, before=Rules(signal_rules=(made(name="old"),)) if code in {"R54", "R55", "R56"} else Rules()
    )


@pytest.mark.parametrize("code", TRIED)
def test_each_check_complains_of_its_flaw_and_lets_what_nearly_has_it_pass(code: str) -> None:
    flawed, near = TRIED[code]
    assert code in codes(flawed, beside(code))
    assert code not in codes(near, beside(code))


def test_every_check_that_lint_lists_is_tried_here() -> None:
    assert [code for code, _ in explained()] == sorted(TRIED)


def test_five_blind_verdicts_are_enough_for_a_long_trial() -> None:
    name = f"{SHADOW.id}@{SHADOW.version}"
    judged = [Beside(today=TODAY, verdicts={name: number}) for number in (4, 5)]
    assert ["R51" in codes([SHADOW], each) for each in judged] == [True, False]


def test_lint_that_is_not_told_the_day_judges_no_age() -> None:
    assert not codes([DRAFT, replace(SHADOW, id="s", since=None)], Beside()) & {"R50", "R51", "R53"}
