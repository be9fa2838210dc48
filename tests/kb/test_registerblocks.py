"""Register blocks: neighbours are asked for together, and nothing that the map does not name."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chargelore.kb.loadmap import MAPS, load_map
from chargelore.kb.registerblocks import blocks
from chargelore.kb.registermap import Register, RegisterMap

SHIPPED = [load_map(file.stem) for file in sorted(MAPS.glob("*.yaml"))]


def spans(bridges: int = 0, block: int = 125, *places: int) -> list[tuple[int, int]]:
    registers = tuple(Register(name=f"r{each}", address=each) for each in places)
    found = replace(SHIPPED[0], registers=registers, block=block, bridges=bridges)
    return [(each.address, each.count) for each in blocks(found, 0, 1)]


def test_neighbours_are_read_together_up_to_the_limit_of_the_device() -> None:
    assert spans(0, 125, 4, 5, 6, 9) == [(4, 3), (9, 1)]
    assert spans(0, 2, 4, 5, 6, 9) == [(4, 2), (6, 1), (9, 1)]


def test_a_hole_is_crossed_only_where_the_map_allows_it() -> None:
    assert spans(1, 125, 4, 6, 9) == [(4, 3), (9, 1)]
    assert spans(2, 125, 4, 6, 9) == [(4, 6)]


@given(st.sampled_from(SHIPPED), st.integers(1, 125), st.integers(0, 9), st.integers(0, 512))
def test_every_register_is_in_one_block_and_no_block_is_too_long(
    found: RegisterMap, block: int, bridges: int, shift: int
) -> None:
    widest = max(each.count for each in found.registers)
    found = replace(found, block=max(block, widest), bridges=bridges)
    for device in {each.device for each in found.registers}:
        made = blocks(found, device, 7, shift)
        named = [register.name for each in made for _, register in each.registers]
        assert sorted(named) == sorted(each.name for each in found.registers if each.device == device)
        assert all(each.count <= found.block for each in made)
        words = [(register, each.address + start) for each in made for start, register in each.registers]
        assert all(address == register.address + shift for register, address in words)


@pytest.mark.parametrize("found", SHIPPED, ids=[each.map for each in SHIPPED])
def test_no_shipped_map_is_asked_for_a_word_that_it_does_not_name(found: RegisterMap) -> None:
    for device in {each.device for each in found.registers}:
        for each in blocks(found, device, 1):
            assert each.count == sum(register.count for _, register in each.registers) or found.bridges
