"""Benchsetup: what the options of `chargelore bench` say of passwords, TLS, uploads and patience."""

from __future__ import annotations

import os
import ssl
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import click

from chargelore.engine.sources.bench.admission import EVERY, Admission, passwords_in
from chargelore.engine.sources.tls import Identity, expiring, listening
from chargelore.kb.errors import UseError

KEY_PASSWORD = "CHARGELORE_TLS_KEY_PASSWORD"  # noqa: S105  # the name of a variable


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The options, as typed."""

    listen: str
    password_file: Path | None
    ask_password: bool
    tls_cert: Path | None
    tls_key: Path | None
    client_ca: Path | None
    tls_old: bool
    uploads: Path | None
    timeout: timedelta

    @property
    def admission(self) -> Admission:
        """Who may connect. SourceError for a file that holds no passwords."""
        if self.password_file and self.ask_password:
            raise UseError("--password-file and --ask-password say the same thing twice", mend="leave one out")
        if self.password_file:
            return Admission(passwords_in(self.password_file))
        return Admission({EVERY: _typed("The charger's password")}) if self.ask_password else Admission()

    def tls(self, now: datetime) -> ssl.SSLContext | None:
        """How chargers are met; None without TLS. SourceError for files that cannot serve."""
        if self.tls_cert is None:
            if self.tls_key or self.client_ca or self.tls_old:
                mend = "name the certificate of this bench"
                raise UseError("--tls-key, --client-ca and --tls-old need --tls-cert", mend=mend)
            return None
        identity = Identity(self.tls_cert, self.tls_key or self.tls_cert, _key_password)
        return listening(identity, now, client_ca=self.client_ca, is_lenient=self.tls_old)

    def warnings(self, now: datetime) -> Iterator[str]:
        """What a person should know of these options."""
        if not (self.password_file or self.ask_password or self.client_ca):
            yield "no password is asked: whoever reaches this address can come, and may charge"
        yield from expiring([each for each in (self.tls_cert, self.client_ca) if each], now)


def _typed(what: str) -> str:
    if not sys.stdin.isatty():
        raise UseError("nobody is here to type a password", mend="use --password-file")
    return str(click.prompt(what, hide_input=True, err=True))


def _key_password() -> str:
    """From the environment, else from whoever sits there; never from the command line, where others can read it."""
    if KEY_PASSWORD in os.environ or not sys.stdin.isatty():
        return os.environ.get(KEY_PASSWORD, "")
    return str(click.prompt("Password of the key", hide_input=True, err=True, default="", show_default=False))
