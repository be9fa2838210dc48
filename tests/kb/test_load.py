"""Loading knowledge: what is wrong in a file is told with its line and its cure; nothing half-read gets in."""

from __future__ import annotations

import os
import time
from itertools import pairwise
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chargelore.kb.errors import ChargeloreError, KnowledgeError
from chargelore.kb.load import load, shipped
from chargelore.kb.model import Domain
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
    (tmp_path / "causes").mkdir(parents=True, exist_ok=True)
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
        said = parse(Path("any.yaml"), KnowledgeError, text).place(("nowhere", 3))
    except ChargeloreError as error:
        said = str(error)
    assert "any.yaml" in said


MAKER = """\
vendor: Acme
aliases: [Acme Power]
source: {id: acme, title: Manual, licence: facts}
tables:
  - table: errors
    model: One
    codes:
      - {code: "0x04", text: Trips, fault: trip, confidence: high}
      - {code: "7", text: Stopped by hand, is_fault: false}
"""


def makers(tmp_path: Path, **files: str) -> Path:
    folder(tmp_path)
    (tmp_path / "vendors").mkdir(exist_ok=True)
    for name, text in files.items():
        (tmp_path / "vendors" / f"{name}.yaml").write_text(text)
    return tmp_path


def vendor_complaint(tmp_path: Path, **files: str) -> str:
    with pytest.raises(KnowledgeError) as caught:
        load(makers(tmp_path, **files))
    return str(caught.value)


def test_a_code_gets_model_channel_and_source_from_its_table(tmp_path: Path) -> None:
    knowledge = load(makers(tmp_path, acme=MAKER))
    first, second = knowledge.codes
    assert (first.vendor, first.code, first.model, first.source) == ("Acme", "0x04", "One", "acme")
    assert first.means[0].confidence == "high"
    assert second.means == ()
    assert knowledge.vendor_aliases["acme power"] == "Acme"


def test_a_code_that_means_an_unknown_fault_is_told_with_its_own_line(tmp_path: Path) -> None:
    said = vendor_complaint(tmp_path, acme=MAKER.replace("fault: trip", "fault: trib"))
    assert "acme.yaml:8" in said
    assert "did you mean trip?" in said


def test_an_unknown_key_of_a_code_is_told_with_its_own_line(tmp_path: Path) -> None:
    said = vendor_complaint(tmp_path, acme=MAKER.replace("is_fault: false", "is_falt: false"))
    assert "acme.yaml:9" in said
    assert "is_falt" in said


def test_a_table_without_a_source_is_refused(tmp_path: Path) -> None:
    said = vendor_complaint(tmp_path, acme=MAKER.replace("source: {id: acme, title: Manual, licence: facts}\n", ""))
    assert "has no source" in said


def test_one_name_cannot_stand_for_two_makers(tmp_path: Path) -> None:
    other = MAKER.replace("vendor: Acme", "vendor: Bolt").replace("id: acme", "id: bolt")
    assert "already a name of Acme" in vendor_complaint(tmp_path, acme=MAKER, bolt=other)


def test_two_tables_may_share_a_source_only_when_they_tell_the_same_of_it(tmp_path: Path) -> None:
    other = MAKER.replace("Acme", "Bolt").replace("Manual", "Another manual")
    assert "told differently" in vendor_complaint(tmp_path, acme=MAKER, bolt=other)


def test_a_code_has_one_meaning_or_a_list_and_not_both(tmp_path: Path) -> None:
    both = MAKER.replace("fault: trip,", "fault: trip, means: [{fault: trip}],")
    assert "keep `means`" in vendor_complaint(tmp_path, acme=both)


def test_a_folder_that_holds_only_faults_is_knowledge_too(tmp_path: Path) -> None:
    assert load(folder(tmp_path)).codes == ()


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="is not there"):
        load(tmp_path / "nowhere")


def test_the_shipped_taxonomy_holds_the_faults_of_all_fifteen_domains() -> None:
    faults = [fault for fault in shipped().faults.values() if fault.is_fault]
    assert len(faults) >= 125
    assert {fault.domain for fault in faults} == set(get_args(Domain))


def test_successors_in_a_circle_are_refused_with_file_and_line(tmp_path: Path) -> None:
    circle = "causes:\n" + "".join(
        f"  - {{id: {one}, fault: trip, label: {one}, status: deprecated, replaced_by: {other}}}\n"
        for one, other in (("a", "b"), ("b", "c"), ("c", "b"))
    )
    said = complaint(tmp_path, circle=circle)
    assert "circle.yaml:2" in said
    assert "circle" in said


@pytest.mark.parametrize("waits", [("a", "a"), ("a", "b", "a")])
def test_steps_that_wait_for_each_other_are_refused_with_file_and_line(tmp_path: Path, waits: tuple[str, ...]) -> None:
    steps = "steps:\n" + "".join(
        f"  - {{id: {one}, kind: secure, label: {one}, minutes: 2, first: [{other}]}}\n"
        for one, other in pairwise(waits)
    )
    said = complaint(tmp_path, steps=steps)
    assert "steps.yaml:2" in said
    assert "before itself" in said


def test_a_step_that_waits_for_a_step_that_is_not_there_is_refused(tmp_path: Path) -> None:
    steps = "steps:\n  - {id: a, kind: repair, label: A, minutes: 2, first: [isolate]}\n"
    assert "isolate" in complaint(tmp_path, steps=steps)


def test_a_quirk_that_points_at_no_cause_is_refused(tmp_path: Path) -> None:
    quirk = "quirks:\n  - {id: q, topic: ping, label: L, detail: D, scope: {vendor: Acme}, causes: [none-such]}\n"
    assert "none-such" in complaint(tmp_path, quirk=quirk)


def test_a_file_of_a_hundred_megabytes_is_refused_unread(tmp_path: Path) -> None:
    file = folder(tmp_path) / "causes" / "huge.yaml"
    with file.open("wb") as out:
        out.truncate(100_000_000)
    with pytest.raises(KnowledgeError, match="too many for one file"):
        load(tmp_path)


@pytest.mark.parametrize("stray", ["vendors/acme.yml", "makers/acme.yaml"])
def test_knowledge_where_nobody_reads_it_is_told(tmp_path: Path, stray: str) -> None:
    file = folder(tmp_path) / stray
    file.parent.mkdir()
    file.write_text("{}")
    with pytest.raises(KnowledgeError, match="would not be read"):
        load(tmp_path)


def test_a_folder_without_knowledge_is_none(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="holds no knowledge"):
        load(tmp_path)


def test_a_pipe_in_place_of_a_file_is_refused_unread(tmp_path: Path) -> None:
    os.mkfifo(folder(tmp_path) / "causes" / "pipe.yaml")
    with pytest.raises(KnowledgeError, match="is no file"):
        load(tmp_path)


def test_a_file_in_another_encoding_is_told_with_its_line(tmp_path: Path) -> None:
    (folder(tmp_path) / "causes" / "latin.yaml").write_bytes("# fine\n# Schütz\n".encode("latin-1"))
    with pytest.raises(KnowledgeError, match=r"latin\.yaml:2: byte 12 is not UTF-8"):
        load(tmp_path)


def test_a_draft_may_point_at_what_ships_and_not_take_its_ids(tmp_path: Path) -> None:
    known = load(folder(tmp_path / "known", wet=CAUSE))
    draft = folder(tmp_path / "draft", faults="faults: []\n", more=CAUSE.replace("rain", "hail").replace("wet", "icy"))
    assert {"wet", "icy"} <= set(load(draft, over=known).causes)
    twice = folder(tmp_path / "twice", faults="faults: []\n", again=CAUSE)
    with pytest.raises(KnowledgeError, match="used twice — the other one stands at the knowledge that ships"):
        load(twice, over=known)
