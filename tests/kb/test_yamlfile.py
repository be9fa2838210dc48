"""YAML is data: what could run, grow or hide is refused with file and line; a word stays the word that was written."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chargelore.kb.errors import RuleError
from chargelore.kb.yamlfile import parse

FILE = Path("rules/a.yaml")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: &x 1\nb: *x\n", "a.yaml:1: an alias"),
        ("a: &x [*x]\n", "an alias"),
        ("a: 1\nb: 2\na: 3\n", "a.yaml:3: the key `a` stands here twice"),
        ("a: !!python/object/apply:os.system [ls]\n", "is not plain data"),
        ("a: !!python/name:os.system x\n", "is no python/name"),
        ("a: !own 1\n", "the tag !own is not plain data"),
        ("[1, 2]: 3\n", "a key must be a word"),
        ("a: [1\n", "a.yaml:2: "),
        ("a: \x01\n", "control characters are not allowed"),
        ("a: ä\nb: ä\nc: \x00\n", "a.yaml:3: unacceptable character #x0000"),
        ("--- 1\n--- 2\n", "another document"),
        ("--- 1\n--- 2\n", "keep one document in a file"),
        ("a:\n\tb: 1\n", "indent with spaces"),
    ],
)
def test_what_is_not_plain_data_is_refused_with_its_line(text: str, said: str) -> None:
    with pytest.raises(RuleError) as refused:
        parse(FILE, RuleError, text)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    "text", ["[" * 100_000 + "]" * 100_000, "{a: " * 50_000, "- " * 100_000 + "x", "a: " + "[" * 60]
)
def test_great_depth_is_refused_and_does_not_crash(text: str) -> None:
    with pytest.raises(RuleError):
        parse(FILE, RuleError, text)


def test_codes_and_words_stay_the_text_that_was_written() -> None:
    text = "[0x12, 007, no, on, yes, 12:30, 2024-01-01, 1e3, 5, -2, 1.5, true, null]"
    assert parse(FILE, RuleError, text).value == [
        "0x12", "007", "no", "on", "yes", "12:30", "2024-01-01", "1e3", 5, -2, 1.5, True, None,
    ]  # fmt: skip


def test_every_part_knows_its_line() -> None:
    document = parse(FILE, RuleError, "id: a\nsignals:\n  seen:\n    kind: status\n")
    assert document.place(("signals", "seen", "kind")) == "rules/a.yaml:4"
    assert document.place(("signals", "seen", "unheard-of")) == "rules/a.yaml:3"


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(RuleError):
        parse(FILE, RuleError, text)
