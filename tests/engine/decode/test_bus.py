"""Modbus in hex: requests, replies, and exceptions that say what they were an answer to."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chargelore.engine.decode.logs.bus import Bus


def fields(text: str, bus: Bus | None = None) -> dict[str, object]:
    said = (bus or Bus()).said(text)
    assert said is not None
    return dict(said[0])


def test_a_tcp_request_names_function_and_address() -> None:
    found = fields("modbus: send 00 21 00 00 00 06 01 03 04 b1 00 05")
    assert (found["unit"], found["function"], found["address"]) == (1, "read holding registers", 0x04B1)


def test_a_reply_belongs_to_the_request_of_its_transaction() -> None:
    bus = Bus()
    fields("send 00 21 00 00 00 06 01 03 04 b1 00 01", bus)
    found = fields("recv 00 21 00 00 00 05 01 03 02 42 31", bus)
    assert (found["address"], found["value"]) == (0x04B1, "42 31")


def test_an_exception_says_what_was_refused_and_why() -> None:
    bus = Bus()
    fields("send 00 23 00 00 00 06 01 06 04 bf 00 01", bus)
    said = bus.said("recv 00 23 00 00 00 03 01 86 03")
    assert said is not None
    assert said[0]["explained"] == "Modbus exception 3 (illegal data value) to write register 1215"
    assert said[1] == ("exception",)


def test_a_serial_message_is_read_without_its_check_sum() -> None:
    found = fields("Tx: 01 03 00 00 00 01 84 0a")
    assert (found["address"], found["value"]) == (0, "00 01")


def test_other_bytes_are_no_message() -> None:
    assert Bus().said("mac 00:11:22:33:44:55") is None
    assert Bus().said("key de ad be ef 00") is None
    assert Bus().said("no bytes at all") is None


@given(st.lists(st.binary(max_size=30), max_size=10))
def test_any_bytes_are_a_message_or_none(messages: list[bytes]) -> None:
    bus = Bus()
    for number, message in enumerate(messages):
        bus.said(("recv " if number % 2 else "send ") + message.hex(" "))


def test_memory_stays_bounded() -> None:
    bus = Bus()
    for number in range(1_000):
        bus.said(f"send {number >> 8:02x} {number & 255:02x} 00 00 00 06 01 03 00 00 00 01")
    assert len(bus.asked) <= 64
