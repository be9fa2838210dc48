"""The tap: who a charger is, how a line opens, ends and is refused, and what the engine hears of it."""

from __future__ import annotations

import asyncio
import http
import json

import pytest
from peers import OCPP16, charger, csms, echo, silence, tapped
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.http11 import Request, Response
from websockets.typing import Subprotocol

from chargelore.engine.signal import Signal
from chargelore.engine.sources.copies import LONGEST
from chargelore.engine.sources.tap import Tap
from chargelore.kb.errors import SourceError

STATUS = [2, "7", "StatusNotification", {"connectorId": 1, "errorCode": "GroundFailure", "status": "Faulted"}]


async def test_the_engine_hears_what_both_sides_say_in_order() -> None:
    told: list[Signal] = []
    async with tapped(echo, told.append) as (tap, socket):
        await socket.send(json.dumps(STATUS))
        await socket.recv()
        await tap.drained()
    assert [each.kind for each in told[:3]] == ["connected", "status", "code"]
    assert {each.charger for each in told} == {"CP-1"}
    assert told[0].fields == {"path": "/CP-1", "protocol": "ocpp1.6"}
    assert all(each.at is not None and each.layer == "ocpp" for each in told)


@pytest.mark.parametrize("code", [1000, 1001, 1008, 4321])
async def test_the_chargers_close_code_reaches_the_management_system(code: int) -> None:
    closed: asyncio.Future[tuple[int | None, str | None]] = asyncio.get_running_loop().create_future()

    async def waits(socket: ServerConnection) -> None:
        await socket.wait_closed()
        closed.set_result((socket.close_code, socket.close_reason))

    async with tapped(waits) as (_, socket):
        await socket.close(code, "leaving ü")
        assert await closed == (code, "leaving ü")


@pytest.mark.parametrize("code", [1000, 1012, 3007])
async def test_the_management_systems_close_code_reaches_the_charger(code: int) -> None:
    async with tapped(lambda socket: socket.close(code, "go")) as (_, socket):
        with pytest.raises(ConnectionClosed) as closed:
            await socket.recv()
    assert closed.value.rcvd is not None
    assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (code, "go")


async def test_a_charger_that_vanishes_vanishes_for_the_management_system_too() -> None:
    closed: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()

    async def waits(socket: ServerConnection) -> None:
        await socket.wait_closed()
        closed.set_result(socket.close_code)

    told: list[Signal] = []
    async with tapped(waits, told.append) as (tap, socket):
        socket.transport.abort()
        assert await closed == 1006
        await tap.drained()
    assert (told[-1].kind, told[-1].fields["code"]) == ("disconnected", 1006)
    assert tap.health.open == 0


async def test_messages_sent_just_before_a_drop_still_arrive() -> None:
    heard: list[str | bytes] = []
    done = asyncio.Event()

    async def listens(socket: ServerConnection) -> None:
        try:
            while True:
                heard.append(await socket.recv())
        except ConnectionClosed:
            done.set()

    async with tapped(listens) as (_, socket):
        for number in range(200):
            await socket.send(str(number))
        socket.transport.close()
        await done.wait()
    assert heard == [str(number) for number in range(200)]


async def test_a_ping_is_answered_by_the_far_end() -> None:
    async with tapped(silence) as (_, socket):
        assert await (await socket.ping(b"are you there")) >= 0


async def test_a_ping_that_the_far_end_does_not_answer_stays_unanswered() -> None:
    deaf, pinged = asyncio.Event(), asyncio.Event()

    async def reads_no_more(socket: ServerConnection) -> None:
        socket.transport.pause_reading()
        deaf.set()
        await pinged.wait()
        await socket.send("sent after the ping")
        await asyncio.sleep(0)
        socket.transport.close()

    async with tapped(reads_no_more) as (_, socket):
        await deaf.wait()
        answered = asyncio.ensure_future(await socket.ping())
        pinged.set()
        assert await socket.recv() == "sent after the ping"
        assert not answered.done()


async def test_a_ten_megabyte_frame_passes_and_its_copy_is_cut() -> None:
    told: list[Signal] = []
    huge = "[" + "1," * 5_000_000 + "1]"
    async with tapped(echo, told.append) as (tap, socket):
        await socket.send(huge)
        assert await socket.recv() == huge
        await tap.drained()
    assert all(len(each.raw) <= LONGEST for each in told)
    assert any("cut" in each.marks for each in told)


async def test_a_binary_frame_stays_binary_and_is_marked() -> None:
    told: list[Signal] = []
    frame = json.dumps(STATUS).encode()
    async with tapped(echo, told.append) as (tap, socket):
        await socket.send(frame)
        assert await socket.recv() == frame
        await tap.drained()
    assert (told[1].kind, "binary" in told[1].marks) == ("status", True)


async def test_text_that_is_no_utf8_is_passed_on_as_it_came() -> None:
    async with tapped(echo_bytes) as (tap, socket):
        await socket.send(b'["\xff\xfe"]', text=True)
        assert await socket.recv(decode=False) == b'["\xff\xfe"]'
        await tap.drained()
        assert tap.health.engine_errors == 0


async def echo_bytes(socket: ServerConnection) -> None:
    while True:
        await socket.send(await socket.recv(decode=False), text=True)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/ocpp/CP-1", "CP-1"),
        ("/CP%2F1%20a", "CP/1 a"),
        ("/a/b/../CP;1=2,3", "CP;1=2,3"),
        ("/%1b%5b31m%3Cscript%3E", "\x1b[31m<script>"),
        ("//elsewhere.example/CP?token=a%2Fb&c", "CP"),
        ("/CP/", "CP"),
        ("/", "unknown"),
    ],
)
async def test_any_path_reaches_the_management_system_unchanged(path: str, name: str) -> None:
    asked: list[str] = []

    async def notes(socket: ServerConnection) -> None:
        assert socket.request is not None
        asked.append(socket.request.path)

    told: list[Signal] = []
    async with csms(notes) as upstream, Tap("127.0.0.1:0", f"{upstream}/base/", told.append) as tap:
        await handshake(tap, path)
        await tap.drained()
    assert asked == ["/base" + path]
    assert told[0].charger == name


@pytest.mark.parametrize("path", ["@127.0.0.1:1/CP", "http://127.0.0.1:1/CP", "CP"])
async def test_a_path_cannot_lead_to_another_host(path: str) -> None:
    async with csms() as upstream, Tap("127.0.0.1:0", upstream, lambda _: None) as tap:
        assert (await handshake(tap, path)).startswith(b"HTTP/1.1 400 ")


async def handshake(tap: Tap, path: str) -> bytes:
    """What a charger is told that asks for just this path; no library in between that tidies it."""
    host, port = tap.address.removeprefix("ws://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(
        f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    answer = await reader.readuntil(b"\r\n\r\n")
    writer.close()
    return answer


async def test_credentials_and_other_headers_go_through() -> None:
    seen: list[Request] = []

    def notes(_: ServerConnection, request: Request) -> None:
        seen.append(request)

    headers = {"Authorization": "Basic Q1A6c2VjcmV0", "X-Serial": "7"}
    async with csms(answers=notes) as upstream, Tap("127.0.0.1:0", upstream, lambda _: None) as tap:
        agent = {"user_agent_header": "Charger/1.0"}
        async with connect(f"{tap.address}/CP", additional_headers=headers, proxy=None, **agent):  # type: ignore[arg-type]  # a plain dict
            pass
    got = seen[0].headers
    assert (got["Authorization"], got["X-Serial"], got["User-Agent"]) == ("Basic Q1A6c2VjcmV0", "7", "Charger/1.0")
    assert got["Host"] == upstream.removeprefix("ws://")


@pytest.mark.parametrize(
    ("offered", "agreed"), [(["ocpp2.0.1", "ocpp1.6"], "ocpp1.6"), (["ocpp2.0.1"], None), ([], None)]
)
async def test_the_management_system_chooses_the_subprotocol(offered: list[str], agreed: str | None) -> None:
    async with csms() as upstream, Tap("127.0.0.1:0", upstream, lambda _: None) as tap:
        subprotocols = [Subprotocol(each) for each in offered] or None
        async with connect(f"{tap.address}/CP", subprotocols=subprotocols, proxy=None) as socket:
            assert socket.subprotocol == agreed


async def test_no_compression_is_agreed_behind_anybodys_back() -> None:
    async with csms() as upstream, Tap("127.0.0.1:0", upstream, lambda _: None) as tap:
        socket = await connect(f"{tap.address}/CP", compression="deflate", subprotocols=[OCPP16], proxy=None)
        await socket.close()
    assert socket.response is not None
    assert "Sec-WebSocket-Extensions" not in socket.response.headers


@pytest.mark.parametrize("status", [401, 404, 503, 302])
async def test_the_charger_gets_the_refusal_of_the_management_system(status: int) -> None:
    def refuses(socket: ServerConnection, _: Request) -> Response:
        answer = socket.respond(http.HTTPStatus(status), "not you\n")
        answer.headers["WWW-Authenticate"] = 'Basic realm="csms"'
        return answer

    told: list[Signal] = []
    async with csms(answers=refuses) as upstream, Tap("127.0.0.1:0", upstream, told.append) as tap:
        with pytest.raises(InvalidStatus) as refused:
            await charger(tap)
        await tap.drained()
    response = refused.value.response
    assert (response.status_code, response.body) == (status, b"not you\n")
    assert response.headers["WWW-Authenticate"] == 'Basic realm="csms"'
    assert [(each.kind, each.fields["code"]) for each in told] == [("disconnected", status)]
    assert tap.health.refused == 1


async def test_a_management_system_that_is_down_is_a_bad_gateway() -> None:
    async with csms() as gone:
        pass
    async with Tap("127.0.0.1:0", gone, lambda _: None) as tap:
        with pytest.raises(InvalidStatus) as refused:
            await charger(tap)
    assert refused.value.response.status_code == 502


async def test_two_taps_cannot_listen_in_the_same_place() -> None:
    async with csms() as upstream, Tap("127.0.0.1:0", upstream, lambda _: None) as tap:
        second = Tap(tap.address.removeprefix("ws://"), upstream, lambda _: None)
        with pytest.raises(SourceError, match="cannot listen"):
            await second.__aenter__()


@pytest.mark.parametrize("listen", ["", "9000", "host", "host:port", "host:99999", "::1:9000"])
def test_an_address_to_listen_on_needs_a_port(listen: str) -> None:
    with pytest.raises(SourceError, match="write it as"):
        Tap(listen, "ws://127.0.0.1:1", lambda _: None)


@pytest.mark.parametrize("upstream", ["", "http://csms.example/", "ws://", "ws://host:port/", "csms.example:80"])
def test_an_upstream_needs_to_be_a_websocket_address(upstream: str) -> None:
    with pytest.raises(SourceError, match="write it as"):
        Tap("127.0.0.1:0", upstream, lambda _: None)


async def test_a_tap_that_ends_says_goodbye_to_both_ends() -> None:
    codes: list[int | None] = []

    async def waits(socket: ServerConnection) -> None:
        await socket.wait_closed()
        codes.append(socket.close_code)

    async with csms(waits) as upstream:
        async with Tap("127.0.0.1:0", upstream, lambda _: None) as tap:
            socket = await charger(tap)
        await socket.wait_closed()
        codes.append(socket.close_code)
    assert codes == [1001, 1001]
