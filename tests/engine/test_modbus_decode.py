"""Register maps: what ships can be read, word order and scale are right, and bad words never raise."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chargelore.engine.decode.modbus import Reader, value_of
from chargelore.kb.errors import KnowledgeError
from chargelore.kb.loadmap import MAPS, load_map
from chargelore.kb.registermap import Register

AT = datetime(2026, 3, 2, tzinfo=UTC)
SHIPPED = sorted(file.stem for file in MAPS.glob("*.yaml"))


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_map_names_its_source_and_never_overlaps(name: str) -> None:
    found = load_map(name)
    assert found.source.licence
    taken = [
        (each.table, each.device, address)
        for each in found.registers
        for address in range(each.address, each.address + each.count)
    ]
    assert len(taken) == len(set(taken))


@pytest.mark.parametrize(
    ("register", "words", "value"),
    [
        (Register(name="p", address=0, type="i32", decimals=3), [0x0000, 0x2AF8], 11.0),
        (Register(name="p", address=0, type="i32", word_order="little"), [0xFFFE, 0xFFFF], -2),
        (Register(name="e", address=0, type="u64"), [0, 0, 1, 0], 65536),
        (Register(name="f", address=0, type="f32"), [0x41C8, 0x0000], 25.0),
        (Register(name="t", address=0, type="i16"), [0xFFFB], -5),
        (Register(name="s", address=0, type="text", words=3), [0x4332, 0x0041, 0x4141], "C2"),
    ],
)
def test_words_become_the_value_that_the_maker_means(register: Register, words: list[int], value: object) -> None:
    assert value_of(register, words) == value


@given(words=st.lists(st.integers(-1, 70_000), max_size=6), before=st.none() | st.integers(0, 65_535))
@pytest.mark.parametrize("name", SHIPPED)
def test_any_words_end_in_signals(name: str, words: list[int], before: int | None) -> None:
    found = load_map(name)
    for register in found.registers:
        for signal in Reader(map=found, charger="CP").signals(register, words, AT, before):
            assert signal.kind in {"reading", "code", "unreadable"}


def test_a_mask_is_told_as_one_code_with_the_names_of_its_bits() -> None:
    found = load_map("smartevse-3")
    error = next(each for each in found.registers if each.name == "error")
    (signal,) = Reader(map=found, charger="CP").signals(error, [0b10100], AT)
    assert (signal.fields["code"], signal.fields["text"]) == ("20", "Too hot, Residual direct current")


def test_a_map_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(KnowledgeError, match="smartevse-3"):
        load_map("../../../etc/passwd")


def test_a_wrong_map_is_told_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("map: mine\nvendor: A\nmodel: B\nregisters:\n  - {name: x, adress: 1}\n")
    with pytest.raises(KnowledgeError, match=r"mine\.yaml"):
        load_map("mine", tmp_path)
