"""Bus: Modbus requests and replies in a trace of hex bytes, TCP or serial; exceptions get their names."""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import NamedTuple

from chargelore.engine.signal import Scalar

_BYTES = re.compile(r"(?:0x)?[0-9a-f]{2}(?:[ :,-]{1,2}(?:0x)?[0-9a-f]{2}){3,}", re.IGNORECASE)
_REPLY = re.compile(r"\b(?:recv|received?|rx|response|reply|answer|in)\b|<", re.IGNORECASE)
MAX_PENDING = 64

# Modbus application protocol 1.1b3, chapters 6 and 7
FUNCTIONS = {
    1: "read coils", 2: "read discrete inputs", 3: "read holding registers", 4: "read input registers",
    5: "write coil", 6: "write register", 15: "write coils", 16: "write registers", 22: "mask write register",
    23: "read and write registers",
}  # fmt: skip
EXCEPTIONS = {
    1: "illegal function", 2: "illegal data address", 3: "illegal data value", 4: "device failure", 5: "acknowledge",
    6: "device busy", 8: "memory parity error", 10: "gateway path unavailable", 11: "gateway target does not respond",
}  # fmt: skip


class Request(NamedTuple):
    """What was asked of a device."""

    function: int
    address: int


@dataclass(slots=True)
class Bus:
    """Requests still without reply, by unit and transaction; lives for one reading."""

    asked: OrderedDict[tuple[int, int], Request] = field(default_factory=OrderedDict)

    def said(self, text: str) -> tuple[dict[str, Scalar], tuple[str, ...]] | None:
        """The fields of the Modbus message in a line of trace, and marks; None where there is none."""
        found = _BYTES.search(text)
        if found is None:
            return None
        message = bytes(int(each, 16) for each in re.findall(r"(?:0x)?([0-9a-f]{2})", found.group(), re.IGNORECASE))
        transaction, body = _unwrapped(message)
        if len(body) < 3 or (body[1] & 0x7F) not in FUNCTIONS:
            return None
        key = (body[0], transaction)
        if body[1] & 0x80:
            return self._exception(key, body)
        if _REPLY.search(text[: found.start()]) and not _looks_like_request(body):
            return self._reply(key, body)
        return self._request(key, body)

    def _request(self, key: tuple[int, int], body: bytes) -> tuple[dict[str, Scalar], tuple[str, ...]]:
        request = Request(body[1], int.from_bytes(body[2:4], "big"))
        self.asked[key] = request
        if len(self.asked) > MAX_PENDING:
            self.asked.popitem(last=False)
        return {**_named(body[0], request), "value": body[4:].hex(" ")}, ()

    def _reply(self, key: tuple[int, int], body: bytes) -> tuple[dict[str, Scalar], tuple[str, ...]]:
        request = self.asked.pop(key, None)
        address = request.address if request and request.function == body[1] else None
        skipped = 3 if body[1] in (1, 2, 3, 4, 23) else 2
        return {
            **_named(body[0], Request(body[1], -1 if address is None else address)),
            "value": body[skipped:].hex(" "),
        }, ()

    def _exception(self, key: tuple[int, int], body: bytes) -> tuple[dict[str, Scalar], tuple[str, ...]]:
        request = self.asked.pop(key, None) or Request(body[1] & 0x7F, -1)
        word = EXCEPTIONS.get(body[2], "unknown exception")
        said = f"Modbus exception {body[2]} ({word}) to {FUNCTIONS[request.function]}"
        where = f" {request.address}" if request.address >= 0 else ""
        return {**_named(body[0], request), "exception": body[2], "meaning": word, "explained": said + where}, (
            "exception",
        )


def _unwrapped(message: bytes) -> tuple[int, bytes]:
    """Transaction number and body (unit, function, …) of a TCP message; of a serial one, without its check sum."""
    if len(message) > 8 and message[2:4] == b"\0\0" and int.from_bytes(message[4:6], "big") == len(message) - 6:
        return int.from_bytes(message[:2], "big"), message[6:]
    has_sum = len(message) >= 5 and _check_sum(message[:-2]) == int.from_bytes(message[-2:], "little")
    return 0, message[:-2] if has_sum else message


def _looks_like_request(body: bytes) -> bool:
    """A listener on the bus prints `received` for both: a read request is six bytes, a reply says its length."""
    if body[1] in (1, 2, 3, 4):
        return len(body) == 6 and body[2] != 3
    return body[1] in (15, 16) and len(body) > 6


def _named(unit: int, request: Request) -> dict[str, Scalar]:
    fields: dict[str, Scalar] = {"name": "modbus", "unit": unit, "function": FUNCTIONS[request.function]}
    return {**fields, "address": request.address} if request.address >= 0 else fields


def _check_sum(message: bytes) -> int:
    """CRC-16 of Modbus over serial line, 2.5.1.2."""
    total = 0xFFFF
    for byte in message:
        total ^= byte
        for _ in range(8):
            total = (total >> 1) ^ 0xA001 if total & 1 else total >> 1
    return total
