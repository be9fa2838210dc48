"""Tapping: the options of the tap, what a person is told when it stands, and of all that goes wrong on the wire."""

from __future__ import annotations

import asyncio
import errno
import os
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import click

from chargelore.engine.case import Charger
from chargelore.engine.sources.clock import utc_now
from chargelore.engine.sources.copies import Health, OnSignal
from chargelore.kb.errors import UseError
from chargelore.tui.cli.output import aside

if TYPE_CHECKING:
    from chargelore.engine.sources.tap import Security
    from chargelore.engine.sources.tls import Identity
    from chargelore.engine.sources.trouble import Trouble

Command = TypeVar("Command", bound=Callable[..., Any])
# The names of variables, not what they hold.
KEY_PASSWORD, UPSTREAM_KEY_PASSWORD = "CHARGELORE_TLS_KEY_PASSWORD", "CHARGELORE_UPSTREAM_KEY_PASSWORD"
QUIET = 60.0  # seconds between two lines of the same reason
MOST_TOLD = 1_000  # chargers and reasons that are remembered as told
HOME = ("127.", "::1", "localhost")
PLAIN_WARNING = "whoever is on the way can read it, passwords too"
FULL = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)


@dataclass(frozen=True, slots=True)
class Wire:
    """What the options say of TLS, as typed; empty where nothing was."""

    tls_cert: str | None = None
    tls_key: str | None = None
    client_ca: str | None = None
    tls_old: bool = False
    upstream_ca: str | None = None
    upstream_cert: str | None = None
    upstream_key: str | None = None

    @property
    def files(self) -> list[Path]:
        """The certificates that are named."""
        return [Path(each) for each in (self.tls_cert, self.client_ca, self.upstream_ca, self.upstream_cert) if each]

    def fits(self, upstream: str) -> None:
        """Raises UseError where an option means nothing without another one."""
        if (self.tls_key or self.client_ca or self.tls_old) and not self.tls_cert:
            raise UseError(
                "--tls-key, --client-ca and --tls-old need --tls-cert", mend="name the tap's own certificate"
            )
        if self.upstream_key and not self.upstream_cert:
            raise UseError("--upstream-key needs --upstream-cert", mend="name the certificate of that key")
        if (self.upstream_ca or self.upstream_cert) and not upstream.lower().startswith("wss://"):
            raise UseError(
                "--upstream-ca and --upstream-cert need TLS", mend="write the management system as wss://, or drop them"
            )

    def security(self, now: datetime) -> Security:
        """TLS as the options want it. Raises SourceError for a file that cannot serve."""
        from chargelore.engine.sources.tap import Security  # noqa: PLC0415  # Modbus does without
        from chargelore.engine.sources.tls import dialling, listening  # noqa: PLC0415  # as above

        own = _identity(self.tls_cert, self.tls_key, KEY_PASSWORD)
        there = _identity(self.upstream_cert, self.upstream_key, UPSTREAM_KEY_PASSWORD)
        ca, client_ca = _path(self.upstream_ca), _path(self.client_ca)
        return Security(
            listening(own, now, client_ca=client_ca, is_lenient=self.tls_old) if own else None,
            dialling(now, ca=ca, identity=there) if ca or there else None,
        )


PLAIN = Wire()
_OPTIONS = (
    click.option("--tls-cert", metavar="FILE", help="Chargers connect with TLS; this is the tap's certificate, PEM."),
    click.option("--tls-key", metavar="FILE", help=f"Its key, where not in the same file; password in {KEY_PASSWORD}."),
    click.option("--client-ca", metavar="FILE", help="Chargers have to show a certificate signed by one of these."),
    click.option("--tls-old", is_flag=True, help="TLS 1.0 and weak ciphers too, for chargers that know no better."),
    click.option("--upstream-ca", metavar="FILE", help="Trust these for --upstream, and not what this machine trusts."),
    click.option("--upstream-cert", metavar="FILE", help="What the tap shows a management system that asks for one."),
    click.option("--upstream-key", metavar="FILE", help=f"Its key; password in {UPSTREAM_KEY_PASSWORD}."),
)


def tap_options(command: Command) -> Command:
    """The options of TLS; the command gets them together, as `wire`."""

    @wraps(command)
    def with_wire(**given: Any) -> Any:  # as click gives it
        wire = Wire(**{name: given.pop(name) for name in Wire.__slots__})
        return command(wire=wire, **given)

    for option in reversed(_OPTIONS):
        with_wire = option(with_wire)
    return with_wire  # type: ignore[return-value]  # the same for whoever calls it through click


@asynccontextmanager
async def tapping(
    wire: Wire, listen: str, upstream: str, on_signal: OnSignal, _knows: Callable[[Charger], None]
) -> AsyncIterator[Health]:
    """A tap between chargers and their management system; these say themselves who they are."""
    from chargelore.engine.sources.tap import Tap  # noqa: PLC0415  # the other source does without

    wire.fits(upstream)
    told, security = Told(aside), wire.security(utc_now())
    _takes_all_sockets()
    async with Tap(listen, upstream, on_signal, security=security, on_trouble=told.hears) as tap:
        aside(f"chargers connect to {tap.address}{_how(wire, tap.address)}; all goes on to {_there(wire, upstream)}.")
        for sentence in _warnings(wire):
            aside(sentence)
        with _full_is_told(partial(told.is_full, tap.health)):
            yield tap.health
    if tap.health.troubles:
        aside(f"on the wire: {', '.join(f'{times} x {why}' for why, times in tap.health.troubles.most_common())}")


def _how(wire: Wire, address: str) -> str:
    if not wire.tls_cert:
        return "" if _is_here(address) else f" without TLS ({PLAIN_WARNING})"
    shown = f", and have to show a certificate that {wire.client_ca} signed" if wire.client_ca else ""
    return f" with TLS{', old and weak versions too' if wire.tls_old else ''}{shown}"


def _there(wire: Wire, upstream: str) -> str:
    where = urlsplit(upstream)
    address = where._replace(netloc=where.netloc.rpartition("@")[2]).geturl()  # a password is nobody's to see
    if where.scheme == "ws" and not _is_here(address):
        return f"{address} without TLS ({PLAIN_WARNING})"
    return address + (f", where the tap shows {wire.upstream_cert}" if wire.upstream_cert else "")


def _is_here(address: str) -> bool:
    return (urlsplit(address).hostname or "").startswith(HOME)


def _warnings(wire: Wire) -> Iterator[str]:
    if wire.tls_old:
        yield "--tls-old lets in what can be broken on the way; leave it out as soon as every charger knows TLS 1.2"
    if wire.files:
        from chargelore.engine.sources.tls import expiring  # noqa: PLC0415  # a plain tap does without

        yield from expiring(wire.files, utc_now())


def _identity(certificate: str | None, key: str | None, variable: str) -> Identity | None:
    from chargelore.engine.sources.tls import Identity  # noqa: PLC0415  # a plain tap does without

    if certificate is None:
        return None
    return Identity(Path(certificate), Path(key or certificate), partial(_password, variable, key or certificate))


def _password(variable: str, key: str) -> str:
    """From the environment, else from whoever sits there; never from the command line, where others can read it."""
    if variable in os.environ or not sys.stdin.isatty():
        return os.environ.get(variable, "")
    return str(click.prompt(f"Password of {key}", hide_input=True, err=True, default="", show_default=False))


def _path(named: str | None) -> Path | None:
    return Path(named) if named else None


class Told:
    """What a person has been told of the wire. Lives as long as the watch.

    A reason is told of each charger or address once, and at most once in a minute; more are counted and told with the
    next line of that reason.
    """

    def __init__(self, says: Callable[[str], None], now: Callable[[], float] = time.monotonic) -> None:
        self._says, self._now = says, now
        self._told: set[tuple[str, str]] = set()
        self._last: dict[str, float] = {}
        self._unsaid = Counter[str]()

    def hears(self, trouble: Trouble) -> None:
        """Say it, or count it."""
        from chargelore.engine.sources.trouble import SILENT  # noqa: PLC0415  # Modbus does without

        about = (trouble.reason, trouble.charger or trouble.peer)
        if trouble.reason in SILENT or about in self._told:
            return
        now = self._now()
        if now - self._last.get(trouble.reason, -QUIET) < QUIET:
            self._unsaid[trouble.reason] += 1
            return
        self._last[trouble.reason] = now
        if len(self._told) < MOST_TOLD:
            self._told.add(about)
        more = self._unsaid.pop(trouble.reason, 0)
        self._says(f"{trouble}{f'; {more} more like it since the last time' if more else ''}")

    def is_full(self, health: Health, why: str) -> None:
        """The system gives no more sockets."""
        from chargelore.engine.sources.trouble import Trouble  # noqa: PLC0415  # as above

        health.troubles["no-sockets"] += 1
        self.hears(Trouble("no-sockets", "the tap", detail=f"{why}; raise `ulimit -n`"))


def _takes_all_sockets() -> None:
    """Each charger takes two; the usual bound of 1,024 is a soft one."""
    try:
        import resource  # noqa: PLC0415  # not on Windows
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    except (ValueError, OSError):  # macOS says "unlimited" and means less
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(10_240, hard), hard))


@contextmanager
def _full_is_told(is_full: Callable[[str], None]) -> Iterator[None]:
    """A system that has no socket left is a sentence, not a traceback from within asyncio."""
    loop = asyncio.get_running_loop()

    def handles(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if isinstance(error, OSError) and error.errno in FULL:
            is_full(error.strerror or str(error))
        else:
            loop.default_exception_handler(context)

    before = loop.get_exception_handler()
    loop.set_exception_handler(handles)
    try:
        yield
    finally:
        loop.set_exception_handler(before)
