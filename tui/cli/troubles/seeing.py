"""Seeing: the `--seen` and `--seen-from` options, by which a person tells what they saw at the charger."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from chargelore.engine.witness import Sight, at_odds, sights, without_odds
from chargelore.kb.errors import InputError
from chargelore.kb.model import Knowledge
from chargelore.tui.cli.output import Command, aside

LARGEST = 1_000_000  # bytes of a file of observations


def seen_options(command: Command) -> Command:
    """`--seen TEXT`, again and again, and `--seen-from FILE` with one a line."""
    command = click.option(
        "--seen", "seen", metavar="TEXT", multiple=True,
        help="What you saw or smelt: '10:05 @CP-1/2 burnt smell at the socket', 'no smell', 'breaker-found=tripped'.",
    )(command)  # fmt: skip
    return click.option(
        "--seen-from", "seen_from", metavar="FILE", type=click.Path(path_type=Path), default=None,
        help="A file with one such sentence a line; lines that begin with # are left out.",
    )(command)  # fmt: skip


def seen_of(seen: Iterable[str], seen_from: Path | None, known: Knowledge) -> tuple[Sight, ...]:
    """All that was seen. What contradicts itself is told, and answers nothing."""
    found = sights([*seen, *(_lines(seen_from) if seen_from else ())], known.evidence)
    for evidence, answers in at_odds(found).items():
        aside(f"{evidence} is answered {' and '.join(answers)}: it counts as not known; say which, or when each was so")
    return without_odds(found)


def _lines(file: Path) -> list[str]:
    try:
        with file.open("rb") as stream:
            text = stream.read(LARGEST + 1)
    except OSError as error:
        raise InputError(
            f"cannot be read ({error.strerror})", where=str(file), mend="name a file that is there"
        ) from error
    if len(text) > LARGEST:
        raise InputError(
            f"is larger than {LARGEST} bytes", where=str(file), mend="one sentence a line, no more than 500"
        )
    lines = (line.strip() for line in text.decode("utf-8-sig", "replace").splitlines())
    return [line for line in lines if line and not line.startswith("#")]
