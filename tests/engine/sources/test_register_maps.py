"""Every shipped register map, read from a real Modbus TCP server that holds its samples."""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import replace

import pytest
from register_server import real_server, serving
from wallbox import Enough, StillClock

from chargelore.engine.signal import Signal
from chargelore.engine.sources.address import Address
from chargelore.engine.sources.modbus import Outlet, Pace, poll
from chargelore.engine.sources.modbusplace import Gateway
from chargelore.kb.loadmap import MAPS, load_map
from chargelore.kb.registermap import Frame, RegisterMap, Sample

SHIPPED = [load_map(file.stem) for file in sorted(MAPS.glob("*.yaml"))]
SAMPLES = [(each, sample) for each in SHIPPED for sample in each.samples]


async def one_round(port: int, register_map: RegisterMap, outlet: Outlet, framer: str = "socket") -> list[Signal]:
    address = Address("127.0.0.1", port)
    where = Gateway(address) if framer == "rtu" else address
    clock, signals = StillClock(ends=5), list[Signal]()
    pace = Pace(every=10, timeout=10, now=clock.now, sleep=clock.sleep)
    with suppress(Enough):
        async for signal in poll(where, register_map, "CP", pace, outlet):
            signals.append(signal)  # the source ends by an exception; what came before counts
    return signals


def test_every_shipped_map_has_a_sample_of_a_healthy_charger_and_one_of_a_fault_where_it_tells_faults() -> None:
    for each in SHIPPED:
        assert any(not sample.codes for sample in each.samples), each.map
        assert any(sample.codes for sample in each.samples) or not each.faults, each.map


@pytest.mark.parametrize("framer", ["socket", "rtu"])
@pytest.mark.parametrize(("register_map", "sample"), SAMPLES, ids=[f"{each.map}-{one.name}" for each, one in SAMPLES])
async def test_a_map_reads_its_samples_from_a_real_server(
    register_map: RegisterMap, sample: Sample, framer: str
) -> None:
    async with real_server(register_map, sample, framer=framer) as server:
        port = server.transport.sockets[0].getsockname()[1]  # type: ignore[attr-defined]  # a TCP server's
        signals = await one_round(port, register_map, Outlet(), framer)
    read = {str(each.fields["name"]): each.fields["value"] for each in signals if each.kind == "reading"}
    read |= {name: value for each in signals if each.kind == "supply" for name, value in each.fields.items()}
    for name, value in read.items():
        wanted = sample.reads[name]
        assert value == wanted or math.isclose(float(value or 0), float(wanted or 0), rel_tol=1e-6)
    codes = [each for each in signals if each.kind == "code"]
    assert tuple(str(each.fields["code"]) for each in codes) == sample.codes
    only_faults = {rule.register for rule in register_map.faults if not rule.is_of_a_state}
    measured = {name for name, value in sample.reads.items() if value is not None}
    assert set(read) == measured - only_faults


async def test_the_second_connector_is_read_behind_the_first() -> None:
    register_map = load_map("abl-em4")
    fault = register_map.samples[1]
    async with serving(register_map, fault, shift=256) as port:
        signals = await one_round(port, register_map, Outlet(connector=2))
    (code,) = (each for each in signals if each.kind == "code")
    assert (code.connector, code.fields["channel"], code.fields["code"]) == (2, "modbus:12337", "243")


async def test_another_modbus_address_can_be_asked() -> None:
    register_map = load_map("smartevse-3")
    async with serving(register_map, register_map.samples[0]) as port:
        first, other = [await one_round(port, register_map, Outlet(unit=unit)) for unit in (1, 9)]
    assert {each.kind for each in first} == {"reading"}
    assert "reading" not in {each.kind for each in other if each.fields.get("name") != "silent"}


async def test_a_map_that_does_not_fit_is_refused_and_tells_no_fault() -> None:
    fits = load_map("bender-cc612")
    registers = tuple(replace(each, word_order="little") for each in fits.registers)
    welded = Frame(address=111, words=(0, 64))
    healthy = fits.samples[0]
    frames = tuple(welded if each.address == welded.address else each for each in healthy.frames)
    async with serving(fits, replace(healthy, frames=frames)) as port:
        right = await one_round(port, fits, Outlet())
        wrong = await one_round(port, replace(fits, registers=registers), Outlet())
    assert [each.fields["code"] for each in right if each.kind == "code"] == ["112.6"]
    assert [(each.kind, each.fields["text"]) for each in wrong] == [("unreadable", "register map bender-cc612")]
    assert "10 of 17 values make no sense (power.l1 239861760 W" in str(wrong[0].fields["why"])


@pytest.mark.parametrize("other", SHIPPED, ids=[each.map for each in SHIPPED])
async def test_no_map_of_another_maker_tells_a_fault_of_a_healthy_charger(other: RegisterMap) -> None:
    """Asked at its own address with every other map: what that cannot mean is refused, and no code is made up."""
    healthy = next(each for each in other.samples if not each.codes)
    async with serving(other, healthy) as port:
        for wrong in SHIPPED:
            if wrong.map != other.map:
                signals = await one_round(port, wrong, Outlet(unit=other.unit_id))
                assert [each.fields["code"] for each in signals if each.kind == "code"] == [], wrong.map
