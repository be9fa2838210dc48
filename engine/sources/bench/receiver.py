"""Receiver: takes the files that chargers upload, each under addresses that were made for it alone."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from secrets import token_hex
from typing import Any

from chargelore.engine.sources.bench.ftpbox import Ftpbox
from chargelore.engine.sources.bench.inbox import Inbox
from chargelore.engine.sources.bench.letterbox import Letterbox
from chargelore.engine.sources.bench.seat import Ears
from chargelore.engine.sources.bench.transfer import FTP, HTTP
from chargelore.kb.errors import SourceError

_STATUSES = frozenset({"DiagnosticsStatusNotification", "LogStatusNotification"})
_FAILED = frozenset(
    {"UploadFailed", "UploadFailure", "BadMessage", "NotSupportedOperation", "PermissionDenied", "AcceptedCanceled"}
)


@dataclass(frozen=True, slots=True)
class Parcel:
    """One file that is expected. `locations` are the addresses that the charger may be told, by their protocol."""

    locations: Mapping[str, str] = field(repr=False)
    _here: asyncio.Future[Path] = field(repr=False)

    async def arrives(self, ears: Ears, seconds: float, number: int) -> tuple[str, str]:
        """The path of the file once it is here; or an empty one, and why none came. `number` is that of the request."""
        told = asyncio.ensure_future(ears.next(partial(_tells_of_failure, number), seconds))
        try:
            waited: list[asyncio.Future[Any]] = [told, self._here]
            await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
            if self._here.done():
                return str(self._here.result()), ""
            heard = told.result()
            said = str(heard[1].get("status"))[:40] if heard else ""
            return "", f"it tells that the upload failed ({said})" if said else f"no file came within {seconds:g} s"
        finally:
            told.cancel()

    def is_here(self, file: Path) -> None:
        """The file came."""
        if not self._here.done():
            self._here.set_result(file)


def _tells_of_failure(number: int, action: str, payload: Mapping[str, object]) -> bool:
    """1.6 has no numbers there."""
    return action in _STATUSES and payload.get("status") in _FAILED and payload.get("requestId", number) == number


class Receiver:
    """Writes uploads into a folder, which it makes. Lives as long as its `async with`. SourceError where it cannot."""

    def __init__(self, folder: Path, host: str) -> None:
        self._folder, self._host = folder, host
        self._sides: _Sides | None = None

    async def __aenter__(self) -> Receiver:
        inbox = Inbox(_made(self._folder), asyncio.get_running_loop())
        try:
            self._sides = _Sides.open(self._host, inbox)
        except OSError as error:
            what = f"cannot listen for uploads: {error.strerror or error}"
            raise SourceError(what, where=self._host, mend="choose another address") from error
        return self

    async def __aexit__(self, *exc: object) -> None:
        if self._sides is not None:
            await asyncio.to_thread(self._sides.closes)

    def expects(self, charger: str, host: str) -> Parcel:
        """A place for one file of this charger, which reaches us at `host`."""
        assert self._sides is not None  # noqa: S101  # only inside `async with`
        token, password = token_hex(8), token_hex(8)
        parcel = Parcel(self._sides.locations(token, password, host), asyncio.get_running_loop().create_future())
        self._sides.inbox.expects(token, password, charger, parcel.is_here)
        return parcel


@dataclass(frozen=True, slots=True)
class _Sides:
    """The ways in."""

    inbox: Inbox
    http: Letterbox
    ftp: Ftpbox

    @classmethod
    def open(cls, host: str, inbox: Inbox) -> _Sides:
        """OSError where one of them cannot listen."""
        http = Letterbox(host, inbox)
        try:
            return cls(inbox, http, Ftpbox(host, inbox))
        except OSError:
            http.closes()
            raise

    def locations(self, token: str, password: str, host: str) -> Mapping[str, str]:
        return {HTTP: f"{self.http.address(host)}/{token}/", FTP: self.ftp.address(token, password, host)}

    def closes(self) -> None:
        self.http.closes()
        self.ftp.closes()


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        what = f"no folder can be made there ({error.strerror})"
        raise SourceError(what, where=str(folder), mend="name a folder that can be written") from error
    return folder
