"""Families of signals: each names what is there, and shows which makers have it."""

from __future__ import annotations

from pathlib import Path

import pytest

from chargelore.engine.heard.reportability import ITEMS
from chargelore.kb.errors import KnowledgeError
from chargelore.kb.load import shipped
from chargelore.kb.signalfamilies import SignalFamily, astray, families_in, makers_with, signal_families
from chargelore.kb.yamlfile import parse


def test_every_family_names_evidence_and_faults_that_are_there() -> None:
    assert list(astray(signal_families(), shipped())) == []


def test_every_item_of_a_family_is_a_word_of_reportability() -> None:
    assert {item for each in signal_families() for item in each.items} <= ITEMS


def test_every_register_of_a_family_is_in_some_map() -> None:
    known = {register.name for each in shipped().registers.values() for register in each.registers}
    named = {name for each in signal_families() for name in each.registers}
    assert named - known <= {"voltage"}  # of one phase, as DC chargers tell it


def test_no_evidence_belongs_to_two_families() -> None:
    named = [evidence for each in signal_families() for evidence in each.evidence]
    assert len(named) == len(set(named))


def test_makers_are_known_by_their_registers_and_by_their_codes() -> None:
    pilot = next(each for each in signal_families() if each.id == "pilot")
    has = makers_with(pilot, shipped())
    assert "SolaX" in has["register"]
    assert has["code"]
    assert not any(shipped().makers[each].kind == "standard" for each in has["code"])


def test_an_evidence_that_is_not_there_is_astray() -> None:
    lost = SignalFamily(id="lost", label="", ask="", evidence=("nowhere",))  # type: ignore[arg-type]  # short
    assert list(astray((lost,), shipped())) == ["lost: evidence nowhere"]


def test_a_family_written_wrongly_is_refused_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "families.yaml"
    file.write_text("- id: some\n  label: Some\n  ask: Send it.\n  evidense: [one]\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"families\.yaml"):
        families_in(parse(file, KnowledgeError))
