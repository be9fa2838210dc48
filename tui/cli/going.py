"""Going: the options by which a person says what they may do, what they have with them and how far they get."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, get_args

import click

from chargelore.engine.diagnosing.person import COMPETENCES, PLACES, Person
from chargelore.kb.errors import UseError
from chargelore.kb.model import Competence, Place, Tool
from chargelore.tui.cli.output import Command

TOOLS: tuple[Tool, ...] = get_args(Tool)


def person_options(command: Callable[..., int | None]) -> Callable[..., int | None]:
    """`--competence`, `--tools`, `--access` and `--no-hazard` as one `person`; without them everything is proposed."""

    @wraps(command)
    def told(  # what click hands over, by name
        *given: Any,
        competence: Competence | None,
        tools: str | None,
        access: Place | None,
        is_cautious: bool,
        **rest: Any,
    ) -> int | None:
        return command(*given, person=going(competence, tools, access, is_cautious=is_cautious), **rest)

    return _offered(told)


def _offered(command: Command) -> Command:
    command = click.option(
        "--no-hazard", "is_cautious", is_flag=True, help="Leave out steps that name a hazard, as for one who is alone.",
    )(command)  # fmt: skip
    command = click.option(
        "--access", type=click.Choice(PLACES), default=None,
        help="How far you get: only from afar, to a desk, to the charger, or into the open cabinet.",
    )(command)  # fmt: skip
    command = click.option(
        "--tools", metavar="TOOL,…", default=None,
        help=f"The tools at hand, or `none`: {', '.join(TOOLS)}.",
    )(command)  # fmt: skip
    return click.option(
        "--competence", type=click.Choice(COMPETENCES), default=None,
        help="The most that you may do; what is above it is left out and said so.",
    )(command)  # fmt: skip


def going(competence: Competence | None, tools: str | None, access: Place | None, *, is_cautious: bool) -> Person:
    """Who goes. UseError for a tool that nobody knows."""
    at_hand = None if tools is None else frozenset(_tool(each) for each in _named(tools))
    return Person(competence=competence, tools=at_hand, reach=access, takes_hazards=not is_cautious)


def _named(tools: str) -> list[str]:
    names = [each.strip().casefold().replace(" ", "-") for each in tools.split(",")]
    return [each for each in names if each and each != "none"]


def _tool(name: str) -> Tool:
    for tool in TOOLS:
        if tool == name:
            return tool
    raise UseError(f"--tools {name}: there is no such tool", mend=f"name some of {', '.join(TOOLS)}, or `none`")
