"""A rule's file is changed in one place; remarks and everything else stay as their author wrote them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chargelore.engine.grammar.rulesplice import Append, Change, Put, changed, spliced
from chargelore.kb.errors import RuleError
from chargelore.kb.yamlfile import parse

FILE = Path("r.yaml")
BLOCK = """\
# At the top.
id: r
signals:
  # before a
  a:
    kind: status   # of a
    status: [Faulted, Unavailable]
  b: {kind: boot}  # b
when:
  all:
    - {signal: a}
    - not: {signal: b}
  within: 10m      # long

examples:
  - name: one
    expect: match
    given:
      - {at: 0s, a: {}}  # now
# The end.
"""
CHANGES: list[Change] = [
    Put(("when", "within"), "5m"),
    Put(("when",), {"signal": "a"}),
    Put(("when", "all", 1, "not"), {"signal": "a"}),
    Put(("signals", "a", "status"), "Faulted"),
    Put(("signals", "a", "errorCode"), {"!=": "Weak: #1"}),
    Put(("signals", "b", "reason"), "PowerUp"),
    Put(("signals", "unless"), {"kind": "log", "text": {"contains": "it's"}}),
    Put(("applies_to",), {"vendor": "Alfen"}),
    Append(("examples",), {"name": "two", "expect": "no match", "given": [{"at": "0s", "b": {}}]}),
    Append(("examples", 0, "given"), {"at": "1s", "b": {}}),
    Put(("version",), 2, after="id"),
    Put(("signals", "b", "reason"), "PowerUp", after="kind"),
    Append(("signals", "a", "status"), "Reserved"),
]


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_one_place_changes_and_every_remark_outside_stays(change: Change) -> None:
    made = spliced(BLOCK, [change], FILE)
    before = parse(FILE, RuleError, BLOCK).value
    assert parse(FILE, RuleError, made).value == changed(before, [change])
    remarks = ["# At the top.", "# before a", "# b", "# The end."]
    assert all(each in made for each in remarks)


@given(st.lists(st.sampled_from(CHANGES[:1] + CHANGES[3:-2]), unique_by=str, max_size=5))
def test_changes_add_up(changes: list[Change]) -> None:
    made = spliced(BLOCK, changes, FILE)
    assert parse(FILE, RuleError, made).value == changed(parse(FILE, RuleError, BLOCK).value, changes)
    assert made.startswith("# At the top.\nid: r\n")


@given(st.text(max_size=30), st.text(max_size=30))
def test_whatever_text_goes_in_comes_out_again(key: str, value: str) -> None:
    change = Put(("signals", "b", f"k{key}"), value)
    made = spliced(BLOCK, [change], FILE)
    assert parse(FILE, RuleError, made).value["signals"]["b"][f"k{key}"] == value


def test_a_new_key_stands_where_readers_look_for_it() -> None:
    assert spliced(BLOCK, [Put(("version",), 2, after="id")], FILE).startswith(
        "# At the top.\nid: r\nversion: 2\nsignals:"
    )


def test_lists_and_examples_that_are_not_there_are_begun() -> None:
    made = spliced("id: r\nsignals: {}", [Append(("examples",), {"name": "one"}), Put(("signals", "a"), 1)], FILE)
    assert parse(FILE, RuleError, made).value == {"id": "r", "signals": {"a": 1}, "examples": [{"name": "one"}]}
