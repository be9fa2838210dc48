"""Placing: the `--places FILE` option, and what cannot be asked without it, as a person and a program read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from chargelore.engine.matching.sitewide import Unplaced
from chargelore.engine.places import NO_PLACES, Places, load_places
from chargelore.tui.cli.output import Command

Json = dict[str, object]


def places_option(command: Command) -> Command:
    """`--places FILE`: which chargers share a site and a feeder, and of which type their connectors are."""
    return click.option(
        "--places", "places", metavar="FILE", type=click.Path(path_type=Path), default=None,
        help="Which chargers share a site and a feeder (YAML); rules over several chargers need it.",
    )(command)  # fmt: skip


def placed(file: Path | None) -> Places:
    """What the file says; nothing where none is named."""
    return load_places(file) if file else NO_PLACES


def unasked(told: Iterable[Unplaced]) -> list[Json]:
    """Rules that were not asked, as JSON."""
    return [{"rules": list(each.rules), "truth": "unknown", "why": each.why, "mend": each.mend} for each in told]


def unasked_sentences(told: Iterable[Unplaced]) -> Iterator[str]:
    """The same, one line each."""
    for each in told:
        rules = f"{len(each.rules)} rules" if len(each.rules) != 1 else each.rules[0]
        yield f"Not asked, {rules}: {each} — {each.mend}"
