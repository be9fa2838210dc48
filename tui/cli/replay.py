"""`chargelore replay`: a recorded log on the screens, as if it happened now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import click

from chargelore.engine.case import Charger
from chargelore.engine.read import Reading
from chargelore.engine.signal import Signal
from chargelore.tui.cli.going import person_options

STEP_WORD = "step"


class Pace(click.ParamType[float]):
    """A number above 0, or `step`."""

    name = "N|step"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Seconds of the tape in one second."""
        if value == STEP_WORD:
            return 0.0
        try:
            pace = float(str(value))
        except ValueError:
            pace = -1.0
        if not 0 < pace <= 1e6:
            self.fail("write a number above 0, or step", param, ctx)
        return pace


@click.command(epilog="Example: chargelore replay charger.log --speed 100")
@click.argument("logs", metavar="LOG…", nargs=-1, required=True)
@click.option("--speed", type=Pace(), default="10", show_default=True, help="Seconds of the log in one, or step.")
@click.option("--at", "begins", metavar="TIME", default="", help="Play all before it at once: 12:30, or with the day.")
@click.option("--keep", is_flag=True, help="What is written goes into the store; else it is gone at the end.")
@click.option("--read-only", is_flag=True, help="No key writes anything.")
@click.option("--db", metavar="URL", default=None, help="Another store of findings than the one in the data folder.")
@person_options
def replay(logs: tuple[str, ...], begins: str, **how: Any) -> int:
    """Open the screens on recorded logs as if it happened now: < > change the speed, . steps, @ goes to a time.

    The clock is that of the log. Diagnoses reckon with the store, and what you write goes into one of the replay's own.
    """
    from chargelore.tui.cli.parcels import inputs  # noqa: PLC0415  # what reads loads only where a log is read
    from chargelore.tui.replaying.app import run  # noqa: PLC0415  # the screen library loads only when a screen opens
    from chargelore.tui.replaying.tape import Tape  # noqa: PLC0415  # as above

    with inputs(logs) as given:
        readings = {name: each.read({}) for name, each in given.items()}
        tape = Tape(signals_of(readings), how["speed"])
        if begins:
            tape.go_to(tape.moment(begins))
        run(tape, introduced(readings), db=how["db"], is_kept=how["keep"], is_read_only=how["read_only"],
            person=how["person"])  # fmt: skip
    return 0


def signals_of(readings: Mapping[str, Reading]) -> Iterator[Signal]:
    """The signals of several logs side by side, on one clock."""
    from chargelore.engine.clocks.oneclock import on_one_clock  # noqa: PLC0415  # as above
    from chargelore.engine.proving.abreast import side_by_side  # noqa: PLC0415  # as above

    yield from (signal for _, signal in side_by_side(on_one_clock(readings).recordings))


def introduced(readings: Mapping[str, Reading]) -> tuple[Charger, ...]:
    """The chargers that the logs name themselves."""
    return tuple(charger for each in readings.values() for charger in each.introduced)
