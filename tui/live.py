"""Live: the watch as this machine runs it: shipped knowledge and rules, what was learned here, the local key."""

from __future__ import annotations

import os
import secrets
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from chargelore.engine.diagnosing.person import ANYBODY, Person
from chargelore.engine.grammar.rule import Rules, shipped
from chargelore.engine.heard.ear import DEAF, Hearing
from chargelore.engine.heard.reportability import Sheet, news
from chargelore.engine.heard.reportbody import bodies_of, sheet_of
from chargelore.engine.places import NO_PLACES, Places
from chargelore.engine.watch import AT_ONCE, Watch
from chargelore.kb.errors import StoreError
from chargelore.kb.home import home
from chargelore.kb.label import KEY_BYTES, local_key
from chargelore.kb.learned import NOTHING_LEARNED, Learned
from chargelore.kb.load import shipped as knowledge
from chargelore.kb.model import Knowledge
from chargelore.kb.overlay import overlaid

if TYPE_CHECKING:  # SQL is loaded when a store is opened
    from chargelore.kb.store import Store


def live_watch(  # noqa: PLR0913  # as of the watch itself: named, and may be left out
    learned: Learned = NOTHING_LEARNED,
    rules: Rules | None = None,
    known: Knowledge | None = None,
    *,
    lateness: timedelta = AT_ONCE,
    inference: str | None = None,
    hearing: Hearing = DEAF,
    places: Places = NO_PLACES,
    key: bytes | None = None,
    person: Person = ANYBODY,
) -> Watch:
    """A watch over shipped knowledge and rules, or others; signals pass the door with the key of this data folder.

    `hearing` says what models never send, and keeps what they send here.
    UseError when the engine that `inference`, or else `CHARGELORE_INFERENCE`, asks for is not here.
    """
    how = inference or os.environ.get("CHARGELORE_INFERENCE") or "auto"
    key = key_at_hand() if key is None else key
    known, rules = known or knowledge(), rules or shipped()
    return Watch(
        known, rules, learned,
        key=key, lateness=lateness, inference=how, hearing=hearing, places=places, person=person,
    )  # fmt: skip


def opened(db: str | Path | None = None) -> Store:
    """The store of the data folder, or another one."""
    from chargelore.kb.store import Store  # noqa: PLC0415  # SQL is a third of what a start loads: for who opens one

    return Store.open(db)


def known_here(db: str | None) -> tuple[Knowledge, Learned]:
    """The shipped knowledge with what people added in the store, and what was recorded there so far."""
    with opened(db) as store:
        return laid_over(store), store.learned()


def sheet_here(db: str | None) -> Sheet:
    """What the chargers of each model were heard to send, as the store remembers it."""
    with opened(db) as store:
        return sheet_of(store.heard())


def remember(store: Store, sheet: Sheet) -> int:
    """Keep what was heard of each model, where it is news; how many of them said something that was not told before."""
    told = bodies_of(news(sheet, sheet_of(store.heard()))) if sheet.models else ()
    return store.record_heard((" ".join(filter(None, model)), body) for model, body in told)


def laid_over(store: Store) -> Knowledge:
    """The shipped knowledge with what people added in the store."""
    return overlaid(knowledge(), store.statements())


def key_at_hand() -> bytes:
    """The local key; on a disk that cannot be written one for this run alone, so that reading a log still works."""
    try:
        return local_key(home())
    except StoreError:
        return secrets.token_bytes(KEY_BYTES)


def key_to_read_with() -> bytes:
    """The local key where there is one, else one for this run alone: nothing is written."""
    return key_at_hand() if (home() / "pseudonym.key").is_file() else secrets.token_bytes(KEY_BYTES)
