"""What the store costs: fold, fill, rebuild, merge, and one technician's finding, beside what one would use instead.

    python benchmarks/bench_store.py [nodes, default 100000] [URL of a store]      (make bench-store)

A made-up world of that many nodes, three edges a node and a finding for every five. Every commit reaches the disk
before it returns (`synchronous=FULL`); the floor for that is printed from the same run: one row and one commit of plain
sqlite3 on the same disk, taken in turns with ours. Bulk loading stands beside SQLModel objects in a session and beside
plain sqlite3 `executemany`; the graph as tables beside networkx holding the same graph in memory.
"""

from __future__ import annotations

import os
import random
import resource
import sqlite3
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TypeVar

import networkx as nx
from sqlalchemy import Connection, select
from sqlmodel import Session

from chargelore.kb.clock import Stamp
from chargelore.kb.connect import connected
from chargelore.kb.eventrows import row_of
from chargelore.kb.events import Event, canonical, finding_event
from chargelore.kb.finding import Finding, Machine, StepTaken
from chargelore.kb.fold import fold
from chargelore.kb.model import EvidenceId, FaultId, StepId
from chargelore.kb.place import place_of
from chargelore.kb.project import project
from chargelore.kb.statement import By, Link, edge_event, node_event
from chargelore.kb.store import Store
from chargelore.kb.tables import EDGE, METADATA, EventRow

START = 1_700_000_000_000
OFFLINE, COMMITS = 1_002, 400
CHANCE = random.Random(7)
Result = TypeVar("Result")
EVENT_TABLE = """CREATE TABLE event (id TEXT PRIMARY KEY, kind TEXT, subject TEXT, hlc TEXT, author TEXT, origin TEXT,
v INTEGER, body TEXT)"""


def timed(what: str, work: Callable[[], Result]) -> tuple[float, Result]:
    start = perf_counter()
    result = work()
    took = perf_counter() - start
    print(f"{what:<62} {took:9.2f} s", flush=True)
    return took, result


def world(nodes: int) -> Iterator[Event]:
    """Causes and evidence, links between them, and findings of forty technicians."""
    for n in range(nodes):
        kind = "cause" if n % 3 else "evidence"
        yield node_event(f"{kind}/{n}", f"Something that happens, number {n}", {"detail": "x" * 40}, by(n))
    for n in range(nodes * 3):
        cause, evidence = CHANCE.randrange(nodes), CHANCE.randrange(nodes)
        link = Link(src=f"cause/{cause}", rel="shows", dst=f"evidence/{evidence}", answer=str(n % 5))
        yield edge_event(link, "often", by(nodes + n))
    yield from (finding(n, START + nodes * 4 + n) for n in range(nodes // 5))


def by(n: int) -> By:
    return By(f"author-{n % 40}", Stamp(START + n, 0, "bench"))


def finding(n: int, ms: int) -> Event:
    return finding_event(told(n), stamp=Stamp(ms, 0, "bench"), author=f"author-{n % 40}")


def told(n: int) -> Finding:
    return Finding(
        case=f"case-{n}", fault=FaultId(f"fault-{n % 150}"), cause=f"cause-{CHANCE.randrange(600)}",
        charger=Machine(vendor="Acme", model="One"), codes=("E7",), minutes=30,
        evidence={EvidenceId(f"evidence-{CHANCE.randrange(300)}"): CHANCE.choice(["yes", "no"]) for _ in range(4)},
        steps=(StepTaken(id=StepId(f"step-{n % 90}"), worked=True, minutes=12),),
    )  # fmt: skip


def main() -> None:
    nodes = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CHARGELORE_HOME"] = folder
        place = sys.argv[2] if len(sys.argv) > 2 else str(Path(folder, "events.db"))
        _, log = timed(f"(making the events of {nodes:,} nodes)", lambda: list(world(nodes)))
        print(f"{len(log):,} events: {nodes:,} nodes, {nodes * 3:,} edges, {nodes // 5:,} findings")
        folding(log)
        with Store.open(place) as store:
            filling(store, log)
            merging(store, log)
            committing(store, Path(folder, "floor.db"))
            reading(place, nodes)
        loading(log[: len(log) // 10], Path(folder))
        print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB", end="; ")
        if Path(place).exists():
            print(f"file {Path(place).stat().st_size / 1e6:,.0f} MB, log and projection")


def folding(log: list[Event]) -> None:
    _, one = timed("fold the findings in memory", lambda: fold(log))
    _, whole = timed("project everything in memory", lambda: project(log))
    mixed = CHANCE.sample(log, len(log))
    _, again = timed("project it in random order", lambda: project(mixed))
    assert whole.digest() == again.digest()
    assert one == again.learned
    print("the digests are the same")


def filling(store: Store, log: list[Event]) -> None:
    timed("check, insert and project all events into an empty store", lambda: store.merge(log))
    _, whole = timed("rebuild all tables from the log", store.rebuild)
    assert store.learned() == whole.learned
    timed("read all counts for the diagnosis", store.learned)


def merging(store: Store, log: list[Event]) -> None:
    last = START + len(log) * 2
    ann, bob = ([finding(n + k, last + n * 2 + k) for n in range(OFFLINE // 2)] for k in (0, 1))
    _, new = timed(f"merge {OFFLINE:,} events of two offline technicians", lambda: store.merge([*ann, *bob]))
    assert new == OFFLINE
    timed("the same again: nothing is new", lambda: store.merge([*bob, *ann]))


def committing(store: Store, floor: Path) -> None:
    """One finding after the other, in turns with the floor: one row, one commit."""
    ours, theirs = [], []
    store.record_finding(told(0))
    with closing(sqlite3.connect(floor, isolation_level=None)) as plain:
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            plain.execute(f"PRAGMA {pragma}")
        plain.execute("CREATE TABLE event (id TEXT PRIMARY KEY, body TEXT)")
        plain.execute("BEGIN")  # a log of the size that ours has by now
        plain.executemany("INSERT INTO event VALUES (?, ?)", ((f"old-{n}", "x" * 600) for n in range(50_000)))
        plain.execute("COMMIT")
        for n in range(COMMITS):
            what, body = told(n), canonical({"case": f"case-{n}", "note": "x" * 400})
            ours.append(milliseconds(partial(store.record_finding, what)))
            theirs.append(milliseconds(partial(plain.execute, "INSERT INTO event VALUES (?, ?)", (n, body))))
    print(f"one finding, event and counts in one durable commit: {spread(ours)}")
    print(f"one row and one durable commit of plain sqlite3:      {spread(theirs)}")
    at_median, at_p95 = statistics.median(ours) / statistics.median(theirs), p95(ours) / p95(theirs)
    print(f"ratio at the median {at_median:.2f}, at p95 {at_p95:.2f}")


def one_hop(connection: Connection, at: str) -> object:
    return connection.execute(select(EDGE.c.dst).where(EDGE.c.src == at)).all()


def neighbours(graph: nx.MultiDiGraph, at: str) -> object:
    return list(graph.successors(at))


def reading(place: str, nodes: int) -> None:
    engine = connected(place_of(place), 5.0)
    with engine.connect() as connection:
        edges = connection.execute(select(EDGE.c.src, EDGE.c.dst, EDGE.c.rel)).all()
        starts = [f"cause/{CHANCE.randrange(nodes)}" for _ in range(300)]
        hops = [milliseconds(partial(one_hop, connection, at)) for at in starts]
    engine.dispose()
    print(f"one hop in the tables: {spread(hops)}")
    _, graph = timed(
        "networkx holding the same edges: load", lambda: nx.MultiDiGraph((a, b, {"rel": r}) for a, b, r in edges)
    )
    hops = [milliseconds(partial(neighbours, graph, at)) for at in starts if at in graph]
    print(f"one hop in networkx:   {spread(hops)}")


def loading(some: list[Event], folder: Path) -> None:
    """A tenth of the events, three ways, per row."""
    rows = [row_of(each) for each in some]
    with Store.open(folder / "core.db") as store:
        ours, _ = timed(f"{len(some):,} events: ours, checked and projected", lambda: store.merge(some))
    engine = connected(place_of(folder / "orm.db"), 5.0)
    METADATA.create_all(engine, tables=[METADATA.tables["event"]])

    def objects() -> None:
        with Session(engine) as session:
            for row in rows:
                session.add(EventRow(**row))
            session.commit()

    orm, _ = timed("   as SQLModel objects in a session, log only", objects)
    engine.dispose()
    with closing(sqlite3.connect(folder / "plain.db")) as plain:
        plain.execute(EVENT_TABLE)

        def many() -> None:
            plain.executemany(
                "INSERT INTO event VALUES (:id, :kind, :subject, :hlc, :author, :origin, :v, :body)", rows
            )
            plain.commit()

        least, _ = timed("   as plain sqlite3 executemany, log only: the floor", many)
    print(f"ours to SQLModel objects {ours / orm:.2f}, to the floor {ours / least:.1f}")


def milliseconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return 1000 * (perf_counter() - start)


def p95(times: list[float]) -> float:
    return sorted(times)[int(0.95 * len(times))]


def spread(times: list[float]) -> str:
    return f"median {statistics.median(times):.2f} ms, p95 {p95(times):.2f} ms, worst {max(times):.1f} ms"


if __name__ == "__main__":
    main()
