"""Sources work on the loop they are delivered with, and on Python's own, which is all that Windows has."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from chargelore.engine.sources.loop import fastest


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """The loops that each test of this folder is run on."""
    quick = fastest()
    return {"python": asyncio.new_event_loop} | ({"libuv": quick} if quick else {})
