"""The command line: `chargelore COMMAND`; each command lives in a module that is loaded when it is called."""

from __future__ import annotations

import errno
import gc
import os
import sys
from importlib import import_module
from pathlib import Path

import click

from chargelore.engine.diagnosing.person import ANYBODY, Person
from chargelore.kb.errors import ChargeloreError, RulesError
from chargelore.tui.cli.ending import BAD_USE, STOPPED, misused, said, unforeseen, unusable, unwritten, with_outputs
from chargelore.tui.cli.going import person_options
from chargelore.tui.opening import opening

COMMANDS = {
    "triage": "chargelore.tui.cli.troubles.triage:triage",
    "lookup": "chargelore.tui.cli.lookup:lookup",
    "map": "chargelore.tui.cli.map:map_table",
    "rules": "chargelore.tui.cli.ruling.rules:rules",
    "kb": "chargelore.tui.cli.knowing.kb:kb",
    "escalate": "chargelore.tui.cli.troubles.escalate:escalate",
    "answer": "chargelore.tui.cli.troubles.answer:answer",
    "report": "chargelore.tui.cli.reporting.report:report",
    "watch": "chargelore.tui.cli.wire.watch:watch",
    "replay": "chargelore.tui.cli.replay:replay",
    "finding": "chargelore.tui.cli.troubles.finding:record",
    "hand": "chargelore.tui.cli.troubles.hand:hand",
    "bench": "chargelore.tui.cli.onsite.bench:bench",
    "signals": "chargelore.tui.cli.signals:signals",
    "serve": "chargelore.tui.cli.serve:serve",
    "demo": "chargelore.tui.cli.demo:demo",
    "keys": "chargelore.tui.cli.keys:keys",
}
NO_WAY_OUT = frozenset({errno.EPIPE, errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF})


class LazyGroup(click.Group):
    """A group that imports a command only when it is asked for, so that look-ups start fast and without a screen."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click calls it so
        """The names of all commands, in the order of a day's work."""
        return list(COMMANDS)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """A log that is dropped on the command line is replayed: `chargelore charger.log`."""
        if args and args[0] not in COMMANDS and Path(args[0]).is_file():
            return "replay", self.get_command(ctx, "replay"), args
        return super().resolve_command(ctx, args)

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
@click.option("--read-only", is_flag=True, help="Without a command: screens in which no key writes anything.")
@person_options
@click.pass_context
def chargelore(ctx: click.Context, read_only: bool, person: Person) -> None:
    """The shared memory of EV-charger technicians. Without a command it opens the terminal UI.

    \b
    Example: chargelore triage charger.log
    """  # \b is click's mark for "keep these lines"
    if ctx.invoked_subcommand is None:
        gc.disable()  # what loads now stays: looking through it for garbage takes a tenth of the start
        with opening():
            from chargelore.tui.starting import run  # noqa: PLC0415  # the screen library loads only when a screen opens

            run(is_read_only=read_only, person=person)
    elif read_only or person != ANYBODY:
        what = "--read-only" if read_only else "who would go"
        raise click.UsageError(f"write {what} behind {ctx.invoked_subcommand}, where it has screens")


def main() -> None:
    """Run a command; errors are sentences on stderr. Exit 0 nothing wrong, 1 findings, 2 bad use, 3 internal."""
    with_outputs()
    try:
        code = _ran()
    except RulesError as error:
        code = max(said(str(each), BAD_USE) for each in error.each)
    except ChargeloreError as error:
        code = said(str(error), BAD_USE)
    except click.ClickException as error:
        code = misused(error)
    except (click.Abort, KeyboardInterrupt):
        code = said("stopped", STOPPED)
    except Exception as error:  # the last border: a person gets a sentence, a developer may ask for more
        if os.environ.get("CHARGELORE_DEBUG"):
            raise
        code = unusable(error) if isinstance(error, OSError) and error.filename is not None else unforeseen(error)
    sys.exit(code)


def _ran() -> int:
    """The exit code of a command whose output has left this program, or could not."""
    out = sys.stdout
    try:
        code = chargelore.main(standalone_mode=False)
        out.flush()
    except SystemExit:  # when nobody reads, click puts another stdout in place and ends with 1, as if with findings
        if sys.stdout is out:
            raise
        return unwritten(BrokenPipeError())
    except OSError as error:
        if error.filename is None and error.errno in NO_WAY_OUT:
            return unwritten(error)
        raise
    return code if isinstance(code, int) else 0
