"""Several sources at once: signals of one charger meet; one that fails is told, missed and tried again alone."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from peers import csms, echo
from register_server import real_server, serving
from websockets.asyncio.client import connect

from chargelore.engine.case import Charger
from chargelore.engine.listening import listening
from chargelore.engine.signal import Signal
from chargelore.engine.slices import Listening
from chargelore.engine.sourcefile import Asked, Followed, Metered, Source, Tapped
from chargelore.engine.sources.address import Address
from chargelore.engine.sources.copies import Health, OnSignal
from chargelore.engine.sources.modbus import Outlet
from chargelore.engine.sources.tap import Tap
from chargelore.engine.sourcework import Hears
from chargelore.kb.errors import SourceError
from chargelore.kb.loadmap import load_map
from chargelore.kb.registermap import RegisterMap

EVSE = load_map("smartevse-3")


@dataclass
class Heard:
    signals: list[Signal] = field(default_factory=list)
    chargers: list[Charger] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def hears(self) -> Hears:
        """The rest of a watch, in short."""
        told = self.told

        @asynccontextmanager
        async def taps(source: Tapped, receiver: OnSignal) -> AsyncIterator[Health]:
            async with Tap(source.listen, source.upstream, receiver) as tap:
                told.append(f"chargers connect to {tap.address};")
                yield tap.health

        return Hears(
            on_signal=self.signals.append, knows=self.chargers.append, tells=told.append, first_wait=0.05, taps=taps
        )

    async def until(self, holds: Callable[[], object]) -> None:
        async with asyncio.timeout(60):
            while not holds():
                await asyncio.sleep(0.01)

    def layers(self, charger: str) -> set[str]:
        return {each.layer for each in self.signals if each.charger == charger}


@asynccontextmanager
async def heard(*sources: Source) -> AsyncIterator[tuple[Heard, Listening]]:
    told = Heard()
    async with listening(sources, told.hears()) as found:
        yield told, found


def asked(port: int, name: str = "CP-1", registers: RegisterMap = EVSE, unit: int = 0) -> Asked:
    return Asked(where=Address("127.0.0.1", port), registers=registers, outlets={name: Outlet(unit=unit)})


async def test_three_slices_of_one_charger_meet(tmp_path: Path) -> None:
    log = tmp_path / "charger.log"
    log.write_text("2031-05-01T10:00:00Z relay clicked\n", encoding="utf-8")
    async with csms(echo) as upstream, serving(EVSE, EVSE.samples[0]) as port:
        sources = (
            Tapped(listen="127.0.0.1:0", upstream=upstream),
            asked(port),
            Followed(file=str(log), charger="CP-1", from_start=True),
        )
        async with heard(*sources) as (told, found):
            address = next(each for each in told.told if each.startswith("chargers connect")).split()[3].rstrip(";")
            async with connect(f"{address}/CP-1", proxy=None) as charger:
                await charger.send(json.dumps([2, "1", "Heartbeat", {}]))
                await charger.recv()
                await told.until(lambda: told.layers("CP-1") == {"ocpp", "modbus", "firmware"})
            assert found.missing("CP-1") == ()
            assert found.health.connections == 2
            assert [each["state"] for each in found.as_json()] == ["listens"] * 3
    assert Charger(id="CP-1", vendor=EVSE.vendor, model=EVSE.model) in told.chargers


async def test_a_source_that_cannot_begin_is_missed_alone_and_heard_as_soon_as_it_can(tmp_path: Path) -> None:
    log = tmp_path / "charger.log"
    log.write_text("one\n", encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        sources = (
            Tapped(listen=f"127.0.0.1:{port}", upstream="ws://127.0.0.1:1/ocpp"),
            Followed(file=str(log), charger="CP-1", from_start=True),
        )
        async with heard(*sources) as (told, found):
            await told.until(lambda: told.layers("CP-1"))
            (missing,) = found.missing("CP-1")
            assert (missing.layer, missing.source) == ("ocpp", f"tap 127.0.0.1:{port}")
            assert "cannot listen" in missing.why
            taken.close()
            await told.until(lambda: found.missing("CP-1") == ())
    assert f"tap 127.0.0.1:{port} is heard again" in told.told
    assert sum("cannot be heard" in each for each in told.told) == 1


async def test_a_log_that_is_not_there_and_a_device_that_does_not_answer_are_missing_slices(tmp_path: Path) -> None:
    log = tmp_path / "later.log"
    async with heard(asked(1), Followed(file=str(log), charger="CP-1")) as (told, found):
        await told.until(lambda: len(found.missing("CP-1")) == 2)
        assert {(each.layer, each.why) for each in found.missing("CP-1")} == {
            ("modbus", "it takes no connection"),
            ("firmware", "it is not there yet"),
        }
        assert [each.layer for each in found.missing("CP-2")] == []
        log.write_text("now\n", encoding="utf-8")
        await told.until(lambda: [each.layer for each in found.missing("CP-1")] == ["modbus"])


async def test_a_meter_at_a_site_is_the_grid_of_every_charger_behind_it_and_shares_the_connection() -> None:
    async with real_server(EVSE, EVSE.samples[0], units=(1, 4)) as server:
        port = server.transport.sockets[0].getsockname()[1]  # type: ignore[attr-defined]  # a TCP server's
        where = Address("127.0.0.1", port)
        meter = Metered(where=where, registers=EVSE, outlet=Outlet(unit=4), chargers=("CP-1", "CP-2"))
        async with heard(asked(port, unit=1), meter) as (told, found):
            await told.until(lambda: told.layers("CP-2") and told.layers("CP-1") == {"modbus", "grid"})
            assert len(found.slices) == 1
            assert set(found.slices[0].layers) == {"modbus", "grid"}
    assert told.layers("CP-2") == {"grid"}
    assert {each.fields["part"] for each in told.signals if each.layer == "grid"} == {f"meter 127.0.0.1:{port}/4"}
    assert [each.id for each in told.chargers] == ["CP-1"]


async def test_a_meter_that_is_silent_is_missing_from_the_grid_of_each_charger_and_no_signal_of_theirs() -> None:
    meter = Metered(where=Address("127.0.0.1", 1), registers=EVSE, outlet=Outlet(), chargers=("CP-1", "CP-2"))
    async with heard(meter) as (told, found):
        await told.until(lambda: found.missing("CP-2"))
        assert [(each.layer, each.why) for each in found.missing("CP-1")] == [("grid", "it takes no connection")]
    assert told.signals == []


async def test_when_no_source_can_begin_the_reason_is_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SourceError, match="cannot listen"):
            async with heard(Tapped(listen=f"127.0.0.1:{port}", upstream="ws://127.0.0.1:1/ocpp")):
                pass


async def test_a_map_that_does_not_fit_is_told_and_its_charger_has_no_readings() -> None:
    wrong = replace(load_map("bender-cc612"), map="wrong")
    async with (
        serving(EVSE, EVSE.samples[0]) as port,
        heard(asked(port, registers=wrong, unit=EVSE.unit_id)) as (told, _),
    ):
        await told.until(lambda: any("cannot use" in each for each in told.told))
    assert {each.kind for each in told.signals} == {"unreadable"}
