"""Keep: hold the projection in SQL in step with the log, in the transaction that adds to the log.

What new events touch is folded anew from the events about it: for a finding those of its author on the same fault and
cause, for a node or an edge those that name it. Rare and far-reaching events, such as a grant, rebuild everything.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Table, delete, select

from chargelore.kb.codekey import key
from chargelore.kb.eventrows import add, chunks, of_kinds, read, row_of, where_in, with_retracts
from chargelore.kb.events import DISPUTE, EDGE, FINDING, GRANT, HELD, MERGE, NODE, RETRACT, REVIEW, SET, UNMERGE, Event
from chargelore.kb.events import canonical as text_of
from chargelore.kb.fold import in_order, live, told
from chargelore.kb.keepcounts import count_one, places_of, recount, rows_of
from chargelore.kb.layout import mark_folded
from chargelore.kb.project import project
from chargelore.kb.projection import Edge, Node, Projection, plain
from chargelore.kb.tables import ALIAS, CODE_KEY, EVENT, PACK, STAT
from chargelore.kb.tables import EDGE as EDGES
from chargelore.kb.tables import FINDING as FINDINGS
from chargelore.kb.tables import NODE as NODES

MOST_ONE_BY_ONE = 5_000  # new events; folding everything is cheaper beyond
GRAPH = frozenset({NODE, EDGE, SET, REVIEW, DISPUTE})
COUNTED = frozenset({FINDING, HELD, RETRACT, GRANT})
TIES = frozenset({MERGE, UNMERGE})


@dataclass(slots=True)
class _Touched:
    """What new events bear on."""

    findings: set[str] = field(default_factory=set)
    subjects: set[str] = field(default_factory=set)
    ties: bool = False
    everything: bool = False


def keep(connection: Connection, new: Sequence[Event], owners: frozenset[str]) -> None:
    """Bring the projection up to date with events that were just added to the log; it was current before them."""
    if len(new) == 1 and new[0].kind == FINDING and count_one(connection, new[0]):
        return
    touched = _touched(connection, new)
    if touched.everything or len(new) > MOST_ONE_BY_ONE:
        rebuild(connection, owners)
        return
    if touched.findings:
        recount(connection, touched.findings, new, owners)
    if touched.subjects:
        _refold(connection, touched.subjects, owners)
    if touched.ties:
        _retie(connection, owners)


def rebuild(connection: Connection, owners: frozenset[str], base: Iterable[Event] | None = None) -> Projection:
    """Fold the whole log and fill all tables anew. `base` replaces the shipped statements; None keeps those there."""
    if base is not None:
        connection.execute(delete(PACK))
        add(connection, PACK, map(row_of, base))
    with _uncollected():
        return _rebuilt(connection, owners)


def _rebuilt(connection: Connection, owners: frozenset[str]) -> Projection:
    log, shipped = list(read(connection, select(EVENT))), list(read(connection, select(PACK)))
    whole = project(log, owners=owners, base=shipped)
    for table in (NODES, EDGES, CODE_KEY, ALIAS, STAT, FINDINGS):
        connection.execute(delete(table))
    _fill(connection, whole)
    add(connection, ALIAS, ({"id": name, "into": into} for name, into in whole.aliases.items()))
    add(connection, STAT, rows_of(whole.counts))
    found = [each for each in log if each.kind in COUNTED]
    left, _ = live(in_order(found), owners)
    add(connection, FINDINGS, places_of(found, frozenset(each.event.id for each in told(left))))
    mark_folded(connection)
    return whole


@contextmanager
def _uncollected() -> Iterator[None]:
    """Nothing here makes circles, and to look for some among a million values again and again takes longest of all."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _touched(connection: Connection, new: Sequence[Event]) -> _Touched:
    touched = _Touched()
    for each in new:
        target = _target(connection, each)
        if target is None:
            continue
        if target.kind == FINDING:
            touched.findings.add(target.id)
        elif target.kind == HELD:
            touched.findings.add(target.subject)
        elif target.kind in GRAPH:
            touched.subjects.add(target.subject)
        touched.ties |= target.kind in TIES
        touched.everything |= target.kind == GRANT
    return touched


def _target(connection: Connection, one: Event) -> Event | None:
    """What an event takes back in the end, or itself; None where that is not in the log (yet)."""
    while one.kind == RETRACT:
        found = next(where_in(connection, EVENT, "id", [one.subject]), None)
        found = found or next(where_in(connection, PACK, "id", [one.subject]), None)
        if found is None:
            return None
        one = found
    return one


def _refold(connection: Connection, subjects: set[str], owners: frozenset[str]) -> None:
    """Fold these nodes and edges anew from all that names them."""
    base = list(where_in(connection, PACK, "subject", subjects))
    said = [each for each in where_in(connection, EVENT, "subject", subjects) if each.kind in GRAPH]
    log = with_retracts(connection, [*said, *base, *of_kinds(connection, GRANT)])
    for some in chunks(sorted(subjects)):
        for table, column in ((NODES, NODES.c.id), (EDGES, EDGES.c.id), (CODE_KEY, CODE_KEY.c.node)):
            connection.execute(delete(table).where(column.in_(some)))
    _fill(connection, project(log, owners=owners, base=base))


def _retie(connection: Connection, owners: frozenset[str]) -> None:
    """Work out anew what is the same; merges are few."""
    log = with_retracts(connection, of_kinds(connection, MERGE, UNMERGE, GRANT))
    connection.execute(delete(ALIAS))
    same = project(log, owners=owners).aliases
    add(connection, ALIAS, ({"id": name, "into": into} for name, into in same.items()))


def _fill(connection: Connection, whole: Projection) -> None:
    add(connection, NODES, (_row(NODES, each) for each in whole.nodes.values()))
    add(connection, EDGES, (_row(EDGES, each) for each in whole.edges.values()))
    add(connection, CODE_KEY, (_code_key(each) for each in whole.nodes.values() if each.kind == "code"))


def _row(table: Table, one: Node | Edge) -> dict[str, Any]:
    """A node or an edge as a row; what is no plain text is canonical JSON."""
    values: Mapping[str, Any] = plain(one)
    columns = table.columns.keys()
    return {name: values[name] if isinstance(values[name], str) else text_of(values[name]) for name in columns}


def _code_key(node: Node) -> dict[str, str]:
    def said(name: str) -> str:
        value = node.attrs.get(name, "")
        return value if isinstance(value, str) else ""

    words = {name: said(name) for name in ("vendor", "model", "firmware", "channel")}
    return {"node": node.id, **words, "kind": said("kind")[:20], "value": key(said("code"))}
