"""Receiver: takes the files that chargers upload, each under an address that was made for it alone."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from typing import Any

from chargelore.engine.sources.bench.inbox import Inbox
from chargelore.engine.sources.bench.letterbox import Letterbox
from chargelore.engine.sources.bench.seat import Ears
from chargelore.kb.errors import SourceError

_STATUSES = frozenset({"DiagnosticsStatusNotification", "LogStatusNotification"})
_FAILED = frozenset(
    {"UploadFailed", "UploadFailure", "BadMessage", "NotSupportedOperation", "PermissionDenied", "AcceptedCanceled"}
)


@dataclass(frozen=True, slots=True)
class Parcel:
    """One file that is expected. `location` is the address that the charger is told."""

    location: str
    token: str
    _here: asyncio.Future[Path] = field(repr=False)

    async def arrives(self, ears: Ears, seconds: float) -> tuple[str, str]:
        """The path of the file once it is here; or an empty one, and why none came."""
        told = asyncio.ensure_future(ears.next(_tells_of_failure, seconds))
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


def _tells_of_failure(action: str, payload: Mapping[str, object]) -> bool:
    return action in _STATUSES and payload.get("status") in _FAILED


class Receiver:
    """Writes uploads into a folder, which it makes. Lives as long as its `async with`. SourceError where it cannot."""

    def __init__(self, folder: Path, host: str) -> None:
        self._folder, self._host = folder, host
        self._letterbox: Letterbox | None = None
        self._inbox: Inbox | None = None

    async def __aenter__(self) -> Receiver:
        self._inbox = Inbox(_made(self._folder), asyncio.get_running_loop())
        try:
            self._letterbox = Letterbox(self._host, self._inbox)
        except OSError as error:
            what = f"cannot listen for uploads: {error.strerror or error}"
            raise SourceError(what, where=self._host, mend="choose another address") from error
        return self

    async def __aexit__(self, *exc: object) -> None:
        if self._letterbox is not None:
            await asyncio.to_thread(self._letterbox.closes)

    def expects(self, charger: str, host: str) -> Parcel:
        """A place for one file of this charger, which reaches us at `host`."""
        assert self._letterbox is not None  # noqa: S101  # only inside `async with`
        assert self._inbox is not None  # noqa: S101  # as above
        token = token_hex(8)
        parcel = Parcel(f"{self._letterbox.address(host)}/{token}/", token, asyncio.get_running_loop().create_future())
        self._inbox.expects(token, charger, parcel.is_here)
        return parcel


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        what = f"no folder can be made there ({error.strerror})"
        raise SourceError(what, where=str(folder), mend="name a folder that can be written") from error
    return folder
