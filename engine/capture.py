"""Capture: what went over a network, out of a pcap or pcapng file, by `tshark` where it is installed."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from chargelore.engine.decode.logs.lead import charger_on
from chargelore.engine.decode.logs.record import Head, Record
from chargelore.engine.decode.scan import messages_in
from chargelore.kb.errors import InputError

NAME = "capture"
MAGICS = (
    b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4", b"\x4d\x3c\xb2\xa1", b"\xa1\xb2\x3c\x4d",  # pcap, either way round
    b"\x0a\x0d\x0d\x0a",  # pcapng
)  # fmt: skip
MODBUS_PORT = "502"
MANY = "\x1f"  # between several values of one field
_WANTED = "websocket || modbus || http.upgrade || tls.handshake.type == 1"
_FIELDS = (
    "frame.number", "frame.time_epoch", "tcp.stream", "tcp.dstport", "http.request.uri", "websocket.mask",
    "websocket.payload.text", "websocket.payload.close.status_code", "modbus.func_code", "tcp.payload",
    "tls.handshake.type",
)  # fmt: skip
MAX_STREAMS = 4_096


@dataclass(slots=True)
class Streams:
    """Which charger talks on which connection, and which connections are closed to us; lives for one capture."""

    chargers: dict[str, str] = field(default_factory=dict)
    encrypted: set[str] = field(default_factory=set)
    trouble: str = ""  # what tshark said when it stopped before the end

    def records(self, packet: dict[str, str]) -> Iterator[Record]:
        """What one packet says."""
        stream = packet["tcp.stream"]
        base = Record(int(packet["frame.number"] or 0), "", Head(0, packet["frame.time_epoch"]), layer="ocpp")
        if packet["http.request.uri"]:
            self._name(stream, packet["http.request.uri"])
            yield base._replace(
                kind="connected", charger=self.chargers[stream], fields={"path": packet["http.request.uri"]}
            )
        if packet["modbus.func_code"]:
            word = "send" if packet["tcp.dstport"] == MODBUS_PORT else "recv"
            yield base._replace(text=f"{word} {_spaced(packet['tcp.payload'])}", layer="modbus")
        if packet["tls.handshake.type"] and len(self.encrypted) < MAX_STREAMS:
            self.encrypted.add(stream)
        yield from self._websocket(packet, base._replace(charger=self.chargers.get(stream, "")))

    def _name(self, stream: str, address: str) -> None:
        if len(self.chargers) >= MAX_STREAMS:
            del self.chargers[next(iter(self.chargers))]
        self.chargers[stream] = charger_on(f"GET {address}")

    def _websocket(self, packet: dict[str, str], base: Record) -> Iterator[Record]:
        """Clients mask what they send, servers do not (RFC 6455, 5.1); the charger is the client."""
        way = "charger" if packet["websocket.mask"].startswith(("1", "T")) else "csms"
        for text in filter(None, packet["websocket.payload.text"].split(MANY)):
            found = list(messages_in(text))
            yield from (base._replace(message=each.message, way=way) for each in found)
            if not found:
                yield base._replace(kind="unreadable", fields={"text": text[:500], "why": "no OCPP frame"}, raw=text)
        if code := packet["websocket.payload.close.status_code"]:
            yield base._replace(kind="disconnected", fields={"code": code, "reason": f"closed by the {way}"})


def _spaced(digits: str) -> str:
    plain = digits.replace(":", "")
    return " ".join(plain[at : at + 2] for at in range(0, len(plain), 2))


def is_capture(begin: bytes) -> bool:
    """Whether a file begins like a network capture."""
    return begin.startswith(MAGICS)


def records(source: Path | Iterable[bytes], where: str) -> Iterator[Record]:
    """What was said in a capture: a file, or its bytes. Connections that are encrypted are named at the end.

    Raises InputError where tshark is not installed or cannot read the file.
    """
    tshark = shutil.which("tshark")
    if tshark is None:
        raise InputError(
            "this is a network capture, and tshark is not installed",
            where=where,
            mend="install tshark, the command line of Wireshark; or save `Follow > WebSocket Stream` as text",
        )
    with _as_file(source) as path:
        streams = Streams()
        for packet in _packets(tshark, path, where, streams):
            yield from streams.records(packet)
        yield from _closed(streams)


def _closed(streams: Streams) -> Iterator[Record]:
    base = Record(0, "", Head(0), kind="unreadable", layer="ocpp")
    if count := len(streams.encrypted):
        why = f"{count} connection{'s are' if count > 1 else ' is'} encrypted (TLS)"
        yield base._replace(fields={"text": "read what was said there with the tap in front", "why": why})
    if streams.trouble:
        yield base._replace(fields={"text": streams.trouble, "why": "the capture ends too early"}, marks=("cut",))


@contextmanager
def _as_file(source: Path | Iterable[bytes]) -> Iterator[Path]:
    if isinstance(source, Path):
        yield source.absolute()  # a name may begin with a dash
        return
    with tempfile.NamedTemporaryFile(suffix=".pcap") as copy:
        copy.writelines(source)
        copy.flush()
        yield Path(copy.name)


def _packets(tshark: str, path: Path, where: str, streams: Streams) -> Iterator[dict[str, str]]:
    named = [part for each in _FIELDS for part in ("-e", each)]
    split = ["-E", "separator=/t", "-E", "occurrence=a", "-E", f"aggregator={MANY}"]
    command = [tshark, "-n", "-r", str(path), "-Y", _WANTED, "-T", "fields", *split, *named]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL) as run:  # noqa: S603  # our own words and an absolute path
        told, said, any_read = run.stdout or (), "", False
        try:
            for raw in told:
                any_read = True
                values = raw.decode("utf-8", "replace").rstrip("\n").split("\t")
                yield dict(zip(_FIELDS, [*values, *[""] * len(_FIELDS)], strict=False))
            said = run.stderr.read().decode("utf-8", "replace") if run.stderr else ""
        finally:
            run.kill()
    last = said.strip().rpartition("\n")[2][:200] if run.returncode else ""
    if last and any_read:
        streams.trouble = last
    elif last:
        raise InputError(f"tshark cannot read this capture ({last})", where=where, mend="save it anew from Wireshark")
