"""Suggestions for a strange code table are explained, ranked, sure as far as they should be, and never invented."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chargelore.kb.cues import cued, cued_faults
from chargelore.kb.errors import InputError
from chargelore.kb.load import shipped
from chargelore.kb.model import FaultId
from chargelore.kb.rows import read_rows, rows_of
from chargelore.kb.suggest import NEAREST_MREC, Row, Suggestion, suggest


def suggested(text: str, code: str = "901", vendor: str = "A Maker Nobody Knows") -> tuple[Suggestion, ...]:
    return suggest(Row(id="r1", code=code, native_text=text, vendor=vendor), shipped())


@pytest.mark.parametrize(
    ("text", "fault", "mrec"),
    [
        ("Residual current device has tripped", "ground-fault-trip", "CX002"),
        ("Fehlerstrom erkannt", "ground-fault-trip", "CX002"),
        ("RCD self test not passed", "protection-device-fault", ""),
        ("K1 relay is welded", "evse-contactor-welded", "CX017"),
        ("Not-Aus: emergency stop pressed", "emergency-stop-active", "CX008"),
        ("gunOverTempFault", "cable-overtemperature-stop", "CX019"),
        ("ERR_METER_COMM", "meter-communication-failure", ""),
        ("过压", "input-overvoltage", "CX005"),
        ("Locking of the plug impossible", "connector-lock-failure", "CX001"),
    ],
)
def test_a_text_leads_to_its_fault_and_the_nearest_mrec(text: str, fault: str, mrec: str) -> None:
    first = suggested(text)[0]
    assert (first.fault, first.mrec) == (fault, mrec)


def test_a_text_that_says_nothing_known_is_none_and_not_forced() -> None:
    first = suggested("qwertz uiop 4711")[0]
    assert (first.fault, first.mrec, first.relation) == ("", "", None)
    assert first.because


def test_a_code_that_names_its_mrec_means_that_mrec() -> None:
    assert suggested("something", code="CX011")[0].mrec == "CX011"


def test_a_known_code_of_a_known_maker_is_what_it_was_mapped_to() -> None:
    code = next(each for each in shipped().codes if each.means and each.vendor == "Easee" and each.is_fault)
    first = suggested("", code=code.code, vendor="easee")[0]
    assert first.fault == code.means[0].fault
    assert "known code of Easee" in first.because


def test_a_normal_state_is_not_called_a_fault() -> None:
    assert not suggested("Ready, waiting for vehicle")[0].is_fault


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60), st.text(max_size=12))
def test_any_row_gets_one_to_three_different_suggestions_with_falling_trust(text: str, code: str) -> None:
    given_ = suggested(text, code)
    assert 1 <= len(given_) <= 3
    assert [each.rank for each in given_] == list(range(1, len(given_) + 1))
    assert len({each.fault for each in given_}) == len(given_)
    assert all(0 <= each.confidence <= given_[0].confidence for each in given_)
    assert all(each.because and each.id == "r1" for each in given_)


def test_the_same_row_gives_the_same_suggestions() -> None:
    assert suggested("Output short circuit, module off") == suggested("Output short circuit, module off")


def test_every_cue_and_every_nearest_mrec_speaks_of_a_fault_that_exists() -> None:
    assert cued_faults() | {*NEAREST_MREC} <= {*shipped().faults}


def test_a_cue_with_more_concepts_tells_more() -> None:
    one, two = cued(["rcd"]), cued(["rcd", "selftest"])
    assert two[FaultId("protection-device-fault")].worth > one[FaultId("ground-fault-trip")].worth


HEADER = "id,vendor,model,firmware,channel,code,native_text\n"


def test_a_table_is_read_row_by_row() -> None:
    rows = list(rows_of(f'{HEADER}a,Acme,,,ocpp,7,"Relay, stuck"\n,,,,,8,Hot\n\n', "t.csv"))
    assert [(row.id, row.code, row.native_text) for row in rows] == [("a", "7", "Relay, stuck"), ("3", "8", "Hot")]


@pytest.mark.parametrize("separator", [";", "\t"])
def test_other_separators_cases_and_a_byte_order_mark_are_understood(tmp_path: Path, separator: str) -> None:
    place = tmp_path / "t.csv"
    place.write_bytes(
        f"\ufeffID{separator}Code{separator}Native_Text{separator}x\n1{separator}7{separator}Über\n".encode()
    )
    assert list(read_rows(place)) == [Row(id="1", code="7", native_text="Über")]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"a,b\n1,2\n", "no column code and no column native_text"),
        (b"id,code\n1,2\n", "no column native_text"),
        ("id,code,native_text\n1,7,heiß".encode("latin-1"), "not UTF-8"),
        (b'id,code,native_text\n1,7,"open\n', "no CSV"),
        (b"id,code,native_text\n1,7," + b"x" * 200_000, "no CSV"),
        (b"\x00\x01\x02", "NUL"),
    ],
)
def test_a_bad_table_is_one_sentence(tmp_path: Path, content: bytes, says: str) -> None:
    place = tmp_path / "t.csv"
    place.write_bytes(content)
    with pytest.raises(InputError, match=says) as caught:
        list(read_rows(place))
    assert "\n" not in str(caught.value)


def test_a_missing_table_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        list(read_rows(tmp_path / "none.csv"))


@given(st.text(max_size=200))
def test_any_text_is_a_table_or_is_refused(text: str) -> None:
    try:
        rows = list(rows_of(HEADER + text, "t.csv"))
    except InputError:
        return
    assert all(row.id for row in rows)


def test_a_table_that_tells_its_separator_is_read() -> None:
    assert [each.code for each in rows_of("sep=;\ncode;native_text\n7;Hot, very\n", "t.csv")] == ["7"]


def test_lines_of_another_length_are_read_as_far_as_they_go_and_told() -> None:
    told: list[str] = []
    rows = [*rows_of(f"{HEADER}a,Acme,,,,7,Hot,more\nb,Acme\n", "t.csv", told.append)]
    assert [(each.id, each.native_text) for each in rows] == [("a", "Hot"), ("b", "")]
    assert told == ["t.csv:2: has 8 cells, the first line 7", "t.csv:3: has 2 cells, the first line 7"]


def test_a_column_named_twice_is_refused_not_guessed() -> None:
    with pytest.raises(InputError, match="line 1 names code more than once"):
        list(rows_of("code,native_text,CODE\n1,a,2\n", "t.csv"))


def test_formula_cells_are_text() -> None:
    (row,) = rows_of(f"{HEADER}=1+1,Acme,,,,\"=cmd|' /C calc'!A0\",@SUM(A1)\n", "t.csv")
    assert (row.id, row.code, row.native_text) == ("=1+1", "=cmd|' /C calc'!A0", "@SUM(A1)")


def test_a_table_is_read_as_it_is_asked_for(tmp_path: Path) -> None:
    place = tmp_path / "t.csv"
    place.write_bytes(HEADER.encode() + b"a,,,,,1,x\n" * 3 + b"b,,,,,2,\xff\n")
    rows = read_rows(place)
    assert [next(rows).code for _ in range(3)] == ["1", "1", "1"]
    with pytest.raises(InputError, match="line 5 is not UTF-8"):
        next(rows)


@settings(max_examples=200)
@given(st.binary(max_size=300))
def test_any_bytes_are_rows_or_one_sentence(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    place = tmp_path_factory.mktemp("rows") / "t.csv"
    place.write_bytes(HEADER.encode() + content)
    try:
        rows = list(read_rows(place))
    except InputError:
        return
    assert all(row.id for row in rows)


def test_a_known_number_on_another_kind_of_channel_yields_to_what_the_text_says() -> None:
    code = next(each for each in shipped().codes if each.vendor == "Sigenergy" and each.channel.startswith("modbus"))
    row = Row(id="r", code=code.code, native_text="Emergency stop pressed", vendor="Sigenergy", channel="ocpp.info")
    first = suggest(row, shipped())[0]
    assert first.mrec == "CX008"


def test_a_suggestion_says_what_else_it_may_be_where_that_has_another_code() -> None:
    given_ = suggested("Vehicle contactor welded")
    assert given_[0].mrec == "CX016"
    assert len({each.mrec for each in given_}) > 1


def test_words_that_nobody_has_heard_leave_doubt() -> None:
    assert suggested("qwertz uiop 4711")[0].confidence < 0.8


def test_most_codes_of_imaginary_makers_are_found() -> None:
    files = sorted((Path(__file__).parents[2] / "benchmarks").glob("unseen_codes_*.csv"))
    lines = [line for file in files for line in csv.DictReader(file.read_text(encoding="utf-8").splitlines())]
    sure = [line for line in lines if line["confidence"] == "high"]
    found = [(line, _suggested(line)) for line in sure]
    first = sum(given_[0].mrec == line["canonical_guess"].removeprefix("none") for line, given_ in found)
    any_ = sum(line["canonical_guess"].removeprefix("none") in {each.mrec for each in given_} for line, given_ in found)
    assert len(sure) > 400
    assert first / len(sure) >= 0.9
    assert any_ / len(sure) >= 0.95


def _suggested(line: dict[str, str]) -> tuple[Suggestion, ...]:
    row = Row(
        id=line["id"],
        code=line["code"],
        native_text=line["native_text"],
        vendor=line["vendor"],
        channel=line["channel"],
    )
    return suggest(row, shipped())
