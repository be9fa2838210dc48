"""The screens of the bench over a real bench, a real watch and a store in a folder of the test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from time import monotonic

from screens import SMALL, Here, shown

from chargelore.engine.sources.bench.admission import Admission
from chargelore.kb.store import Store
from chargelore.tui.cli.onsite.benchsetup import Wanted
from chargelore.tui.cli.onsite.benchstanding import Ready, standing
from chargelore.tui.late import known_in
from chargelore.tui.live import live_watch
from chargelore.tui.onsiteapp import OnSiteApp
from chargelore.tui.site import Site
from chargelore.tui.starting import desk_over

PATIENCE = 60.0  # seconds; a busy machine may be slow, and nothing is judged by its time


def ready(listen: str = "127.0.0.1:0", seconds: float = 30.0) -> Ready:
    """Options as nobody types them: any free port, no password."""
    wanted = Wanted(
        listen=listen, password_file=None, ask_password=False, tls_cert=None, tls_key=None, client_ca=None,
        tls_old=False, uploads=None, timeout=timedelta(seconds=seconds),
    )  # fmt: skip
    return Ready(wanted, Admission(), None)


@asynccontextmanager
async def on_site(folder: Path, given: Ready | None = None, size: tuple[int, int] = SMALL) -> AsyncIterator[Here]:
    """The first screen, once the bench stands."""
    with Store.open(f"sqlite:///{folder / 'events.db'}") as store, live_watch() as watch:
        desk, _ = desk_over(known_in(store), watch, store)
        site = Site(desk, partial(standing, given or ready()))
        app = OnSiteApp(desk, site)
        async with app.run_test(size=size) as pilot:
            await until(pilot, lambda: bool(site.address) or site.broke is not None)
            yield pilot
        await site.is_over.wait()


async def until(pilot: Here, holds: Callable[[], bool]) -> None:
    """Let the screen go on until this holds; a test whose sign never comes ends and says what stood there instead."""
    end = monotonic() + PATIENCE
    while not holds():
        assert monotonic() < end, shown(pilot)
        await asyncio.sleep(0.02)
        await pilot.pause()
