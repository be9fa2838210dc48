"""Letterbox: the HTTP side of uploads. PUT and POST to an expected address are kept; everything else is refused."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import unquote

from chargelore.engine.sources.address import Address
from chargelore.engine.sources.bench.form import boundary_in, file_in
from chargelore.engine.sources.bench.inbox import Draft, Inbox, TooLarge

PIECE = 65_536
LONGEST_LINE = 64  # of a chunk's size
SECONDS = 60.0  # without a byte, and an upload is over


class Letterbox:
    """Listens on a free port of a host, in threads of its own, until it is closed. OSError where it cannot."""

    def __init__(self, host: str, inbox: Inbox) -> None:
        self._server = _Server((host, 0), _Slot)
        self._server.inbox = inbox
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True, name="uploads")
        self._thread.start()

    def address(self, host: str) -> str:
        """Where files go for somebody who reaches this machine at `host`."""
        return f"http://{Address(host, int(self._server.server_address[1]))}"

    def closes(self) -> None:
        """No more uploads."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    inbox: Inbox

    def __init__(self, where: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        self.address_family = socket.AF_INET6 if ":" in where[0] else socket.AF_INET
        super().__init__(where, handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A charger that hangs up in the middle is no error of ours, and nothing to print."""


class _Slot(BaseHTTPRequestHandler):
    """One request."""

    server: _Server
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "uploads", ""
    timeout: ClassVar[float] = SECONDS

    def do_PUT(self) -> None:  # http.server calls it so
        """A file; its name may stand behind the address."""
        self.close_connection = True
        token, _, name = unquote(self.path.partition("?")[0]).strip("/").partition("/")
        if not self.server.inbox.is_expected(token):
            return self._says(HTTPStatus.NOT_FOUND)
        if self.headers.get("Expect", "").lower() == "100-continue":
            self.send_response_only(HTTPStatus.CONTINUE)
            self.end_headers()
        return self._says(self._kept(token, name))

    do_POST = do_PUT  # noqa: N815  # as above

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name that http.server gives it
        """Nothing is printed beside the screen."""

    def _kept(self, token: str, name: str) -> HTTPStatus:
        inbox, draft = self.server.inbox, self.server.inbox.begins(token, name)
        try:
            for piece in self._pieces():
                draft.write(piece)
            draft = _unwrapped(inbox, draft, self.headers.get("Content-Type", ""))
            return HTTPStatus.CREATED if inbox.keeps(draft) else HTTPStatus.NOT_FOUND
        except TooLarge:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        except EOFError:
            return HTTPStatus.BAD_REQUEST
        except OSError:
            return HTTPStatus.INSUFFICIENT_STORAGE
        finally:
            draft.drops()

    def _says(self, status: HTTPStatus) -> None:
        with suppress(OSError):
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.send_header("Connection", "close")
            self.end_headers()

    def _pieces(self) -> Iterator[bytes]:
        """The body, piece by piece. EOFError where it ends early or says no length."""
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            yield from self._chunks()
            return
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdecimal()):
            raise EOFError
        yield from self._bytes(int(length))

    def _chunks(self) -> Iterator[bytes]:
        while size := self._size():
            yield from self._bytes(size)
            self.rfile.readline(LONGEST_LINE)

    def _size(self) -> int:
        try:
            return int(self.rfile.readline(LONGEST_LINE).partition(b";")[0], 16)
        except ValueError as error:
            raise EOFError from error

    def _bytes(self, left: int) -> Iterator[bytes]:
        while left > 0:
            piece = self.rfile.read(min(PIECE, left))
            if not piece:
                raise EOFError
            left -= len(piece)
            yield piece


def _unwrapped(inbox: Inbox, draft: Draft, content_type: str) -> Draft:
    """The file in a posted form; what is no form, or has no whole file in it, stays as it came."""
    draft.close()
    boundary = boundary_in(content_type)
    if not boundary or not draft.path.exists():
        return draft
    inner = inbox.begins(draft.token, "")
    try:
        name = file_in(_read(draft.path), boundary, inner.write)
    except OSError:
        inner.drops()
        raise
    unwanted = inner if name is None else draft
    unwanted.drops()
    inner.name = name or ""
    return draft if name is None else inner


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece
