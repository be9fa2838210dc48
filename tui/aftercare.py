"""Aftercare: fixes of the store are followed through a watch, and what comes of them is recorded and told.

A store that refuses is told once and stops nothing: what was seen waits until it takes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from chargelore.engine.aftercare.evidence import followed, news
from chargelore.engine.aftercare.sequel import Followed, Verdict, verdict
from chargelore.engine.watch import Watch
from chargelore.kb.aftermath import KINDS, aftermath
from chargelore.kb.errors import ChargeloreError
from chargelore.kb.events import HELD
from chargelore.kb.model import Knowledge
from chargelore.tui.live import opened
from chargelore.tui.speech import counted, t

if TYPE_CHECKING:  # SQL is loaded when a store is opened
    from chargelore.kb.store import Store

    OpenStore = Callable[[], AbstractContextManager[Store]]

EVERY = timedelta(seconds=10)  # between two looks at what others recorded


def fixes_in(store: Store, knowledge: Knowledge) -> tuple[Followed, ...]:
    """The fixes that somebody recorded, as far as they name a charger."""
    return followed(aftermath(store.events(*KINDS), store.owners), knowledge)


def fixes_here(db: str | None, knowledge: Knowledge) -> tuple[Followed, ...]:
    """The same of the store in the data folder, or of another one."""
    with opened(db) as store:
        return fixes_in(store, knowledge)


def note(store: Store, some: Iterable[Followed], now: datetime) -> tuple[tuple[Followed, Verdict], ...]:
    """Record what was seen after these fixes; the verdicts that are new, each with its fix."""
    told = []
    for one in some:
        written = [each.kind for each in news(one, now) if store.record(each)]
        found = verdict(one.fix, one.sequel, now)
        if HELD in written and found is not None:
            told.append((one, found))
    return tuple(told)


def sentence(one: Followed, found: Verdict | None) -> str:
    """What came of a fix, in a line."""
    fix = one.fix
    where = fix.charger + (t(", connector {n}", n=fix.connector) if fix.connector else "")
    said = t("{where}: the fix of {day} ({fault})",
             where=where, day=f"{fix.since:%Y-%m-%d}", fault=fix.fault.replace("-", " "))  # fmt: skip
    if found is None:
        good = counted(len(one.sequel.charges), "good session")
        return t("{fix}: {sessions} since; three prove it", fix=said, sessions=good)
    if found.back is None:
        return t("{fix} held: {sessions} since", fix=said, sessions=counted(len(found.charges), "good session"))
    days = (found.back.at - fix.since).days
    when = t("after {days}", days=counted(days, "day")) if days else t("the same day")
    return t("{fix} did not hold: the fault was back {when}, at {at} ({sign})",
             fix=said, when=when, at=f"{found.back.at:%Y-%m-%d %H:%M}", sign=found.back.sign)  # fmt: skip


class Aftercare:
    """Follows the fixes of a store through one watch. Lives as long as the watch, on its thread."""

    def __init__(self, opened: OpenStore, knowledge: Knowledge, watch: Watch, tells: Callable[[str], object]) -> None:
        self._opened, self._knowledge, self._watch, self._tells = opened, knowledge, watch, tells
        self._waiting: dict[str, Followed] = {}
        self._pulse: tuple[int, str] | None = None
        self._next: datetime | None = None
        self._complaint = ""

    def looks(self, now: datetime, *, at_once: bool = False) -> bool:
        """Record what was seen since the last look, and hear of new fixes now and then; whether one was judged."""
        self._waiting |= {each.fix.finding: each for each in self._watch.seen_after_fixes()}
        is_due = at_once or self._next is None or now >= self._next
        if not is_due and (self._complaint or not self._waiting):
            return False
        self._next = now + EVERY if is_due else self._next
        try:
            with self._opened() as store:
                return self._works(store, now)
        except ChargeloreError as error:
            if str(error) != self._complaint:
                self._complaint = str(error)
                self._tells(t("what came of fixes is not recorded yet: {why}", why=str(error)))
        return False

    def _works(self, store: Store, now: datetime) -> bool:
        told = note(store, self._waiting.values(), now)
        self._waiting, self._complaint = {}, ""
        for each in told:
            self._tells(sentence(*each))
        if told:
            self._watch.relearn(store.learned())
        if (pulse := store.pulse(*KINDS)) != self._pulse:
            self._pulse = pulse
            self._watch.follows(fixes_in(store, self._knowledge))
        return bool(told)
