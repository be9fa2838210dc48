"""Head: the lines with which an HTTP message begins, as bytes; what is not to be changed stays as it was written."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

END = re.compile(rb"\r?\n\r?\n")
LONGEST = 32_768  # bytes of a head; OCPP needs a few hundred
_ASKS = re.compile(rb"([A-Z]+) (\S.*) HTTP/1\.[01]\r?")
_ANSWERS = re.compile(rb"HTTP/1\.[01] ([1-5]\d\d)(?: (.*?))?\r?")


@dataclass(frozen=True, slots=True)
class Head:
    """The lines as they came, each with its line end but for the `\\n`; the first says what is asked or answered."""

    lines: tuple[bytes, ...]

    @classmethod
    def read(cls, raw: bytes) -> Head:
        """All up to the empty line, which is left out."""
        return cls(tuple(raw.split(b"\n")[:-2]))

    def written(self) -> bytes:
        """As it goes over the wire."""
        return b"\n".join((*self.lines, b"\r\n"))

    @property
    def method(self) -> str:
        """What is asked, as `GET`; empty where this is no request."""
        found = _ASKS.fullmatch(self.lines[0])
        return found[1].decode() if found else ""

    @property
    def path(self) -> str:
        """What is asked for, byte for byte: each byte is one character."""
        found = _ASKS.fullmatch(self.lines[0])
        return found[2].decode("latin-1") if found else ""

    @property
    def status(self) -> int:
        """What is answered; 0 where this is no answer."""
        found = _ANSWERS.fullmatch(self.lines[0])
        return int(found[1]) if found else 0

    @property
    def reason(self) -> str:
        """How the status is called by who answers."""
        found = _ANSWERS.fullmatch(self.lines[0])
        return (found[2] or b"").decode("latin-1") if found else ""

    def values(self, name: str) -> list[str]:
        """What a header says, once for each line of it."""
        return [_value(line) for line in self.lines[1:] if _name(line) == name.lower()]

    def words(self, name: str) -> list[str]:
        """What a header lists between its commas."""
        return [word.strip() for value in self.values(name) for word in value.split(",") if word.strip()]

    def without(self, names: Collection[str]) -> Head:
        """These headers left out; names in lower case."""
        return Head((self.lines[0], *(line for line in self.lines[1:] if _name(line) not in names)))

    def having(self, name: str, value: str) -> Head:
        """The header in place of all of its name, where the first of them stood, else at the end."""
        at = next((at for at, line in enumerate(self.lines) if at and _name(line) == name.lower()), len(self.lines))
        before, after = Head(self.lines[:at]), Head((b"", *self.lines[at:])).without({name.lower()})
        return Head((*before.lines, f"{name}: {value}\r".encode("latin-1", "replace"), *after.lines[1:]))

    def behind(self, path: str) -> Head:
        """The path that is asked for put behind another one."""
        method, asked = self.lines[0].split(b" ", 1)
        return Head((method + b" " + path.encode("latin-1", "replace") + asked, *self.lines[1:]))


def answer(status: str, said: str, *headers: str) -> bytes:
    """A whole answer of our own, as `502 Bad Gateway` with a sentence."""
    body = f"{said}\n".encode()
    lines = (f"HTTP/1.1 {status}", "Content-Type: text/plain", f"Content-Length: {len(body)}", "Connection: close")
    return "\r\n".join((*lines, *headers, "", "")).encode("latin-1", "replace") + body


def _name(line: bytes) -> str:
    return line.partition(b":")[0].strip().lower().decode("latin-1")


def _value(line: bytes) -> str:
    return line.partition(b":")[2].strip().decode("latin-1")
