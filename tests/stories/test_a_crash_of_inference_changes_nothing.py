"""Whatever happens to the child that joins symptoms, the answer is the same to the byte, and each restart is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import log_lines
import pytest
from breaking import chargelore_breaking
from shell import chargelore

pytest.importorskip("durable", reason="durable-rules cannot be had on Python 3.13 and later; the chainer serves there")

SYMPTOMS = 40
SIGNAL = """\
id: word-{n}
title: The word {n} is read
status: stable
signals: {{a: {{kind: observation, text: {{contains: "word{n}."}}}}}}
when: {{signal: a}}
"""
CASE = """\
id: pair-{n}
status: stable
all: [{needs}]
conclude: {{{end}}}
why: Two words in a row.
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """Forty signal rules, and case rules of two domains that join each symptom with the one before and chain."""
    folder = tmp_path / "rules"
    for place, name, text in _files():
        (folder / place).mkdir(parents=True, exist_ok=True)
        (folder / place / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def _files() -> Iterator[tuple[str, str, str]]:
    for n in range(SYMPTOMS):
        yield "signals/safety", f"word-{n}", SIGNAL.format(n=n)
    for n in range(1, SYMPTOMS):
        domain, end = ("safety", f"symptom: two-{n}") if n % 2 else ("environment", "cause: water-in-coupler")
        needs = f"word-{n}, two-{n - 1}" if n % 2 == 0 else f"word-{n - 1}, word-{n}"
        yield f"cases/{domain}", f"pair-{n}", CASE.format(n=n, needs=needs, end=end)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A case in which one word after the other is told."""
    told = [
        {"ts": f"2031-05-01T10:{n:02}:00Z", "channel": "reporter.note", "raw": f"word{n}. was seen"}
        for n in range(SYMPTOMS)
    ]
    file = tmp_path / "words.case.json"
    file.write_text(json.dumps({"id": "w", "charger": {"vendor": "Volta"}, "signals": told}), encoding="utf-8")
    return file


@pytest.mark.parametrize("shards", [1, 2])
def test_twenty_segmentation_faults_change_no_byte_and_each_restart_is_told(
    tmp_path: Path, rules: Path, log: Path, shards: int
) -> None:
    command = ("triage", log, "--rules", rules, "--format", "json")
    quiet, plain = chargelore(*command), chargelore(*command, "--inference", "chain")
    broken = chargelore_breaking(tmp_path, *command, "--shards", shards, faults=20)
    assert "water-in-coupler" in quiet.out
    assert quiet.out == plain.out == broken.out
    assert quiet.code == plain.code == broken.code
    assert quiet.err == plain.err == ""
    assert broken.err == "chargelore: inference child restarted 20 times (last: ended by SIGSEGV)\n"


def test_a_program_is_told_of_restarts_when_it_asks(tmp_path: Path, rules: Path, log: Path) -> None:
    command = ("triage", log, "--rules", rules, "--format", "json", "--standing")
    broken = chargelore_breaking(tmp_path, *command, faults=3)
    said = broken.json["inference"]
    assert said == {"engine": "durable", "restarts": 3, "set_aside": 0, "given_up": False, "why": "ended by SIGSEGV"}
    assert chargelore(*command, "--inference", "chain").json["inference"]["engine"] == "chain"


def test_what_breaks_the_child_twice_is_concluded_without_it(tmp_path: Path, rules: Path, log: Path) -> None:
    command = ("triage", log, "--rules", rules, "--format", "json")
    broken = chargelore_breaking(tmp_path, *command, faults=2, each=2)
    assert broken.out == chargelore(*command).out
    assert broken.err == (
        "chargelore: inference child restarted 2 times; 1 case done by the plain chainer (last: ended by SIGSEGV)\n"
    )


def test_examples_of_rules_go_on_and_say_that_the_child_broke(tmp_path: Path, rules: Path) -> None:
    rule = rules / "cases" / "safety" / "pair-1.yaml"
    told = "examples: [{name: both, expect: match, given: [word-0, word-1]}]\n"
    rule.write_text(rule.read_text(encoding="utf-8") + told, encoding="utf-8")
    said = chargelore_breaking(tmp_path, "rules", "test", rules, faults=1)
    assert said.code == 0
    assert said.err == "chargelore: inference child restarted once (last: ended by SIGSEGV)\n"


@pytest.mark.parametrize("kind", ["log", "case file"])
def test_both_engines_say_the_same_of_a_log_to_the_byte(tmp_path: Path, kind: str) -> None:
    frames = tmp_path / "frames.log"
    frames.write_text("\n".join(log_lines.FRAMES), encoding="utf-8")
    words = [{"channel": "reporter.note", "raw": each} for each in ("It trips when I plug in", "it rained")]
    seen = tmp_path / "c.case.json"
    seen.write_text(json.dumps({"id": "c", "charger": {}, "signals": words}), encoding="utf-8")
    file = frames if kind == "log" else seen
    told = [chargelore("triage", file, "--format", "json", "--inference", each) for each in ("durable", "chain")]
    assert told[0] == told[1]
    assert told[0].json["cases"]


def test_the_engine_may_be_chosen_for_good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "words.log"
    file.write_text("It trips when I plug in", encoding="utf-8")
    monkeypatch.setenv("CHARGELORE_INFERENCE", "chain")
    assert chargelore("triage", file, "--standing", "--format", "json").json["inference"]["engine"] == "chain"
    monkeypatch.setenv("CHARGELORE_INFERENCE", "magic")
    said = chargelore("triage", file, "--format", "json")
    assert said.code == 2
    assert said.err == "chargelore: magic is no inference engine — choose one of auto, durable, chain\n"


def test_an_engine_that_is_not_there_is_named_with_what_to_choose(tmp_path: Path) -> None:
    said = chargelore("triage", tmp_path, "--inference", "magic")
    assert said.code == 2
    assert "magic" in said.err
