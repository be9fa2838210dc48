"""`chargelore bench`: a management system on a technician's laptop; reads chargers and, when agreed, acts on them."""

from __future__ import annotations

import asyncio
import signal as signals_of_the_system
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import click

from chargelore.engine.diagnosing.person import Person
from chargelore.engine.heard.ear import Hearing
from chargelore.engine.sources.bench.bench import Bench
from chargelore.engine.sources.bench.effects import Consent
from chargelore.engine.sources.loop import turns
from chargelore.engine.triage import found
from chargelore.engine.watch import Watch
from chargelore.kb.model import Knowledge
from chargelore.kb.store import Store
from chargelore.tui.cli.going import person_options
from chargelore.tui.cli.ledger import Ledger, header
from chargelore.tui.cli.onsite.benchengine import Behind, Takes, feeding
from chargelore.tui.cli.onsite.benchscript import CASES, RESULTS, Script, begins, errand_of, played
from chargelore.tui.cli.onsite.benchsetup import KEY_PASSWORD, Wanted
from chargelore.tui.cli.onsite.benchstanding import Ready, farewell, ready, standing
from chargelore.tui.cli.output import aside, chosen, format_option
from chargelore.tui.cli.troubles.spans import Span
from chargelore.tui.live import known_here, live_watch, sheet_here
from chargelore.tui.terminal import has_screen

LEAST_PATIENCE = timedelta(seconds=1)
MOST_PATIENCE = timedelta(minutes=10)
FILE = click.Path(path_type=Path)


@click.command(epilog='Example: chargelore bench --listen :9000 --do GetConfiguration --do "TriggerMessage Heartbeat"')
@click.option("--listen", metavar="HOST:PORT", default="0.0.0.0:9000", show_default=True, help="Where chargers come.")
@click.option("--password-file", type=FILE, help="charger:password a line, or one line with the password of all.")
@click.option("--ask-password", is_flag=True, help="Type the password of all chargers.")
@click.option("--tls-cert", type=FILE, help="Chargers connect with TLS; this is the bench's certificate, PEM.")
@click.option("--tls-key", type=FILE, help=f"Its key, where not in the same file; password in {KEY_PASSWORD}.")
@click.option("--client-ca", type=FILE, help="Chargers have to show a certificate signed by one of these.")
@click.option("--tls-old", is_flag=True, help="TLS 1.0 and weak ciphers too, for chargers that know no better.")
@click.option("--uploads", type=FILE, metavar="FOLDER", help="Keep the logs that chargers upload; they name people.")
@click.option(
    "--do", "errands", multiple=True, metavar="MESSAGE|STEP", help="Send this, print the answer, end; again and again."
)
@click.option("--charger", metavar="ID", help="The charger of --do; without it the first that comes.")
@click.option("--yes", is_flag=True, help="Agree to what --do does to the charger.")
@click.option("--even-while-charging", is_flag=True, help="Agree also to what ends a session, or may.")
@click.option(
    "--timeout",
    type=Span(MOST_PATIENCE, LEAST_PATIENCE),
    default="30s",
    show_default=True,
    help="Patience for an answer; ten times as long for a charger to come, a restart and an upload.",
)
@click.option("--read-only", is_flag=True, help="On the screens: nothing is written, nothing acts on a charger.")
@click.option("--db", metavar="URL", default=None, help="Another store of findings than the one in the data folder.")
@person_options
@format_option
def bench(  # noqa: PLR0913  # one argument for each option
    *,
    errands: tuple[str, ...],
    charger: str | None,
    yes: bool,
    even_while_charging: bool,
    read_only: bool,
    db: str | None,
    person: Person,
    form: str | None,
    **wanted: Any,  # the other options, as click checked them
) -> int:
    """Be the management system of chargers that are pointed here: read them, and act on them once a person agrees."""
    options = Wanted(**wanted)
    consent = Consent.ENDING_A_SESSION if even_while_charging else Consent.THE_EFFECT if yes else Consent.NOTHING
    known, learned = known_here(db)
    script = Script(
        errands=tuple(errand_of(each, known) for each in errands),
        charger=charger,
        consent=consent,
        seconds=options.timeout.total_seconds(),
    )
    script.fits()
    given = ready(options)
    if not errands and form is None and has_screen():
        return _on_screen(given, db, read_only, person)
    with live_watch(learned, known=known, hearing=Hearing(sheet_here(db)), person=person) as watch:
        both = _Set(given, known, watch)
        return turns(_scripted(both, script, chosen(form)) if errands else _listened(both, chosen(form)))


def _on_screen(given: Ready, db: str | None, read_only: bool, person: Person) -> int:
    from chargelore.tui.onsiteapp import run_on_site  # noqa: PLC0415  # the screen library loads only for a screen

    with Store.open(db) as store:
        _says_farewell(run_on_site(partial(standing, given), store, is_read_only=read_only, person=person))
    return 0


@dataclass(frozen=True, slots=True)
class _Set:
    """What both ways of running have."""

    ready: Ready
    known: Knowledge
    watch: Watch


async def _scripted(given: _Set, script: Script, form: str) -> int:
    """The errands of a script, then what is likely wrong."""
    begins(form)
    errors: list[Exception] = []
    async with _standing(given, feeding(given.watch, errors.append)) as bench:
        results = await played(bench, script, RESULTS[form])
    given.watch.end()
    cases = found(given.watch)
    for each in cases:
        CASES[form](each)
    if errors:
        aside(f"the engine failed {len(errors)} times: {errors[-1]}")
    return int(bool(cases) or not all(each.is_done for each in results))


async def _listened(given: _Set, form: str) -> int:
    """Until Ctrl-C: a line whenever a case opens or changes."""
    ledger, stop = Ledger(given.watch, form), asyncio.Event()
    if above := header(form):
        click.echo(above)
    for number in (signals_of_the_system.SIGINT, signals_of_the_system.SIGTERM):
        with suppress(NotImplementedError):  # Windows: Ctrl-C comes as KeyboardInterrupt
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with _standing(given, ledger.takes):
        await stop.wait()
    return int(ledger.has_cases)


@asynccontextmanager
async def _standing(given: _Set, takes: Takes) -> AsyncIterator[Bench]:
    """A bench with its engine, and what a person has to do at the end."""
    behind = Behind(takes, given.watch, given.known)
    work, chargers = asyncio.create_task(behind.works()), list[str]()
    try:
        async with standing(given.ready, behind.hears, behind.danger, aside) as bench:
            try:
                yield bench
            finally:
                chargers += bench.guests
    finally:
        await behind.ends()
        await work
        _says_farewell(chargers)


def _says_farewell(chargers: list[str]) -> None:
    for sentence in farewell(chargers):
        aside(sentence)
