"""TLS: contexts for both sides of a wire from the files a person names; what cannot serve is told before it is used."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import Certificate, load_pem_x509_certificates

from chargelore.kb.errors import SourceError

SOON = timedelta(days=30)
# OCPP asks a management system for these two without forward secrecy as well; some chargers know no other.
OF_OCPP = "AES128-GCM-SHA256:AES256-GCM-SHA384"
MODERN = f"ECDHE+AESGCM:ECDHE+CHACHA20:DHE+AESGCM:ECDHE+AES:{OF_OCPP}:!aNULL:!eNULL"


def no_password() -> str:
    """There is none; a locked key is refused."""
    return ""


@dataclass(frozen=True, slots=True)
class Identity:
    """A certificate, with those that signed it, and its key: PEM files, or one that holds both.

    `password` is asked only where the key is locked; an empty one means that nobody knows it.
    """

    certificate: Path
    key: Path
    password: Callable[[], str] = no_password


def listening(
    identity: Identity, now: datetime, *, client_ca: Path | None = None, is_lenient: bool = False
) -> ssl.SSLContext:
    """For who listens, TLS 1.2 and newer; with `client_ca` only who shows a certificate signed by it is let in.

    `is_lenient` takes TLS 1.0 and weak ciphers too, for chargers that know nothing better.
    Raises SourceError for a file that is missing, unreadable, expired, or of another key.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED if is_lenient else ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ALL:!aNULL:!eNULL:@SECLEVEL=0" if is_lenient else MODERN)
    _shows(context, identity, now)
    if client_ca is not None:
        _trusts(context, client_ca, now)
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def dialling(now: datetime, *, ca: Path | None = None, identity: Identity | None = None) -> ssl.SSLContext:
    """For who calls, TLS 1.2 and newer: trusts `ca`, else what this machine trusts, and shows `identity` when asked.

    Raises SourceError as `listening` does.
    """
    context = ssl.create_default_context() if ca is None else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca is not None:
        _trusts(context, ca, now)
    if identity is not None:
        _shows(context, identity, now)
    return context


def expiring(files: Iterable[Path], now: datetime) -> Iterator[str]:
    """A sentence for each certificate in these files that ends within 30 days. Raises SourceError as `listening`."""
    for file in files:
        for each in certificates_in(file):
            ends = each.not_valid_after_utc
            if now < ends < now + SOON:
                yield f"{file}: the certificate of {named(each)} expires on {ends:%Y-%m-%d}; renew it before"


def named(certificate: Certificate) -> str:
    """Whose certificate it is, as `CN=csms.example,O=Example`."""
    return certificate.subject.rfc4514_string() or "nobody"


def certificates_in(file: Path) -> list[Certificate]:
    """Those in a PEM file, at least one. Raises SourceError."""
    try:
        return load_pem_x509_certificates(_read(file))
    except ValueError as error:
        raise SourceError(
            "holds no certificate in PEM",
            where=str(file),
            mend="name a file with -----BEGIN CERTIFICATE-----; `openssl x509 -inform der` makes one of DER",
        ) from error


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise SourceError(
            f"cannot be read: {error.strerror or error}", where=str(file), mend="check the path and who may read it"
        ) from error


def _shows(context: ssl.SSLContext, identity: Identity, now: datetime) -> None:
    chain = certificates_in(identity.certificate)
    for each in chain:
        _is_valid(identity.certificate, each, now)
    key, password = _unlocked(identity)
    if chain[0].public_key() != key.public_key():
        raise SourceError(
            f"is not the key of the certificate of {named(chain[0])} in {identity.certificate}",
            where=str(identity.key),
            mend="name the two that were made together; the charger's or server's own certificate comes first",
        )
    try:
        context.load_cert_chain(identity.certificate, identity.key, lambda: password)
    except ssl.SSLError as error:
        raise SourceError(
            f"cannot be used: {error.reason or error}", where=str(identity.certificate), mend="make a stronger one"
        ) from error


def _unlocked(identity: Identity) -> tuple[PrivateKeyTypes, bytes]:
    """The key, and its password where it has one."""
    written = _read(identity.key)
    try:
        return load_pem_private_key(written, None), b""
    except TypeError:  # it is locked
        password = identity.password().encode()
    except (ValueError, UnsupportedAlgorithm) as error:
        raise _no_key(identity.key) from error
    try:
        return load_pem_private_key(written, password or b"\0"), password
    except (ValueError, UnsupportedAlgorithm) as error:
        what = "its password is another one" if password else "is locked, and its password is not known"
        raise SourceError(what, where=str(identity.key), mend="put it into the environment, or type it") from error


def _no_key(file: Path) -> SourceError:
    return SourceError(
        "holds no private key in PEM",
        where=str(file),
        mend="name the file with -----BEGIN PRIVATE KEY-----; one file may hold certificate and key",
    )


def _trusts(context: ssl.SSLContext, ca: Path, now: datetime) -> None:
    found = certificates_in(ca)
    if all(each.not_valid_after_utc <= now for each in found):  # a bundle may hold some old ones
        _is_valid(ca, found[0], now)
    context.load_verify_locations(cafile=ca)


def _is_valid(file: Path, certificate: Certificate, now: datetime) -> None:
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if ends <= now:
        raise SourceError(
            f"the certificate of {named(certificate)} expired on {ends:%Y-%m-%d}", where=str(file), mend="renew it"
        )
    if begins > now:
        raise SourceError(
            f"the certificate of {named(certificate)} is valid only from {begins:%Y-%m-%d %H:%M} UTC on",
            where=str(file),
            mend="check the clock of this machine, or name another one",
        )
