"""Anew: a case that a person reported opens again from what the book tells: after a restart, or one of another program.

The words that opened it are on the book, and so are its charger, its time and its answers. A case that a charger opened
stands on signals that the book does not hold.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace

from chargelore.engine.case import Charger
from chargelore.engine.handing.entries import time_in
from chargelore.engine.handing.life import Life, lives
from chargelore.engine.handing.proposing import opened_at
from chargelore.engine.watch import Watch
from chargelore.engine.witness import sights, without_odds
from chargelore.kb.errors import UseError
from chargelore.kb.model import Knowledge

if TYPE_CHECKING:  # the desk opens cases by these
    from chargelore.kb.store import Store
    from chargelore.tui.desk import Desk

MOST = 100  # cases that open by themselves; older ones open from the list of who has them


def reported(store: Store, now: datetime) -> tuple[Life, ...]:
    """The newest open cases on the book that somebody's words opened. StoreError when it cannot be read."""
    still = (each for each in lives(store.casebook(), now) if each.ended is None and is_reported(each))
    return tuple(still)[-MOST:]


def is_reported(life: Life) -> bool:
    """Whether words opened it, so that the book holds all that did."""
    at = time_in(life.key.opened_at)
    return at is not None and bool(life.words and life.told.charger.id) and life.words[0].at == at


def all_again(desk: Desk, some: Iterable[Life]) -> int:
    """Those of them that are not open here open again, as far as they can; how many did."""
    before = set(desk.watch.cases)
    for each in some:
        with suppress(UseError):  # one that is told when somebody asks for it
            opens_again(desk, each)
    return len(desk.watch.cases.keys() - before)


def opens_again(desk: Desk, life: Life) -> str:
    """The id of the case of a trouble on the book, which opens where it is not open. UseError where it cannot."""
    name = life.key.case
    here = desk.case_now(name)
    if here is not None and opened_at(here) == life.key.opened_at:
        return name
    if here is not None:
        raise UseError(f"another case {name} is open here", mend="record what was wrong in that one first")
    if desk.replayed is not None:
        raise UseError("a tape plays here", mend="open the screens without one: chargelore")
    if not is_reported(life):
        raise UseError(f"{name} is not open here", mend="signals opened it: replay its log, chargelore replay FILE")
    other, found = _worked_out(desk.watch, life, desk.known)
    desk.watch.takes_over(other, found, name)
    desk.goes_on(name)
    return name


def _worked_out(watch: Watch, life: Life, known: Knowledge) -> tuple[Watch, str]:
    """Another watch that was told what was said then, with the id that it gave the case."""
    other, whose = watch.fresh(), life.told.charger
    other.identify(Charger(id=whose.id, vendor=whose.vendor, model=whose.model, firmware=whose.firmware))
    for each in without_odds(sights([life.words[0].text], known.evidence)):
        other.feed(replace(each.signal, charger=whose.id, at=time_in(life.key.opened_at)))
    found = next((case for case, _ in other.opened), "")
    if not found:
        raise UseError("no case opens by what was said then", mend="report it in other words: ctrl+n")
    return other, found
