"""Register maps: what ships can be read, word order and scale are right, and bad words never raise."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chargelore.engine.decode.modbus import Reader
from chargelore.engine.signal import Scalar
from chargelore.kb.errors import KnowledgeError
from chargelore.kb.loadmap import MAPS, load_map
from chargelore.kb.model import Source, SourceId
from chargelore.kb.registermap import FaultRule, Register, RegisterMap
from chargelore.kb.registerwords import found_in, value_of

AT = datetime(2026, 3, 2, tzinfo=UTC)
SHIPPED = {file.stem: load_map(file.stem) for file in MAPS.glob("*.yaml")}


@pytest.mark.parametrize(
    ("register", "words", "value"),
    [
        (Register(name="p", address=0, type="i32", decimals=3), [0x0000, 0x2AF8], 11.0),
        (Register(name="p", address=0, type="i32", word_order="little"), [0xFFFE, 0xFFFF], -2),
        (Register(name="e", address=0, type="u64"), [0, 0, 1, 0], 65536),
        (Register(name="f", address=0, type="f32"), [0x41C8, 0x0000], 25.0),
        (Register(name="t", address=0, type="i16"), [0xFFFB], -5),
        (Register(name="s", address=0, type="text", words=3), [0x4332, 0x0041, 0x4141], "C2"),
        (Register(name="s", address=0, type="text", words=3, encoding="utf-16"), [0x00C4, 0x0042, 0], "ÄB"),
        (Register(name="s", address=0, type="text", words=1, byte_order="little"), [0x3243], "C2"),
        (Register(name="p", address=0, type="u32", byte_order="little"), [0x0100, 0x0200], 65538),
        (Register(name="p", address=0, type="u64", word_order="little"), [0, 1, 0, 0], 65536),
        (Register(name="e", address=0, type="u32", decimals=-1), [0, 7], 70),
        (Register(name="e", address=0, type="u32", absent=(0xFFFFFFFF,)), [0xFFFF, 0xFFFF], None),
        (Register(name="f", address=0, type="f32"), [0x7FC0, 0x0000], None),
    ],
)
def test_words_become_the_value_that_the_maker_means(register: Register, words: list[int], value: object) -> None:
    assert value_of(register, words) == value


@given(
    words=st.lists(st.integers(-1, 70_000), max_size=6),
    before=st.none() | st.integers(-1, 65_535) | st.text(max_size=2) | st.floats(),
)
@settings(deadline=None)
@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_any_words_end_in_signals(name: str, words: list[int], before: Scalar) -> None:
    found = SHIPPED[name]
    for register in found.registers:
        for signal in Reader(map=found, charger="CP").signals(register, words, AT, before):
            assert signal.kind in {"reading", "code", "unreadable", "supply"}


def test_a_mask_is_told_as_one_code_with_the_names_of_its_bits() -> None:
    found = load_map("smartevse-3")
    error = next(each for each in found.registers if each.name == "error")
    (signal,) = Reader(map=found, charger="CP").signals(error, [0b10100], AT)
    assert (signal.fields["code"], signal.fields["text"]) == ("20", "Too hot, Residual direct current")


STATE = Register(name="state", address=3, values={2: "charging", 4: "error"})
FLAGS = Register(name="flags", address=7, bits={0: "relay closed", 1: "diode", 4: "leakage"})


def reader(rule: FaultRule, *registers: Register) -> Reader:
    source = Source(id=SourceId("own"), title="test")
    return Reader(
        map=RegisterMap(map="m", vendor="Acme", model="Box", source=source, registers=registers, faults=(rule,)),
        charger="CP",
    )


def test_a_state_that_means_a_fault_is_a_reading_and_a_code() -> None:
    reads = reader(FaultRule(register="state", are=(4,)), STATE)
    assert [each.kind for each in reads.signals(STATE, [2], AT)] == ["reading"]
    state, code = reads.signals(STATE, [4], AT, 2)
    assert state.fields["value"] == "error"
    assert code.fields == {"channel": "modbus:3", "vendor": "Acme", "code": "4", "text": "error"}
    assert [each.kind for each in reads.signals(STATE, [4], AT, 4)] == ["reading"]


def test_bits_that_tell_no_fault_stay_out_of_a_mask() -> None:
    reads = reader(FaultRule(register="flags", by="mask", are=(1, 4)), FLAGS)
    assert reads.signals(FLAGS, [0b00001], AT) == []
    (code,) = reads.signals(FLAGS, [0b10011], AT)
    assert (code.fields["code"], code.fields["text"]) == ("18", "diode, leakage")
    assert reads.signals(FLAGS, [0b10010], AT, 0b10011) == []


def test_a_state_of_a_standard_is_told_in_the_words_of_that_standard() -> None:
    letters = replace(STATE, values={69: "E", 67: "C"})
    reads = reader(FaultRule(register="state", by="name", are=(69,), of="Control pilot"), letters)
    _, code = reads.signals(letters, [69], AT)
    assert code.fields == {"channel": "modbus:3", "vendor": "Control pilot", "code": "E", "text": "state 69"}


def test_a_value_that_no_charger_has_is_told_as_unreadable_and_not_as_a_reading() -> None:
    volts = Register(name="voltage.l1", address=9, type="u32", unit="V", plausible=(0, 500))
    (signal,) = reader(FaultRule(register="state"), STATE, volts).signals(volts, [230, 0], AT)
    assert signal.kind == "unreadable"
    assert "word order" in str(signal.fields["why"])


def test_what_is_not_measured_is_not_told() -> None:
    energy = Register(name="energy", address=9, type="u32", unit="Wh", absent=(0xFFFFFFFF,))
    assert reader(FaultRule(register="state"), STATE, energy).signals(energy, [0xFFFF, 0xFFFF], AT) == []


def test_a_map_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(KnowledgeError, match="smartevse-3"):
        load_map("../../../etc/passwd")


def test_a_wrong_map_is_told_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("map: mine\nvendor: A\nmodel: B\nregisters:\n  - {name: x, adress: 1}\n")
    with pytest.raises(KnowledgeError, match=r"mine\.yaml"):
        load_map("mine", tmp_path)


@pytest.mark.parametrize(
    "odd", ["type: text", "words: 2", "decimals: 4000000000", "bits: {-1: a}", "type: text, words: 99999"]
)
def test_a_register_that_could_not_be_read_is_refused_with_file_and_line(odd: str, tmp_path: Path) -> None:
    head = "map: mine\nvendor: A\nmodel: B\nsource: {id: s, title: T, licence: MIT}\nregisters:\n"
    (tmp_path / "mine.yaml").write_text(f"{head}  - {{name: x, address: 1}}\n  - {{name: y, address: 2, {odd}}}\n")
    with pytest.raises(KnowledgeError, match=r"mine\.yaml:7: y "):
        load_map("mine", tmp_path)


def misfit(found: RegisterMap, *words: list[int]) -> str:
    return Reader(map=found, charger="CP").misfit(list(zip(found.registers, words, strict=True)))


VOLTS = Register(name="voltage.l1", address=9, unit="V")
HERTZ = Register(name="frequency", address=10, unit="Hz", decimals=1)
THREE = replace(SHIPPED["smartevse-3"], registers=(STATE, VOLTS, HERTZ), faults=())


def test_voltages_frequencies_and_states_that_no_charger_has_speak_against_the_map() -> None:
    assert misfit(THREE, [2], [230], [500]) == ""
    assert misfit(THREE, [2], [23000], [500]) == ""
    why = misfit(THREE, [77], [23000], [5000])
    assert why.startswith("3 of 3 values make no sense (state 77, voltage.l1 23000 V, frequency 500.0 Hz): another map")


@pytest.mark.parametrize(("empty", "count", "refused"), [(0, 8, True), (0, 7, False), (0xFFFF, 4, True), (1, 9, False)])
def test_words_that_are_all_alike_are_of_nothing(empty: int, count: int, refused: bool) -> None:  # drawn
    registers = tuple(Register(name=f"r{each}", address=each) for each in range(count))
    assert bool(misfit(replace(THREE, registers=registers), *[[empty]] * count)) == refused


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_the_samples_of_a_map_never_speak_against_it(name: str) -> None:
    found = SHIPPED[name]
    for sample in found.samples:
        heard = [(each, found_in(sample, each)) for each in found.registers]
        assert Reader(map=found, charger="CP").misfit([each for each in heard if each[1]]) == ""


@pytest.mark.parametrize("name", ["sunspec-meter", "eastron-sdm630"])
def test_the_meter_of_a_site_reads_as_the_supply_on_the_grid_layer(name: str) -> None:
    reader = Reader(map=SHIPPED[name], charger="meter")
    sample = reader.map.samples[0]
    found = {
        register.name: signal
        for register in reader.map.registers
        if (words := found_in(sample, register)) is not None
        for signal in reader.signals(register, words, AT)
    }
    volts = found["voltage.l1"]
    assert (volts.kind, volts.layer, volts.charger) == ("supply", "grid", "meter")
    assert volts.fields == {"voltage.l1": sample.reads["voltage.l1"]}
    assert reader.map.faults == ()
