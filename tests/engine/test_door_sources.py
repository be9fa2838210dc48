"""The door, for every source: nothing planted in any format gets past it, and a new format has to be planted too."""

from __future__ import annotations

import io
import json
import pkgutil
import shutil
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from importlib import import_module, util
from itertools import chain
from pathlib import Path
from typing import Any

import captures
import log_lines
import planted
import pytest
import table_samples
from hypothesis import example, given
from hypothesis import strategies as st

from chargelore.engine import sources
from chargelore.engine.decode import logs
from chargelore.engine.decode.casefile import case_file
from chargelore.engine.decode.frame import decode_frame
from chargelore.engine.decode.logs import devices, tables
from chargelore.engine.decode.logs.tables.grid import grid_in
from chargelore.engine.decode.modbus import Reader
from chargelore.engine.door import pseudonym, redacted, redacted_text
from chargelore.engine.read import read
from chargelore.engine.signal import Signal
from chargelore.kb.loadmap import load_map

KEY = b"k" * 32
NOON = datetime(2031, 5, 1, 12, tzinfo=UTC)
LINES = {**log_lines.LOGS, **log_lines.FRAMELESS}
TABLES = table_samples.SAMPLES


def shown(signal: Signal) -> str:
    """All of a signal that anybody may come to see."""
    return json.dumps([dict(signal.fields), signal.raw, signal.charger, signal.marks], ensure_ascii=False)


def leaking(signals: Iterable[Signal]) -> list[tuple[set[str], str]]:
    past = (shown(redacted(each, KEY)) for each in signals)
    return [(found, text) for text in past if (found := planted.leaks(text))]


def signals(text: str | bytes) -> list[Signal]:
    return list(read(io.BytesIO(text if isinstance(text, bytes) else text.encode("utf-8", "replace"))))


def test_the_search_finds_what_is_planted_however_it_is_spelt() -> None:
    for name, some in planted.WORDS.items():
        assert all(name in planted.leaks(each) for each in some if "Basic" not in each), name
    assert planted.leaks(b"04A1B2C3D4E5F6".hex()) == {"card"}


@pytest.mark.parametrize("word", planted.words())
def test_no_planted_sentence_gets_past(word: str) -> None:
    assert planted.leaks(redacted_text(word, KEY)) == set()


@pytest.mark.parametrize("name", planted.FRAMES)
@pytest.mark.parametrize("version", ["1.6", "2.0.1", "2.1"])
def test_no_planted_frame_gets_past(name: str, version: str) -> None:
    frame = json.dumps([2, "1", *planted.FRAMES[name]])
    found = decode_frame(frame, version=version, charger="CP-1")
    assert any(planted.leaks(shown(each)) for each in found)
    assert leaking(found) == []


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.9])
@pytest.mark.parametrize("name", planted.FRAMES)
def test_a_frame_that_was_cut_or_is_no_frame_gets_past_without_them_too(name: str, cut: float) -> None:
    frame = json.dumps([2, "1", *planted.FRAMES[name]])
    for text in (frame[: int(len(frame) * cut)], frame[1:], frame.replace('"', "'")):
        assert leaking(signals(f"2031-05-01 10:00:00 received {text}\n2031-05-01 10:00:01 next\n")) == []


# ---- every format of a log ----


def planted_log(name: str) -> str:
    """The sample of a format, and behind each of its heads everything that is planted."""
    layout = {**logs.FORMATS, logs.PLAIN.name: logs.PLAIN}[name]
    lines = LINES[name]
    heads = {line[: found.end()] if (found := layout.head.match(line)) else "" for line in lines[:2]}
    return "\n".join([*lines, *(f"{head}{each}" for head in sorted(heads) for each in said())]) + "\n"


def said() -> list[str]:
    return [*planted.words(), *planted.frames()]


@pytest.mark.parametrize("name", [*logs.FORMATS, logs.PLAIN.name])
def test_nothing_planted_in_a_log_of_any_format_gets_past(name: str) -> None:
    found = signals(planted_log(name))
    assert len(found) >= len(said())
    assert leaking(found) == []


# ---- every table, dump and document ----


def with_secrets(value: Any) -> Any:
    """A JSON value with secrets in every object of it, under names that makers use and in words."""
    if isinstance(value, dict):
        own = {
            "rfid": planted.CARD,
            "driverName": planted.PERSON,
            "evMac": planted.MAC,
            "note": " ".join(planted.words()),
        }
        return {**{name: with_secrets(each) for name, each in value.items()}, **own}
    return [with_secrets(each) for each in value] if isinstance(value, list) else value


def planted_samples(text: str) -> Iterator[str]:
    """A sample with secrets in further columns or members, and with secrets glued to what it says."""
    try:
        yield json.dumps(with_secrets(json.loads(text)))
    except ValueError:
        if (grid := grid_in(text.splitlines())) is None or grid.head != 1 or grid.delimiter == "|":
            return
        lines, mark = text.splitlines(), grid.delimiter
        more = {
            "RFID": planted.CARD,
            "Driver": planted.PERSON,
            "Serial number": planted.SERIAL,
            "Info": planted.WORDS["vin"][0],
        }
        yield "\n".join([mark.join([lines[0], *more]), *(mark.join([each, *more.values()]) for each in lines[1:])])


SAMPLES = [(name, place, text) for name, texts in TABLES.items() for place, text in enumerate(texts)]


@pytest.mark.parametrize(("name", "place", "text"), SAMPLES, ids=[f"{name}-{place}" for name, place, _ in SAMPLES])
def test_nothing_planted_in_a_table_or_dump_gets_past(name: str, place: int, text: str) -> None:
    for sample in (*planted_samples(text), "\n".join([*text.splitlines(), *said()])):
        found = signals(sample)
        assert found, (name, place)
        assert leaking(found) == []


def test_every_format_there_is_has_a_sample_to_plant_in() -> None:
    assert {*logs.FORMATS, logs.PLAIN.name} <= set(LINES)
    assert {form.name for form in tables.FORMS} | {kind.name for kind in devices.KINDS} | {"har"} <= set(TABLES)


def test_every_module_of_a_format_is_in_a_register_of_formats() -> None:
    """What is known by its content is known by a register; a module in none would be planted by nobody."""
    known = {*logs._MODULES, logs.plain, *devices.MODULES}
    for package in (logs, devices):
        for each in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            module = import_module(each.name)
            assert module in known or not {"LAYOUT", "DEVICES"} & set(vars(module)), each.name


# ---- what is neither log nor table ----


def of_a_case_file() -> list[Signal]:
    said_so = [{"channel": "ocpp", "raw": each} for each in planted.FRAMES.values()]
    said_so += [{"channel": "note", "raw": each} for each in planted.words()]
    told = {"id": "c", "charger": {"vendor": "V", "model": "M"}, "note": planted.WORDS["mail"][0], "signals": said_so}
    found = case_file(json.dumps(told), "x")
    assert found is not None
    return list(found.signals)


def of_a_capture() -> list[Signal]:
    talk = [(True, each) for each in planted.frames()]
    return signals(captures.pcap(captures.ocpp_packets(talk)))


def of_registers() -> list[Signal]:
    """A register that holds a serial number, a card, an address, as several makers have them."""
    reader = Reader(map=load_map("demo-wallbox"), charger="CP-1")
    values = {"serial": planted.SERIAL, "mac": planted.MAC, "rfid.tag": planted.CARD, "ev.vin": planted.VIN}
    return [
        reader._signal("reading", NOON, {"name": name, "value": value, "unit": ""}) for name, value in values.items()
    ]


def of_a_tap() -> list[Signal]:
    """What the tap says itself of a line; frames are planted above."""
    paths = (f"/ocpp/CP-1?token={planted.PASSWORD}", f"/ocpp/CP-1?user=x&password={planted.PASSWORD}")
    opened = [Signal(layer="ocpp", kind="connected", charger="CP-1", fields={"path": each}) for each in paths]
    return [*opened, Signal(layer="ocpp", kind="disconnected", fields={"code": 1008, "reason": f"card {planted.CARD}"})]


@pytest.mark.parametrize("source", [of_a_case_file, of_registers, of_a_tap])
def test_nothing_planted_elsewhere_gets_past(source: Any) -> None:
    found = source()
    assert any(planted.leaks(shown(each)) for each in found)
    assert leaking(found) == []


@pytest.mark.skipif(shutil.which("tshark") is None, reason="needs tshark")
def test_nothing_planted_in_a_capture_gets_past() -> None:
    assert leaking(of_a_capture()) == []


SIGNALLING = {
    "tap": "frames and `of_a_tap`",
    "copies": "frames and `of_a_tap`",
    "modbus": "`of_registers`",
    "follow": "every format of a log, and the story of a watch",
    "replay": "signals of another source",
}


def test_every_source_that_makes_signals_is_planted() -> None:
    for each in pkgutil.iter_modules(sources.__path__, f"{sources.__name__}."):
        place = util.find_spec(each.name)
        assert place is not None
        text = Path(place.origin or "").read_text(encoding="utf-8")
        if "signal import" in text and "Signal" in text:
            assert each.name.rpartition(".")[2] in SIGNALLING, f"plant secrets in what {each.name} says"


# ---- one secret, one name ----


def test_the_same_secret_has_the_same_name_in_every_source() -> None:
    card = pseudonym("idTag", planted.CARD, KEY)
    tapped = redacted(decode_frame([2, "1", *planted.FRAMES["start"]])[0], KEY)
    logged = [redacted(each, KEY) for each in signals(f"2031-05-01 10:00:00 idTag: {planted.CARD.lower()} refused\n")]
    row = f"Charger,Start,End,RFID,Reason\nA1,2031-05-01 09:00:00,2031-05-01 09:10:00,{planted.CARD},Local\n"
    tabled = [redacted(each, KEY) for each in signals(row)]
    assert tapped.fields["idTag"] == card
    assert all(card in shown(each) for each in (tapped, *logged, tabled[0]))


@pytest.mark.parametrize("kind", ["mac", "contract", "mail", "vehicle"])
def test_a_secret_that_is_spelt_otherwise_or_called_otherwise_has_its_one_name(kind: str) -> None:
    spelt = {
        "mac": [
            "mac=001A2233445F",
            "MAC 00:1a:22:33:44:5F",
            "001a.2233.445f",
            "EVCCID: 001A2233445F",
            "evccId=00-1A-22-33-44-5F",
        ],
        "contract": ["DE-8AA-C12345678-X", "DE8AAC12345678", "emaid=de8aac12345678x", "idToken=DE-8AA-C12345678"],
        "mail": [
            "jo.canary@example.org",
            "JO.CANARY@EXAMPLE.ORG",
            "user=jo.canary@example.org",
            "jo.canary%40example.org",
        ],
        "vehicle": ["WVWZZZ1KZAW987654", "vin=wvwzzz1kzaw987654", "VIN: WVWZZZ1KZAW987654"],
    }[kind]
    bare = {"mac": planted.MAC, "contract": planted.CONTRACT, "mail": planted.MAIL, "vehicle": planted.VIN}[kind]
    for each in spelt:
        assert pseudonym(kind, bare, KEY) in redacted_text(each, KEY)


FRAMED = st.sampled_from([json.dumps(each) for each in planted.FRAMES.values()])
WORDED = st.sampled_from(planted.words())
AROUND = st.text(alphabet="abc XYZ.,;:()[]{}<>=-_/\\\"'0\n\t", max_size=12)


@given(st.lists(st.tuples(AROUND, st.one_of(WORDED, FRAMED), AROUND), min_size=1, max_size=3))
@example([("", "phone: 0170/9876543", "0:")])
@example([("", "phone: 0170/9876543", "0=")])
@example([("", "phone: 0170/9876543", "0X")])
def test_what_stands_around_a_secret_does_not_carry_it_past(some: list[tuple[str, str, str]]) -> None:
    """Set apart by a space, as anything in a text is, whatever else stands there."""
    text = " ".join(chain.from_iterable(some))
    past = redacted_text(text, KEY)
    assert planted.leaks(past) == set()
    assert redacted_text(past, KEY) == past


@given(
    st.recursive(
        st.sampled_from([planted.CARD, planted.PERSON, planted.PASSWORD]),
        lambda inner: st.dictionaries(st.sampled_from(["a", "customData", "x y"]), inner, min_size=1, max_size=2),
        max_leaves=3,
    ),
    st.sampled_from(["idTag", "id_tag", "ID-TAG", "driverName", "cardUid", "evVin", "Password", "user_email", "token"]),
    st.integers(0, 3),
)
def test_a_name_hides_its_value_at_any_depth_and_however_often_it_is_packed(
    inside: Any, name: str, packed: int
) -> None:
    secret = planted.CARD
    data: Any = {"outer": {"list": [{name: secret}]}, "more": {"k": {name: secret}}}
    text = json.dumps(data)
    for _ in range(packed):
        text = json.dumps({"data": text})
    assert inside
    (found,) = decode_frame([2, "1", "DataTransfer", {"vendorId": "V", "data": text, "customData": data}])
    assert leaking([found]) == []
