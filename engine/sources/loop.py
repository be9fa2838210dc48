"""Loop: what turns the wire: libuv's loop where it is to be had, which costs a third of Python's own for each frame."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def fastest() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """What makes such a loop; None for Python's own. uvloop is not made for Windows."""
    if sys.platform == "win32":
        return None
    import uvloop  # noqa: PLC0415  # not there on Windows

    return uvloop.new_event_loop


def turns(main: Coroutine[Any, Any, T], *, is_secured: bool = False) -> T:
    """Run it to its end, and give what it gave.

    What is `secured` takes sockets over into TLS once it knows who knocks. libuv's loop may have read from them by
    then, and what it read is lost to TLS; Python's own waits to be told.
    """
    with asyncio.Runner(loop_factory=None if is_secured else fastest()) as runner:
        return runner.run(main)
