"""A folder of rules that changes while it runs: only what changed is read, and nothing that was remembered is lost."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from moments import status

from chargelore.engine.grammar.shelf import Shelf, looked
from chargelore.engine.matching.network import START, compile_rules

RULE = """\
id: {name}
title: Faults that come back
status: stable
author: a
signals:
  fault: {{kind: status, status: Faulted}}
when: {{count: fault, at_least: {least}, within: 1h}}
symptom: faults
"""


def write(folder: Path, name: str, least: int, moment: int = 0) -> Path:
    file = folder / f"{name}.yaml"
    file.write_text(RULE.format(name=name, least=least))
    os.utime(file, ns=(moment, moment))
    return file


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    write(tmp_path, "twice", 2)
    write(tmp_path, "thrice", 3)
    return looked(Shelf(tmp_path))


def test_nothing_changed_gives_the_very_same_shelf(shelf: Shelf) -> None:
    assert looked(shelf) is shelf


def test_only_the_changed_rule_is_another_one(shelf: Shelf) -> None:
    write(shelf.folder, "twice", 5, moment=1)
    before, after = shelf.rules.signal_rules, looked(shelf).rules.signal_rules
    assert [one is other for one, other in zip(before, after, strict=True)] == [True, False]


def test_a_broken_file_keeps_its_last_good_rule_and_says_why(shelf: Shelf) -> None:
    file = shelf.folder / "twice.yaml"
    file.write_text("id: twice\nwhen: {count: ")
    after = looked(shelf)
    assert {rule.id for rule in after.rules.signal_rules} == {"twice", "thrice"}
    assert "twice.yaml" in after.broken[file]
    assert after.meanwhile(file) == "its last good version goes on"
    write(shelf.folder, "twice", 2, moment=9)
    assert looked(after).broken == {}


def test_a_new_file_that_is_broken_takes_nothing_along(shelf: Shelf) -> None:
    file = shelf.folder / "new.yaml"
    file.write_text("[")
    after = looked(shelf)
    assert len(after.rules.signal_rules) == 2
    assert after.meanwhile(file) == "the other rules run"


def test_a_file_that_is_gone_takes_its_rule_along(shelf: Shelf) -> None:
    (shelf.folder / "twice.yaml").unlink()
    assert [rule.id for rule in looked(shelf).rules.signal_rules] == ["thrice"]


def test_windows_of_unchanged_rules_survive_a_reload(shelf: Shelf) -> None:
    state = START
    for second in (0, 60):
        state, _ = compile_rules(shelf.rules).step(state, status(second, "Faulted"))
    write(shelf.folder, "twice", 9, moment=1)
    state, firings = compile_rules(looked(shelf).rules).step(state, status(120, "Faulted"))
    assert [each.rule for each in firings] == ["thrice"]


CASE_RULE = "id: {name}\nall: [{needs}]\nconclude: {{symptom: {end}}}\nwhy: W\nstatus: stable\n"


def write_case(folder: Path, name: str, needs: str, end: str, moment: int) -> Path:
    file = folder / f"{name}.yaml"
    file.write_text(CASE_RULE.format(name=name, needs=needs, end=end))
    os.utime(file, ns=(moment, moment))
    return file


def test_a_rule_that_closes_a_circle_rests_until_the_circle_is_open_again(shelf: Shelf) -> None:
    write_case(shelf.folder, "first", "wet", "storm", moment=1)
    closing = write_case(shelf.folder, "closing", "storm", "wet", moment=2)
    closed = looked(shelf)
    assert [rule.id for rule in closed.rules.case_rules] == ["first"]
    assert len(closed.rules.signal_rules) == 2
    assert "closing -> first -> closing" in closed.broken[closing]
    assert closed.meanwhile(closing) == "it rests until then"
    assert looked(closed) is closed
    write_case(shelf.folder, "first", "wet", "rain", moment=3)
    opened = looked(closed)
    assert [rule.id for rule in opened.rules.case_rules] == ["closing", "first"]
    assert not opened.broken
