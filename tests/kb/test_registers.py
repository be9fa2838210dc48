"""Shipped register maps: many products, each with a source, a sample and faults that the code tables know."""

from __future__ import annotations

import pytest

from chargelore.kb.codes import Codes
from chargelore.kb.load import shipped
from chargelore.kb.loadmap import MAPS
from chargelore.kb.registermap import RegisterMap
from chargelore.kb.registerwords import replayed

MAP_NAMES = sorted(file.stem for file in MAPS.glob("*.yaml"))
FEWEST_PRODUCTS = 20
PLAINLY_ABSENT = {"demo-wallbox", "schneider-evlink-pro-ac"}  # these tell no fault in any register that is public


@pytest.fixture
def register_map(request: pytest.FixtureRequest) -> RegisterMap:
    return shipped().registers[request.param]


every_map = pytest.mark.parametrize("register_map", MAP_NAMES, indirect=True)


def test_more_than_twenty_products_can_be_read() -> None:
    maps = shipped().registers.values()
    assert len({(each.vendor, each.model) for each in maps}) >= FEWEST_PRODUCTS
    chargers = [each for each in maps if each.measures == "charger"]
    assert {each.map for each in chargers if not each.faults} == PLAINLY_ABSENT


@every_map
def test_each_sample_reads_back_as_it_says(register_map: RegisterMap) -> None:
    for sample in register_map.samples:
        assert replayed(register_map, sample) == (sample.reads, sample.codes)


@every_map
def test_the_first_sample_is_a_charger_without_a_fault(register_map: RegisterMap) -> None:
    assert register_map.samples[0].codes == ()
    assert all(sample.constructed for sample in register_map.samples)


@every_map
def test_a_fault_of_a_sample_is_a_canonical_one_or_the_map_says_why_not(register_map: RegisterMap) -> None:
    codes = Codes(shipped())
    for register in register_map.registers:
        rule = register_map.rule(register)
        told = {code for sample in register_map.samples for code in sample.codes} if rule else set()
        if rule is None or rule.untranslated:
            continue
        found = [codes.meanings(code, rule.of or register_map.vendor, channel=register.channel) for code in told]
        assert any(each.is_fault and each.means for one in found for each in one)


def test_the_same_number_means_what_the_register_says_and_not_what_a_sister_says() -> None:
    codes = Codes(shipped())
    (em4,) = codes.meanings("241", "ABL", channel="modbus:12337")
    (emh1,) = codes.meanings("241", "ABL", channel="modbus:4")
    assert (em4.table, emh1.table) == ("eMH4 status", "eMH1 status byte")


def test_a_map_holds_nothing_that_names_a_person_or_a_single_charger() -> None:
    names = {register.name for each in shipped().registers.values() for register in each.registers}
    assert not [
        name for name in names if any(word in name for word in ("serial", "rfid", "card", "token", "user", "mac"))
    ]
