"""`chargelore demo`: live simulated chargers with real faults, in the terminal UI or judged without a screen."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import click

from chargelore.engine.demo.faults import ROLES
from chargelore.engine.demo.verdict import Judged, judged
from chargelore.engine.demo.world import world
from chargelore.engine.diagnosing.person import Person
from chargelore.engine.signal import Signal
from chargelore.engine.triage import Json, as_json, found
from chargelore.engine.watch import Watch
from chargelore.tui.cli.going import person_options
from chargelore.tui.cli.output import as_json as line_of_json
from chargelore.tui.cli.output import chosen, format_option, say, write_csv
from chargelore.tui.live import live_watch
from chargelore.tui.text import chance, plain

COLUMNS = ("charger", "title", "expected", "found", "rank", "verdict", "first", "probability", "next")
TICK = timedelta(seconds=10)
INTERNAL = 3


class Speed(click.ParamType[float]):
    """A number above 0, or `max`."""

    name = "N|max"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Seconds of event time in one second."""
        if value == "max":
            return math.inf
        try:
            speed = float(str(value))
        except ValueError:
            speed = math.nan
        if not (speed > 0 and math.isfinite(speed)):
            self.fail("write a number above 0, or max", param, ctx)
        return speed


@click.command(epilog="Example: chargelore demo --headless --speed max")
@click.option("--headless", is_flag=True, help="No screen: print what was found; exit 0 when every fault was.")
@click.option("--speed", type=Speed(), default="20", show_default=True, help="Seconds that pass in one second, or max.")
@click.option("--tour", is_flag=True, help="Begin the tour at once: six things to do on a live fault.")
@click.option("--db", metavar="URL", default=None, help="Write into this store; else all is gone at the end.")
@click.option("--read-only", is_flag=True, help="No key writes anything.")
@person_options
@format_option
def demo(headless: bool, speed: float, person: Person, form: str | None, **how: Any) -> int:  # flags of the command
    """Open the terminal UI on simulated chargers with real faults: real OCPP and Modbus, all on this machine.

    What you write there touches no store of yours, and is gone when you leave.
    """
    if headless:
        return _headless(speed, person, chosen(form))
    from chargelore.tui.touring.app import run  # noqa: PLC0415  # the screen library loads only when a screen opens

    run(partial(_goes_on, speed), db=how["db"], is_read_only=how["read_only"], begins=how["tour"], person=person)
    return 0


async def _goes_on(speed: float, on_signal: Callable[[Signal], None]) -> None:
    """The world with healthy chargers that go on after the last fault, until the screen is left."""
    await world(speed, on_signal, asyncio.Event())


def _headless(speed: float, person: Person, form: str) -> int:
    with live_watch(person=person) as watch:
        health = asyncio.run(world(speed, Ticking(watch).takes))
        watch.end()
        results = judged(ROLES, found(watch))
    PRINTERS[form](results)
    if health.engine_errors or health.dropped_copies:
        click.echo(plain(f"chargelore: the engine failed {health.engine_errors} times: {health.last_error}"), err=True)
        return INTERNAL
    return int(not all(each.is_found for each in results if each.role.expects))


class Ticking:
    """Feeds a watch and lets its event time move on for the chargers that are silent."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._ticked: datetime | None = None

    def takes(self, signal: Signal) -> None:
        """One signal."""
        self._watch.feed(signal)
        if signal.at is not None and (self._ticked is None or signal.at - self._ticked >= TICK):
            self._ticked = signal.at
            self._watch.tick(signal.at)


def _row(each: Judged) -> Json:
    first = each.best.diagnosis.hypotheses[0] if each.best and each.best.diagnosis.hypotheses else None
    step = each.best.diagnosis.steps[0].label if each.best and each.best.diagnosis.steps else ""
    return {
        "charger": each.role.who.id,
        "title": each.role.title,
        "expected": each.role.expects,
        "found": each.is_found,
        "rank": each.rank,
        "verdict": each.best.diagnosis.verdict if each.best else None,
        "first": first.cause_label if first else None,
        "probability": first.probability if first else None,
        "next": step,
    }


def _print_json(results: Sequence[Judged]) -> None:
    for each in results:
        click.echo(line_of_json(_row(each) | {"cases": [as_json(one) for one in each.cases]}))


def _print_csv(results: Sequence[Judged]) -> None:
    write_csv(map(_row, results), COLUMNS)


def _print_table(results: Sequence[Judged]) -> None:
    for each in results:
        _say_role(each)
    scripted = [each.is_found for each in results if each.role.expects]
    healthy = [each.is_found for each in results if not each.role.expects]
    say(f"\n{sum(scripted)} of {len(scripted)} scripted faults found.")
    say(f"{sum(healthy)} of {len(healthy)} healthy chargers without a case.")


def _say_role(each: Judged) -> None:
    row = _row(each)
    sign = "ok" if each.is_found else "MISSED" if each.role.expects else "false alarm"
    say(f"{sign:<11}  {each.role.who.id:<9} {each.role.title}")
    if row["first"]:
        say(f"{'':<22} {row['first']} ({chance(float(str(row['probability'])))})")
        say(f"{'':<22} NEXT: {row['next'] or 'nothing that would help'}")


PRINTERS = {"json": _print_json, "csv": _print_csv, "table": _print_table}
