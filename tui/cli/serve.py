"""`chargelore serve`: the terminal UI in a browser on this machine, to read only unless writing is asked for."""

from __future__ import annotations

import asyncio
import secrets
import signal as signals_of_the_system
from collections.abc import Sequence
from contextlib import suppress
from importlib.util import find_spec

import click

from chargelore.engine.relay.child import program
from chargelore.engine.sources.address import Address
from chargelore.kb.errors import UseError
from chargelore.tui.cli.output import aside, say

SCREENS = program("chargelore.tui.cli.screens")


@click.command(epilog="Example: chargelore serve --demo")
@click.option(
    "--listen", metavar="HOST:PORT", default="127.0.0.1:8023", show_default=True, help="Where; port 0 takes a free one."
)
@click.option("--write", is_flag=True, help="Keys may record: findings, answers, notes. Without it they only read.")
@click.option("--demo", is_flag=True, help="Screens on simulated chargers with real faults, in each tab its own.")
@click.option("--db", metavar="URL", default=None, help="With --demo: write into this store; else all goes at the end.")
def serve(listen: str, write: bool, demo: bool, db: str | None) -> int:
    """Offer the screens in a browser until Ctrl-C, to whoever has the address with its token."""
    if find_spec("textual_serve") is None:
        raise UseError("the browser needs textual-serve", mend="install it with `pip install 'chargelore[serve]'`")
    at = Address.read(listen)
    if db and not demo:
        raise UseError("--db is for a demo", mend="CHARGELORE_HOME moves the store of the screens themselves")
    shown = ("demo", *(("--db", db) if db else ())) if demo else ()
    words = (*SCREENS, *shown, *(() if write else ("--read-only",)))
    asyncio.run(_served(words, at, "Keys write." if write else "Keys only read; --write lets them record."))
    return 0


async def _served(words: Sequence[str], at: Address, told: str) -> None:
    """Until Ctrl-C."""
    from chargelore.tui.browser.gate import TOKEN_BYTES, is_loopback  # noqa: PLC0415  # as below
    from chargelore.tui.browser.server import serving  # noqa: PLC0415  # an extra, which not everybody has

    stop = asyncio.Event()
    async with serving(words, at, secrets.token_urlsafe(TOKEN_BYTES)) as address:
        for number in (signals_of_the_system.SIGINT, signals_of_the_system.SIGTERM):
            with suppress(NotImplementedError):  # Windows: Ctrl-C comes as KeyboardInterrupt
                asyncio.get_running_loop().add_signal_handler(number, stop.set)
        say(f"Open {address} in a browser. {told} Ctrl-C ends it.")
        if not is_loopback(at.host):
            aside("others on this network reach it, and what is sent can be read on the way: see docs/serve.md")
        await stop.wait()
