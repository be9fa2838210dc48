"""A draft of a mapped table loads once its source is named, says the same codes, and lets no text of it escape."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chargelore.kb.checks.codes import CODE_CHECKS
from chargelore.kb.codetable import Told, maker
from chargelore.kb.draft import LONGEST_CODE, Draft, drafts, quoted, remark
from chargelore.kb.errors import KnowledgeError
from chargelore.kb.load import shipped
from chargelore.kb.rows import rows_of
from chargelore.kb.suggest import Row, suggest
from chargelore.kb.yamlfile import parse

SOURCE = 'source: {id: acme-manual, title: Acme manual, url: "https://acme.example", licence: "facts, own wording"}'
EMPTY_SOURCE = "# source: {id: , title: , url: , licence: }"


def drafted(*rows: Row) -> tuple[Draft, ...]:
    return drafts(((row, suggest(row, shipped())) for row in rows), shipped())


def row(code: str, text: str = "", vendor: str = "Acme", **more: str) -> Row:
    return Row(id=more.pop("id", code), code=code, native_text=text, vendor=vendor, **more)


def loaded(draft: Draft) -> Told:
    assert EMPTY_SOURCE in draft.text
    return maker(parse(Path("acme.yaml"), KnowledgeError, draft.text.replace(EMPTY_SOURCE, SOURCE)))


def test_a_draft_loads_once_its_source_is_named_and_not_before() -> None:
    (draft,) = drafted(row("E1", "RCD tripped"), row("bit 3", "Ready"), row("RELAY_WELDED"))
    with pytest.raises(KnowledgeError, match="source"):
        maker(parse(Path("acme.yaml"), KnowledgeError, draft.text))
    codes = [code for code, _ in loaded(draft).codes]
    assert [(code.code, code.kind, code.means[0].fault, code.is_fault) for code in codes] == [
        ("E1", "enum", "ground-fault-trip", True),
        ("bit 3", "bit", "operational-state", False),
        ("RELAY_WELDED", "name", "evse-contactor-welded", True),
    ]
    assert {code.status for code in codes} == {"draft"}


def test_a_draft_says_why_and_what_else_and_keeps_native_text_to_comments() -> None:
    (draft,) = drafted(row("E1", "Phase loss at the wallbox input"))
    values = [line for line in draft.text.splitlines() if not line.strip().startswith("#")]
    assert "# E1: Phase loss at the wallbox input" in draft.text
    assert "# because " in draft.text
    assert "# or " in draft.text
    assert not any("wallbox" in line for line in values)


def test_a_reviewer_has_nothing_to_say_of_the_shape_of_a_draft() -> None:
    (draft,) = drafted(
        row("bit 3", "RCD tripped", channel="modbus:1000"), row("red flash x2", "Relay stuck"), row("X1", "Charging"),
        row("Y_OK", "ok again", channel="can_status_bit", firmware="5.1"),
    )  # fmt: skip
    told = loaded(draft)
    knowledge = replace(
        shipped(), codes=tuple(code for code, _ in told.codes), sources={told.sources[0][0].id: told.sources[0][0]}
    )
    assert [issue for check in CODE_CHECKS for issue in check(knowledge)] == []


def test_none_stays_none_for_a_person_to_fill_in() -> None:
    ((code, _),) = loaded(drafted(row("4711", "qwertz uiop"))[0]).codes
    assert code.means == ()


def test_each_maker_has_its_own_document_and_each_scope_its_own_table() -> None:
    one, other = drafted(
        row("1", "RCD", channel="ocpp.vendorErrorCode", model="A"),
        row("1", "RCD", vendor="Best Power"),
        row("1", "Relay", vendor="ACME", model="B", firmware=">=2.0", channel="whatever the app says"),
    )
    told = loaded(one)
    assert (told.name, other.vendor) == ("Acme", "Best Power")
    assert [(code.model, code.firmware, code.channel) for code, _ in told.codes] == [
        ("A", "", "ocpp.vendorErrorCode"),
        ("B", ">=2.0", ""),
    ]
    assert "whatever the app says" in one.text


def test_what_a_table_cannot_hold_is_left_out_and_said() -> None:
    (draft,) = drafted(row("1", "RCD"), row("1", "Relay"), row("", "Hot", id="r3"), row("9" * (LONGEST_CODE + 1)))
    assert (draft.codes, draft.left_out) == (1, 3)
    assert draft.text.count("# left out: row") == 3
    assert len(loaded(draft).codes) == 1


@pytest.mark.parametrize(
    "text",
    [
        "}\nvendor: Evil",
        "x # y: [z",
        "- {code: 1}",
        "'\"\\",
        "*alias &anchor !!python/object",
        "\u2028vendor: Evil\x85tables: []",
        "\x1b[31mred\x1b[0m\x00",
        "=cmd|' /C calc'!A0",
        "[" * 600,
        "%YAML 1.1\n---",
        "\ufeff\ud7ff\U0001f4a9",
    ],
)
def test_hostile_text_stays_text(text: str) -> None:
    (draft,) = drafted(row(text[:LONGEST_CODE], text, vendor=f"Acme {text}", model=text, firmware=text, channel=text))
    told = loaded(draft)
    assert told.name == f"Acme {text}"
    assert [code.code for code, _ in told.codes] == [text[:LONGEST_CODE]]
    assert all(each.isprintable() or each == "\n" for each in draft.text)


@settings(max_examples=150, deadline=None)
@given(st.text(min_size=1, max_size=40), st.text(max_size=60), st.text(max_size=20))
def test_any_text_reads_back_the_same(code: str, text: str, model: str) -> None:
    (draft,) = drafted(row(code, text, model=model))
    ((read, _),) = loaded(draft).codes
    assert (read.code, read.model) == (code, model)


@given(st.text(max_size=400))
def test_a_quoted_value_reads_back_and_a_remark_is_one_short_line(text: str) -> None:
    assert parse(Path("x.yaml"), KnowledgeError, f"x: {quoted(text)}").value == {"x": text}
    assert remark(text).isprintable()
    assert len(remark(text)) < 170


def test_a_whole_table_round_trips() -> None:
    lines = [f"{each.vendor},{each.code}" for each in shipped().codes if each.vendor == "Easee"]
    rows = [*rows_of("vendor,code,native_text\n" + "\n".join(f"{line},x" for line in lines), "t.csv")]
    (draft,) = drafted(*rows)
    assert draft.codes + draft.left_out == len(rows)
    assert len(loaded(draft).codes) == draft.codes
