"""What was looked up in vain is kept without whom it names, and listed with the most wanted first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shell import chargelore

from chargelore.kb.events import Event
from chargelore.kb.store import Store
from chargelore.tui.missed import LONGEST, fit_to_keep

KEY = b"k" * 32


@pytest.mark.parametrize(
    ("words", "secret"),
    [
        ("XQ serial number: ABC12345", "ABC12345"),
        ("XQ Seriennummer ABC12345", "ABC12345"),
        ("XQ S/N 12345678", "12345678"),
        ("XQ idTag 04A2B3C4D5E6F7", "04A2B3C4D5E6F7"),
        ("XQ card no. 12345678 refused", "12345678"),
        ("04A2B3C4D5E6F7 refused", "04A2B3C4D5E6F7"),
        ("XQ 10.0.0.12 and a.b@c.de", "a.b@c.de"),
        ("XQ in Musterstraße 12", "Musterstraße 12"),
        ("XQ at 12 Long Acre Road", "Long Acre Road"),
        ("XQ call +49 170 1234567", "1234567"),
    ],
)
def test_whom_the_words_name_is_not_kept(words: str, secret: str) -> None:
    kept = fit_to_keep(words, KEY)
    assert secret not in kept
    assert fit_to_keep(kept, KEY) == kept


@pytest.mark.parametrize("words", ["XQ-4711", "0x80000001", "12345678", "error 0x0004 at L2", "rfid off", "card 12"])
def test_codes_and_plain_words_are_kept_as_they_are(words: str) -> None:
    assert fit_to_keep(words, KEY) == words


@given(st.text(max_size=120))
def test_any_words_can_be_made_fit(words: str) -> None:
    assert isinstance(fit_to_keep(words, KEY), str)


def test_gaps_are_listed_by_how_often_they_were_wanted_with_their_scope() -> None:
    for query in ("XQ-4711", "zq-1", "xq-4711"):
        chargelore("lookup", query, "--vendor", "Nobody", "--model", "One", "--channel", "display", "--format", "json")
    first, second = chargelore("kb", "gaps", "--format", "json").json["gaps"]
    assert (first["times"], first["words"], first["vendor"], first["model"]) == (2, "xq-4711", "Nobody", "One")
    assert (second["times"], second["channel"]) == (1, "display")
    assert "zq-1" in chargelore("kb", "gaps", "--format", "table").out


def test_what_became_known_is_left_out_unless_all_is_asked_for() -> None:
    with Store.open() as store:
        store.record_gap("GroundFailure", {"vendor": "Zaptec"})
    assert chargelore("kb", "gaps", "--format", "table").out.strip() == "no gaps"
    assert chargelore("kb", "gaps", "--all", "--format", "json").json["gaps"][0]["known"] is True
    assert "true" in chargelore("kb", "gaps", "--all", "--format", "csv").out


def test_a_serial_number_in_a_miss_does_not_reach_the_store() -> None:
    said = chargelore("lookup", "XQ-4711 S/N ABC12345", "--vendor", "Nobody", "--format", "json")
    assert said.code == 1
    with Store.open() as store:
        assert "ABC12345" not in str(store.events("gap"))


@pytest.mark.parametrize("words", ["", "   ", "*", '"', "?!"])
def test_words_without_a_letter_or_a_digit_are_bad_use_and_no_gap(words: str) -> None:
    said = chargelore("lookup", words, "--format", "json")
    assert (said.code, said.out) == (2, "")
    assert "no letter and no digit" in said.err
    assert kept() == ()


@pytest.mark.parametrize("code", ["0", "0x00", "000"])
def test_zero_says_that_nothing_is_wrong_and_is_no_gap(code: str) -> None:
    said = chargelore("lookup", code, "--vendor", "Zaptec", "--format", "json")
    assert (said.code, said.json["hits"]) == (1, [])
    assert "zero says that nothing is wrong" in said.err
    assert kept() == ()


def test_of_long_words_the_start_is_kept_and_a_table_shows_less() -> None:
    chargelore("lookup", "XQ-4711 " * 200, "--vendor", "Nobody", "--format", "json")
    assert [len(str(each.body["words"])) for each in kept()] == [LONGEST]
    assert max(map(len, chargelore("kb", "gaps", "--format", "table").out.splitlines())) < 140
    assert len(fit_to_keep("card 12345678 " * 100, KEY)) == LONGEST


def test_a_name_that_no_maker_has_is_told_with_the_nearest_and_not_kept_as_if_it_were_known() -> None:
    said = chargelore("lookup", "04h", "--vendor", "zaptek", "--format", "json")
    assert "no maker is called zaptek — did you mean Zaptec?" in said.err
    assert said.code == 0 or "a maker that it does not know" in said.err
    assert "no maker" not in chargelore("lookup", "04h", "--vendor", "zaptec", "--format", "json").err
    assert chargelore("lookup", "04h", "--vendor", "Qqqqqqqq", "--format", "json").err.count("did you mean") == 0


def kept() -> tuple[Event, ...]:
    with Store.open() as store:
        return store.events("gap")
