"""The rule language: what is written wrongly is told with file, line and cure; what is written rightly is read."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moments import read, rule, signal

from chargelore.engine.grammar.operators import All, Count
from chargelore.engine.grammar.rule import CaseRule, load_rules
from chargelore.engine.units import quantity, span
from chargelore.kb.errors import RuleError

HEAD = "id: r\ntitle: T\n"
SEEN = "signals: {a: {kind: status, status: Faulted}}\n"

BULKY = [f"w{number}.{{0,200}}z" for number in range(60)]

WRONG = [
    ("", "holds no rule"),
    ("- a\n", "holds no rule"),
    (f"{HEAD}{SEEN}when: {{signal: a}}\ncolour: red\n", "rules/signals/r.yaml:5: `colour`"),
    (f"{HEAD}{SEEN}", "`when`"),
    (f"id: other\ntitle: T\n{SEEN}when: {{signal: a}}\n", "the id other is not the file's name"),
    (f"{HEAD}signals: {{}}\nwhen: {{signal: a}}\n", "names 0 signals"),
    (f"{HEAD}signals: {{a: {{status: x}}}}\nwhen: {{signal: a}}\n", "`a` has no kind"),
    (f"{HEAD}signals: {{a: {{kind: sttus}}}}\nwhen: {{signal: a}}\n", "sttus is no kind of signal"),
    (f"{HEAD}signals: {{a: {{kind: meter, power: {{over: 3}}}}}}\nwhen: {{signal: a}}\n", "over is no test"),
    (
        f'{HEAD}signals: {{a: {{kind: meter, power: {{">": 3 A}}}}}}\nwhen: {{signal: a}}\n',
        "'3 A' is no value for power",
    ),
    (
        f"{HEAD}signals: {{a: {{kind: log, text: {{matches: '(x'}}}}}}\nwhen: {{signal: a}}\n",
        "is no pattern that RE2 knows: missing ): (x",
    ),
    (f"{HEAD}signals: {{a: {{kind: log, text: {{matches: '(?=x)'}}}}}}\nwhen: {{signal: a}}\n", "no look-around"),
    (
        f"{HEAD}signals: {{a: {{kind: log, text: {{matches: '{'x' * 5000}'}}}}}}\nwhen: {{signal: a}}\n",
        "5000 characters long",
    ),
    (f"{HEAD}signals: {{a: {{kind: log, text: {{matches: '({'|'.join(BULKY)})'}}}}}}\nwhen: {{signal: a}}\n", "steps"),
    (f"{HEAD}signals: {{a: {{kind: log, text: }}}}\nwhen: {{signal: a}}\n", "is empty"),
    (f"{HEAD}signals: {{a: {{kind: log, text: [[a]]}}}}\nwhen: {{signal: a}}\n", "is no value"),
    (f"{HEAD}signals: {{a: {{kind: log, text: {{present: maybe}}}}}}\nwhen: {{signal: a}}\n", "`present` is 'maybe'"),
    (f"{HEAD}signals: {{a: {{kind: log, level: {{'>': high}}}}}}\nwhen: {{signal: a}}\n", "'high' is no number"),
    (
        f"{HEAD}signals: {{a: {{kind: log, x: {{'>': {{field: y, times: z}}}}}}}}\nwhen: {{signal: a}}\n",
        "names no other field",
    ),
    (f"{HEAD}signals: {{a: {{kind: log, text: {{in: no}}}}}}\nwhen: {{signal: a}}\n", "`in` needs a list"),
    (f"{HEAD}{SEEN}when: {{seen: a}}\n", "knows no operator in ['seen']"),
    (f"{HEAD}{SEEN}when: {{signal: b}}\n", "b is not among the signals"),
    (f"{HEAD}{SEEN}when: {{signal: a, within: 3s}}\n", "`within` does not belong here"),
    (f"{HEAD}{SEEN}when: {{signal: a, same: connector}}\n", "`same` does not belong here"),
    (f"{HEAD}{SEEN}when: {{sequence: [a], within: 3s}}\n", "needs two or more"),
    (f"{HEAD}{SEEN}when: {{sequence: [a, a]}}\n", "None is no span of time"),
    (f"{HEAD}{SEEN}when: {{count: a, at_least: 3, within: 3 parsecs}}\n", "'3 parsecs' is no span"),
    (f"{HEAD}{SEEN}when: {{count: a, at_least: 3, within: 90d}}\n", "'90d' is no span"),
    (f"{HEAD}{SEEN}when: {{count: a, at_least: 100000, within: 1d}}\n", "100000 is no count"),
    (
        f"{HEAD}{SEEN}when: {{count: a, at_least: 3, within: 1h, same: site}}\n",
        "'site' is nothing that signals can share",
    ),
    (f"{HEAD}{SEEN}when: {{changed: a}}\n", "must name a signal and its field"),
    (f"{HEAD}{SEEN}when: {{not: {{signal: a}}}}\n", "`not` stands alone"),
    (f"{HEAD}{SEEN}when: {{any: [{{signal: a}}, {{not: {{signal: a}}}}]}}\n", "`not` stands in `any`"),
    (f"{HEAD}{SEEN}when: {{all: [{{not: {{signal: a}}}}, {{not: {{signal: a}}}}]}}\n", "nothing in `all` must happen"),
    (f"{HEAD}{SEEN}when: {{all: [{{signal: a}}]}}\n", "`all` has no 2 to 8 parts"),
    (f"{HEAD}{SEEN}when: {{signal: a}}\napplies_to: {{firmware: new}}\n", "'new' is no range of versions"),
    (f"{HEAD}{SEEN}when: {{signal: a}}\nexamples: [{{name: x, expect: perhaps, given: []}}]\n", "expect"),
    (f"{HEAD}all: []\nconclude: {{cause: c}}\n", "joins 0 symptoms"),
    (f"{HEAD}all: [a, b, c, d, e, f, g, h, i]\nconclude: {{cause: c}}\n", "joins 9 symptoms"),
    (f"{HEAD}all: [a]\nconclude: {{}}\n", "must conclude one thing"),
    (f"{HEAD}all: [a]\nconclude: {{cause: c, symptom: s}}\n", "must conclude one thing"),
    (f"{HEAD}all: [{{not: a}}]\nconclude: {{cause: c}}\n", "is no symptom"),
    (f"{HEAD}all: [{{symptom: a, same: site}}]\nconclude: {{cause: c}}\n", "is no symptom"),
    (f"{HEAD}all: [a]\nconclude: {{cause: c, grade: mostly}}\n", "grade"),
    ("id: r\nall: [a, b]\nconclude: {symptom: b}\nwhy: W\n", "r.yaml:3: concludes what it needs itself"),
]


@pytest.mark.parametrize(("text", "said"), WRONG)
def test_what_is_wrong_is_told_with_its_place_and_a_cure(text, said):
    with pytest.raises(RuleError) as refused:
        read(text)
    assert said in str(refused.value)
    assert "rules/signals/r.yaml:" in refused.value.where
    assert refused.value.mend


def test_the_line_is_that_of_the_mistake():
    signals = "signals:\n  a: {kind: status}\n  b:\n    kind: meter\n    power: {'>': 3 volts}\n"
    text = f"{HEAD}{signals}when: {{signal: a}}\n"
    with pytest.raises(RuleError) as refused:
        read(text)
    assert refused.value.where.endswith("r.yaml:7")


def test_two_rules_of_one_name_are_refused(tmp_path: Path):
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "r.yaml").write_text(f"{HEAD}{SEEN}when: {{signal: a}}\n", encoding="utf-8")
    with pytest.raises(RuleError, match="used twice"):
        load_rules(tmp_path)


CASE_RULE = "id: {name}\nall: [{needs}]\nconclude: {{symptom: {end}}}\nwhy: W\nstatus: {status}\n"


def case_rule(folder: Path, name: str, needs: str, end: str, status: str = "stable") -> None:
    text = CASE_RULE.format(name=name, needs=needs, end=end, status=status)
    (folder / f"{name}.yaml").write_text(text, encoding="utf-8")


def test_case_rules_that_prove_each_other_are_refused_by_name(tmp_path: Path):
    case_rule(tmp_path, "b", "wet, trip", "storm")
    case_rule(tmp_path, "a", "storm", "heat")
    case_rule(tmp_path, "c", "heat, dark", "wet")
    case_rule(tmp_path, "outside", "storm", "rain")
    with pytest.raises(RuleError) as found:
        load_rules(tmp_path)
    assert "a.yaml:1: " in str(found.value)
    assert "a -> c -> b -> a" in str(found.value)
    assert found.value.mend


def test_a_chain_of_case_rules_is_no_circle_nor_is_one_through_a_deprecated_rule(tmp_path: Path):
    case_rule(tmp_path, "b", "wet", "storm")
    case_rule(tmp_path, "a", "storm", "heat")
    case_rule(tmp_path, "old", "heat", "wet", "deprecated")
    (tmp_path / "old.yaml").write_text(
        (tmp_path / "old.yaml").read_text(encoding="utf-8") + "reason: it was wrong\n", encoding="utf-8"
    )
    assert len(load_rules(tmp_path).case_rules) == 3


def test_a_file_of_a_megabyte_is_no_rule(tmp_path: Path):
    (tmp_path / "r.yaml").write_text(f"{HEAD}{SEEN}when: {{signal: a}}\n{'#' * 1_000_000}\n", encoding="utf-8")
    with pytest.raises(RuleError, match="larger than"):
        load_rules(tmp_path)


def test_a_folder_of_rules_is_read_into_signal_rules_and_case_rules(tmp_path: Path):
    (tmp_path / "r.yaml").write_text(f"{HEAD}{SEEN}when: {{signal: a}}\n", encoding="utf-8")
    (tmp_path / "c.yaml").write_text(
        "id: c\nall: [r, {symptom: s, same: connector}]\nconclude: {cause: x}\n", encoding="utf-8"
    )
    rules = load_rules(tmp_path)
    assert [each.symptom for each in rules.signal_rules] == ["r"]
    assert [need.same_connector for need in rules.case_rules[0].needs] == [False, True]


def test_units_are_turned_into_those_of_the_field():
    made = rule('{a: {kind: meter, power: {">": 7 kW}, energy: {"<=": 1.5 kWh}, current: 16}}', "{signal: a}")
    assert [each.limit for each in made.patterns["a"].conditions] == [7000.0, 1500.0, 16]


def test_spans_and_quantities():
    assert [span(each) for each in ("0s", 0, "90s", "10m", "2h", "1d", "500ms")] == [
        timedelta(seconds=each) for each in (0, 0, 90, 600, 7200, 86_400, 0.5)
    ]
    assert [span(each) for each in ("", "5", 5, "-5s", "5 A", "40d", None)] == [None] * 7
    assert quantity("32 A") == (32.0, "A")
    assert quantity("about 32 A") is None


@pytest.mark.parametrize(
    ("test", "fields", "holds"),
    [
        ("status: Faulted", {"status": "FAULTED"}, True),
        ("level: 1", {"level": "1"}, True),
        ("level: '007'", {"level": "7"}, False),
        ("level: [1, two]", {"level": "TWO"}, True),
        ("level: {'!=': 1}", {"level": 2}, True),
        ("level: {'!=': 1}", {}, False),
        ("level: {present: true}", {"level": ""}, True),
        ("level: {present: false}", {}, True),
        ("level: {present: false}", {"level": 0}, False),
        ("text: {startswith: no}", {"text": "No pilot"}, True),
        ("text: {contains: ÜBER}", {"text": "zu heiß, übertemperatur"}, True),
        ("text: {matches: 'p.lot$'}", {"text": "no PILOT"}, True),
        ("text: {matches: '^pilot'}", {"text": "no pilot"}, False),
        ("text: {matches: x}", {"text": "\ud800x"}, True),
        ("current: {'>': {field: current.offered, times: 1.1}}", {"current": 18, "current.offered": 16}, True),
        ("current: {'>': {field: current.offered, times: 1.1}}", {"current": 17, "current.offered": 16}, False),
        ("current: {'>': $current.offered}", {"current": 17, "current.offered": 16}, True),
        ("current: {'>': $current.offered}", {"current": 17}, False),
        ("power: {'>': 5, '<': 9}", {"power": " 7.5"}, True),
        ("power: {'>': 5, '<': 9}", {"power": 10}, False),
        ("on: true", {"on": True}, True),
        ("on: true", {"on": "True"}, True),
        ("on: 1", {"on": True}, False),
        ("connector: {'>': 0}", {}, True),
        ("layer: ocpp", {}, True),
    ],
)
def test_conditions_compare_as_people_read(test, fields, holds):
    made = rule(f"{{a: {{kind: event, {test}}}}}", "{signal: a}")
    assert made.patterns["a"].matches(signal(0, "event", fields, connector=1)) is holds


def test_the_version_changes_with_what_the_rule_says():
    one, two = (rule("{a: {kind: start}}", f"{{count: a, at_least: 2, within: {each}}}") for each in ("1h", "2h"))
    assert one.version != two.version
    assert isinstance(two.when, Count)


def test_all_looks_back_an_hour_when_it_names_no_span():
    made = rule("{a: {kind: start}, b: {kind: stop}}", "{all: [{signal: a}, {signal: b}]}")
    assert isinstance(made.when, All)
    assert made.when.within == timedelta(hours=1)


def test_a_case_rule_is_told_by_its_all_and_says_why():
    made = read("id: r\nall: [a]\nconclude: {symptom: s}\nwhy: Because.\n")
    assert isinstance(made, CaseRule)
    assert made.why == "Because."


scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=12)
trees = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "signal",
                    "all",
                    "any",
                    "not",
                    "sequence",
                    "count",
                    "within",
                    "for",
                    "after",
                    "absent",
                    "same",
                    "a",
                    "kind",
                    "field",
                ]
            )
            | st.text(max_size=5),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(signals=trees, when=trees, needs=trees, is_case=st.booleans())
def test_any_yaml_is_a_rule_or_is_refused(signals, when, needs, is_case):
    body = {"all": needs, "conclude": when} if is_case else {"signals": signals, "when": when}
    with suppress(RuleError):
        read(json.dumps({"id": "r", "title": "T", **body}))


@pytest.mark.parametrize("name", ["r.yml", "inner/R.YAML"])
def test_a_rule_that_nobody_would_read_is_told(tmp_path: Path, name: str):
    (tmp_path / "inner").mkdir()
    for file in (tmp_path / "other.yaml", tmp_path / name):
        file.write_text(f"id: {file.stem}\ntitle: T\n{SEEN}when: {{signal: a}}\n")
    with pytest.raises(RuleError, match="would not be read here — end it in"):
        load_rules(tmp_path)


def test_a_value_of_a_thousand_digits_is_not_told_in_full():
    with pytest.raises(RuleError) as refused:
        read(f"{HEAD}{SEEN}when: {{sequence: [a, a], within: {'9' * 5000}s}}\n")
    assert len(str(refused.value)) < 600
    assert str(refused.value).endswith("write 30s, 10m, 2h or 1d, at most 31d")


def test_a_folder_that_cannot_be_looked_into_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "r.yaml").write_text(f"{HEAD}{SEEN}when: {{signal: a}}\n")
    (tmp_path / "closed").mkdir()
    scandir = os.scandir

    def refusing(path: Path | str):  # whoever runs the tests may be allowed everything
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    with pytest.raises(RuleError, match=r"closed: cannot be read \(Permission denied\)"):
        load_rules(tmp_path)
