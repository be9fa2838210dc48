"""Loading knowledge: what is wrong in a file is told with its line and its cure; nothing half-read gets in."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chargelore.kb.errors import ChargeloreError, KnowledgeError
from chargelore.kb.load import load
from chargelore.kb.yamlfile import parse

FAULT = """\
faults:
  - id: trip
    label: Trips
    domain: safety
    definition: It trips.
    responsible: [cso]
"""
CAUSE = """\
evidence:
  - {id: rain, question: Rain?}
causes:
  - id: wet
    fault: trip
    label: Wet
    shows: [{evidence: rain, grade: often}]
"""


def folder(tmp_path: Path, **files: str) -> Path:
    (tmp_path / "causes").mkdir(exist_ok=True)
    (tmp_path / "taxonomy").mkdir(exist_ok=True)
    (tmp_path / "taxonomy" / "all.yaml").write_text(files.pop("faults", FAULT))
    for name, text in files.items():
        (tmp_path / "causes" / f"{name}.yaml").write_text(text)
    return tmp_path


def complaint(tmp_path: Path, **files: str) -> str:
    with pytest.raises(KnowledgeError) as caught:
        load(folder(tmp_path, **files))
    return str(caught.value)


def test_a_small_base_loads_with_its_links(tmp_path: Path) -> None:
    knowledge = load(folder(tmp_path, wet=CAUSE))
    assert knowledge.causes["wet"].shows[0].evidence == "rain"


def test_an_unknown_key_is_told_with_file_line_and_cure(tmp_path: Path) -> None:
    said = complaint(tmp_path, wet=CAUSE + "    colour: red\n")
    assert "wet.yaml:8" in said
    assert "colour" in said
    assert "remove it" in said


def test_a_key_that_stands_twice_is_refused_with_its_line(tmp_path: Path) -> None:
    said = complaint(tmp_path, wet=CAUSE + "    label: Dry\n")
    assert "wet.yaml:8" in said
    assert "twice" in said


def test_an_id_used_twice_names_the_other_place(tmp_path: Path) -> None:
    again = CAUSE.replace("rain", "snow")
    said = complaint(tmp_path, a=CAUSE, b=again)
    assert "b.yaml" in said
    assert "a.yaml:4" in said


def test_a_link_into_nothing_proposes_the_nearest_name(tmp_path: Path) -> None:
    said = complaint(tmp_path, wet=CAUSE.replace("fault: trip", "fault: trib"))
    assert "did you mean trip?" in said


def test_a_wrong_grade_names_the_words_that_are_allowed(tmp_path: Path) -> None:
    said = complaint(tmp_path, wet=CAUSE.replace("often", "mostly"))
    assert "mostly" in said
    assert "often" in said


def test_no_and_off_are_words_and_not_truth_values(tmp_path: Path) -> None:
    knowledge = load(folder(tmp_path, wet=CAUSE + "    words: [off, no, yes]\n"))
    assert knowledge.causes["wet"].words == ("off", "no", "yes")


@pytest.mark.parametrize(
    "text",
    [
        "faults: &a [*a]",
        "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]",
        "!!python/object/apply:os.system [echo]",
        "faults: !thing 1",
        "[" * 5_000 + "]" * 5_000,
        "? {a: b}\n: c",
        "- just\n- a list",
        "vendor: 3",
        "causes: 7",
        "faults: [1, 2]",
        "\t- tab",
    ],
    ids=["cycle", "bomb", "python", "tag", "deep", "odd key", "list", "vendor", "number", "entries", "tab"],
)
def test_what_is_no_plain_knowledge_is_refused_in_a_sentence(tmp_path: Path, text: str) -> None:
    assert "odd.yaml" in complaint(tmp_path, odd=text)


def test_a_file_of_a_hundred_megabytes_is_refused_before_it_is_read(tmp_path: Path) -> None:
    big = folder(tmp_path) / "causes" / "big.yaml"
    with big.open("wb") as out:
        out.truncate(100_000_000)
    begun = time.process_time()
    with pytest.raises(KnowledgeError, match="split it"):
        load(tmp_path)
    assert time.process_time() - begun < 60


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_plain_data_or_one_sentence(text: str) -> None:
    try:
        document = parse(Path("any.yaml"), KnowledgeError, text)
    except ChargeloreError as error:
        assert "any.yaml" in str(error)
    else:
        assert document.place(("nowhere", 3)).startswith("any.yaml:")
