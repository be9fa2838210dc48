"""Hostile wires: each trouble is counted by its reason and told, costs only its own line, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from peers import charger, csms, echo
from rawwire import ANSWER, Wire, asks, bare_csms, framed, knocked, opened, takes_in, until
from websockets.asyncio.server import ServerConnection

from chargelore.engine.signal import Signal
from chargelore.engine.sources import gate, legs
from chargelore.engine.sources.dial import Upstream, dialled
from chargelore.engine.sources.head import Head
from chargelore.engine.sources.legs import MOST_BUFFERED, Leg
from chargelore.engine.sources.splitting import goodbye
from chargelore.engine.sources.tap import Tap
from chargelore.engine.sources.trouble import Trouble

TEXT, BINARY, CLOSE, PING = 0x81, 0x82, 0x88, 0x89


@asynccontextmanager
async def watched(upstream: str, told: list[Trouble] | None = None) -> AsyncIterator[Tap]:
    """A tap that leaves no task and no open line behind, and nothing for asyncio to complain of."""
    before, complaints = asyncio.all_tasks(), list[object]()
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    heard: list[Trouble] = [] if told is None else told
    async with Tap("127.0.0.1:0", upstream, lambda _: None, on_trouble=heard.append) as tap:
        yield tap
    assert tap.health.open == 0
    assert tap.health.engine_errors == 0, tap.health.last_error
    assert all(str(each) for each in heard)
    await until(lambda: asyncio.all_tasks() <= before)
    assert complaints == []


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bare management systems do not close of themselves; the tap shall not wait for them as long as for real ones."""
    monkeypatch.setattr(legs, "LINGER", 1.0)


# before the line stands


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "HANDSHAKE", 0.2)
    monkeypatch.setattr(legs, "HANDSHAKE", 0.2)


@pytest.mark.parametrize(
    ("said", "reason", "answer"),
    [
        (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "no-upgrade", b"HTTP/1.1 426 "),
        (b"POST /CP HTTP/1.1\r\nUpgrade: websocket\r\n\r\n", "no-upgrade", b"HTTP/1.1 426 "),
        (b"GET CP HTTP/1.1\r\nUpgrade: websocket\r\n\r\n", "bad-path", b"HTTP/1.1 400 "),
        (b"HELO there\r\n\r\n", "no-http", b"HTTP/1.1 400 "),
        (b"GET /CP HTTP/3\r\n\r\n", "no-http", b"HTTP/1.1 400 "),
        (b"\x00\x01\xff\xfe" * 9, "no-http", b"HTTP/1.1 400 "),
        (b"GET /CP HTTP/1.1\r\n" + b"X-Long: y\r\n" * 9_000, "long-request", b"HTTP/1.1 431 "),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "tls-on-plain", b""),
    ],
)
async def test_what_is_no_request_for_a_websocket_is_answered_and_named(
    said: bytes, reason: str, answer: bytes
) -> None:
    told: list[Trouble] = []
    async with bare_csms() as upstream, watched(upstream.address, told) as tap:
        async with knocked(tap.address) as wire:
            await wire.says(said)
            assert (await wire.rest()).startswith(answer)
        assert [each.reason for each in told] == [reason]
        assert tap.health.troubles == {reason: 1}
        assert upstream.asked == []


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    ("said", "reason"), [(b"", "never-asked"), (b"GET /CP HTTP/1.1\r\nHost: a\r\n", "slow-request")]
)
async def test_who_does_not_come_to_an_end_is_sent_away(said: bytes, reason: str) -> None:
    async with bare_csms() as upstream, watched(upstream.address) as tap:
        async with knocked(tap.address) as wire:
            await wire.says(said)
            await wire.rest()
        assert tap.health.troubles == {reason: 1}


@pytest.mark.usefixtures("impatient")
async def test_one_byte_after_the_other_does_not_win_time() -> None:
    async with bare_csms() as upstream, watched(upstream.address) as tap, knocked(tap.address) as wire:
        ended = asyncio.ensure_future(wire.rest())
        for byte in asks("/CP" * 500):
            if ended.done():
                break
            await wire.says(bytes([byte]))
            await asyncio.sleep(0.01)
        await ended
        assert tap.health.troubles == {"slow-request": 1}


async def test_a_handshake_in_single_bytes_comes_through_all_the_same() -> None:
    async with csms(echo) as upstream, watched(upstream) as tap, knocked(tap.address) as wire:
        for byte in asks():
            await wire.says(bytes([byte]))
            await asyncio.sleep(0.001)  # so that each arrives alone
        assert (await wire.head()).startswith(b"HTTP/1.1 101")


async def test_a_port_that_is_only_looked_at_is_counted_and_nobody_is_told() -> None:
    async with bare_csms() as upstream, watched(upstream.address) as tap:
        for _ in range(3):
            async with knocked(tap.address):
                pass
        await until(lambda: tap.health.troubles["hung-up"] == 3)


async def test_where_too_many_only_stand_there_the_first_goes_and_a_charger_comes_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gate, "MOST_SILENT", 2)
    async with csms(echo) as upstream, watched(upstream) as tap, knocked(tap.address) as first:
        await asyncio.sleep(0)
        async with knocked(tap.address) as second, charger(tap) as socket:
            await socket.send("[]")
            assert await socket.recv() == "[]"
            async with knocked(tap.address), knocked(tap.address):
                assert await first.rest() == b""
                assert tap.health.troubles["crowded-out"] >= 1
                await second.closes()


async def test_a_charger_that_does_not_wait_leaves_nothing_open() -> None:
    asked, goes_on = asyncio.Event(), asyncio.Event()

    async def dawdles(wire: Wire, _: bytes) -> None:
        asked.set()
        await goes_on.wait()
        await wire.says(b"HTTP/1.1 101 Switching Protocols\r\n\r\n")

    async with bare_csms(dawdles) as upstream, watched(upstream.address) as tap:
        async with knocked(tap.address) as wire:
            await wire.says(asks())
            await asked.wait()
        await asyncio.sleep(0.05)
        goes_on.set()
        assert await (await upstream.came.get()).rest() == b""
        await until(lambda: tap.health.troubles == {"impatient": 1})


@pytest.mark.parametrize("said", [b"", b"SSH-2.0-OpenSSH_9.2\r\n\r\n", b"HTTP/1.1 "])
async def test_an_upstream_that_is_no_management_system_is_a_bad_gateway(said: bytes) -> None:
    async def babbles(wire: Wire, _: bytes) -> None:
        await wire.says(said)
        await wire.closes()

    async with bare_csms(babbles) as upstream, watched(upstream.address) as tap, knocked(tap.address) as wire:
        await wire.says(asks())
        assert (await wire.rest()).startswith(b"HTTP/1.1 502 ")
        assert tap.health.refused == 1


async def test_a_401_arrives_as_it_was_sent_and_the_password_as_it_was_written() -> None:
    body = b"Who are you?"
    said = b'HTTP/1.1 401 Unauthorised\r\nwww-AUTHENTICATE: Basic realm="x"\r\nX-Odd:  a  b \r\nContent-Length: 12\r\n'

    async def refuses(wire: Wire, _: bytes) -> None:
        await wire.says(said + b"Connection: keep-alive\r\n\r\n" + body)

    async with bare_csms(refuses) as upstream, watched(upstream.address) as tap, knocked(tap.address) as wire:
        await wire.says(asks("/CP", "authorization:  Basic Q1A6c2VjcmV0"))
        assert await wire.rest() == said + b"Connection: close\r\n\r\n" + body
        assert b"\r\nauthorization:  Basic Q1A6c2VjcmV0\r\n" in upstream.asked[0]
        assert tap.health.troubles == {"upstream-refused": 1}


async def test_a_refusal_in_chunks_or_without_a_length_arrives_whole() -> None:
    for head, body in (
        (b"Transfer-Encoding: chunked\r\n", b"3\r\nno!\r\n0\r\n\r\n"),
        (b"", b"whatever comes until the end"),
    ):

        async def refuses(wire: Wire, _: bytes, answer: bytes = head + b"\r\n" + body) -> None:
            await wire.says(b"HTTP/1.1 404 Nobody\r\n" + answer)
            if b"chunked" not in answer:
                await wire.closes()

        async with bare_csms(refuses) as upstream, watched(upstream.address) as tap, knocked(tap.address) as wire:
            await wire.says(asks())
            assert (await wire.rest()).endswith(b"\r\n\r\n" + body)


@pytest.mark.parametrize(
    "path",
    [
        "/ocpp/CP 1", "/CP%2F1%20a", "/a/../../CP", "/" + "x" * 1_000, "/", "/C\xc3\xbc", "/CP?a=b%20c&d", "//h/CP",
        "/CP\t",
    ],
)  # fmt: skip
async def test_the_path_goes_on_byte_for_byte(path: str) -> None:
    told: list[Signal] = []
    async with (
        bare_csms() as upstream,
        Tap("127.0.0.1:0", f"{upstream.address}/base", told.append) as tap,
        opened(tap.address, path),
    ):
        await tap.drained()
    assert upstream.asked[0].startswith(f"GET /base{path} HTTP/1.1\r\n".encode("latin-1"))
    assert 0 < len(told[0].charger) <= 255
    assert "a=b" not in str(told[0].fields)


async def test_two_long_names_with_one_beginning_stay_two_chargers() -> None:
    told: list[Signal] = []
    async with bare_csms() as upstream, Tap("127.0.0.1:0", upstream.address, told.append) as tap:
        for end in "ab":
            async with opened(tap.address, "/" + "x" * 1_000 + end):
                await tap.drained()
        await until(lambda: tap.health.open == 0)
        await tap.drained()
    assert len({each.charger for each in told}) == 2


async def test_compression_is_not_offered_on_and_all_else_is() -> None:
    headers = ("Sec-WebSocket-Extensions: permessage-deflate", "x-SERIAL:  7 ", "Sec-WebSocket-Protocol: ocpp1.6")
    async with bare_csms() as upstream, watched(upstream.address) as tap, opened(tap.address, "/CP", *headers):
        asked = asks("/CP", *headers).replace(b"Sec-WebSocket-Extensions: permessage-deflate\r\n", b"")
        host = upstream.address.removeprefix("ws://").encode()
        assert upstream.asked == [asked.replace(b"tap.example", host)]


# protocols and names


@pytest.mark.parametrize(
    ("offered", "chosen", "reasons"),
    [
        ("ocpp1.6", "ocpp1.6", set[str]()),
        ("ocpp9.9", "ocpp9.9", {"unknown-protocol"}),
        ("ocpp1.6, ocpp2.0.1", "", {"no-protocol"}),
        ("ocpp1.6", "ocpp2.0.1", {"other-protocol"}),
        ("", "", set[str]()),
    ],
)
async def test_the_protocols_pass_as_they_are_and_odd_ones_are_told(
    offered: str, chosen: str, reasons: set[str]
) -> None:
    chosen_line = f"Sec-WebSocket-Protocol: {chosen}\r\n" if chosen else ""
    answer = f"HTTP/1.1 101 Switching Protocols\r\n{chosen_line}X-Mine: 1\r\n\r\n".encode()

    async def chooses(wire: Wire, _: bytes) -> None:
        await wire.says(answer)

    async with bare_csms(chooses) as upstream, watched(upstream.address) as tap, knocked(tap.address) as wire:
        await wire.says(asks("/CP", *([f"Sec-WebSocket-Protocol: {offered}"] if offered else [])))
        assert await wire.head() == answer
        assert set(tap.health.troubles) == reasons
        assert offered.encode() in upstream.asked[0]


async def test_what_was_offered_and_not_chosen_is_in_the_signal() -> None:
    told: list[Signal] = []
    async with (
        csms(echo) as upstream,
        Tap("127.0.0.1:0", upstream, told.append) as tap,
        opened(tap.address, "/CP", "Sec-WebSocket-Protocol: ocpp2.0.1, ocpp1.6"),
    ):
        await tap.drained()
    assert told[0].fields == {"path": "/CP", "protocol": "ocpp1.6", "offered": "ocpp2.0.1, ocpp1.6"}


async def test_a_second_line_of_one_name_stands_beside_the_first_and_is_told() -> None:
    told: list[Signal] = []
    async with bare_csms() as upstream, Tap("127.0.0.1:0", upstream.address, told.append) as tap:
        async with opened(tap.address) as old, opened(tap.address) as new:
            old_csms, new_csms = await upstream.came.get(), await upstream.came.get()
            await new.says(framed(TEXT, b"[2]"))
            await old.says(framed(TEXT, b"[1]"))
            assert await old_csms.hears(9) == framed(TEXT, b"[1]")
            assert await new_csms.hears(9) == framed(TEXT, b"[2]")
            old.writer.transport.abort()
            await until(lambda: tap.health.open == 1)
        await until(lambda: tap.health.open == 0)
        await tap.drained()
        assert tap.health.troubles == {"second-line": 1}
    lines = [(each.kind, each.fields.get("others")) for each in told if each.kind.endswith("connected")]
    assert lines == [("connected", None), ("connected", 1), ("disconnected", 1), ("disconnected", None)]


# while the line stands: the same as without a tap


def bomb() -> bytes:
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packed.compress(b"\0" * 2**24) + packed.flush(zlib.Z_SYNC_FLUSH)


BROKEN: dict[str, tuple[bytes, str]] = {
    "a bomb that nobody agreed to unpack": (framed(0xC1, bomb()), "compressed"),
    "reserved bits": (framed(0xA1, b"[]"), "compressed"),
    "a reserved data opcode": (framed(0x83, b"[]"), "reserved-opcode"),
    "a reserved control opcode": (framed(0x8B, b"x"), "reserved-opcode"),
    "no mask": (framed(TEXT, b"[]", mask=b""), "not-masked"),
    "a long ping": (framed(PING, b"x" * 126), "long-control"),
    "a ping in fragments": (framed(0x09, b"x"), "cut-control"),
    "a close code that may not be sent": (framed(CLOSE, (1005).to_bytes(2)), "bad-close"),
    "half a close code": (framed(CLOSE, b"\x03"), "bad-close"),
    "a close reason that is not UTF-8": (framed(CLOSE, (1000).to_bytes(2) + b"\xff"), "bad-close"),
    "text that is not UTF-8": (framed(TEXT, b"\xff\xfe"), "no-utf8"),
    "half a letter at the end": (framed(0x01, b"\xc3") + framed(0x80, b"x"), "no-utf8"),
    "a continuation of nothing": (framed(0x80, b"x"), "no-beginning"),
    "a message amid another": (framed(0x01, b"x") + framed(TEXT, b"y"), "no-end"),
}


async def heard_of(address: str, said: bytes) -> bytes:
    async with opened(address) as wire:
        await wire.says(framed(TEXT, b"[1]") + said)
        return await wire.rest()


@pytest.mark.parametrize("what", BROKEN)
async def test_a_broken_frame_ends_as_it_would_without_a_tap(what: str) -> None:
    said, reason = BROKEN[what]
    async with csms(echo) as upstream, watched(upstream) as tap, charger(tap, "/neighbour") as neighbour:
        assert await heard_of(tap.address, said) == await heard_of(upstream, said)
        assert tap.health.troubles == {reason: 1}
        await neighbour.send("still here")
        assert await neighbour.recv() == "still here"


@pytest.mark.parametrize("what", BROKEN)
async def test_a_broken_frame_of_the_management_system_reaches_the_charger_as_it_is(what: str) -> None:
    said, reason = BROKEN[what]
    async with bare_csms() as upstream, watched(upstream.address) as tap, opened(tap.address) as wire:
        far = await upstream.came.get()
        await far.says(said)
        assert await wire.hears(len(said)) == said
        assert reason in tap.health.troubles or reason == "not-masked"  # which is right from there


async def test_a_frame_of_impossible_length_is_passed_on_and_not_listened_to() -> None:
    said = framed(BINARY, b"x" * 70_000, length=2**63 + 5)
    async with bare_csms() as upstream, watched(upstream.address) as tap, opened(tap.address) as wire:
        await wire.says(said)
        assert await (await upstream.came.get()).hears(len(said)) == said
        assert tap.health.troubles == {"endless": 1}


async def test_a_frame_of_two_hundred_megabytes_passes_in_little_memory() -> None:
    size, piece = 200 * 2**20, b"x" * 2**20
    told: list[Signal] = []
    async with (
        bare_csms() as upstream,
        Tap("127.0.0.1:0", upstream.address, told.append) as tap,
        opened(tap.address) as wire,
    ):
        far = await upstream.came.get()
        sending = asyncio.ensure_future(wire.says(framed(TEXT, length=size), *([piece] * 200)))
        heard = len(await far.hears(14))
        while heard < size + 14:
            heard += len(await far.reader.read(2**20))
            assert waiting(tap) <= 2 * MOST_BUFFERED
        await sending
        await tap.drained()
    assert "cut" in told[1].marks


def waiting(tap: Tap) -> int:
    """Bytes that wait in front of any socket of the tap."""
    return max((buffered(leg) for leg in tap._gate._sockets), default=0)  # the sockets are nobody else's business


def buffered(leg: Leg) -> int:
    return leg.transport.get_write_buffer_size()


async def test_who_floods_a_management_system_that_does_not_read_holds_up_only_itself() -> None:
    async def stops_reading(wire: Wire, _: bytes) -> None:
        if b"/flood" in _:
            wire.writer.transport.pause_reading()  # type: ignore[attr-defined]  # a socket's transport reads
        await wire.says(b"HTTP/1.1 101 Switching Protocols\r\n\r\n")

    async with (
        bare_csms(stops_reading) as upstream,
        watched(upstream.address) as tap,
        opened(tap.address, "/flood") as flood,
        opened(tap.address, "/calm") as calm,
    ):
        await upstream.came.get()
        far = await upstream.came.get()
        pouring = asyncio.ensure_future(flood.says(*([framed(BINARY, b"x" * 65_000)] * 1_000)))
        await until(lambda: waiting(tap) > MOST_BUFFERED)
        for number in range(100):
            said = framed(TEXT, str(number).encode())
            await calm.says(said)
            assert await far.hears(len(said)) == said
        assert not pouring.done()
        assert waiting(tap) <= 2 * MOST_BUFFERED
        pouring.cancel()
        flood.writer.transport.abort()


async def test_a_hundred_thousand_tiny_frames_at_once_let_the_neighbour_speak() -> None:
    async def echoes(wire: Wire, asked: bytes) -> None:
        await takes_in(wire, asked)
        while b"/calm" in asked and (said := await wire.reader.read(1_000)):
            await wire.says(said)

    async with (
        bare_csms(echoes) as upstream,
        watched(upstream.address) as tap,
        opened(tap.address, "/flood") as flood,
        opened(tap.address, "/calm") as neighbour,
    ):
        far = await upstream.came.get()
        burst = framed(PING) * 100_000
        pouring = asyncio.ensure_future(flood.says(burst))
        reading = asyncio.ensure_future(far.hears(len(burst)))
        for _ in range(50):
            await neighbour.says(b"still here")
            assert await neighbour.hears(10) == b"still here"
        await pouring
        assert await reading == burst
        await until(lambda: tap.health.from_charger >= 100_000)


# how lines end


async def test_all_that_was_said_before_a_management_system_died_arrives() -> None:
    async with bare_csms() as upstream, watched(upstream.address) as tap, opened(tap.address) as wire:
        far = await upstream.came.get()
        said = b"".join(framed(TEXT, str(number).encode(), mask=b"") for number in range(20_000))
        far.writer.write(said)
        far.writer.close()
        assert await wire.rest() == said


async def test_all_that_a_management_system_says_that_is_gone_at_once_arrives() -> None:
    said = framed(TEXT, b"[1]", mask=b"") * 3 + framed(CLOSE, (1013).to_bytes(2), mask=b"")

    async def says_all_at_once(wire: Wire, _: bytes) -> None:
        await wire.says(f"{ANSWER}\r\n".encode() + said)
        await wire.closes()

    async with bare_csms(says_all_at_once) as upstream, watched(upstream.address) as tap, opened(tap.address) as wire:
        assert await wire.rest() == said
        await wire.closes()
        await until(lambda: tap.health.open == 0 and not tap._gate._sockets)
        assert (tap.health.connections, tap.health.from_csms) == (1, 4)


async def test_a_management_system_that_is_gone_before_the_line_stood_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    async def dawdles(upstream: Upstream, head: Head) -> tuple[Leg, Head]:
        leg, said = await dialled(upstream, head)
        await until(lambda: leg.is_over)
        return leg, said

    async def leaves(wire: Wire, _: bytes) -> None:
        await wire.says(f"{ANSWER}\r\n".encode() + framed(TEXT, b"[1]", mask=b""))
        await wire.closes()

    monkeypatch.setattr("chargelore.engine.sources.tap.dialled", dawdles)
    async with bare_csms(leaves) as upstream, watched(upstream.address) as tap, opened(tap.address) as wire:
        assert await wire.rest() == framed(TEXT, b"[1]", mask=b"")
        await wire.closes()
        await until(lambda: tap.health.open == 0 and not tap._gate._sockets)


async def test_when_both_ends_have_closed_nobody_waits_for_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(legs, "LINGER", 10_000.0)
    async with bare_csms() as upstream, watched(upstream.address) as tap, opened(tap.address) as wire:
        far = await upstream.came.get()
        far.writer.write_eof()
        assert await wire.rest() == b""
        wire.writer.write_eof()
        assert await far.rest() == b""
        await until(lambda: not tap._gate._sockets)


async def test_an_end_that_stays_open_after_the_other_closed_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(legs, "LINGER", 0.1)
    async with bare_csms() as upstream, watched(upstream.address) as tap, opened(tap.address) as wire:
        far = await upstream.came.get()
        far.writer.write_eof()
        assert await wire.rest() == b""  # heard, and not closed for all that
        await until(lambda: tap.health.open == 0)
        assert await far.rest() == b""


async def test_a_charger_gone_for_good_is_noticed_by_tcp_itself() -> None:
    import socket  # noqa: PLC0415  # only here

    async with bare_csms() as upstream, watched(upstream.address) as tap, opened(tap.address):
        await upstream.came.get()
        for leg in tap._gate._sockets:
            sock = leg.transport.get_extra_info("socket")
            assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
            if hasattr(socket, "TCP_USER_TIMEOUT"):
                assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == legs.GONE_AFTER * 1_000


async def test_the_close_that_was_said_and_who_said_it_are_in_the_signal() -> None:
    told: list[Signal] = []

    async def ends(socket: ServerConnection) -> None:
        await socket.close(1012, "restart")

    async with csms(ends) as upstream, Tap("127.0.0.1:0", upstream, told.append) as tap, charger(tap) as socket:
        await socket.wait_closed()
        await until(lambda: tap.health.open == 0)
        await tap.drained()
    assert told[-1].fields == {"code": 1012, "reason": "restart", "by": "csms"}


async def test_a_tap_that_ends_amid_a_frame_says_nothing_into_it() -> None:
    async with bare_csms() as upstream, watched(upstream.address) as tap, opened(tap.address) as wire:
        far = await upstream.came.get()
        begun = framed(TEXT, b"x" * 100)[:50]
        await wire.says(begun)
        assert await far.hears(50) == begun
        ending = asyncio.ensure_future(far.rest())
        await tap.__aexit__()
        assert await ending == b""
        assert await wire.rest() == framed(CLOSE, (1001).to_bytes(2), mask=b"")


async def test_a_tap_that_ends_amid_a_frame_for_the_charger_says_nothing_into_that_either() -> None:
    async with bare_csms() as upstream, watched(upstream.address) as tap, opened(tap.address) as wire:
        far = await upstream.came.get()
        begun = framed(TEXT, b"x" * 100, mask=b"")[:50]
        await far.says(begun)
        assert await wire.hears(50) == begun
        ending = asyncio.ensure_future(wire.rest())
        await tap.__aexit__()
        assert await ending == b""
        assert await far.rest() == goodbye(1001, is_masked=True)


async def test_fifty_chargers_that_come_and_go_leave_no_socket_behind() -> None:
    async with csms(echo) as upstream, watched(upstream) as tap:

        async def comes_and_goes(number: int) -> None:
            async with opened(tap.address, f"/CP-{number}") as wire:
                if number % 2:
                    wire.writer.transport.abort()

        await asyncio.gather(*map(comes_and_goes, range(50)))
        await until(lambda: not tap._gate._sockets)
        assert tap.health.connections == 50


ANYTHING = st.lists(
    st.one_of(
        st.binary(max_size=60),
        st.builds(framed, st.integers(0, 255), st.binary(max_size=20), mask=st.sampled_from([b"", b"abcd"])),
        st.sampled_from([asks(), asks("/a b"), b"\r\n\r\n", b"GET / HTTP/1.1\r\n", b"\x16\x03\x01"]),
    ),
    max_size=6,
)


async def took(first: bytes, up: list[bytes], down: list[bytes], ends: bool) -> None:
    async with bare_csms() as upstream, watched(upstream.address) as tap:
        async with knocked(tap.address) as wire:
            with suppress(ConnectionError):
                await wire.says(first, *up)
            if first == asks():
                far = await upstream.came.get()
                with suppress(ConnectionError):
                    await far.says(*down)
                if ends:
                    far.writer.transport.abort()
        await until(lambda: not tap._gate._sockets)
        assert tap.health.open == 0


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.just(asks()), st.binary(max_size=80)), ANYTHING, ANYTHING, st.booleans())
def test_whatever_both_ends_say_nothing_breaks_and_nothing_stays(
    first: bytes, up: list[bytes], down: list[bytes], ends: bool
) -> None:
    asyncio.run(took(first, up, down, ends))
