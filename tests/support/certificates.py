"""Certificates made for one test: an authority, what it signs, and files as a person would name them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import trustme
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from chargelore.engine.sources.tls import Identity


class Authority:
    """Signs certificates and writes them into a folder."""

    def __init__(self, folder: Path, name: str = "ca") -> None:
        self._ca, self._folder = trustme.CA(), folder
        self.file = self._written(f"{name}.pem", self._ca.cert_pem.bytes())

    def signs(
        self,
        name: str = "127.0.0.1",
        *,
        begins: datetime | None = None,
        ends: datetime | None = None,
        kind: trustme.KeyType = trustme.KeyType.ECDSA,
    ) -> Identity:
        """A certificate for a name, and its key."""
        leaf = self._ca.issue_cert(name, common_name=name, not_before=begins, not_after=ends, key_type=kind)
        chain = b"".join(each.bytes() for each in leaf.cert_chain_pems)
        key = self._written(f"{name}.key", leaf.private_key_pem.bytes())
        return Identity(self._written(f"{name}.pem", chain), key)

    def _written(self, name: str, text: bytes) -> Path:
        file = self._folder / name
        file.write_bytes(text)
        return file


def locked(identity: Identity, password: str, known: str) -> Identity:
    """The same with its key under a password, and what is known of that."""
    key = load_pem_private_key(identity.key.read_bytes(), None)
    kept = BestAvailableEncryption(password.encode())
    identity.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, kept))
    return Identity(identity.certificate, identity.key, lambda: known)
