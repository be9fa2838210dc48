"""Captures of our own making, as pcap bytes: a charger that opens a WebSocket and talks, and a Modbus exchange."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator

START = 1_935_396_000  # 2031-05-01 10:00:00
CHARGER, CSMS, METER = b"\x0a\x00\x00\x05", b"\x0a\x00\x00\x01", b"\x0a\x00\x00\x09"
MASK = b"\x11\x22\x33\x44"
ASK = (
    b"GET /ocpp/CP-A HTTP/1.1\r\nHost: csms\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Protocol: ocpp1.6\r\n\r\n"
)
ANSWER = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: ocpp1.6\r\n\r\n"
)


def text_frame(text: str, *, masked: bool) -> bytes:
    """A WebSocket frame with a text."""
    body = text.encode()
    size = bytes([len(body)]) if len(body) < 126 else b"\x7e" + struct.pack("!H", len(body))
    head = b"\x81" + bytes([size[0] | (0x80 if masked else 0)]) + size[1:]
    if not masked:
        return head + body
    return head + MASK + bytes(byte ^ MASK[place % 4] for place, byte in enumerate(body))


def pcap(packets: Iterable[bytes]) -> bytes:
    """A file of Ethernet packets, one a second."""
    head = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
    records = (
        struct.pack("<IIII", START + number, 250_000, len(each), len(each)) + each
        for number, each in enumerate(packets)
    )
    return head + b"".join(records)


class _Line:
    """One TCP connection, which counts its bytes both ways."""

    def __init__(self, client: bytes, server: bytes, port: int) -> None:
        self.ends = {client: (40_000, 1000), server: (port, 5000)}
        self.client, self.server = client, server

    def packet(self, sender: bytes, data: bytes, flags: int = 0x18) -> bytes:
        receiver = self.server if sender == self.client else self.client
        (source, seq), (target, ack) = self.ends[sender], self.ends[receiver]
        self.ends[sender] = (source, seq + len(data) + (flags & 2 > 0))
        tcp = struct.pack("!HHIIBBHHH", source, target, seq, ack, 5 << 4, flags, 64240, 0, 0)
        ip = struct.pack("!BBHHHBBH", 0x45, 0, 40 + len(data), 0, 0, 64, 6, 0) + sender + receiver
        return b"\x02" * 6 + b"\x04" * 6 + b"\x08\x00" + ip + tcp + data

    def opened(self) -> Iterator[bytes]:
        yield self.packet(self.client, b"", 0x02)
        yield self.packet(self.server, b"", 0x12)
        yield self.packet(self.client, b"", 0x10)


def ocpp_packets(frames: Iterable[tuple[bool, str]]) -> Iterator[bytes]:
    """The packets of a charger's connection; frames are (from the charger, text)."""
    line = _Line(CHARGER, CSMS, 9000)
    yield from line.opened()
    yield line.packet(CHARGER, ASK)
    yield line.packet(CSMS, ANSWER)
    for from_charger, text in frames:
        yield line.packet(CHARGER if from_charger else CSMS, text_frame(text, masked=from_charger))


def modbus_packets() -> Iterator[bytes]:
    """A question for two registers, its answer, and a question that is refused."""
    line = _Line(CSMS, METER, 502)
    yield from line.opened()
    yield line.packet(CSMS, bytes.fromhex("000100000006010300640002"))
    yield line.packet(METER, bytes.fromhex("00010000000701030400000005"))
    yield line.packet(CSMS, bytes.fromhex("0002000000060103006b0001"))
    yield line.packet(METER, bytes.fromhex("000200000003018302"))
