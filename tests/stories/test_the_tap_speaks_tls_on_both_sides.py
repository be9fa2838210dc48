"""A charger with a certificate, a tap with its own, a management system that asks for one: all are who they say."""

from __future__ import annotations

import asyncio
import json
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from ssl import SSLContext, SSLError

import pytest
from certificates import Authority
from peers import OCPP16, csms, echo
from rawwire import asks, bare_csms, knocked, until
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import InvalidStatus

from chargelore.engine.signal import Signal
from chargelore.engine.sources.tap import Security, Tap
from chargelore.engine.sources.tls import Identity, dialling, listening
from chargelore.engine.sources.trouble import Trouble

NOW = datetime.now(UTC)
BOOT = json.dumps([2, "1", "BootNotification", {"chargePointVendor": "Acme", "chargePointModel": "Wall"}])


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@asynccontextmanager
async def secure_csms(context: SSLContext) -> AsyncIterator[tuple[str, list[str]]]:
    """A management system that notes whose certificate it was shown, and says all again."""
    shown: list[str] = []

    async def echoes(charger: ServerConnection) -> None:
        subject = charger.transport.get_extra_info("peercert")["subject"]
        shown.append(dict(pair for part in subject for pair in part)["commonName"])
        async for message in charger:
            await charger.send(message)

    async with serve(echoes, "127.0.0.1", 0, ssl=context, subprotocols=[OCPP16], compression=None) as server:
        yield f"wss://127.0.0.1:{server.sockets[0].getsockname()[1]}/ocpp", shown


async def test_profile_3_on_both_sides(authority: Authority) -> None:
    charger, tap_here, tap_there = authority.signs("CP-1"), authority.signs(), authority.signs("the-tap")
    context = listening(authority.signs("127.0.0.1"), NOW, client_ca=authority.file)
    security = Security(
        listening(tap_here, NOW, client_ca=authority.file), dialling(NOW, ca=authority.file, identity=tap_there)
    )
    told: list[Signal] = []
    async with (
        secure_csms(context) as (upstream, shown),
        Tap("127.0.0.1:0", upstream, told.append, security=security) as tap,
        connect(
            f"{tap.address}/CP-1",
            ssl=dialling(NOW, ca=authority.file, identity=charger),
            subprotocols=[OCPP16],
            proxy=None,
        ) as wire,
    ):
        assert tap.address.startswith("wss://")
        assert wire.subprotocol == OCPP16
        for message in (BOOT, "x" * 300_000, b"\x00" * 70_000):
            await wire.send(message)
            assert await wire.recv() == message
        await tap.drained()
        assert not tap.health.troubles
    assert shown == ["the-tap"]
    assert [each.kind for each in told[:2]] == ["connected", "boot"]


@asynccontextmanager
async def guarded(
    authority: Authority, upstream: str = "ws://127.0.0.1:1", **wants: Path
) -> AsyncIterator[tuple[Tap, list[Trouble]]]:
    told: list[Trouble] = []
    security = Security(listening(authority.signs(), NOW, client_ca=wants.get("client_ca")))
    async with Tap("127.0.0.1:0", upstream, lambda _: None, security=security, on_trouble=told.append) as tap:
        yield tap, told
        await until(lambda: told and not tap._gate._sockets)  # nothing stays open behind


async def test_plain_http_on_a_tls_port_is_named(authority: Authority) -> None:
    async with guarded(authority) as (tap, told), knocked(tap.address) as wire:
        await wire.says(asks())
        assert await wire.rest() == b""
    assert [str(each) for each in told] == [
        "127.0.0.1 speaks plain HTTP, but this port is TLS; write wss:// into the charger"
    ]


async def refused(tap: Tap, context: SSLContext) -> None:
    with pytest.raises((SSLError, ConnectionError, EOFError)):
        await asked(tap, context)


async def asked(tap: Tap, context: SSLContext) -> None:
    async with knocked(tap.address, context) as wire:
        await wire.says(asks())
        await wire.head()


async def test_a_charger_without_a_certificate_is_named(authority: Authority) -> None:
    async with guarded(authority, client_ca=authority.file) as (tap, told):
        await refused(tap, dialling(NOW, ca=authority.file))
    assert [each.reason for each in told] == ["no-client-certificate"]


async def test_a_charger_with_a_foreign_certificate_is_named(authority: Authority, tmp_path: Path) -> None:
    stranger = Authority(tmp_path, "other").signs("CP-1")
    async with guarded(authority, client_ca=authority.file) as (tap, told):
        await refused(tap, dialling(NOW, ca=authority.file, identity=stranger))
    assert [each.reason for each in told] == ["bad-client-certificate"]


async def test_a_charger_that_does_not_trust_the_tap_is_named(authority: Authority, tmp_path: Path) -> None:
    context = dialling(NOW, ca=Authority(tmp_path, "other").file)

    def connects(port: int) -> None:  # asyncio would hang up without a word
        with socket.create_connection(("127.0.0.1", port)) as plain, pytest.raises(SSLError):
            context.wrap_socket(plain, server_hostname="127.0.0.1")

    async with guarded(authority) as (tap, told):
        await asyncio.to_thread(connects, int(tap.address.rpartition(":")[2]))
    assert [each.reason for each in told] == ["mistrusts-us"]
    assert "--tls-cert" in str(told[0])


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated")  # the client has to name what it speaks
async def test_a_charger_with_an_old_tls_is_named(authority: Authority) -> None:
    from ssl import TLSVersion  # noqa: PLC0415  # only here

    context = dialling(NOW, ca=authority.file)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = TLSVersion.MINIMUM_SUPPORTED
    context.maximum_version = TLSVersion.TLSv1_1
    async with guarded(authority) as (tap, told):
        await refused(tap, context)
    assert [each.reason for each in told] == ["old-tls"]


async def test_a_charger_that_breaks_off_amid_the_handshake_is_counted(authority: Authority) -> None:
    async with guarded(authority) as (tap, told), knocked(tap.address) as wire:
        await wire.says(b"\x16\x03\x01\x02\x00\x01")
        await wire.closes()
    assert [each.reason for each in told] == ["tls-hung-up"]


async def test_a_tls_handshake_that_never_ends_is_given_up(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chargelore.engine.sources.legs.HANDSHAKE", 0.2)
    async with guarded(authority) as (tap, told), knocked(tap.address) as wire:
        await wire.says(b"\x16\x03\x01\x02\x00\x01")
        assert await wire.rest() == b""
    assert [each.reason for each in told] == ["slow-tls"]


async def test_an_upstream_that_nobody_vouches_for_is_a_bad_gateway(authority: Authority, tmp_path: Path) -> None:
    stranger = Authority(tmp_path, "other")
    await _is_a_bad_gateway(stranger.signs(), authority, "upstream-untrusted")


async def test_an_upstream_with_another_name_is_a_bad_gateway(authority: Authority) -> None:
    await _is_a_bad_gateway(authority.signs("csms.example"), authority, "upstream-untrusted")


async def _is_a_bad_gateway(them: Identity, authority: Authority, reason: str) -> None:
    told: list[Trouble] = []
    security = Security(dialling=dialling(NOW, ca=authority.file))
    async with (
        bare_csms(tls=listening(them, NOW)) as upstream,
        Tap("127.0.0.1:0", upstream.address, lambda _: None, security=security, on_trouble=told.append) as tap,
    ):
        with pytest.raises(InvalidStatus, match="502"):
            await connect(f"{tap.address}/CP", proxy=None)
    assert [each.reason for each in told] == [reason]


async def test_an_upstream_that_speaks_no_tls_is_a_bad_gateway(authority: Authority) -> None:
    async with csms(echo) as upstream:
        address = upstream.replace("ws://", "wss://")
        async with Tap("127.0.0.1:0", address, lambda _: None, security=Security(None, dialling(NOW))) as tap:
            with pytest.raises(InvalidStatus, match="502"):
                await connect(f"{tap.address}/CP", proxy=None)


PROGRAM = ("--format", "json")


async def test_a_person_starts_a_tap_with_tls_and_is_told_what_is_secured(
    authority: Authority, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from certificates import locked  # noqa: PLC0415  # only here
    from watching import ended, line_of, watching  # noqa: PLC0415  # only here

    here = locked(authority.signs(ends=NOW + timedelta(days=9)), "sesame", "")
    monkeypatch.setenv("CHARGELORE_TLS_KEY_PASSWORD", "sesame")
    there, context = authority.signs("the-tap"), listening(authority.signs("localhost"), NOW, client_ca=authority.file)
    async with secure_csms(context) as (address, shown):
        upstream = address.replace("127.0.0.1", "localhost")
        files = {
            "--tls-cert": here.certificate, "--tls-key": here.key, "--upstream-ca": authority.file,
            "--upstream-cert": there.certificate, "--upstream-key": there.key,
        }  # fmt: skip
        options = [str(each) for pair in files.items() for each in pair]
        async with watching("--tap", "127.0.0.1:0", "--upstream", upstream, *options, *PROGRAM) as process:
            said = await line_of(process.stderr)
            warned = await line_of(process.stderr)
            where = re.findall(r"wss://[\d.:]+", said)[0]
            client = dialling(NOW, ca=authority.file)
            async with connect(f"{where}/CP-9", ssl=client, subprotocols=[OCPP16], proxy=None) as charger:
                await charger.send(BOOT)
                assert await charger.recv() == BOOT
            async with knocked(where) as wire:
                await wire.says(asks())
                await wire.rest()
            told = await line_of(process.stderr)
            summary = await ended(process)
    assert "with TLS" in said
    assert "expires on" in warned
    assert "speaks plain HTTP, but this port is TLS" in told
    assert "on the wire: 1 x plain-on-tls" in summary
    assert shown == ["the-tap"]
    assert "sesame" not in said + warned + told + summary
