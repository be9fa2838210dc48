"""A file of sources: what it names is listened to; what is wrong in it is told with its line."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chargelore.engine.places import load_places
from chargelore.engine.sourcefile import (
    Asked,
    EntryFile,
    Followed,
    Metered,
    Tapped,
    load_sources,
    sources_of,
)
from chargelore.engine.sources.modbusplace import Cable
from chargelore.kb.errors import ChargeloreError, SourceError, UseError

ALL = """\
sources:
  - {tap: "127.0.0.1:9000", upstream: "ws://csms.example:80/ocpp"}
  - {modbus: 10.0.0.7, map: bender-cc612, charger: CP-1}
  - {modbus: /dev/ttyUSB0, map: smartevse-3, serial: 9600 8N1, units: {1: CP-2, 2: 3}}
  - {meter: 10.0.0.9, map: site.yaml, chargers: [CP-1, CP-2]}
  - {follow: csms.log, format: steve}
  - {follow: "-", charger: CP-1, from: start}
"""
SITE_METER = """\
map: site
vendor: Acme
model: Counter
source: {id: acme-counter, title: Acme counter}
registers:
  - {name: voltage.l1, address: 0, unit: V, plausible: [0, 500]}
"""


def written(folder: Path, text: str, name: str = "sources.yaml") -> Path:
    (folder / "site.yaml").write_text(SITE_METER, encoding="utf-8")
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_every_kind_of_source_is_read(tmp_path: Path) -> None:
    tap, one, two, meter, log, stream = load_sources(written(tmp_path, ALL))
    assert tap == Tapped(listen="127.0.0.1:9000", upstream="ws://csms.example:80/ocpp")
    assert isinstance(one, Asked)
    assert (str(one.where), list(one.outlets)) == ("10.0.0.7:502", ["CP-1"])
    assert isinstance(two, Asked)
    assert (two.where, {name: each.unit for name, each in two.outlets.items()}) == (
        Cable("/dev/ttyUSB0", 9600, 8, "N", 1),
        {"CP-2": 1, "3": 2},
    )
    assert isinstance(meter, Metered)
    assert (meter.registers.map, meter.chargers) == ("site", ("CP-1", "CP-2"))
    assert log == Followed(file=str(tmp_path / "csms.log"), form="steve")
    assert stream == Followed(file="-", charger="CP-1", from_start=True)


def test_a_meter_stands_in_front_of_the_chargers_of_its_site(tmp_path: Path) -> None:
    places = load_places(written(tmp_path, "chargers: {CP-1: {site: depot}, CP-2: {site: depot}}\n", "places.yaml"))
    file = written(tmp_path, "sources: [{meter: 10.0.0.9, map: site.yaml, site: depot}]\n")
    (meter,) = load_sources(file, places)
    assert isinstance(meter, Metered)
    assert meter.chargers == ("CP-1", "CP-2")
    with pytest.raises(SourceError, match="nobody says which chargers stand at depot"):
        load_sources(file)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{tap: "127.0.0.1:9000"}', "a tap needs `upstream`"),
        ("{modbus: 10.0.0.7}", "a modbus needs `map`"),
        ("{modbus: 10.0.0.7, map: no-such}", "there is no register map no-such"),
        ("{modbus: 10.0.0.7, map: ./no-such.yaml}", "there is no register map no-such"),
        ("{modbus: '::1', map: bender-cc612}", "not a host and a port"),
        ("{modbus: 10.0.0.7, map: demo-wallbox, connector: 2}", "knows no connector 2"),
        ("{modbus: 10.0.0.7, map: bender-cc612, units: {300: A}}", "300 is no Modbus address"),
        ("{modbus: 10.0.0.7, map: bender-cc612, units: {1: A, 2: A}}", "two addresses are called A"),
        ("{modbus: 10.0.0.7, map: bender-cc612, unit: 1, units: {1: A}}", "`units` name addresses"),
        ("{modbus: 10.0.0.7, map: bender-cc612, serial: 9600 8N1}", "only a serial port has a speed"),
        ("{follow: x.log, upstream: ws://x}", "`upstream` says nothing of a follow"),
        ("{follow: x.log, format: nonsense}", "no log format is called `nonsense`"),
        ("{follow: x.log, from: middle}", "from"),
        ("{follow: .}", "is a folder"),
        ("{follow: x.log, tap: ':1'}", "is tap and follow at once"),
        ("{charger: CP-1}", "is no source"),
        ("{meter: 10.0.0.9, map: bender-cc612}", "the meter of which chargers?"),
        ("{follow: a.log, foo: 1}", "`foo`: is not a key"),
        ("just words", "sources"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(line: str, said: str, tmp_path: Path) -> None:
    file = written(tmp_path, f"# mine\nsources:\n  - {{follow: other.log}}\n  - {line}\n")
    with pytest.raises(SourceError) as told:
        load_sources(file)
    assert said in str(told.value)
    assert f"{file}:4" in str(told.value)


@pytest.mark.parametrize("text", ["", "sources: []\n", "sources: 3\n", "sources: [{follow: x}]\nmore: 1\n", "[1]\n"])
def test_a_file_without_sources_is_told(text: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="names no sources"):
        load_sources(written(tmp_path, text))


@pytest.mark.parametrize(
    "twice",
    [
        "{follow: x.log}, {follow: x.log, charger: A}",
        "{modbus: h, map: abl-em4, charger: A}, {modbus: 'h:502', map: abl-em4, charger: B}",
        "{modbus: h, map: abl-em4, charger: A}, {meter: h, map: abl-em4, chargers: [A]}",
        "{tap: ':9', upstream: 'ws://a'}, {tap: ':9', upstream: 'ws://b'}",
    ],
)
def test_what_is_listened_to_twice_is_refused(twice: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is listened to already"):
        load_sources(written(tmp_path, f"sources: [{twice}]\n"))


def test_options_are_entries_without_a_file() -> None:
    (log,) = sources_of([EntryFile(follow="x.log")])
    assert log == Followed(file="x.log")
    with pytest.raises(UseError, match="what to watch"):
        sources_of([])
    with pytest.raises(SourceError) as told:
        sources_of([EntryFile(tap="127.0.0.1:0")])
    assert str(told.value) == "a tap needs `upstream` — add it"


@given(
    st.recursive(
        st.none() | st.text(max_size=8) | st.integers(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["tap", "modbus", "map", "meter", "units", "follow", "from", "charger", "x"]), inner
            )
        ),
        max_leaves=8,
    )
)
def test_any_entry_is_a_source_or_one_clear_error(entry: object) -> None:
    with tempfile.TemporaryDirectory() as folder:  # hypothesis has no tmp_path
        assert "sources.yaml" in _complaint(written(Path(folder), json.dumps({"sources": [entry]})))


def _complaint(file: Path) -> str:
    try:
        return f"{len(load_sources(file))} in sources.yaml"
    except ChargeloreError as error:
        return str(error)


def test_a_map_of_ones_own_that_is_not_there_is_said_with_its_folder_and_not_with_what_else_lies_there(
    tmp_path: Path,
) -> None:
    with pytest.raises(SourceError) as told:
        load_sources(written(tmp_path, "sources: [{modbus: 10.0.0.7, map: ./no-such.yaml}]\n"))
    assert str(tmp_path) in told.value.mend
    assert "use one of" not in told.value.mend
