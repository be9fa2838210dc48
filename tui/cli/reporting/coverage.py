"""`chargelore report coverage`: which faults are recognised on whose chargers: by a rule, by a code, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import get_args

import click

from chargelore.engine.coverage.heatmap import STATES, HeatMap, heat_map
from chargelore.engine.grammar.rule import shipped as rules
from chargelore.engine.scope import matches_name
from chargelore.kb.claim import Domain
from chargelore.kb.errors import UseError
from chargelore.kb.load import shipped as knowledge
from chargelore.kb.model import FaultId, Layer
from chargelore.tui.cli.listing import db_option
from chargelore.tui.cli.output import as_json, chosen, format_option, say, table, write_csv
from chargelore.tui.live import sheet_here
from chargelore.tui.text import brief

COLUMNS = ("domain", "fault", "maker", "state", "codes", "symptoms")
WIDTH = 40


@click.command(epilog="Example: chargelore report coverage --layer ocpp --layer csms --maker Zaptec")
@click.option("--layer", "only", type=click.Choice(get_args(Layer)), multiple=True, help="Only what this layer tells.")
@click.option("--maker", default="", metavar="NAME", help="Only chargers of this maker, fault by fault.")
@click.option("--domain", type=click.Choice(get_args(Domain)), help="Only the faults of this domain.")
@db_option
@format_option
def coverage(only: tuple[Layer, ...], maker: str, domain: Domain | None, db: str | None, form: str | None) -> int:
    """Say which faults a rule detects, only a code makes visible, or nobody sees, on the chargers of each maker.

    What a maker's models were proven never to send is left out, as far as logs were learned from.
    """
    found = heat_map(knowledge(), rules(), sheet_here(db), only or get_args(Layer))
    faults = [each for each in found.faults if domain in (None, knowledge().faults[each].domain)]
    makers = _named(found, maker)
    how = chosen(form)
    if how == "json":
        say(as_json({"layers": only or get_args(Layer), "coverage": list(_rows(found, faults, makers))}))
    elif how == "csv":
        write_csv(_rows(found, faults, makers, " ".join), COLUMNS)
    else:
        say(_one_maker(found, faults, makers[0]) if maker else _all_makers(found, faults, makers))
    return 0


def _named(found: HeatMap, maker: str) -> Sequence[str]:
    if not maker:
        return found.makers
    named = [each for each in found.makers if matches_name(maker, each)]
    if not named:
        raise UseError(
            f"of no maker called {maker} codes are known",
            mend="`chargelore report coverage --format csv` names them all",
        )
    return named[:1]


def _rows(
    found: HeatMap,
    faults: Sequence[FaultId],
    makers: Sequence[str],
    told: Callable[[Iterable[str]], Sequence[str]] = tuple,
) -> Iterator[dict[str, object]]:
    for fault in faults:
        for maker in makers:
            cell = found.cell(fault, maker)
            base = {"domain": knowledge().faults[fault].domain, "fault": fault, "maker": maker, "state": cell.state}
            yield {**base, "codes": cell.codes, "symptoms": told(cell.symptoms)}


def _all_makers(found: HeatMap, faults: Sequence[FaultId], makers: Sequence[str]) -> str:
    """A line for each domain, the worst seen first; shares are of all pairs of a fault and a maker."""
    domains: dict[str, list[FaultId]] = {}
    for fault in faults:
        domains.setdefault(knowledge().faults[fault].domain, []).append(fault)
    worst_first = sorted(domains, key=lambda name: _shares(found, domains[name], makers)[0])
    lines = [_line(name, found, domains[name], makers) for name in worst_first]
    return table([*lines, _line("all", found, faults, makers)], ("domain", "faults", *STATES))


def _line(name: str, found: HeatMap, faults: Sequence[FaultId], makers: Sequence[str]) -> tuple[str, ...]:
    return (name, f"{len(faults):6}", *(f"{share:7.0%}" for share in _shares(found, faults, makers)))


def _shares(found: HeatMap, faults: Sequence[FaultId], makers: Sequence[str]) -> tuple[float, ...]:
    tally = found.tally(faults, makers)
    return tuple(tally[state] / max(1, len(faults) * len(makers)) for state in STATES)


def _one_maker(found: HeatMap, faults: Sequence[FaultId], maker: str) -> str:
    cells = [(fault, found.cell(fault, maker)) for fault in faults]
    cells.sort(key=lambda each: STATES.index(each[1].state), reverse=True)
    rows = [
        (cell.state, brief(knowledge().faults[fault].label, WIDTH), cell.codes or "", len(cell.symptoms) or "")
        for fault, cell in cells
    ]
    return table(rows, ("state", f"fault at {maker}", "codes", "symptoms"))
