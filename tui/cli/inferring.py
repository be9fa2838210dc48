"""Inferring: which engine joins the symptoms of cases, and a line on stderr whenever its child had to start anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from chargelore.engine.infer import CHOICES, Standing
from chargelore.tui.cli.output import aside

Command = TypeVar("Command", bound=Callable[..., Any])


def inference_option(command: Command) -> Command:
    """`--inference auto|durable|chain`; what is concluded is the same."""
    return click.option(
        "--inference",
        type=click.Choice(CHOICES),
        default=None,
        help="What joins symptoms: durable-rules in a child process, or the plain chainer; both conclude the same.",
    )(command)


def told_anew(standing: Standing, before: Standing | None = None) -> Standing:
    """Say on stderr what inference has been through since `before`; how it stands now."""
    if standing != before and standing.told():
        aside(standing.told())
    return standing
