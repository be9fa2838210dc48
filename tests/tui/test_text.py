"""What chargers write is harmless on a screen, and numbers read as a person says them."""

from __future__ import annotations

import unicodedata
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from chargelore.tui.text import brief, chance, columns, count, fitting, lasting, padded, plain

ANYTHING = st.text(alphabet=st.characters(exclude_categories=()), max_size=300)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("[red]not markup[/red]", "[red]not markup[/red]"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;new title\x07text", "text"),
        ("\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x9b2Jgone", "gone"),
        ("a\u202eb\u2066c", "abc"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("two\r\nlines\tand a tab", "two  lines and a tab"),
        ("lone \ud800 surrogate", "lone  surrogate"),
        ("Ladesäule läuft", "Ladesäule läuft"),
        ("充电桩 🔌", "充电桩 🔌"),
        ("z" + "\u0301" * 40 + "Зарядка", "z\u0301\u0301Зарядка"),
    ],
)
def test_hostile_text_becomes_plain_text(raw: str, shown: str) -> None:
    assert plain(raw) == shown


@given(ANYTHING)
def test_plain_text_holds_nothing_that_steers_a_terminal(raw: str) -> None:
    left = plain(raw)
    assert not [character for character in left if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}]
    left.encode()


@given(ANYTHING)
def test_plain_text_stays_as_it_is(raw: str) -> None:
    assert plain(plain(raw)) == plain(raw)


@given(ANYTHING, st.integers(0, 120))
def test_a_brief_text_never_runs_over_its_width(raw: str, width: int) -> None:
    assert columns(brief(raw, width)) <= width
    assert columns(padded(raw, width)) == width


@given(st.text(alphabet="abc äé€充电桩🔌"))
def test_columns_are_counted_as_the_screen_counts_them(text: str) -> None:
    assert columns(text) == cell_len(text)


def test_a_long_text_ends_with_a_mark() -> None:
    assert brief("x" * 10_000, 8) == "xxxxxxx…"
    assert brief("fits", 4) == "fits"


@pytest.mark.parametrize(
    ("probability", "said"),
    [
        (0.97, "19 in 20"),
        (0.9, "9 in 10"),
        (0.5, "1 in 2"),
        (0.3333, "1 in 3"),
        (0.332, "3 in 10"),
        (0.02, "1 in 50"),
        (0.001, "rare"),
    ],
)
def test_a_chance_is_told_as_a_person_says_it(probability: float, said: str) -> None:
    assert chance(probability) == said


def test_pieces_that_do_not_fit_are_left_out_whole() -> None:
    assert fitting(["installer", "a very long piece indeed", "short"], 20) == "installer · short"


def test_spans_and_counts_are_told_in_one_unit() -> None:
    assert [lasting(timedelta(seconds=each)) for each in (40, 720, 10_800, 180_000)] == [
        "40 s",
        "12 min",
        "3 h",
        "2 days",
    ]
    assert count(1, "charger") == "1 charger"
    assert count(1200, "charger") == "1,200 chargers"
