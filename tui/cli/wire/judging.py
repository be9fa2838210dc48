"""Judging: the thread behind a live watch that follows the journal, feeds the watch, tells of cases and remembers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from pathlib import Path

from chargelore.engine.aftercare.sequel import Followed
from chargelore.engine.grammar.rule import existing
from chargelore.engine.grammar.shelf import Shelf, looked
from chargelore.engine.heard.ear import Ear, Hearing
from chargelore.engine.heard.reportability import NOTHING_HEARD, Sheet
from chargelore.engine.relay.intake import Intake
from chargelore.engine.relay.item import Shown
from chargelore.engine.relay.journal import Follower, Journal, Record
from chargelore.engine.relay.said import Gist, Line, Said, Stands, Start
from chargelore.engine.snapshot import Resumed
from chargelore.engine.sources.clock import utc_now
from chargelore.engine.watch import Watch
from chargelore.kb.errors import ChargeloreError, StoreError
from chargelore.kb.learned import NOTHING_LEARNED, Learned
from chargelore.kb.load import shipped as knowledge
from chargelore.kb.model import Knowledge
from chargelore.kb.store import Store
from chargelore.tui.aftercare import Aftercare, fixes_here
from chargelore.tui.answered import Answered
from chargelore.tui.cli.ledger import Ledger
from chargelore.tui.cli.output import aside
from chargelore.tui.cli.placing import placed, unasked_sentences
from chargelore.tui.cli.wire.keeping import Keeper
from chargelore.tui.live import key_at_hand, known_here, live_watch, remember, sheet_here
from chargelore.tui.text import count

BEAT = 1.0  # seconds between two looks when nothing comes in
AT_ONCE = 200  # records between two lines about cases


class Judge:
    """The watch behind a journal. Lives as long as the child; used by one thread, but for its counts.

    `says` tells the parent. What the journal holds up to `before` was journaled by a child that ended before this one.
    """

    def __init__(self, start: Start, journal: Journal, before: int, says: Callable[[Said], None]) -> None:
        self._start, self._journal, self._before, self._says = start, journal, before, says
        self._places = placed(Path(start.places) if start.places else None)
        self._held = [_shelf(start.rules)] if start.rules else []
        ear = Ear(key_at_hand())
        self._notes = _Notes(start.db, ear)
        self._engine, known = self._opened(ear)
        self._aftercare = Aftercare(partial(Store.open, start.db), known, self._engine, aside)
        self._answered = Answered(partial(Store.open, start.db), self._engine, aside)
        self._keeper = Keeper(self._engine, start.source, utc_now)
        if start.is_anew:
            self._keeper.forgets()
        self.ledger = Ledger(self._engine, start.form, self._each_tick, tells=self._tells)
        self._follower = Follower(journal.folder, before)

    @property
    def remembered(self) -> int:
        """All up to this record is in a snapshot on the disk."""
        return self._keeper.place

    @property
    def taken(self) -> int:
        """All up to this record was fed to the watch."""
        return self._follower.after

    def works(self, intake: Intake, over: threading.Event) -> None:
        """Catch up with what was journaled before, and follow the journal until all is over."""
        with self._engine:
            self._catches_up()
            self._says(Stands(self.ledger.told))
            self._says_what_is_not_asked()
            while not (self._goes_on(intake) and over.is_set()):
                pass
            while not self._goes_on(intake):  # what came in between the last look and the end
                pass
            self._ends()

    def _opened(self, ear: Ear) -> tuple[Watch, Knowledge]:
        known, learned, sheet, fixes = self._known()
        rules = self._held[0].rules if self._held else None
        hearing, how = Hearing(sheet, ear, fixes), self._start.inference
        # What comes from the journal has passed the door.
        engine = live_watch(
            learned, rules, known,
            inference=how, hearing=hearing, places=self._places, key=b"", person=self._start.person,
        )  # fmt: skip
        return engine, known

    def _known(self) -> tuple[Knowledge, Learned, Sheet, tuple[Followed, ...]]:
        """As the store says; a child that is started again while the store is away goes on with what ships."""
        try:
            known, learned = known_here(self._start.db)
            return known, learned, sheet_here(self._start.db), fixes_here(self._start.db, known)
        except StoreError as error:
            if not self._start.is_again:
                raise
            aside(f"goes on without what people recorded: {error}")
            return knowledge(), NOTHING_LEARNED, NOTHING_HEARD, ()

    def _catches_up(self) -> None:
        """Go on where the last snapshot is, with what was journaled since, and only then tell what is new.

        Without a snapshot only this run counts: what was journaled of it by a child that was killed early.
        """
        resumed = None if self._start.is_anew else self._keeper.resumes()
        if resumed is not None or (self._start.is_again and not self._start.is_anew):
            begin = resumed.place if resumed else 0
            self._follower = Follower(self._journal.folder, min(begin, self._before))
        if self._start.told is None:
            self.ledger.remembers()
        else:
            self.ledger.goes_on(self._start.told)
        since = self._replays(resumed)
        if resumed is None:
            self._keeper.keeps(self._follower.after)
        if since is not None and not self._start.is_again:
            self._keeper.was_away(since)
        self.ledger.says()

    def _replays(self, resumed: Resumed | None) -> datetime | None:
        """Take what was journaled before; until when somebody listened."""
        since = resumed.at if resumed else None
        while records := self._follower.next(self._before, AT_ONCE):
            self._takes(each for each in records if resumed or each.run == self._start.run)
            since = max(filter(None, (since, records[-1].at)))
        return since

    def _goes_on(self, intake: Intake) -> bool:
        """Take some of what is new, and wait a moment where nothing is; whether nothing was."""
        records = self._follower.next(self._journal.last, AT_ONCE)
        if not records and intake.beside:
            records = [intake.beside.popleft() for _ in range(len(intake.beside))]
        self._takes(records)
        self.ledger.says()
        if records:
            self._keeper.keeps_now_and_then(self._follower.after)
        else:
            self._journal.waits(self._follower.after, BEAT)
        return not records

    def _takes(self, records: Iterable[Record]) -> None:
        for record in records:
            if record.who is not None:
                self.ledger.knows(record.who)
            elif record.shown is not None:
                self._was_told(record.run, record.shown)
            elif record.signals:
                self.ledger.hears(record.signals)
            else:
                self.ledger.beats(record.at)

    def _was_told(self, run: str, shown: Shown) -> None:
        """What earlier runs told of a case.

        Of its own run the ledger knows more than this echo, which comes late: by an older word it would tell the newer
        one twice. After a restart the parent has said all that was told.
        """
        if self._start.told is None and run != self._start.run:
            self.ledger.was_told(shown.case, shown.gist)

    def _ends(self) -> None:
        if self._follower.after != self.remembered or self.ledger.signals:
            self._keeper.keeps(self._follower.after)
        if self._start.places:
            self._says_what_is_not_asked()
        self._aftercare.looks(utc_now(), at_once=True)
        self._notes.keep()

    def _tells(self, text: str, case: str, gist: Gist) -> None:
        self._says(Line(text, case, gist))

    def _says_what_is_not_asked(self) -> None:
        if not self._start.is_again:
            for sentence in unasked_sentences(self._engine.unplaced()):
                aside(sentence)

    def _each_tick(self) -> None:
        self._notes.keep_once_a_day()
        self._aftercare.looks(utc_now())
        self.ledger.looks_again(self._answered.looks(utc_now()))
        if self._held:
            _reloaded(self._engine, self._held)


class _Notes:
    """What was heard is kept once a day, so that a watch of months that is cut short has taught something."""

    def __init__(self, db: str | None, ear: Ear) -> None:
        self._db, self._ear, self._day = db, ear, utc_now().date()

    def keep_once_a_day(self) -> None:
        """Keep what was heard on days that are over."""
        if (today := utc_now().date()) != self._day:
            self._day = today
            self.keep()

    def keep(self) -> None:
        """What chargers say is remembered for their models; a store that refuses is told and stops nothing."""
        try:
            with Store.open(self._db) as store:
                remember(store, self._ear.taken())
        except ChargeloreError as error:
            aside(f"what chargers can say was not remembered: {error}")


def _shelf(folder: str) -> Shelf:
    """The rules of a folder; those that ship come from the cache and do not change."""
    shelf = looked(Shelf(existing(Path(folder))))
    for why in shelf.broken.values():
        aside(f"{why}; the other rules run")
    return shelf


def _reloaded(engine: Watch, held: list[Shelf]) -> None:
    """Look at the folder of rules again; a file that is broken keeps its last good rule, and is told once."""
    before, held[0] = held[0], looked(held[0])
    if held[0] is before:
        return
    engine.reload(held[0].rules)
    aside(f"rules were read again: {count(len(held[0].files), 'file')}")
    for file, why in held[0].broken.items():
        if before.broken.get(file) != why:
            aside(f"{why}; {held[0].meanwhile(file)}")
