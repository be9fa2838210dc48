"""`chargelore kb merge`, `send`, `rebuild`: events from one store to another, and the tables made anew from them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from chargelore.kb.errors import InputError, StoreError
from chargelore.kb.escalations import complaint
from chargelore.kb.events import ANSWERED, FINDING, Event
from chargelore.kb.fold import misfit
from chargelore.kb.lines import is_store, read_file, read_lines, written
from chargelore.kb.load import shipped
from chargelore.kb.model import Knowledge
from chargelore.kb.pack import pack_events
from chargelore.tui.cli.listing import db_option, done, opened
from chargelore.tui.cli.output import aside, format_option
from chargelore.tui.live import laid_over

SHOWN = 5  # complaints on stderr


@click.command(epilog="Example: chargelore kb merge from-ann.jsonl")
@click.argument("sources", nargs=-1, required=True, metavar="FILE|STORE…")
@db_option
@format_option
def merge(sources: tuple[str, ...], db: str | None, form: str | None) -> int:
    """Take in the events of other stores: files of JSON lines that `kb send` wrote, stores, or `-` for stdin.

    All or none: when one event was changed on its way, is no event or lies more than a day in the future, nothing is
    taken and the store stays as it was. The same event twice counts once. A maker's answer or a finding that cannot be
    one is kept, marked, and counts for nothing; exit 1 then. So is, in a finding, what is not known here.
    """
    events = [each for source in sources for each in _of(source)]
    if not events:
        raise InputError(
            "nothing was in it",
            where=", ".join(sources),
            mend="name a file that `chargelore kb send` wrote, or a store",
        )
    with opened(db) as store:
        new = store.merge(events)
        refused = list(_refused(events, laid_over(store)))
    for each in refused[:SHOWN]:
        aside(f"{each['event']} {each['why']}")
    if len(refused) > SHOWN:
        aside(f"and {len(refused) - SHOWN} more; `--format json` lists them all")
    row = {"read": len(events), "new": new} | ({"refused": refused} if refused else {})
    done(row, f"{new} of {len(events)} events were new", form)
    return int(bool(refused))


@click.command(epilog="Example: chargelore kb send for-bob.jsonl")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
@db_option
def send(file: Path | None, db: str | None) -> int:
    """Write all events as JSON lines to FILE or stdout, for `kb merge` in another store.

    They hold notes of findings: give them to your own people only. For others there is `kb export`.
    """
    with opened(db) as store:
        lines = written(store.events())
    if file is None:
        sys.stdout.writelines(lines)
    else:
        _write(file, lines)
    return 0


@click.command(epilog="Example: chargelore kb rebuild")
@db_option
@format_option
def rebuild(db: str | None, form: str | None) -> int:
    """Fill the tables for queries anew: shipped knowledge and everything recorded. Exit 1 when events were damaged."""
    with opened(db) as store:
        whole = store.rebuild(pack_events(shipped()))
        damaged = store.damaged()
    counts = {
        "nodes": len(whole.nodes),
        "edges": len(whole.edges),
        "counts": len(whole.counts),
        "damaged": len(damaged),
    }
    says = f"{counts['nodes']} nodes, {counts['edges']} edges, {counts['counts']} counts"
    done(counts | {"digest": whole.digest()}, f"{says}{_warning(damaged)}", form)
    return int(bool(damaged))


def _refused(events: Iterable[Event], known: Knowledge) -> Iterator[dict[str, str]]:
    """What of these events counts for nothing, with the reason."""
    for each in events:
        if each.kind == ANSWERED and (why := complaint(each)):
            yield {"event": each.id, "why": f"counts for nothing: {why}"}
        elif each.kind == FINDING and (why := misfit(each, known)):
            yield {"event": each.id, "why": why}


def _of(source: str) -> Iterable[Event]:
    if source == "-":
        return list(read_lines(sys.stdin.buffer, "stdin", datetime.now(UTC)))
    if "://" in source or is_store(Path(source)):
        with opened(source) as other:
            damaged = other.damaged()
            if damaged:
                raise InputError(
                    f"{len(damaged)} events were changed after they were written", where=source, mend="fetch them again"
                )
            return other.events()
    return read_file(Path(source), datetime.now(UTC))


def _write(file: Path, lines: Iterable[str]) -> None:
    try:
        with file.open("w", encoding="ascii", newline="\n") as out:
            out.writelines(lines)
    except OSError as error:
        raise StoreError(
            f"cannot be written ({error.strerror})", where=str(file), mend="name a file in a folder of yours"
        ) from error


def _warning(damaged: tuple[str, ...]) -> str:
    return f"; left out {len(damaged)} damaged events: {', '.join(damaged[:5])}" if damaged else ""
