"""The command line: `chargelore COMMAND`; each command lives in a module that is loaded when it is called."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

from chargelore.kb.errors import ChargeloreError

COMMANDS = {
    "triage": "chargelore.tui.cli.triage:triage",
    "lookup": "chargelore.tui.cli.lookup:lookup",
    "map": "chargelore.tui.cli.map:map_table",
    "rules": "chargelore.tui.cli.rules:rules",
    "kb": "chargelore.tui.cli.kb:kb",
    "watch": "chargelore.tui.cli.watch:watch",
    "demo": "chargelore.tui.cli.demo:demo",
}
BAD_USE, INTERNAL = 2, 3


class LazyGroup(click.Group):
    """A group that imports a command only when it is asked for, so that look-ups start fast and without a screen."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click calls it so
        """The names of all commands, in the order of a day's work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # as above
        """The command of that name, or None."""
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        module, name = place.split(":")
        command = getattr(import_module(module), name)
        assert isinstance(command, click.Command)  # noqa: S101  # a wrong table is our own mistake
        return command


@click.group(cls=LazyGroup, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="chargelore")
@click.pass_context
def chargelore(ctx: click.Context) -> None:
    """The shared memory of EV-charger technicians. Without a command it opens the terminal UI.

    \b
    Example: chargelore triage charger.log
    """  # \b is click's mark for "keep these lines"
    if ctx.invoked_subcommand is None:
        from chargelore.tui.app import run  # noqa: PLC0415  # the screen library loads only when a screen opens

        run()


def main() -> None:
    """Run a command; errors are sentences on stderr. Exit 0 nothing wrong, 1 findings, 2 bad use, 3 internal."""
    try:
        code = chargelore.main(standalone_mode=False)
    except ChargeloreError as error:
        code = _said(str(error), BAD_USE)
    except click.ClickException as error:
        error.show()
        code = BAD_USE
    except (click.Abort, KeyboardInterrupt):
        code = _said("stopped", 130)
    except Exception as error:  # the last border: a person gets a sentence, a developer may ask for more
        if os.environ.get("CHARGELORE_DEBUG"):
            raise
        code = _said(f"an error of our own: {type(error).__name__}: {error} — CHARGELORE_DEBUG=1 tells more", INTERNAL)
    sys.exit(code if isinstance(code, int) else 0)


def _said(message: str, code: int) -> int:
    print(f"chargelore: {message}", file=sys.stderr)
    return code
