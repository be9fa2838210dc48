"""Keep counts: the table of counts follows each finding, verdict and retraction by exact differences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, delete, exists, func, select

from chargelore.kb.counts import MOST_PROOFS, Counted, Counts, Key, Sums, counted, difference, judged, renamed
from chargelore.kb.eventrows import INSERTS, add, chunks, of_kinds, where_in, with_retracts
from chargelore.kb.events import FINDING, GRANT, HELD, Event, canonical, checksum
from chargelore.kb.finding import Finding
from chargelore.kb.fold import in_order, live, read_finding, told
from chargelore.kb.learned import Learned
from chargelore.kb.tables import ALIAS, EVENT, STAT
from chargelore.kb.tables import FINDING as ROWS
from chargelore.kb.upcast import upcast

Topic = str  # the checksum of author, fault and cause
OTHER = ROWS.alias()
# The youngest finding on a topic, how many there are, how many count no more; whether a verdict on a new one, or its
# retraction, came in before the finding did; and whether its author spoke of its case before.
SO_FAR = select(
    func.max(ROWS.c.hlc).label("newest"),
    func.count().label("every"),
    func.count().filter(ROWS.c.gone).label("gone"),
    exists().where(EVENT.c.subject == bindparam("id")).label("is_spoken_of"),
    exists().where(OTHER.c.trouble == bindparam("trouble"), OTHER.c.trouble != "").label("is_told_again"),
).where(ROWS.c.topic == bindparam("topic"))

# The youngest standing finding on each topic; two of one moment are told apart by their name.
RANKED = (
    select(
        ROWS.c.id,
        ROWS.c.hlc,
        func.row_number()
        .over(partition_by=ROWS.c.topic, order_by=(ROWS.c.hlc.desc(), ROWS.c.id.desc()))
        .label("place"),
        func.count().over(partition_by=ROWS.c.topic).label("every"),
    )
    .where(~ROWS.c.gone)
    .subquery()
)
LATEST = (
    select(RANKED.c.id, RANKED.c.every)
    .where(RANKED.c.place == 1)
    .order_by(RANKED.c.hlc.desc(), RANKED.c.id.desc())
    .limit(MOST_PROOFS)
)


def learned_from(connection: Connection, owners: frozenset[str]) -> Learned:
    """What the table of counts teaches, with the latest findings to judge it by; it must be current."""
    rows = connection.execute(select(STAT))
    counts = {(r.what, r.a, r.b, r.c): (r.yes, r.no, r.cases, r.held) for r in rows}
    return renamed(
        judged(counts, _latest(connection, owners)), {row.id: row.into for row in connection.execute(select(ALIAS))}
    )


def _latest(connection: Connection, owners: frozenset[str]) -> list[Counted]:
    """The latest finding on each of the latest topics, oldest first, as the fold counts it."""
    times = {row.id: row.every for row in connection.execute(LATEST)}
    verdicts = [each for each in where_in(connection, EVENT, "subject", times) if each.kind == HELD]
    log = with_retracts(
        connection, [*where_in(connection, EVENT, "id", times), *verdicts, *of_kinds(connection, GRANT)]
    )
    return [replace(each, repeat=times[name]) for name, each in _standing(log, owners).items()]


def count_one(connection: Connection, one: Event) -> bool:
    """Add one new finding that is the youngest on its topic; False where the topic must be counted anew."""
    finding = read_finding(upcast(one))
    if finding is None:
        return True
    topic = _topic(one, finding)
    names = {"topic": topic, "id": one.id, "trouble": _trouble(one, finding)}
    so_far = connection.execute(SO_FAR, names).one()
    if (so_far.newest or "") >= one.hlc or so_far.gone or so_far.is_spoken_of or so_far.is_told_again:
        return False
    _change(connection, counted([Counted(finding, so_far.every + 1, None)]))
    add(connection, ROWS, [_row(one, finding, is_gone=False)])
    return True


def recount(connection: Connection, findings: Iterable[str], new: Sequence[Event], owners: frozenset[str]) -> None:
    """Count the topics of these findings anew; `new` are the events that the counts do not know yet."""
    add(connection, ROWS, list(places_of(new, frozenset())))
    unknown = {each.id for each in new}
    whole = _closed(connection, set(findings))
    before = _standing([each for each in whole if each.id not in unknown], owners)
    after = _standing(whole, owners)
    _change(connection, difference(counted(after.values()), counted(before.values())))
    connection.execute(delete(STAT).where(STAT.c.cases == 0))
    _place(connection, list(places_of(whole, frozenset(after))))


def rows_of(counts: Counts) -> Iterable[dict[str, Any]]:
    """The counts as rows of the table."""
    return (_stat(key, sums) for key, sums in counts.items() if sums[2])


def places_of(log: Iterable[Event], standing: frozenset[str]) -> Iterable[dict[str, Any]]:
    """Where each readable finding of a log is counted, as rows."""
    for each in log:
        if each.kind == FINDING and (finding := read_finding(upcast(each))) is not None:
            yield _row(each, finding, is_gone=each.id not in standing)


def _closed(connection: Connection, findings: set[str]) -> list[Event]:
    """All findings on the topics of these, and of others on their cases, with everything that bears on them.

    Findings on the cases of all those come along, as a later one counts for an earlier; of their own topics these are
    a part only, which counts the same before and after.
    """
    topics = _column(connection, ROWS.c.topic, ROWS.c.id, _with_their_cases(connection, findings))
    names = _with_their_cases(connection, _column(connection, ROWS.c.id, ROWS.c.topic, topics))
    verdicts = [each for each in where_in(connection, EVENT, "subject", names) if each.kind == HELD]
    told_there = where_in(connection, EVENT, "id", names)
    return with_retracts(connection, [*told_there, *verdicts, *of_kinds(connection, GRANT)])


def _with_their_cases(connection: Connection, findings: set[str]) -> set[str]:
    """These findings, with what their authors said else of their cases."""
    troubles = _column(connection, ROWS.c.trouble, ROWS.c.id, findings) - {""}
    return findings | _column(connection, ROWS.c.id, ROWS.c.trouble, troubles)


def _column(connection: Connection, wanted: Any, known: Any, names: set[str]) -> set[str]:
    """What stands in one column where another one has these values."""
    lists = (select(wanted).where(known.in_(some)) for some in chunks(sorted(names)))
    return {found for query in lists for found in connection.execute(query).scalars()}


def _standing(log: list[Event], owners: frozenset[str]) -> Mapping[str, Counted]:
    left, _ = live(in_order(log), owners)
    return {each.event.id: each.counted for each in told(left)}


def _place(connection: Connection, rows: list[dict[str, Any]]) -> None:
    for some in chunks(rows):
        connection.execute(delete(ROWS).where(ROWS.c.id.in_([row["id"] for row in some])))
    add(connection, ROWS, rows)


def _change(connection: Connection, by: Counts) -> None:
    """Add differences to the counts."""
    if not by:
        return
    connection.execute(_upsert(connection.dialect.name), [_stat(key, each) for key, each in by.items()])


@cache
def _upsert(dialect: str) -> Any:
    insert = INSERTS[dialect](STAT)
    sums = {name: STAT.c[name] + insert.excluded[name] for name in ("yes", "no", "cases", "held")}
    return insert.on_conflict_do_update(index_elements=["id"], set_=sums)


def _stat(key: Key, sums: Sums) -> dict[str, Any]:
    return dict(zip(("what", "a", "b", "c"), key, strict=True)) | {
        "id": short(*key),
        "yes": sums[0],
        "no": sums[1],
        "cases": sums[2],
        "held": sums[3],
    }


def _row(one: Event, finding: Finding, *, is_gone: bool) -> dict[str, Any]:
    names = {"topic": _topic(one, finding), "trouble": _trouble(one, finding)}
    return {"id": one.id, "hlc": one.hlc, "gone": is_gone, **names}


def _trouble(one: Event, finding: Finding) -> str:
    """The checksum of author and case; empty where a finding of old does not say of which case it is."""
    return short(one.author, *map(str, finding.of_case)) if finding.of_case is not None else ""


def _topic(one: Event, finding: Finding) -> Topic:
    return short(one.author, finding.fault, finding.cause)


def short(*names: str) -> str:
    """One short name for several that may be long."""
    return checksum(canonical(names))
