"""`chargelore kb log`, `blame`, `at`: who said what, and what was known at an earlier time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import click

from chargelore.kb.clock import end_of
from chargelore.kb.errors import UseError
from chargelore.kb.events import FINDING, Event
from chargelore.kb.history import blame as blamed
from chargelore.kb.history import history, sentence_of
from chargelore.kb.load import shipped
from chargelore.kb.pack import pack_events
from chargelore.kb.project import project
from chargelore.kb.projection import Edge, Node, Projection
from chargelore.kb.statement import Link
from chargelore.tui.cli.listing import Row, db_option, listed, moment, opened, tell_damaged, when
from chargelore.tui.cli.output import format_option

LOG_COLUMNS = ("at", "author", "kind", "subject", "says", "event")
BLAME_COLUMNS = ("subject", "field", "value", "author", "at", "event")
AT_COLUMNS = ("what", "value")
NOT_SHOWN = frozenset({"source", "licence"})


@click.command(epilog="Example: chargelore kb log cause/water-in-coupler")
@click.argument("node")
@db_option
@format_option
def log(node: str, db: str | None, form: str | None) -> int:
    """List everything said of NODE (kind/name) or of an edge: by authors, people and findings. Exit 1 for nothing."""
    with opened(db) as store:
        tell_damaged(store)
        found = history(store.events(), pack_events(shipped()), node)
    listed([_line(each) for each in found], LOG_COLUMNS, form, name="events", nothing=f"nothing was said of {node}")
    return int(not found)


@click.command(epilog="Example: chargelore kb blame cause/water-in-coupler shows evidence/rain")
@click.argument("edge", nargs=-1, required=True, metavar="EDGE")
@db_option
@format_option
def blame(edge: tuple[str, ...], db: str | None, form: str | None) -> int:
    """Say who each field of EDGE goes back to, and when.

    EDGE is the name of an edge or a node, or the three words FROM RELATION TO.
    """
    base = pack_events(shipped())
    with opened(db) as store:
        tell_damaged(store)
        events, owners = store.events(), store.owners
    names = _named(edge, project(events, owners=owners, base=base))
    rows = [
        {"subject": name, "field": each.field, "value": each.value, **_by(each.event)}
        for name in names
        for each in blamed(events, base, name, owners=owners)
    ]
    listed(rows, BLAME_COLUMNS, form, name="fields", nothing=f"nothing was said of {' '.join(edge)}")
    return int(not rows)


@click.command(epilog="Example: chargelore kb at 2026-05-04 cause/water-in-coupler")
@click.argument("date")
@click.argument("node", default="")
@db_option
@format_option
def at(date: str, node: str, db: str | None, form: str | None) -> int:
    """Say what was known at DATE: how much of it, or NODE as it stood then. A day counts to its end, in UTC."""
    until = str(end_of(moment(date)))
    with opened(db) as store:
        tell_damaged(store)
        events, owners = [each for each in store.events() if each.hlc <= until], store.owners
    base = [each for each in pack_events(shipped()) if each.hlc <= until] if node else []
    then = project(events, owners=owners, base=base)
    rows = _as_it_stood(node, then) if node else _counts(events, then)
    listed(rows, AT_COLUMNS, form, name="known", nothing=f"{node} was not known then")
    return int(not rows)


def _line(one: Event) -> Row:
    return {"kind": one.kind, "subject": one.subject, "says": sentence_of(one), **_by(one)}


def _by(one: Event) -> dict[str, object]:
    return {"author": one.author, "at": when(one.hlc), "event": one.id}


def _named(words: Sequence[str], whole: Projection) -> list[str]:
    """The subjects that a person means: all edges that join the two, whatever their answer and scope."""
    if len(words) == 1:
        return list(words)
    if len(words) != 3:
        raise UseError(
            "an edge is one name or three words", mend="write FROM RELATION TO, such as cause/a shows evidence/b"
        )
    src, rel, dst = words
    found = [each.id for each in whole.edges.values() if (each.src, each.rel, each.dst) == (src, rel, dst)]
    return sorted(found) or [Link(src=src, rel=rel, dst=dst).id]


def _counts(events: Sequence[Event], then: Projection) -> list[Row]:
    kinds = Counter(each.kind for each in events)
    counts = {
        "events": len(events),
        "findings": kinds[FINDING],
        "cases that count": then.learned.cases,
        "nodes added": len(then.nodes),
        "edges added": len(then.edges),
        "corrected": len(then.patches),
        "merged": len(then.aliases),
        "disputed": len(then.opinions),
        "looked for in vain": len(then.gaps),
    }
    return [{"what": what, "value": value} for what, value in counts.items()]


def _as_it_stood(node: str, then: Projection) -> list[Row]:
    one = then.nodes.get(node)
    if one is None:
        return []
    said = {"label": one.label, "status": one.status, "stands for it": then.resolve(node), "author": one.author}
    said |= {name: value for name, value in one.attrs.items() if name not in NOT_SHOWN}
    edges = [each for each in then.edges.values() if node in (each.src, each.dst)]
    disputes = then.opinions.get(node, ())
    return [
        *({"what": what, "value": value} for what, value in said.items()),
        *({"what": each.rel, "value": _joined(each, one, then)} for each in edges),
        *({"what": f"{each.author} {each.position}s", "value": each.reason} for each in disputes),
    ]


def _joined(edge: Edge, node: Node, then: Projection) -> str:
    other = edge.dst if edge.src == node.id else edge.src
    return " ".join(filter(None, (other, edge.answer, edge.grade, then.status(edge))))
