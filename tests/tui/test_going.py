"""Who goes is said once, and every command that tells what to do keeps to it."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from shell import chargelore

from chargelore.tui.cli import COMMANDS, LazyGroup
from chargelore.tui.cli import chargelore as root

TELLS_WHAT_TO_DO = ("triage", "escalate", "watch", "replay", "bench", "demo")
LOG = Path(__file__).parents[1] / "confirmed" / "neutral-loose-at-house.log"


@pytest.mark.parametrize("name", TELLS_WHAT_TO_DO)
def test_whoever_is_told_what_to_do_can_say_who_goes(name: str) -> None:
    assert isinstance(root, LazyGroup)
    command = root.get_command(click.Context(root), name)
    assert command is not None
    offered = {each.name for each in command.params}
    assert {"competence", "tools", "access", "is_cautious"} <= offered


def test_every_command_that_offers_a_part_of_it_offers_all() -> None:
    assert isinstance(root, LazyGroup)
    for name in COMMANDS:
        command = root.get_command(click.Context(root), name)
        assert command is not None
        offered = {each.name for each in command.params} & {"competence", "tools", "access", "is_cautious"}
        assert len(offered) in (0, 4), name


def test_the_screens_take_it_without_a_command_and_a_command_takes_it_behind_its_name() -> None:
    said = chargelore("--competence", "technician", "triage", LOG)
    assert said.code == 2
    assert "behind triage" in said.err
    assert "no such tool" in chargelore("--tools", "magic-wand").err
