"""The shelf of texts finds by letters and by meaning, on disk, in memory, and where SQLite has no index."""

from __future__ import annotations

import os
import sqlite3
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chargelore.kb import trigram
from chargelore.kb.entries import entries
from chargelore.kb.load import shipped
from chargelore.kb.search import lookup
from chargelore.kb.shelf import PlainShelf, Shelf, Text
from chargelore.kb.trigram import TrigramShelf, shelf

TEXTS = tuple(
    Text(text.lower(), text)
    for text in ("Earth leakage detected", "Relay contact welded", "Heat sink overtemperature", "Coolant pump runs dry")
)
MANY = tuple(Text(f"fault number {number} of pump", f"pump {number}") for number in range(trigram.WORTH_KEEPING))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CHARGELORE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def kept(folder: Path) -> list[Path]:
    return sorted(folder.glob("texts-*.sqlite"))


@pytest.mark.parametrize("make", [shelf, PlainShelf], ids=["trigram", "plain"])
def test_a_text_is_found_by_its_letters_and_by_its_meaning(make: type[PlainShelf]) -> None:
    texts: Shelf = make(TEXTS)
    assert texts.by_letters("relai contact weldet", 2)[0] == 1
    assert texts.by_meaning(frozenset({"overtemp"}), 2) == [2]
    assert "overtemp" in texts.said([2])[2].concepts
    assert texts.rarity["overtemp"] > 0
    assert "leakag" in texts.words or "leakage" in texts.words


def test_the_index_is_kept_on_disk_and_read_again(folder: Path) -> None:
    first = shelf(MANY)
    (file,) = kept(folder)
    before = file.stat().st_mtime_ns
    assert shelf(MANY).by_letters("fault number 77 of pump", 3) == first.by_letters("fault number 77 of pump", 3)
    assert kept(folder) == [file]
    assert file.stat().st_mtime_ns == before


def test_other_texts_are_another_index_and_the_oldest_goes(folder: Path) -> None:
    for more in range(trigram.KEPT + 3):
        shelf((*MANY, Text(f"one more {more}", "more")))
    assert len(kept(folder)) == trigram.KEPT


def test_a_few_texts_are_not_worth_a_file(folder: Path) -> None:
    shelf(TEXTS)
    assert kept(folder) == []


def test_a_broken_index_is_made_anew(folder: Path) -> None:
    shelf(MANY)
    (file,) = kept(folder)
    file.write_bytes(b"no database at all" * 100)
    assert shelf(MANY).by_letters("fault number 77 of pump", 1)
    file.unlink()
    file.mkdir()
    assert shelf(MANY).by_letters("fault number 77 of pump", 1)


@pytest.mark.skipif(os.name == "nt", reason="folders have no such mode there")
def test_where_the_disk_cannot_be_written_the_index_stays_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("CHARGELORE_CACHE", str(tmp_path / "file" / "cache"))
    assert isinstance(shelf(MANY), TrigramShelf)


def test_without_the_index_of_sqlite_the_plain_shelf_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trigram, "SCHEMA", "CREATE VIRTUAL TABLE letters USING an_index_that_is_not_there(body);")
    assert isinstance(shelf(TEXTS), PlainShelf)


def test_an_index_that_breaks_while_it_is_asked_finds_less_and_does_not_raise() -> None:
    texts = TrigramShelf(trigram._filled(":memory:", TEXTS))
    texts._database.execute("DROP TABLE letters")
    assert texts.by_letters("relay contact", 3) == []


def test_two_threads_may_ask_at_once() -> None:
    texts, wrong = shelf(TEXTS), []

    def ask() -> None:
        try:
            for _ in range(50):
                texts.by_letters("coolant pump", 2)
        except sqlite3.Error as error:
            wrong.append(error)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_any_letters_can_be_asked_for(text: str) -> None:
    texts = shelf(TEXTS)
    assert len(texts.by_letters(text, 2)) <= 2
    assert len(texts.by_meaning(frozenset(text.split()), 2)) <= 2


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.sampled_from(["", "Zaptec", "OCPP 1.6", "nobody"]))
def test_any_text_has_a_bounded_answer_of_the_shipped_knowledge(query: str, vendor: str) -> None:
    hits = lookup(query, vendor=vendor)
    assert len(hits) <= 10
    assert all(0 <= hit.likeness <= 1 for hit in hits)


def test_every_shipped_code_is_found_first_with_its_maker() -> None:
    for code in shipped().codes:
        (first, *_) = lookup(code.code, vendor=code.vendor, model=code.model, channel=code.channel)
        assert (first.vendor, first.code) == (code.vendor, code.code), code


WITH_A_TYPING_ERROR = ("relai contact weldet", "heat sink overtemprature", "coolant pump dry")


@pytest.mark.parametrize("query", WITH_A_TYPING_ERROR)
def test_without_the_index_of_sqlite_the_same_text_comes_first(query: str) -> None:
    assert PlainShelf(TEXTS).by_letters(query, 1) == shelf(TEXTS).by_letters(query, 1) != []


def test_without_the_index_of_sqlite_a_look_up_finds_the_same_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_index, other = shipped(), replace(shipped())
    monkeypatch.setenv("CHARGELORE_CACHE", str(tmp_path))
    monkeypatch.setattr(trigram, "SCHEMA", "CREATE VIRTUAL TABLE letters USING an_index_that_is_not_there(body);")
    assert isinstance(entries(other).shelf, PlainShelf)
    asked = [code.text for code in other.codes[::40]]
    firsts = [(lookup(text, with_index)[:1], lookup(text, other)[:1]) for text in asked]
    same = sum(left and right and left[0].fault == right[0].fault for left, right in firsts)
    assert same >= 0.95 * len(asked)


def test_a_common_piece_does_not_hide_the_text_that_has_a_rare_one_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trigram, "READ_AT_MOST", 3)
    monkeypatch.setattr(trigram, "RANKED_AT_MOST", 10)
    many = [Text(f"fault {number}", "fault") for number in range(50)]
    texts = TrigramShelf(trigram._filled(":memory:", [*many, Text("fault of a welded relay in the left box", "")]))
    assert texts.by_letters("fault relay", 1) == [50]
