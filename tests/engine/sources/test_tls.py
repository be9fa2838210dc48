"""TLS: files that can serve do, those that cannot are told with file and mend before anybody connects."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from certificates import Authority, locked
from trustme import KeyType

from chargelore.engine.sources.tls import Identity, dialling, expiring, listening
from chargelore.kb.errors import SourceError

NOW = datetime.now(UTC)
RSA, ECDSA = KeyType.RSA, KeyType.ECDSA


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


async def talked(server: ssl.SSLContext, client: ssl.SSLContext) -> str:
    """What a client hears of a server, and with which version; raises what TLS raises."""

    async def says(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"hello\n")
        writer.close()

    async with await asyncio.start_server(says, "127.0.0.1", 0, ssl=server) as listener:
        port = listener.sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=client)
        try:
            return f"{(await reader.readuntil()).decode().strip()} {writer.get_extra_info('cipher')[:2]}"
        finally:
            writer.close()


async def test_a_charger_that_trusts_the_authority_connects(authority: Authority) -> None:
    server, client = listening(authority.signs(), NOW), dialling(NOW, ca=authority.file)
    assert "hello" in await talked(server, client)


async def test_a_charger_with_a_foreign_authority_does_not(authority: Authority, tmp_path: Path) -> None:
    other = Authority(tmp_path, "other")
    with pytest.raises(ssl.SSLCertVerificationError):
        await talked(listening(authority.signs(), NOW), dialling(NOW, ca=other.file))


async def test_profile_3_lets_in_only_who_shows_a_certificate(authority: Authority) -> None:
    server = listening(authority.signs(), NOW, client_ca=authority.file)
    client = dialling(NOW, ca=authority.file, identity=authority.signs("CP-1"))
    assert "hello" in await talked(server, client)
    with pytest.raises((ssl.SSLError, ConnectionError, EOFError)):  # 1.3 tells the client only after its handshake
        await talked(server, dialling(NOW, ca=authority.file))


async def test_a_charger_with_only_the_ciphers_that_ocpp_names_connects(authority: Authority) -> None:
    client = dialling(NOW, ca=authority.file)
    client.maximum_version = ssl.TLSVersion.TLSv1_2
    kinds = {"AES128-GCM-SHA256": RSA, "AES256-GCM-SHA384": RSA, "ECDHE-ECDSA-AES128-GCM-SHA256": ECDSA}
    for cipher, kind in kinds.items():
        client.set_ciphers(cipher)
        assert cipher in await talked(listening(authority.signs(kind=kind), NOW), client)


# The server's own limit is what the test is about; the client has to say the old version out loud.
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated")
async def test_tls_1_1_is_refused_unless_old_chargers_are_asked_for(authority: Authority) -> None:
    client = dialling(NOW, ca=authority.file)
    client.set_ciphers("ALL:@SECLEVEL=0")
    client.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    client.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises((ssl.SSLError, ConnectionError)):
        await talked(listening(authority.signs(), NOW), client)
    assert "TLSv1" in await talked(listening(authority.signs(), NOW, is_lenient=True), client)


def gone(identity: Identity) -> Identity:
    identity.certificate.unlink()
    return identity


def keyless(identity: Identity) -> Identity:
    identity.key.unlink()
    return identity


def binary(identity: Identity) -> Identity:
    identity.certificate.write_bytes(b"\x30\x82\x01\x0a")
    return identity


def no_key(identity: Identity) -> Identity:
    return replace(identity, key=identity.certificate)


def torn(identity: Identity) -> Identity:
    identity.key.write_bytes(identity.key.read_bytes()[:80])
    return identity


def a_folder(identity: Identity) -> Identity:
    return replace(identity, key=identity.key.parent)


@pytest.mark.parametrize(
    ("spoils", "what", "of"),
    [
        (gone, "cannot be read: No such file", "certificate"),
        (keyless, "cannot be read: No such file", "key"),
        (a_folder, "cannot be read", "key"),
        (binary, "holds no certificate in PEM", "certificate"),
        (no_key, "holds no private key in PEM", "key"),
        (torn, "holds no private key in PEM", "key"),
        (lambda each: locked(each, "secret", ""), "is locked, and its password is not known", "key"),
        (lambda each: locked(each, "secret", "wrong"), "its password is another one", "key"),
    ],
)
def test_a_file_that_cannot_serve_is_named_with_its_mend(
    authority: Authority, spoils: Callable[[Identity], Identity], what: str, of: str
) -> None:
    identity = spoils(authority.signs())
    with pytest.raises(SourceError, match=what) as told:
        listening(identity, NOW)
    assert told.value.where == str(getattr(identity, of))
    assert told.value.mend
    assert "secret" not in str(told.value)


def test_a_locked_key_opens_with_its_password(authority: Authority) -> None:
    listening(locked(authority.signs(), "sesame", "sesame"), NOW)


def test_one_file_may_hold_certificate_and_key(authority: Authority) -> None:
    identity = authority.signs()
    identity.certificate.write_bytes(identity.key.read_bytes() + identity.certificate.read_bytes())
    listening(replace(identity, key=identity.certificate), NOW)


def test_the_key_of_another_certificate_is_refused(authority: Authority) -> None:
    one, other = authority.signs("one"), authority.signs("other")
    with pytest.raises(SourceError, match=r"is not the key of the certificate of .*CN=one"):
        listening(replace(one, key=other.key), NOW)


def test_a_certificate_is_good_only_in_its_time(authority: Authority) -> None:
    old = authority.signs("old", begins=NOW - timedelta(days=9), ends=NOW - timedelta(days=1))
    with pytest.raises(SourceError, match="expired on"):
        listening(old, NOW)
    with pytest.raises(SourceError, match="expired on"):
        dialling(NOW, identity=old)
    with pytest.raises(SourceError, match="valid only from"):
        listening(authority.signs("new", begins=NOW + timedelta(days=1), ends=NOW + timedelta(days=9)), NOW)
    with pytest.raises(SourceError, match="expired on"):
        dialling(NOW, ca=old.certificate)


def test_a_certificate_that_ends_within_a_month_is_told(authority: Authority) -> None:
    soon = authority.signs("soon", begins=NOW - timedelta(days=300), ends=NOW + timedelta(days=12))
    late = authority.signs("late", ends=NOW + timedelta(days=31))
    (told,) = expiring([soon.certificate, late.certificate], NOW)
    assert str(soon.certificate) in told
    assert f"expires on {NOW + timedelta(days=12):%Y-%m-%d}" in told
