"""Desk: what the screens work on: the live watch, the store of findings, and the diagnoses worked out so far."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Protocol

from chargelore.engine.case import Case
from chargelore.engine.clocks.clockwords import short
from chargelore.engine.diagnosing.diagnosis import Diagnosis, Visit
from chargelore.engine.door import naming_nobody
from chargelore.engine.escalating.desk import Matter
from chargelore.engine.escalating.packet import Packet
from chargelore.engine.handing.life import Life
from chargelore.engine.post import Seen
from chargelore.engine.proving.judge import Revealed, revealed
from chargelore.engine.signal import Signal
from chargelore.engine.sources.clock import utc_now
from chargelore.engine.watch import Watch
from chargelore.kb.casebook import Handed
from chargelore.kb.errors import UseError
from chargelore.kb.events import ANSWER, FINDING, TRIED, Event
from chargelore.kb.finding import UNKNOWN, Finding
from chargelore.kb.languages import ENGLISH
from chargelore.kb.learned import NOTHING_LEARNED
from chargelore.kb.model import EvidenceId, Knowledge, StepId
from chargelore.kb.overlay import overlaid
from chargelore.tui.aftercare import Aftercare
from chargelore.tui.anew import all_again, reported
from chargelore.tui.answered import Answered
from chargelore.tui.booking import Open, open_cases, put
from chargelore.tui.doings import Doing, Doings
from chargelore.tui.drafts import Drafts
from chargelore.tui.frames.reels import Reels
from chargelore.tui.frames.source import Kept, Source
from chargelore.tui.late import Recorded
from chargelore.tui.live import key_at_hand
from chargelore.tui.pins import Pins
from chargelore.tui.speech import counted, t
from chargelore.tui.tongue import clock_told, in_language, retold, revisited

if TYPE_CHECKING:  # SQL is loaded when a store is opened
    from chargelore.kb.store import Store


class Replayed(Protocol):
    """A tape, as far as the desk and the line at the top need to know it."""

    at: datetime | None

    @property
    def badge(self) -> str:
        """How it plays, and what time it is there."""


class Desk:
    """Lives as long as the app and on its thread only. It never raises towards a source of signals.

    `source` is one word on where signals come from (`LIVE`, `ENDED`, …), `missed` counts those since the pause.
    `is_on_site` says that chargers are connected to us, so that a step which is a message can be done from here.
    """

    def __init__(self, knowledge: Knowledge, watch: Watch, store: Store | Callable[[], Store], drafts: Drafts) -> None:
        self.known = self.knowledge = knowledge  # with what people added, and as the screens say it
        self.base = knowledge  # as it was written, before anybody added to it
        self._language = ENGLISH
        self.watch, self.drafts = watch, drafts
        self._store = store if callable(store) else lambda: store
        self.learned = NOTHING_LEARNED
        self.signals = self.broken = self.missed = self._told = 0
        self.is_paused, self.source = False, ""
        self.is_on_site = False
        self.replayed: Replayed | None = None  # a tape: its clock is that of its signals, not the one on the wall
        self.newest: datetime | None = None
        self._heard_at = monotonic()
        self._cases: dict[str, Case] = dict(watch.cases)
        self._weighed: dict[str, Diagnosis] = {}
        self._stale: set[str] = set(self._cases)
        self._changed: set[str] = set()
        self._revealed: set[str] = set()
        self.news: list[str] = []  # what came of fixes, to be told
        self._aftercare = self._cares(knowledge)
        self._answered = Answered(lambda: nullcontext(self.store), watch, self.news.append)
        self.doings, self.is_read_only = Doings(self._store), False
        self.pins = Pins(self._store, self.doings, key_at_hand, self.may_write)
        self.bookmarks: dict[str, set[str]] = {}  # of signals, by case
        self._said: dict[tuple[str, str], list[Event]] = {}
        self.reels = Reels()
        watch.listener = self.reels.takes
        self._kept: dict[str, Kept] = {}
        self._listened: dict[str, str] = {}  # open cases that the reels are for, with their chargers

    @property
    def store(self) -> Store:
        """What was recorded; one that is opened late is opened by whoever asks first."""
        return self._store()

    @property
    def cases(self) -> Mapping[str, Case]:
        """The open cases as they were last read from the watch."""
        return self._cases

    @property
    def opened(self) -> Mapping[str, str]:
        """The open cases that were heard of in this sitting, with their chargers; also while the screens are held."""
        return self._listened

    @property
    def chargers(self) -> Mapping[str, Seen]:
        """Every charger heard so far."""
        return self.watch.chargers

    @property
    def weighed(self) -> Mapping[str, Diagnosis]:
        """The diagnoses worked out so far; those of changed cases may lag a moment behind."""
        return self._weighed

    def feed(self, signal: Signal) -> None:
        """Take one signal of a source. What the engine cannot work through is counted, never thrown back."""
        self.signals += 1
        self.missed += self.is_paused
        self.newest, self._heard_at = max(filter(None, (self.newest, signal.at)), default=None), monotonic()
        try:
            self._listens(self.watch.feed(signal))
        except Exception:  # noqa: BLE001  # a tap must go on forwarding whatever one frame does to the engine
            self.broken += 1

    def _listens(self, changed: frozenset[str]) -> None:
        """From the moment on that a case opens, all that its charger says is kept until it closes."""
        self._changed |= changed
        for case_id in changed - self._listened.keys():
            with suppress(KeyError):  # it was closed
                case = self.watch.case(case_id)
                self._listened[case_id] = case.charger.id
                self.reels.begins(case.charger.id, case.signals)

    def frames(self, charger: str, least: int = 0) -> Source | None:
        """What is kept of a charger: on the reels of this sitting, or in the store; None where that is less than asked.

        StoreError when the store cannot tell.
        """
        reel = self.reels.reel(charger)
        if reel is not None and reel.count() >= least:
            return reel
        kept = self._kept.setdefault(charger, Kept(self.store, charger))
        return kept if kept.count() > least else None

    def pause(self, *, is_on: bool) -> None:
        """Hold the screen still, or let it go on; the watch hears everything meanwhile."""
        self.is_paused, self.missed = is_on, 0

    def tick(self) -> None:
        """Event time goes on at the pace of the clock since the last signal, so that silence can be noticed."""
        if (now := self._now()) is not None:
            self._listens(self.watch.tick(now))
        self._looks_after()

    def _now(self) -> datetime | None:
        """Event time, as far as it has come."""
        if self.replayed is not None:
            return self.replayed.at
        return self.newest + timedelta(seconds=monotonic() - self._heard_at) if self.newest is not None else None

    def event_time(self) -> datetime:
        """Event time, as far as it has come; before the first signal the time on the wall."""
        return self._now() or utc_now()

    def turns(self, case_id: str, *, is_open: bool) -> None:
        """A case that a person opened is there, or is not."""
        with suppress(KeyError):  # it is there already, or was let go of
            (self.watch.reopen if is_open else self.close)(case_id)
        self._touched(case_id)

    def goes_on(self, case_id: str) -> None:
        """A case that was worked out elsewhere goes on here."""
        self._listens(frozenset({case_id}))
        self._read(case_id)

    def _looks_after(self, *, at_once: bool = False) -> None:
        """Whether fixes held is decided by what chargers do; that, and what makers answer, changes what was learned."""
        now = (self.replayed.at if self.replayed is not None else None) or utc_now()
        is_judged = not self.is_read_only and self._aftercare.looks(now, at_once=at_once)
        if self._answered.looks(now) or is_judged:
            self.relearn()

    def ends(self) -> None:
        """The tape is over: what waits for an answer or an end is judged up to each charger's last time."""
        self._changed |= self.watch.end()

    def changes(self) -> tuple[frozenset[str], int]:
        """The cases that changed and how many signals came in since this was last asked; the cases are read anew."""
        changed, self._changed = frozenset(self._changed), set()
        for case_id in changed:
            self._read(case_id)
        new, self._told = self.signals - self._told, self.signals
        return changed, new

    @property
    def is_behind(self) -> bool:
        """Whether cases changed that were not weighed since."""
        return bool(self._stale)

    def work_out(self, seconds: float) -> bool:
        """Weigh changed cases for at most that long; whether any are left."""
        until = monotonic() + seconds
        while self._stale and monotonic() < until:
            self.diagnosis(next(iter(self._stale)))
        return bool(self._stale)

    def look_at(self, case_id: str) -> tuple[Case, Diagnosis] | None:
        """A case and its diagnosis as they stand now; None when it is closed."""
        self._read(case_id)
        case = self._cases.get(case_id)
        return (case, self.diagnosis(case_id)) if case else None

    def case_now(self, case_id: str) -> Case | None:
        """A case as it stands now, for what needs no diagnosis; None when it is closed."""
        with suppress(KeyError):
            return self.watch.case(case_id)
        return None

    def diagnosis(self, case_id: str) -> Diagnosis:
        """The diagnosis of an open case, worked out anew where the case changed."""
        if case_id in self._stale or case_id not in self._weighed:
            self._stale.discard(case_id)
            found = self.watch.diagnosis(case_id)
            self._weighed[case_id] = found if self.knowledge is self.known else retold(found, self.knowledge)
        return self._weighed[case_id]

    def visit(self, case_id: str) -> Visit:
        """What to do on one visit, worked out when it is asked for; an empty one when the case is closed."""
        try:
            self.watch.case(case_id)
        except KeyError:
            return Visit()
        return revisited(self.watch.visit(case_id), self.known, self.knowledge)

    def speaks(self, language: str) -> None:
        """What the knowledge says is said in this language from now on."""
        self._language = language
        self.knowledge = in_language(self.known, language)
        self._stale = set(self._cases)

    def clock(self, case: Case) -> str:
        """The clock of a case's charger that is off, in a few words; empty where none is known to be."""
        return clock_told(short(self.watch.clock(case.charger.id)))

    def answer(self, case_id: str, evidence: EvidenceId, answer: str) -> None:
        """A person found something out: it is kept, and counts at once. StoreError when it cannot be kept."""
        before = self._case(case_id).answers.get(evidence)
        asked = self.knowledge.evidence.get(evidence)
        what = f"“{asked.question if asked else evidence}” {t(answer)}"
        keep = partial(self.store.record_answer, case_id, evidence, answer, self._opened(case_id))
        returns = partial(self._answers, case_id, evidence, before)
        self._writes(ANSWER, what, keep, partial(self._answers, case_id, evidence, answer), returns)

    def tried(self, case_id: str, step: StepId) -> None:
        """A person tried a step and it did not help. As with an answer."""
        if step in self._case(case_id).tried:
            return
        known = self.knowledge.steps.get(step)
        keep = partial(self.store.record_tried, case_id, step, self._opened(case_id))
        what = t("tried “{step}”", step=known.label if known else step)
        do, undo = (partial(self._tries, case_id, step, is_on) for is_on in (True, False))
        self._writes(TRIED, what, keep, do, undo)

    def gap(self, words: str, scope: Mapping[str, str]) -> None:
        """Note what was looked up in vain. StoreError when it cannot be kept."""
        self.may_write()
        event = self.store.record_gap(words, scope)
        self.doings.did(
            Doing(what=t("noted as missing “{words}”", words=words), event=event.id, do=_nothing, undo=_nothing)
        )

    def close(self, case_id: str) -> None:
        """The case is over."""
        self.watch.close(case_id)
        self._revealed.discard(case_id)
        self._touched(case_id)

    def record(self, found: Finding, *, closes: bool = False) -> tuple[Revealed, ...]:
        """Keep a finding for good, and learn from it at once. StoreError when it cannot be kept.

        Gives what rules on trial had said of the case, judged: once, and not before the finding names a cause.
        """
        self.may_write()
        told = () if found.cause == UNKNOWN or found.case in self._revealed else self._blind(found)
        found = replace(found, note=naming_nobody(found.note, key_at_hand()), fixed_at=self._fixed_at(found))
        self._enters(found.case)
        event = self.store.record_finding(replace(found, blind={each.name: each.verdict for each in told}))
        self._revealed |= {found.case} if found.cause != UNKNOWN else set()
        do, undo = (partial(self._found, found.case, closes, is_on) for is_on in (True, False))
        do()
        cause = self.knowledge.causes.get(found.known_cause) if found.known_cause else None
        what = t("finding “{cause}”", cause=cause.label if cause else found.cause)
        self.doings.did(Doing(what=what, event=event.id, do=do, undo=undo, kind=FINDING))
        return told

    def _fixed_at(self, found: Finding) -> str:
        """Now, on the clock of what is watched, as a fix is judged by what comes after it there; a clock that runs
        ahead of this machine's is not believed.
        """
        now = self._now()
        return min(now, utc_now()).isoformat() if now is not None and found.fixed_by else ""

    def _enters(self, case_id: str) -> None:
        """The case comes on the book before its finding, so that it is known since when it waited."""
        with suppress(KeyError):  # the case was closed meanwhile
            put(self.store, self.watch.case(case_id), self.watch.diagnosis(case_id), self.known, utc_now())

    def undo(self) -> Doing | None:
        """Take back the last write. StoreError when that cannot be kept."""
        self.may_write()
        return self.doings.undo()

    def redo(self) -> Doing | None:
        """Do again what was undone last. StoreError when that cannot be kept."""
        self.may_write()
        return self.doings.redo()

    def may_write(self) -> None:
        """UseError where the screens are only to be read."""
        if self.is_read_only:
            raise UseError("nothing is written here", mend="open the screens without --read-only")

    def recall(self) -> None:
        """Read what people answered and tried in cases so far: it counts, also where such a case opens only later."""
        said, self._said = self.store.standing(ANSWER, TRIED), {}
        self._recalls(said)
        for case_id in {case_id for case_id, _ in self._said}:
            with suppress(KeyError):  # it is not open here
                self._recalled(case_id)
                self._changed.add(case_id)

    def remembers(self, found: Recorded) -> None:
        """What was recorded before, and read late, counts from now on."""
        self.known, self.learned = found.known, found.learned
        self.knowledge = in_language(self.known, self._language)
        self._recalls(found.said)
        self._aftercare = self._cares(self.known)
        self.watch.remembers(found.heard)
        self.watch.relearn(self.learned, self.known)
        self._stale = set(self._cases)
        self._changed |= self._stale
        all_again(self, found.reported)

    def rereads(self) -> int:
        """What others wrote into the store meanwhile counts from now on; how many cases of theirs opened here.

        StoreError when it cannot be read. A tape reckons with findings alone.
        """
        self.relearn()
        if self.replayed is not None:
            return 0
        self.rethink()
        self.recall()
        return all_again(self, reported(self.store, utc_now()))

    def _cares(self, knowledge: Knowledge) -> Aftercare:
        return Aftercare(lambda: nullcontext(self.store), knowledge, self.watch, self.news.append)

    def _recalls(self, said: Iterable[Event]) -> None:
        for event in said:
            self._said.setdefault((event.subject, str(event.body.get("opened_at"))), []).append(event)

    def _writes(
        self, kind: str, what: str, keep: Callable[[], Event], do: Callable[[], None], undo: Callable[[], None]
    ) -> None:
        """Keep it as an event of that kind, do it then, and remember how to undo it. StoreError when it is not kept."""
        self.may_write()
        event = keep().id
        do()
        self.doings.did(Doing(what=what, event=event, do=do, undo=undo, kind=kind))

    def _answers(self, case_id: str, evidence: EvidenceId, answer: str | None) -> None:
        with suppress(KeyError):  # the case was closed meanwhile
            if answer is None:
                self.watch.unanswer(case_id, evidence)
            else:
                self.watch.answer(case_id, evidence, answer)
        self._touched(case_id)

    def _tries(self, case_id: str, step: StepId, is_on: bool = True) -> None:
        with suppress(KeyError):  # as above
            (self.watch.tried if is_on else self.watch.untried)(case_id, step)
        self._touched(case_id)

    def _found(self, case_id: str, closes: bool, is_on: bool) -> None:
        """The finding counts, or counts no more; the case that it closed is over, or is not."""
        if closes:
            with suppress(KeyError):  # it was closed, or let go of, meanwhile
                (self.close if is_on else self.watch.reopen)(case_id)
        self.relearn()
        self._looks_after(at_once=True)
        self._touched(case_id)

    def _touched(self, case_id: str) -> None:
        """What a person does to a case is seen at once with its diagnosis, also while the screens are held."""
        self._changed.add(case_id)
        self.look_at(case_id)

    def _case(self, case_id: str) -> Case:
        self._read(case_id)
        return self._cases[case_id]

    def _opened(self, case_id: str) -> str:
        at = self._cases[case_id].opened_at
        return at.isoformat() if at else ""

    def _recalled(self, case_id: str) -> None:
        """What was said of this very case before the last stop."""
        case = self.watch.case(case_id)
        for event in self._said.pop((case_id, case.opened_at.isoformat() if case.opened_at else ""), ()):
            if event.kind == TRIED:
                self.watch.tried(case_id, StepId(str(event.body.get("step"))))
            else:
                self.watch.answer(case_id, EvidenceId(str(event.body.get("evidence"))), str(event.body.get("answer")))

    def balls(self) -> Open:
        """Who has which open case, as the book says now. StoreError when it cannot be read."""
        return open_cases(self.store, utc_now())

    def hand(self, some: Sequence[Life], to: str, note: str) -> None:
        """Cases go to another party, all or none. StoreError when that cannot be kept."""
        self.may_write()
        words = naming_nobody(note, key_at_hand())
        with self.store.together():
            first, *also = [self._hands(each, to, words) for each in some]
        what = some[0].key.case if len(some) == 1 else counted(len(some), "case")
        self.doings.did(
            Doing(what=t("handed {what} on", what=what), event=first, also=tuple(also), do=_nothing, undo=_nothing)
        )

    def _hands(self, life: Life, to: str, words: str) -> str:
        handed = Handed(to=to, giver=life.held_by, note=words, opened_at=life.key.opened_at)
        return self.store.record_entry(life.key.case, handed).id

    def decides(self, what: str, events: Sequence[Event]) -> None:
        """A person decided something about the knowledge; the next diagnosis reckons with it. All is kept, or nothing.

        StoreError when it cannot be kept.
        """
        self.may_write()
        self.store.merge(events)
        first, *also = (each.id for each in events)
        self.doings.did(Doing(what=what, event=first, also=tuple(also), do=self.rethink, undo=self.rethink))
        self.rethink()

    def rethink(self) -> None:
        """Lay anew what people added over the knowledge as it was written; every case is weighed again."""
        self.known = overlaid(self.base, self.store.statements())
        self.knowledge = in_language(self.known, self._language)
        self.watch.relearn(self.learned, self.known)
        self._stale = set(self._cases)
        self._changed |= self._stale

    def matter(self, case_id: str) -> Matter | None:
        """A case laid out for its maker, in the words of the knowledge as it was written; None when it is closed."""
        with suppress(KeyError):
            case, diagnosis = self.watch.case(case_id), self.watch.diagnosis(case_id)
            pinned = tuple(self.pins.of(case).values())
            return Matter(knowledge=self.known, learned=self.learned, case=case, diagnosis=diagnosis, pinned=pinned)
        return None

    def hands_over(self, packet: Packet, matter: Matter) -> bool:
        """Keep that a case was escalated; False where that is known. StoreError when it cannot be kept."""
        self.may_write()
        from chargelore.tui.packets.recording import hands_over  # noqa: PLC0415  # it loads the readers of logs

        events = hands_over(self.store, packet, matter)
        if events:
            what = t("escalated {case}", case=matter.case.id)
            self.doings.did(Doing(what=what, event=events[0], also=events[1:], do=_nothing, undo=_nothing))
        return bool(events)

    def _blind(self, found: Finding) -> tuple[Revealed, ...]:
        with suppress(KeyError):  # the case was closed meanwhile
            return revealed(self.watch.trials(found.case), found.known_cause, self.known)
        return ()

    def relearn(self) -> None:
        """Learn from everything recorded so far; every case is weighed again."""
        self.learned = self.store.learned()
        self.pins.forget()
        self.watch.relearn(self.learned)
        self._stale = set(self._cases)
        self._changed |= self._stale

    def _read(self, case_id: str) -> None:
        self._stale.discard(case_id)
        with suppress(KeyError):
            if self._said:
                self._recalled(case_id)
            self._cases[case_id] = self.watch.case(case_id)
            self._stale.add(case_id)
            return
        self._cases.pop(case_id, None)
        charger = self._listened.pop(case_id, None)
        if charger is not None and charger not in self._listened.values():
            self.reels.ends(charger)
        self._weighed.pop(case_id, None)


def _nothing() -> None:
    """What only the store knows changes nothing here."""
