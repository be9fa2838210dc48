"""Whatever stands in a folder of rules: a clear sentence with its cure in bounded time, and the other rules go on."""

from __future__ import annotations

from pathlib import Path

import pytest
from moments import run, status
from shell import chargelore

from chargelore.engine.grammar.rule import LARGEST, load_rules
from chargelore.engine.grammar.shelf import Shelf, looked
from chargelore.engine.matching.network import compile_rules
from chargelore.kb.errors import RuleError

SOUND = """\
id: sound
title: Faults that come back
status: stable
author: a
signals:
  fault: {kind: status, status: Faulted}
when: {count: fault, at_least: 2, within: 1h}
symptom: faults
"""
SIGNAL = SOUND.replace("id: sound", "id: bad")
CASE = "id: {0}\nall: [{1}]\nconclude: {{symptom: {2}}}\nwhy: w\nstatus: stable\nauthor: a\nexamples: []\n"
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)

BAD = {
    "YAML bomb": (f"id: bad\n{BOMB}", "an alias (*) stands for this"),
    "YAML tag that makes an object": ("id: !!python/object/apply:os.system [ls]\n", "is not plain data"),
    "nested without end": (f"id: bad\nwhen: {'[' * 60_000}\n", "nested too deep"),
    "ten megabytes": (f"id: bad\ntitle: {'x' * 10_000_000}\n", f"is larger than {LARGEST} bytes"),
    "window of ten years": (SIGNAL.replace("1h", "3650d"), "at most 31d"),
    "window of ten years in words": (SIGNAL.replace("1h", "10 years"), "at most 31d"),
    "regex with a back reference": (
        SIGNAL.replace("status: Faulted", "status: {matches: '(a)\\1'}"), "no look-around, no back references",
    ),
    "regex that looks around": (
        SIGNAL.replace("status: Faulted", "status: {matches: '(?<=a)b'}"), "no look-around, no back references",
    ),
    "regex of a million steps": (
        SIGNAL.replace("status: Faulted", "status: {matches: '((a{1,100}){1,100}){1,100}'}"), "smaller repeats",
    ),
    "count without end": (SIGNAL.replace("at_least: 2", "at_least: 1000000000"), "whole number from 1 to 500"),
    "case rule that concludes what it needs": (CASE.format("bad", "faults, heat", "faults"), "bad"),
}  # fmt: skip


@pytest.mark.parametrize("flaw", BAD)
def test_a_bad_rule_is_refused_with_its_place_and_cure_and_the_others_go_on(flaw: str, tmp_path: Path) -> None:
    text, said = BAD[flaw]
    (tmp_path / "sound.yaml").write_text(SOUND)
    (tmp_path / "bad.yaml").write_text(text)
    shelf = looked(Shelf(tmp_path))
    (why,) = shelf.broken.values()
    assert said in why
    assert "bad.yaml" in why
    assert len(why) < 1_000
    _, firings = run(compile_rules(shelf.rules), [status(0, "Faulted"), status(60, "Faulted")])
    assert [each.rule for each in firings] == ["sound"]
    with pytest.raises(RuleError) as told:
        load_rules(tmp_path)
    assert str(told.value) == why


def test_a_regex_that_would_run_for_ever_elsewhere_takes_its_text_in_one_go(tmp_path: Path) -> None:
    greedy = SOUND.replace("status: Faulted", "info: {matches: '^(a+)+$'}").replace("at_least: 2", "at_least: 1")
    (tmp_path / "sound.yaml").write_text(greedy)
    compiled = compile_rules(load_rules(tmp_path))
    told = [status(0, "Faulted"), status(60, "Faulted")]
    for each, text in zip(told, ("a" * 8_000 + "!", "a" * 8_000), strict=True):
        each.fields["info"] = text  # type: ignore[index]  # made for this test
    _, firings = run(compiled, told)
    assert len(firings) == 1


def test_case_rules_in_a_circle_are_refused_by_name_and_the_others_go_on(tmp_path: Path) -> None:
    (tmp_path / "sound.yaml").write_text(SOUND)
    (tmp_path / "there.yaml").write_text(CASE.format("there", "faults, chicken", "egg"))
    (tmp_path / "back.yaml").write_text(CASE.format("back", "faults, egg", "chicken"))
    shelf = looked(Shelf(tmp_path))
    assert any("there" in why and "back" in why for why in shelf.broken.values())
    assert "sound" in [rule.id for rule in shelf.rules.signal_rules]
    assert len(shelf.rules.case_rules) < 2
    with pytest.raises(RuleError, match=r"there.*back|back.*there"):
        load_rules(tmp_path)


def test_ten_thousand_rules_in_one_folder_just_work(tmp_path: Path) -> None:
    for number in range(10_000):
        words = f"status: Faulted, info: {{matches: 'word{number} (a|b)'}}"
        text = SOUND.replace("id: sound", f"id: r{number}").replace("status: Faulted", words)
        (tmp_path / f"r{number}.yaml").write_text(text)
    compiled = compile_rules(load_rules(tmp_path))
    told = [status(0, "Faulted"), status(60, "Faulted")]
    for each in told:
        each.fields["info"] = "word7777 b"  # type: ignore[index]  # made for this test
    state, firings = run(compiled, told)
    assert [each.rule for each in firings] == ["r7777"]
    assert (state.windows.failed, state.windows.evicted) == ({}, {})


def test_the_command_line_says_it_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text(BAD["window of ten years"][0])
    said = chargelore("rules", "test", tmp_path)
    assert said.code == 2
    assert "bad.yaml:7" in said.err
    assert len(said.err.strip().splitlines()) == 1
