"""Any slip in a good rule is told with file, line, key and cure, and never with a traceback."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from chargelore.engine.grammar.rule import SHIPPED, Rules, SignalRule, rule_in
from chargelore.engine.proving.exercise import exercise
from chargelore.kb.errors import RuleError
from chargelore.kb.yamlfile import parse

GOOD = """
id: r
title: T
status: stable
author: a
source: own
applies_to: {vendor: Alfen, model: "Eve*", firmware: ">=5", connector: ac}
parameters:
  settle: {default: 30s, by: [{vendor: Alfen, model: "Eve D*", value: 90s}]}
  limit: {default: 32 A, by: [{connector: dc, value: 200 A}]}
signals:
  strong: {kind: meter, current: {">": $limit}, voltage.any: {"<": 207 V}}
  plugged: {kind: [status, event], status: [Preparing, Occupied]}
across: feeder
when:
  all:
    - {chargers: {sustained: strong, for: $settle}, at_least: 2, within: 5m}
    - {count: plugged, at_least: 3, within: 1h}
    - {not: {sequence: [plugged, strong], within: 30s}}
  within: 2h
symptom: r
examples:
  - name: nothing
    expect: no match
    fires: 0
    chargers: {a: {}, b: {feeder: other, connectors: {1: type2}}}
    given: [{at: 0s, charger: a, plugged: {connector: 1}}]
"""

Path_ = tuple[str | int, ...]


def read(value: Any) -> SignalRule:
    text = yaml.safe_dump(value, sort_keys=False)
    made = rule_in(parse(Path("rules/signals/r.yaml"), RuleError, text))
    assert isinstance(made, SignalRule)
    return made


def places(value: Any, trail: Path_ = ()) -> Iterator[Path_]:
    """Every place of a tree, from the root to each leaf."""
    yield trail
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in items:
        yield from places(each, (*trail, key))


def at(value: Any, trail: Path_) -> Any:
    for key in trail:
        value = value[key]
    return value


BODY = yaml.safe_load(GOOD)
PLACES = [each for each in places(BODY) if each]
KEYS = [each for each in PLACES if isinstance(each[-1], str)]
ODD = st.sampled_from(
    [None, True, -1, 3.5, "", "$nothing", "30 parsecs", "7 X", [], ["x"], {}, {"x": 1}, "a" * 500, "\x00", 10**30, [[]]]
)


def test_the_good_rule_is_good() -> None:
    assert read(BODY).across == "feeder"
    assert len(read(BODY).variants) == 3


def told(error: RuleError, slip: str) -> None:
    assert re.search(r"rules/signals/r\.yaml:\d+$", error.where), (slip, error.where)
    assert error.what, slip
    assert error.mend, slip
    line = int(error.where.rpartition(":")[2])
    assert 1 <= line <= 80, slip


@settings(max_examples=150, deadline=None)
@given(place=st.sampled_from(KEYS), typo=st.sampled_from(["x", "_", "s", "1"]))
def test_a_key_with_a_typo_is_told_or_is_a_name_of_the_author(place: Path_, typo: str) -> None:
    value = deepcopy(BODY)
    parent = at(value, place[:-1])
    parent[f"{place[-1]}{typo}"] = parent.pop(place[-1])
    with suppress_told(f"{place} + {typo}"):
        read(value)


@settings(max_examples=250, deadline=None)
@given(place=st.sampled_from(PLACES), odd=ODD)
def test_a_value_of_the_wrong_kind_is_told_or_is_a_value(place: Path_, odd: Any) -> None:
    value = deepcopy(BODY)
    at(value, place[:-1])[place[-1]] = deepcopy(odd)
    with suppress_told(f"{place} = {odd!r}"):
        made = read(value)
        list(exercise(Rules(signal_rules=(made,))))


@settings(max_examples=80, deadline=None)
@given(place=st.sampled_from(PLACES))
def test_what_is_left_out_is_told_or_has_a_default(place: Path_) -> None:
    value = deepcopy(BODY)
    del at(value, place[:-1])[place[-1]]
    with suppress_told(f"without {place}"):
        read(value)


class suppress_told:  # noqa: N801  # a context manager, called like `suppress`
    """Lets a RuleError pass that is told as it should be; anything else is a failure of the test."""

    def __init__(self, slip: str) -> None:
        self.slip = slip

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> bool:
        if isinstance(error, RuleError):
            told(error, self.slip)
            return True
        return False


# A slip, the part of the text that must be named, and the line of GOOD on which it stands.
SLIPS = [
    ("author: a", "autor: a", "autor"),
    ("status: stable", "status: steady", "status"),
    ("vendor: Alfen, model: \"Eve*\", f", "vendr: Alfen, model: \"Eve*\", f", "vendr"),
    ("firmware: \">=5\"", "firmware: newest", "newest"),
    ("connector: ac", "connector: csc2", "csc2"),
    ("default: 30s", "defalt: 30s", "settle"),
    ("value: 90s", "value: 90 A", "90 A"),
    ("kind: meter", "kind: metre", "metre"),
    ("\">\": $limit", "\"=>\": $limit", "=>"),
    ("\">\": $limit", "\">\": $limt", "limt"),
    ("\"<\": 207 V", "\"<\": 207 A", "207 A"),
    ("across: feeder", "across: street", "across"),
    ("for: $settle", "for: $setle", "setle"),
    ("at_least: 2", "at_least: two", "two"),
    ("within: 5m", "within: 5 minuts", "5 minuts"),
    ("count: plugged", "cuont: plugged", "cuont"),
    ("at_least: 3, within: 1h", "at_least: 3, wihtin: 1h", "wihtin"),
    ("[plugged, strong]", "[plugged, weak]", "weak"),
    ("expect: no match", "expect: nomatch", "expect"),
    ("feeder: other", "feder: other", "feder"),
    ("{1: type2}", "{1: typ2}", "typ2"),
]  # fmt: skip


@pytest.mark.parametrize(("good", "bad", "named"), SLIPS)
def test_a_common_slip_is_told_by_its_name_on_its_line(good: str, bad: str, named: str) -> None:
    assert GOOD.count(good) >= 1
    text = GOOD.replace(good, bad, 1)
    line = text[: text.index(bad)].count("\n") + 1
    with pytest.raises(RuleError) as refused:
        rule_in(parse(Path("rules/signals/r.yaml"), RuleError, text))
    assert refused.value.where == f"rules/signals/r.yaml:{line}"
    assert named in refused.value.what
    assert refused.value.mend


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_shipped_rule_that_is_broken_at_random_is_told(data: st.DataObject) -> None:
    files = sorted(SHIPPED.rglob("*.yaml"))
    file = data.draw(st.sampled_from(files))
    value = parse(file, RuleError).value
    place = data.draw(st.sampled_from([each for each in places(value) if each]))
    at(value, place[:-1])[place[-1]] = deepcopy(data.draw(ODD))
    text = yaml.safe_dump(value, sort_keys=False)
    with suppress(RuleError):
        rule_in(parse(file, RuleError, text))
