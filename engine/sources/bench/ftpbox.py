"""Ftpbox: the FTP side of uploads. A file can be sent, and nothing else: no list, no reading back, no other command."""

from __future__ import annotations

import logging
import socket
import threading
from typing import Any

from pyftpdlib.exceptions import AuthenticationFailed
from pyftpdlib.filesystems import AbstractedFS
from pyftpdlib.handlers import DTPHandler, FTPHandler
from pyftpdlib.ioloop import IOLoop
from pyftpdlib.servers import FTPServer

from chargelore.engine.sources.address import Address
from chargelore.engine.sources.bench.inbox import Draft, Inbox

SECONDS = 60  # without a command or a byte, and a line is over
MOST_LINES = 64  # sockets, those of commands and those of data
MOST_OF_ONE = 4  # lines of one address
LOOK = 0.2  # seconds between two looks at whether it is over
# Commands that send a file or touch no file at all. Chargers change folders before they send: that only changes a word.
_KNOWN = """
ABOR ALLO APPE CDUP CWD EPRT EPSV FEAT MODE NOOP OPTS PASS PASV PORT PWD QUIT STAT STOR STRU SYST TYPE USER XCUP XCWD
XPWD
"""
_LOG = logging.getLogger("pyftpdlib")
_LOG.addHandler(logging.NullHandler())  # it would print commands beside the screen
_LOG.propagate = False


class Ftpbox:
    """Listens on a free port of a host, in a thread of its own, until it is closed. OSError where it cannot."""

    def __init__(self, host: str, inbox: Inbox) -> None:
        self._over = threading.Event()
        self._server = _Server(_listening(host), _Slot, ioloop=IOLoop())
        self._server.inbox = inbox
        self._port = int(self._server.address[1])
        self._thread = threading.Thread(target=self._serves, daemon=True, name="uploads by FTP")
        self._thread.start()

    def address(self, user: str, password: str, host: str) -> str:
        """Where files go for somebody who reaches this machine at `host`."""
        return f"ftp://{user}:{password}@{Address(host, self._port)}/"

    def closes(self) -> None:
        """No more uploads."""
        self._over.set()
        self._thread.join()

    def _serves(self) -> None:
        try:
            while not self._over.is_set():
                self._server.ioloop.loop(timeout=LOOK, blocking=False)
        finally:
            self._server.close_all()


def _listening(host: str) -> socket.socket:
    return socket.create_server((host, 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET)


class _Server(FTPServer):  # type: ignore[misc]  # pyftpdlib ships no types
    max_cons, max_cons_per_ip = MOST_LINES, MOST_OF_ONE
    inbox: Inbox


class _Door:
    """Who may do what, as pyftpdlib asks: each request has a user and a password of its own, which may write."""

    def validate_authentication(self, username: str, password: str, handler: _Slot) -> None:
        if not handler.server.inbox.lets_in(username, password):
            raise AuthenticationFailed("Wrong user or password.")

    def get_home_dir(self, _: str) -> str:
        return "/"

    def has_perm(self, _: str, perm: str, __: str | None = None) -> bool:
        return perm in "ewa"  # change folders, write, append

    def get_msg_login(self, _: str) -> str:
        return "Send your file."

    def get_msg_quit(self, _: str) -> str:
        return "Goodbye."

    def impersonate_user(self, username: str, password: str) -> None:
        """Nobody else."""

    def terminate_impersonation(self, username: str) -> None:
        """As above."""


class _Nowhere(AbstractedFS):  # type: ignore[misc]  # as above
    """Paths are words here: whatever a charger says, it writes a file that has a name of ours."""

    def ftp2fs(self, ftppath: str) -> str:
        return str(self.ftpnorm(ftppath))

    def fs2ftp(self, fspath: str) -> str:
        return fspath

    def validpath(self, _: str) -> bool:
        return True

    def chdir(self, path: str) -> None:
        self.cwd = path

    def open(self, filename: str, _: str) -> Draft:
        slot = self.cmd_channel
        draft: Draft = slot.server.inbox.begins(slot.username, filename)
        return draft


class _Data(DTPHandler):  # type: ignore[misc]  # as above
    """A data connection."""

    timeout = SECONDS

    def enable_receiving(self, _: str, cmd: str) -> None:
        """Byte for byte: many send an archive without saying that it is no text."""
        super().enable_receiving("i", cmd)


class _Slot(FTPHandler):  # type: ignore[misc]  # as above
    """One line of commands."""

    server: _Server
    authorizer = _Door()
    abstracted_fs = _Nowhere
    dtp_handler = _Data
    proto_cmds = {name: FTPHandler.proto_cmds[name] for name in _KNOWN.split()}  # noqa: RUF012  # pyftpdlib's own
    timeout = SECONDS
    banner = "Send your file."

    def log(self, *_: Any, **__: Any) -> None:
        """Nothing is printed or logged."""

    logline = log_cmd = log_transfer = log_exception = log

    def on_file_received(self, _: str) -> None:
        """It is whole."""
        try:
            self.server.inbox.keeps(self.data_channel.file_obj)
        except OSError:
            self.data_channel.file_obj.drops()

    def on_incomplete_file_received(self, _: str) -> None:
        """It broke off, or was too large."""
        self.data_channel.file_obj.drops()
