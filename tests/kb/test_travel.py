"""How codes travel: what a table says of masks, fields, prefixes, offsets, clearing texts and lights is followed."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from travel_flaws import code, with_codes

from chargelore.kb.codes import Codes
from chargelore.kb.codetable import maker
from chargelore.kb.errors import KnowledgeError
from chargelore.kb.load import SHIPPED as FOLDER
from chargelore.kb.load import shipped
from chargelore.kb.model import Code, Sign, Travel
from chargelore.kb.signs import sign
from chargelore.kb.travel import ANYHOW, carried
from chargelore.kb.yamlfile import parse

SHIPPED = Codes(shipped())
MASK, DELTA = Travel(carries="mask", width=16), Travel(carries="delta-mask", width=16)
BITS = tuple(code(f"bit {place}", f"fault-{place}", kind="bit", channel="ocpp.info") for place in (0, 1, 3, 12))
ON_VALUE = code("5", "a-value", channel="modbus:7", travel=Travel(carries="value"))


def acme(*codes: Code) -> Codes:
    return Codes(with_codes(*codes))


def travelling(travel: Travel, codes: Iterable[Code] = BITS) -> tuple[Code, ...]:
    return tuple(code(each.code, each.means[0].fault, kind=each.kind, channel=each.channel, travel=travel)
                 for each in codes)  # fmt: skip


def said(found: Iterable[Code]) -> list[str]:
    return [each.code for each in found]


@given(st.sets(st.sampled_from(BITS)), st.sampled_from((ANYHOW, MASK, DELTA)), st.sampled_from((str, hex)))
def test_a_mask_of_known_bits_gives_exactly_these_bits(chosen: set[Code], travel: Travel, spell: type) -> None:
    codes = acme(*travelling(travel))
    value = reduce(or_, (1 << int(each.code[4:]) for each in chosen), 0)
    assert set(said(codes.meanings(spell(value), "Acme"))) == set(said(chosen))


@given(st.text(max_size=80), st.sampled_from(sorted(shipped().makers)), st.text(max_size=20), st.text(max_size=20))
def test_any_text_of_any_maker_is_answered(text: str, maker: str, model: str, channel: str) -> None:
    found = SHIPPED.meanings(text, maker, model, "", channel)
    assert isinstance(SHIPPED.ended(found, found), tuple)
    assert all(SHIPPED.cleared(each) for each in found if each.clears)


@given(st.text(max_size=80), st.builds(
    Travel, field=st.sampled_from(("", "2", "reason")), separator=st.sampled_from((None, "", ";")),
    prefix=st.text(max_size=3), offset=st.integers(-3, 3), cleared=st.sampled_from(("", "Error {code} resolved")),
))  # fmt: skip
def test_any_text_is_taken_apart_as_any_table_says(text: str, travel: Travel) -> None:
    assert all(isinstance(each.code, str) for each in carried(text, travel))


def test_a_bit_that_a_mask_does_not_know_is_told_and_not_dropped() -> None:
    strange = acme(*travelling(MASK)).meanings("34", "Acme")  # bits 1 and 5
    assert said(strange) == ["bit 1", "bit 5"]
    assert (strange[1].means, strange[1].is_fault) == ((), True)
    assert acme(*BITS).meanings("34", "Acme") == ()  # a table that does not say that it is a mask


def test_a_mask_wider_than_its_table_is_no_mask() -> None:
    assert acme(*travelling(MASK)).meanings(str(1 << 16 | 1), "Acme") == ()
    assert acme(*travelling(Travel(carries="mask"))).meanings(str(1 << 64 | 1), "Acme") == ()


def test_a_mask_may_be_written_in_noughts_and_ones() -> None:
    assert said(acme(*travelling(MASK)).meanings("0001000000000010", "Acme")) == ["bit 1", "bit 12"]


@pytest.mark.parametrize("width", [8, 16, 32, 64])
def test_the_highest_bit_of_every_width_is_read(width: int) -> None:
    top = code(f"bit {width - 1}", "top", kind="bit", travel=Travel(carries="mask", width=width))
    assert said(acme(top).meanings(hex(1 << (width - 1)), "Acme")) == [top.code]


def test_the_words_of_a_mask_are_joined_in_the_order_that_the_table_names() -> None:
    travel = Travel(carries="mask", width=16, words=("112", "111"))
    low, high = (code(each, each, kind="bit", channel="modbus:111-112", travel=travel) for each in ("112.5", "111.1"))
    codes = acme(low, high)
    assert said(codes.meanings(str(1 << 5 | 1 << 17), "Acme", channel="modbus:111-112")) == ["112.5", "111.1"]
    assert said(codes.meanings("2", "Acme", channel="modbus:111")) == ["111.1"]
    assert said(codes.meanings("32", "Acme", channel="modbus:112")) == ["112.5"]


def test_a_whole_mask_ends_what_is_missing_and_a_delta_mask_never_does() -> None:
    for travel, over in ((MASK, ["bit 3"]), (DELTA, []), (ANYHOW, [])):
        codes = acme(*travelling(travel))
        before, now = codes.meanings("9", "Acme"), codes.meanings("3", "Acme")
        assert said(before) == ["bit 0", "bit 3"]
        assert said(codes.ended(before, now)) == over


def test_a_report_of_one_table_ends_nothing_of_another() -> None:
    codes = acme(*travelling(MASK), code("bit 1", "other", kind="bit", channel="modbus:9", table="b", travel=MASK))
    before = codes.meanings("8", "Acme", channel="ocpp.info")
    assert codes.ended(before, codes.meanings("2", "Acme", channel="modbus:9")) == ()


def test_a_list_ends_what_it_leaves_out() -> None:
    listed = Travel(carries="list", separator=" ")
    codes = acme(code("E1", travel=listed), code("E2", travel=listed))
    before = codes.meanings("E1 E2", "Acme")
    assert said(codes.ended(before, codes.meanings("E2", "Acme"))) == ["E1"]


def test_a_text_that_clears_is_no_fault_and_names_what_is_over() -> None:
    codes = acme(code("Relay sticks"), code("Relay is free", clears="Relay sticks", is_fault=False, means=()))
    (cleared,) = codes.meanings("relay is free", "Acme")
    assert not cleared.is_fault
    assert said(codes.cleared(cleared)) == ["Relay sticks"]
    assert said(codes.ended(codes.meanings("Relay sticks", "Acme"), [cleared])) == ["Relay sticks"]


def test_a_clearing_text_is_built_from_the_code_that_it_clears() -> None:
    codes = acme(code("E7", travel=Travel(cleared="Error {code} resolved")))
    (cleared,) = codes.meanings("Error E-7 resolved", "Acme")
    assert (cleared.is_fault, cleared.means, cleared.clears) == (False, (), "E7")
    assert said(codes.ended(codes.meanings("E7", "Acme"), [cleared])) == ["E7"]
    assert codes.meanings("Error E8 resolved", "Acme") == ()


def test_separators_come_from_the_table() -> None:
    codes = acme(code("E1", travel=Travel(separator="+")), code("A,B", travel=Travel(separator="+")))
    assert said(codes.meanings("E1+A,B", "Acme")) == ["E1", "A,B"]
    assert codes.meanings("E1;E1", "Acme") == ()


def test_a_maker_that_never_sends_more_than_one_is_not_taken_apart() -> None:
    assert acme(code("E1", travel=Travel(separator=""))).meanings("E1,E1", "Acme") == ()


def test_a_code_inside_json_is_found_by_the_name_of_its_member() -> None:
    codes = acme(code("E7", travel=Travel(field="reason")))
    assert said(codes.meanings('{"cpv":100,"reason":"E7"}', "Acme")) == ["E7"]
    assert codes.meanings('{"cpv":"E7"}', "Acme") == ()
    assert said(codes.meanings("E7", "Acme")) == ["E7"]


def test_a_code_inside_nested_csv_is_found_by_its_place() -> None:
    nested = Travel(field="1", separator=";")
    codes = acme(code("E7", travel=nested), code("E8", travel=nested))
    assert said(codes.meanings("12:00,E7,major;12:01,E8,minor", "Acme")) == ["E7", "E8"]


def test_a_prefix_before_every_code_is_left_out() -> None:
    codes = acme(code("PilotFault", travel=Travel(prefix="urn:acme:error:")))
    assert said(codes.meanings("urn:acme:error:PilotFault", "Acme")) == ["PilotFault"]


def test_a_table_that_is_shifted_by_one_says_so() -> None:
    codes = acme(code("7", "seven", travel=Travel(offset=-1)), code("8", "eight", travel=Travel(offset=-1)))
    assert said(codes.meanings("7", "Acme")) == ["8"]
    assert codes.meanings("5", "Acme") == ()


@pytest.mark.parametrize(
    "told", ["red flash x3", "blinks red three times", "LED blinkt 3 mal rot", "3x red", "Rot, blinkend, dreimal"]
)
def test_one_sign_of_light_is_known_in_many_words(told: str) -> None:
    assert sign(told) == Sign(does="flash", colour="red", times=3)


@pytest.mark.parametrize(("told", "meant"), [
    ("4 beeps", Sign(does="beep", times=4)), ("steady green", Sign(does="on", colour="green")),
    ("blue light pulsing slowly", Sign(does="pulse", colour="blue", pace="slow")), ("LED off", Sign(does="off")),
    ("Dauerton", Sign(does="tone")),
])  # fmt: skip
def test_tones_and_steady_lights_are_signs_too(told: str, meant: Sign) -> None:
    assert sign(told) == meant


@pytest.mark.parametrize("told", ["", "error 3", "red and green flash", "E7", "red", "Relay stuck"])
def test_what_is_no_single_sign_is_none(told: str) -> None:
    assert sign(told) is None


def test_a_light_is_found_by_its_sign_at_its_maker_only() -> None:
    signs = (Sign(does="flash", colour="red", times=3),)
    codes = acme(code("red flash x3", kind="pattern", signs=signs), code("R2", vendor="Other"))
    assert said(codes.meanings("LED blinks red 3 times", "Acme")) == ["red flash x3"]
    assert codes.meanings("LED blinks red 3 times", "Other") == ()


def test_the_pace_of_a_light_counts_only_where_both_tell_it() -> None:
    slow = code("s", kind="pattern", signs=(Sign(does="flash", colour="red", pace="slow"),))
    fast = code("f", kind="pattern", signs=(Sign(does="flash", colour="red", pace="fast"),))
    assert said(acme(slow, fast).meanings("red flashing slowly", "Acme")) == ["s"]
    assert said(acme(slow, fast).meanings("red flashing", "Acme")) == ["s", "f"]


def test_a_code_is_found_under_its_other_names() -> None:
    assert said(acme(code("12", also=("ERR_RELAY_STUCK",))).meanings("err-relay-stuck", "Acme")) == ["12"]


def test_the_example_for_writers_of_code_tables_is_one(tmp_path: Path) -> None:
    page = (FOLDER / "README.md").read_text("utf-8").partition("## Code tables")[2]
    file = tmp_path / "acme.yaml"
    file.write_text(page.partition("```yaml")[2].partition("```")[0], "utf-8")
    told = maker(parse(file, KnowledgeError))
    codes = Codes(with_codes(*(each for each, _ in told.codes)))
    assert said(codes.meanings("12", "Acme")) == ["0x04", "0x08"]
    assert said(codes.cleared(codes.meanings("Relay is free", "Acme")[0])) == ["Relay sticks"]
    assert said(codes.meanings("LED flashes three times in red", "Acme")) == ["red flash x3"]
