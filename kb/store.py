"""Store: the event log on disk. SQLite by default, PostgreSQL by URL.

What `record` returned for is on the disk: a crash, a `kill -9` or a power cut after it loses nothing. Nothing is ever
overwritten, so several programs may write at the same time. Types are portable; sorting is done in Python.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from threading import local
from types import TracebackType
from typing import Any, Self
from weakref import finalize

from sqlalchemy import Connection, Engine, and_, bindparam, func, or_, select, true
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from chargelore.kb import label
from chargelore.kb.answer import Answer
from chargelore.kb.casebook import Entry, entry_event
from chargelore.kb.clock import Stamp, latest, next_stamp, stamp_of
from chargelore.kb.connect import connected, frozen
from chargelore.kb.doubts import Here, doubts_in
from chargelore.kb.errors import StoreError
from chargelore.kb.escalations import Escalated, answers_in, escalated
from chargelore.kb.eventrows import event_of, inserted
from chargelore.kb.events import (
    ANSWER,
    ANSWERED,
    CHARGE,
    CLOSED,
    ESCALATED,
    FINDING,
    GAP,
    GRANT,
    HANDED,
    HEARD,
    HELD,
    LONGEST_NAME,
    MERGE,
    OPENED,
    PINNED,
    RETRACT,
    TRIED,
    UNMERGE,
    WORDS,
    Event,
    canonical,
    case_event,
    finding_event,
    fit,
    gap_event,
    heard_event,
    in_time,
    retract_event,
)
from chargelore.kb.finding import Finding
from chargelore.kb.fold import fold, in_order, live
from chargelore.kb.home import home
from chargelore.kb.keep import keep, rebuild
from chargelore.kb.keepcounts import learned_from
from chargelore.kb.kept import FIRST, KeptSignal, Mark, Wanted
from chargelore.kb.layout import Layout, layout_of, lock, settled
from chargelore.kb.learned import Learned
from chargelore.kb.pinned import Pinned, pinned_event, pinned_in
from chargelore.kb.place import Place, place_of, sentence
from chargelore.kb.project import project
from chargelore.kb.projection import Projection
from chargelore.kb.signalrows import counted, let_go, marked, paged, put, wanted
from chargelore.kb.statement import By
from chargelore.kb.tables import EVENT

WAIT_SECONDS = 5.0
SIGNALS_SINCE = 3  # the first layout that holds signals
OF_CASES = frozenset({OPENED, WORDS, HANDED, CLOSED})  # what is told of cases besides findings
NEWEST = select(func.max(EVENT.c.hlc)).where(EVENT.c.hlc <= bindparam("limit"))
PULSE = select(func.count().label("every"), func.max(EVENT.c.hlc).label("newest")).where(
    EVENT.c.kind.in_(bindparam("kinds", expanding=True))
)


def system_now() -> datetime:
    """The wall clock of this machine."""
    return datetime.now(UTC)


class Store:
    """The events of one place. It opens on first use, and reading makes nothing; close it, or use `with`."""

    def __init__(self, place: Place, *, now: Callable[[], datetime] = system_now, wait: float = WAIT_SECONDS) -> None:
        self._place, self._now, self._wait = place, now, wait
        self._last: Stamp | None = None
        self._settled: Layout | None = None
        self._settled_in: tuple[int, int] | None = None  # which file
        self._mine = local()  # `held`: the transaction that this thread is in

    @classmethod
    def open(
        cls, place: str | Path | None = None, *, now: Callable[[], datetime] = system_now, wait: float = WAIT_SECONDS
    ) -> Self:
        """The store of a path or a URL, of the data folder when neither is given; `wait` for a lock is in seconds."""
        return cls(place_of(place), now=now, wait=wait)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file; the store opens again when it is used."""
        if "_engine" in self.__dict__:
            self._engine.dispose()
            del self.__dict__["_engine"]

    def record(self, event: Event) -> bool:
        """Keep an event made here for good; False when it was there before. StoreError when it cannot be kept."""
        return self._write((event,)) == 1

    @contextmanager
    def together(self) -> Iterator[None]:
        """All that is read and written inside by this thread is one: nobody else writes meanwhile; all is kept or none.

        Keep it short, as others wait. StoreError when it cannot be kept.
        """
        if self._held is not None:
            yield
            return
        with self._writing() as held:
            self._mine.held = held
            try:
                yield
            finally:
                self._mine.held = None

    def merge(self, events: Iterable[Event]) -> int:
        """Keep events of another store, all or none; how many were new. InputError when one is unsound or too early."""
        now = self._now()
        return self._write([in_time(fit(each), now) for each in events])

    def record_finding(self, finding: Finding) -> Event:
        """A technician's finding, kept for good when this returns."""
        return self._kept(finding_event(finding, stamp=self.stamp(), author=self.author))

    def record_gap(self, query: str, scope: Mapping[str, str]) -> Event:
        """A look-up that found nothing, with its words."""
        return self._kept(gap_event(query, scope, stamp=self.stamp(), author=self.author))

    def record_entry(self, case: str, entry: Entry) -> Event:
        """Something told of a case for its book."""
        return self._kept(entry_event(case, entry, stamp=self.stamp(), author=self.author))

    def casebook(self, case: str = "") -> tuple[Event, ...]:
        """All that was told of cases, or of those of one name, and nobody took back; findings and verdicts also.

        Answers of makers are always among it, as one may concern any case.
        """
        named = EVENT.c.subject == case[:LONGEST_NAME] if case else true()
        about = and_(EVENT.c.kind.in_((*OF_CASES, FINDING, ESCALATED)), named)
        log = self._read(or_(about, EVENT.c.kind.in_((ANSWERED, HELD, RETRACT, GRANT))))
        left, _ = live(in_order(log), self.owners)
        return tuple(each for each in left if each.kind not in (RETRACT, GRANT))

    def record_answer(self, case: str, evidence: str, answer: str, opened_at: str) -> Event:
        """A person's answer to a question of a case."""
        said = {"evidence": evidence, "answer": answer, "opened_at": opened_at}
        return self._kept(case_event(ANSWER, case, said, stamp=self.stamp(), author=self.author))

    def record_tried(self, case: str, step: str, opened_at: str) -> Event:
        """A step of a case that a person tried and that did not help."""
        said = {"step": step, "opened_at": opened_at}
        return self._kept(case_event(TRIED, case, said, stamp=self.stamp(), author=self.author))

    def record_pinned(self, case: str, opened_at: str, pinned: Pinned) -> Event:
        """A signal that a person holds for evidence of a case."""
        return self._kept(pinned_event(case, opened_at, pinned, stamp=self.stamp(), author=self.author))

    def pinned(self, case: str, opened_at: str, known: Container[str] = ()) -> Mapping[str, Pinned]:
        """What stands as evidence of a case, by the name of the signal; `known` are names of signals of the case."""
        return pinned_in(self.standing(PINNED), case[:LONGEST_NAME], opened_at, known)

    def take_back(self, target: str, reason: str = "") -> Event:
        """Somebody takes back an event; what takes back can be taken back in its turn."""
        return self._kept(retract_event(target, reason, stamp=self.stamp(), author=self.author))

    def record_heard(self, told: Iterable[tuple[str, Mapping[str, Any]]]) -> int:
        """What chargers of models said, as counts without names; how many of these were not told before."""
        known = {canonical(each) for each in self.heard()}
        new = [(model, body) for model, body in told if canonical(body) not in known]
        return sum(self.record(heard_event(*each, stamp=self.stamp(), author=self.author)) for each in new)

    def heard(self) -> tuple[Mapping[str, Any], ...]:
        """What was told of models and nobody took back: each body once."""
        return tuple({canonical(each.body): each.body for each in self.standing(HEARD)}.values())

    def standing(self, *kinds: str) -> tuple[Event, ...]:
        """The events of these kinds that nobody took back, in the order of time and as we read them now."""
        log = self._read(EVENT.c.kind.in_((*kinds, RETRACT, GRANT)))
        if not any(each.kind in kinds for each in log):
            return ()
        left, _ = live(in_order(log), self.owners)
        return tuple(each for each in left if each.kind in kinds)

    def events(self, *kinds: str) -> tuple[Event, ...]:
        """All events in the order of their time, or those of some kinds; rows that cannot be read are left out."""
        return self._read(EVENT.c.kind.in_(kinds) if any(kinds) else true())

    def pulse(self, *kinds: str) -> tuple[int, str]:
        """How many events of these kinds there are, and the time of the newest: the same as long as none came in."""
        with self._looking() as (connection, layout):
            if layout is None:
                return 0, ""
            row = connection.execute(PULSE, {"kinds": kinds}).one()
        return row.every, row.newest or ""

    def damaged(self) -> tuple[str, ...]:
        """The ids of rows that were changed behind our back."""
        return tuple(row.id for row in self._rows(true()) if event_of(row) is None)

    def learned(self) -> Learned:
        """What all findings together teach the diagnosis, and what makers answered."""
        with self._looking() as (connection, layout):
            if layout is not None and layout.is_current:
                return self._doubted(replace(learned_from(connection, _owners(layout)), answers=self.answers()))
        return self._doubted(fold(self.events(), self.owners))

    def _doubted(self, found: Learned) -> Learned:
        """With what this store makes of the answers."""
        if not found.answers:
            return found
        with self._looking() as (_, layout):
            replica = layout.replica if layout is not None else ""
        bearing = (ANSWERED, ESCALATED, FINDING, HELD, RETRACT, GRANT, MERGE, UNMERGE)
        log, rights = live(in_order(self._read(EVENT.c.kind.in_(bearing))), self.owners)
        return replace(found, doubts=doubts_in(log, Here(replica, rights)))

    def answers(self) -> tuple[Answer, ...]:
        """What makers answered and nobody took back, under the names that stand."""
        log = self._read(EVENT.c.kind.in_((ANSWERED, RETRACT, GRANT, MERGE, UNMERGE)))
        if not any(each.kind == ANSWERED for each in log):
            return ()
        return answers_in(*live(in_order(log), self.owners))

    def escalated(self) -> tuple[Escalated, ...]:
        """The cases that were escalated to a maker, the last time for each, oldest first."""
        log = self._read(EVENT.c.kind.in_((ESCALATED, FINDING, RETRACT, GRANT)))
        return escalated(live(in_order(log), self.owners)[0])

    def projection(self, base: Sequence[Event] = ()) -> Projection:
        """Everything that the log says, over these shipped statements."""
        return project(self.events(), owners=self.owners, base=base)

    def statements(self) -> Projection:
        """What people said of the graph itself, without what they found: nodes, edges, corrections, merges."""
        others = (FINDING, HELD, CHARGE, GAP, HEARD, ANSWER, TRIED, PINNED, ESCALATED, ANSWERED, *OF_CASES)
        return project(self._read(EVENT.c.kind.not_in(others)), owners=self.owners)

    def rebuild(self, base: Sequence[Event] | None = None) -> Projection:
        """Fill the tables of the projection anew from the log; `base` are the shipped statements to show beside it."""
        with self._writing() as (connection, layout):
            return rebuild(connection, _owners(layout), base)

    def gaps(self) -> Mapping[str, int]:
        """The words that people looked for in vain and how often, the most wanted first."""
        return dict(Counter(each.subject for each in self.standing(GAP)).most_common())

    def keep_signals(self, signals: Iterable[KeptSignal]) -> None:
        """What a watch captured, kept for good when this returns; a repetition changes nothing."""
        with self._writing() as (connection, layout):
            put(connection, signals)
            if not layout.is_current:  # this write upgraded the store, whose projection is empty now
                rebuild(connection, _owners(layout))

    def signals(self, asked: Wanted) -> Iterator[KeptSignal]:
        """The captured signals that were asked for, in the order of capture."""
        with self._looking() as (connection, layout):
            if layout is not None and layout.version >= SIGNALS_SINCE:
                yield from wanted(connection, asked)

    def count_signals(self, asked: Wanted) -> int:
        """How many captured signals were asked for."""
        with self._looking() as (connection, layout):
            return counted(connection, asked) if layout is not None and layout.version >= SIGNALS_SINCE else 0

    def marks_of_signals(self, asked: Wanted, every: int, start: Mark = FIRST) -> tuple[list[Mark], int]:
        """The place of the first of each so many of them, from a place on, and how many there are from there on."""
        with self._looking() as (connection, layout):
            is_there = layout is not None and layout.version >= SIGNALS_SINCE
            return marked(connection, asked, every, start) if is_there else ([], 0)

    def page_of_signals(self, asked: Wanted, start: Mark, most: int, until: Mark | None = None) -> list[KeptSignal]:
        """So many of them in the order of capture, from a place on and about up to another; as fast at each."""
        with self._looking() as (connection, layout):
            is_there = layout is not None and layout.version >= SIGNALS_SINCE
            return paged(connection, asked, start, most, until) if is_there else []

    def let_go_of_signals(self, before: datetime, most: int) -> bool:
        """Delete about `most` signals that were captured before that time; whether there may be more."""
        with self._writing() as (connection, _):
            return let_go(connection, before, most)

    def stamp(self) -> Stamp:
        """The moment for the next event: after everything in this store and everything stamped here before.

        What was written while the clock was far ahead does not count: it would drag all later events along.
        """
        now, replica = self._now(), self._prepared().replica
        limit = latest(now)
        with self._at_hand() as connection:
            found = connection.execute(NEWEST, {"limit": str(limit)}).scalar()
        seen = [stamp for stamp in (stamp_of(found) if found else None, self._last) if stamp and stamp <= limit]
        self._last = next_stamp(max(seen, default=None), now, replica)
        return self._last

    def by(self) -> By:
        """Who speaks here, and the moment for what they say next."""
        return By(self.author, self.stamp())

    @cached_property
    def author(self) -> str:
        """Who is speaking here, as a pseudonym."""
        return label.author(home())

    @property
    def owners(self) -> frozenset[str]:
        """Who may review in this store without a grant: whoever made it."""
        with self._looking() as (_, layout):
            return _owners(layout)

    def _kept(self, event: Event) -> Event:
        self.record(event)
        return event

    def _write(self, events: Sequence[Event]) -> int:
        with self._writing() as (connection, layout):
            new = inserted(connection, events)
            if not layout.is_current:
                rebuild(connection, _owners(layout))
            elif new:
                keep(connection, new, _owners(layout))
            return len(new)

    def _read(self, those: Any) -> tuple[Event, ...]:
        return tuple(each for each in map(event_of, self._rows(those)) if each is not None)

    def _rows(self, those: Any) -> list[Any]:
        with self._looking() as (connection, layout):
            rows = list(connection.execute(select(EVENT).where(those))) if layout is not None else []
        return sorted(rows, key=lambda row: (row.hlc, row.id))

    def _prepared(self) -> Layout:
        """Make folder and tables before the first write."""
        if self._held is not None:
            return self._held[1]
        if self._settled is None or self._settled_in != self._place.identity():  # removed or replaced since
            with self._writing():
                pass
        assert self._settled is not None  # noqa: S101  # writing settles it
        return self._settled

    @contextmanager
    def _writing(self) -> Iterator[tuple[Connection, Layout]]:
        """A transaction in which nobody else writes, on tables of this version; the one that is open, if one is."""
        if self._held is not None:
            with self._told():
                yield self._held
            return
        self._place.prepare()
        author = self.author
        with self._told(), self._engine.begin() as connection:
            lock(connection)
            layout = settled(connection, self._place, author, is_known=self._settled is not None)
            yield connection, layout
        self._settled, self._settled_in = layout, self._place.identity()

    @contextmanager
    def _looking(self) -> Iterator[tuple[Any, Layout | None]]:
        """A connection to read with and the layout there, None where nothing was written yet."""
        if self._held is not None:
            with self._told():
                yield self._held
            return
        if not self._place.exists():
            yield None, None
            return
        with self._told(), self._reading() as connection:
            yield connection, layout_of(connection, self._place)

    @property
    def _held(self) -> tuple[Connection, Layout] | None:
        held: tuple[Connection, Layout] | None = getattr(self._mine, "held", None)
        return held

    @contextmanager
    def _at_hand(self) -> Iterator[Connection]:
        """The connection of the transaction that is open, else one of its own."""
        with self._told(), ExitStack() as stack:
            yield self._held[0] if self._held is not None else stack.enter_context(self._engine.connect())

    @cached_property
    def _engine(self) -> Engine:
        with self._told():
            engine = connected(self._place, self._wait)
        finalize(self, engine.dispose)  # a store that nobody closed lets go of its file all the same
        return engine

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        """A connection to read with, also from a disk where SQLite cannot make its side files."""
        with ExitStack() as stack:
            try:
                connection = stack.enter_context(self._engine.connect())
            except OperationalError as error:
                if self._place.file is None or not self._place.file.is_file() or "locked" in str(error):
                    raise
                connection = stack.enter_context(frozen(self._place.file).connect())
            yield connection

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Whatever the database complains of becomes one sentence; passwords stay out of it."""
        try:
            yield
        except ModuleNotFoundError as error:
            mend = f"install it with `pip install {error.name}`"
            raise StoreError(f"the driver {error.name} is missing", where=self._place.name, mend=mend) from error
        except SQLAlchemyError as error:
            raise sentence(str(getattr(error, "orig", None) or error), self._place.name) from error


def _owners(layout: Layout | None) -> frozenset[str]:
    return frozenset({layout.owner}) if layout is not None and layout.owner else frozenset()
