"""Bench: listens for chargers, runs errands at them, and lets the engine hear every message."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from functools import partial

from websockets.asyncio.server import Server, serve
from websockets.typing import Subprotocol

from chargelore.engine.sources.address import Address, listening_at
from chargelore.engine.sources.bench.admission import SPOKEN, version_of
from chargelore.engine.sources.bench.answers import Result
from chargelore.engine.sources.bench.effects import Consent, Effect, effect
from chargelore.engine.sources.bench.guest import Guest
from chargelore.engine.sources.bench.payloads import fitted
from chargelore.engine.sources.bench.reception import Reception
from chargelore.engine.sources.bench.running import Terms, run
from chargelore.engine.sources.bench.setup import Setup
from chargelore.engine.sources.copies import LONGEST, Copies, Health, OnSignal
from chargelore.kb.errand import Errand
from chargelore.kb.errors import SourceError

PING_EVERY = 30.0
CATCHING_UP = 5.0  # seconds that the engine may be behind
CLOSE_TIMEOUT = 3.0

LOG = logging.getLogger("chargelore.bench")
LOG.addHandler(logging.NullHandler())  # what goes wrong is counted and told; headers with passwords are never printed
LOG.propagate = False
LOG.setLevel(logging.WARNING)  # below that websockets writes every message


class Bench:
    """A management system for as long as its `async with`. SourceError when it cannot listen at `host:port`."""

    def __init__(self, listen: str, on_signal: OnSignal, setup: Setup | None = None) -> None:
        self._listen, self._setup = Address.read(listen), setup or Setup()
        self._copies = Copies(on_signal, self._setup.now)
        self._reception = Reception(self._setup, self._copies)
        self._server: Server | None = None
        self._work: asyncio.Task[None] | None = None

    @property
    def health(self) -> Health:
        """The counters."""
        return self._copies.health

    @property
    def address(self) -> str:
        """Where chargers can connect; empty until the bench listens."""
        return listening_at(self._server, is_secure=self._setup.tls is not None)

    @property
    def guests(self) -> Mapping[str, Guest]:
        """Every charger that came, by its id."""
        return {name: seat.guest for name, seat in self._reception.seats.items()}

    def doing(self, charger: str) -> str:
        """The errand that runs at a charger, empty where none does."""
        seat = self._reception.seats.get(charger)
        return seat.doing if seat else ""

    async def effect(self, charger: str, errand: Errand) -> Effect:
        """What an errand would do at this charger now. UseError where its version has no such message."""
        guest = self._reception.seats[charger].guest
        return effect(fitted(errand, guest.version), guest, await self._danger(charger) if errand.is_acting else "")

    async def does(self, charger: str, errand: Errand, consent: Consent = Consent.NOTHING) -> Result:
        """Run an errand. What only reads needs no consent; what a charger does wrong is in the result, never raised."""
        seat = self._reception.seats.get(charger)
        if seat is None:
            return Result(charger=charger, errand=str(errand), verdict="gone", text="It never connected.")
        terms = Terms(
            seconds=self._setup.seconds,
            number=next(self._reception.numbers),
            again=next(self._reception.numbers),
            consent=consent,
            danger=partial(self._danger, charger),
            key=self._setup.key,
            receiver=self._setup.uploads,
        )
        return await run(seat, errand, terms)

    async def _danger(self, charger: str) -> str:
        """What is suspected once the engine has heard all that passed; of a flood, what it has heard so far."""
        with suppress(TimeoutError):
            async with asyncio.timeout(CATCHING_UP):
                await self._copies.drained()
        return await self._setup.danger(charger)

    async def drained(self) -> None:
        """Wait until the engine has been told all that passed so far."""
        await self._copies.drained()

    async def __aenter__(self) -> Bench:
        try:
            self._server = await self._serving()
        except OSError as error:
            what = f"cannot listen: {error.strerror or error}"
            raise SourceError(what, where=str(self._listen), mend="choose another address or port") from error
        self._work = asyncio.create_task(self._copies.work())
        return self

    async def __aexit__(self, *exc: object) -> None:
        if self._server is not None and self._work is not None:
            self._reception.ends()
            self._server.close()
            await self._server.wait_closed()
            await self._reception.closes()
            await self._copies.drained()
            self._work.cancel()
            with suppress(asyncio.CancelledError):
                await self._work

    async def _serving(self) -> Server:
        return await serve(
            self._reception.serves,
            self._listen.host,
            self._listen.port,
            ssl=self._setup.tls,
            process_request=self._reception.looks_at,
            select_subprotocol=lambda _, offered: version_of(offered),
            subprotocols=[Subprotocol(each) for each in SPOKEN],
            compression=None,
            server_header=None,
            ping_interval=PING_EVERY,
            ping_timeout=None,  # a charger that answers no pings is told by its silence, not cut off
            close_timeout=CLOSE_TIMEOUT,
            max_size=LONGEST,
            logger=LOG,
        )
