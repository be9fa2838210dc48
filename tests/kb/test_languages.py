"""Languages: a further language is a folder of YAML and nothing else; what names nothing is refused with its line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from chargelore.kb.checks.languages import alike_label, german_missing, long_label
from chargelore.kb.entries import names_of
from chargelore.kb.errors import KnowledgeError
from chargelore.kb.languages import said
from chargelore.kb.load import load, shipped
from chargelore.kb.model import Knowledge
from chargelore.kb.search import lookup

BASE = """\
faults:
  - id: trip
    label: Trips
    domain: safety
    definition: It trips.
    responsible: [cso]
    labels: {de: Löst aus}
evidence:
  - {id: rain, question: "Rain?"}
causes:
  - id: wet
    fault: trip
    label: Wet
    shows: [{evidence: rain, grade: often}]
steps:
  - {id: dry, kind: repair, label: Dry it, minutes: 5, fixes: [{cause: wet}]}
quirks:
  - {id: shy, topic: status, label: Says little, detail: It keeps silent., scope: {vendor: Acme}}
"""
FRENCH = """\
faults:
  trip: {label: Se déclenche, symptoms: [le disjoncteur saute, plus de courant]}
causes: {wet: Humide}
steps: {dry: Sécher}
evidence: {rain: "Pleut-il ?"}
quirks: {shy: Parle peu}
"""


def spoken(tmp_path: Path, text: str = FRENCH, file: str = "fr/all.yaml") -> Knowledge:
    (tmp_path / "taxonomy").mkdir(exist_ok=True)
    (tmp_path / "taxonomy" / "all.yaml").write_text(BASE, encoding="utf-8")
    path = tmp_path / "languages" / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return load(tmp_path)


def refused(tmp_path: Path, text: str, file: str = "fr/all.yaml") -> str:
    with pytest.raises(KnowledgeError) as caught:
        spoken(tmp_path, text, file)
    return str(caught.value)


def test_a_further_language_needs_only_a_folder(tmp_path: Path) -> None:
    knowledge = spoken(tmp_path)
    shelves = (knowledge.faults, knowledge.causes, knowledge.steps, knowledge.evidence, knowledge.quirks)
    told = [said(entry, "fr") for shelf in shelves for entry in shelf.values()]
    assert told == ["Se déclenche", "Humide", "Sécher", "Pleut-il ?", "Parle peu"]


def test_what_a_language_does_not_say_is_told_in_english(tmp_path: Path) -> None:
    knowledge = spoken(tmp_path)
    assert said(knowledge.causes["wet"], "nl") == said(knowledge.causes["wet"]) == "Wet"
    assert said(knowledge.evidence["rain"], "nl") == "Rain?"


def test_what_people_say_in_a_language_finds_the_fault(tmp_path: Path) -> None:
    knowledge = spoken(tmp_path)
    assert "le disjoncteur saute" in names_of(knowledge.faults["trip"])
    assert lookup("le disjoncteur saute", knowledge)[0].fault == "trip"


def test_what_an_entry_says_of_itself_wins(tmp_path: Path) -> None:
    knowledge = spoken(tmp_path, "faults:\n  trip: {label: Fliegt raus, symptoms: [fliegt]}\n", "de/all.yaml")
    assert said(knowledge.faults["trip"], "de") == "Löst aus"
    assert knowledge.faults["trip"].symptoms == {"de": ("fliegt",)}


def test_a_name_for_nothing_proposes_the_nearest_id(tmp_path: Path) -> None:
    told = refused(tmp_path, "causes:\n  wat: Humide\n")
    assert "all.yaml:2" in told
    assert "did you mean wet?" in told


def test_what_is_said_twice_names_the_other_place(tmp_path: Path) -> None:
    spoken(tmp_path)
    told = refused(tmp_path, "steps:\n  dry: Essuyer\n", "fr/more.yaml")
    assert "more.yaml:2" in told
    assert "all.yaml:4" in told


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("codes: {a: b}\n", 1),
        ("causes:\n  wet: 7\n", 2),
        ("causes:\n  wet: '  '\n", 2),
        ("causes:\n  wet: true\n", 2),
        ("causes:\n  wet: {label: Humide}\n", 2),
        ("faults:\n  trip: {}\n", 2),
        ("faults:\n  trip: {labell: Saute}\n", 2),
        ("faults:\n  trip: {symptoms: [a, '']}\n", 2),
        ("faults:\n  trip: {symptoms: saute}\n", 2),
        ("causes:\n  - wet\n", 1),
        ("- causes\n", 1),
        ("causes:\n", 1),
    ],
    ids=[
        "no section", "number", "blank", "truth", "cause with more", "empty", "odd key", "blank symptom",
        "one symptom", "list", "no mapping", "nothing",
    ],
)  # fmt: skip
def test_what_is_no_text_is_refused_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    assert f"all.yaml:{line}: " in refused(tmp_path, text)


@pytest.mark.parametrize("file", ["all.yaml", "fr/more/all.yaml", "French words/all.yaml"])
def test_a_file_outside_a_folder_of_one_language_is_refused(tmp_path: Path, file: str) -> None:
    assert "belongs to no language" in refused(tmp_path, FRENCH, file)


def test_an_empty_file_says_nothing_and_does_no_harm(tmp_path: Path) -> None:
    assert said(spoken(tmp_path, "").causes["wet"], "fr") == "Wet"


def test_a_reviewer_hears_of_what_has_no_german_label(tmp_path: Path) -> None:
    assert [issue.subject for issue in german_missing(spoken(tmp_path))] == ["wet", "dry", "shy", "rain"]


def test_a_base_in_english_alone_is_not_asked_for_german(tmp_path: Path) -> None:
    knowledge = spoken(tmp_path)
    english = replace(knowledge, faults={"trip": replace(knowledge.faults["trip"], labels={})})
    assert list(german_missing(english)) == []


def test_a_reviewer_hears_of_labels_too_long_for_a_screen(tmp_path: Path) -> None:
    knowledge = spoken(tmp_path, f"causes:\n  wet: {'trop ' * 20}\n")
    assert [(issue.code, issue.subject) for issue in long_label(knowledge)] == [("K82", "wet")]


def test_a_reviewer_hears_of_labels_that_were_left_in_english(tmp_path: Path) -> None:
    knowledge = spoken(tmp_path, "steps:\n  dry: Dry it\n")
    assert [(issue.code, issue.subject) for issue in alike_label(knowledge)] == [("K83", "dry")]


def test_every_fault_that_ships_has_three_german_symptoms_and_more() -> None:
    faults = shipped().faults.values()
    assert [fault.id for fault in faults if len(fault.symptoms.get("de", ())) < 3] == []


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("FI fliegt beim Einstecken", "ground-fault-trip"),
        ("Stecker geht nicht mehr raus", "connector-unlock-failure"),
        ("Säule ist komplett tot", "input-power-loss"),
        ("Karte wird nicht erkannt", "token-reader-failure"),
    ],
)
def test_what_people_say_in_german_finds_the_fault(words: str, fault: str) -> None:
    assert fault in [hit.fault for hit in lookup(words, shipped(), limit=5)]
