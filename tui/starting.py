"""Starting: the screens over the store, the live watch and the knowledge that are at hand."""

from __future__ import annotations

import gc
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING

from chargelore.engine.diagnosing.person import ANYBODY, Person
from chargelore.engine.sources.clock import utc_now
from chargelore.engine.watch import Watch
from chargelore.kb.errors import ChargeloreError
from chargelore.kb.home import home
from chargelore.kb.load import shipped
from chargelore.kb.model import Knowledge
from chargelore.tui.anew import all_again, reported
from chargelore.tui.app import Chargelore, Start
from chargelore.tui.desk import Desk
from chargelore.tui.drafts import Drafts
from chargelore.tui.keys.keymap import keymap
from chargelore.tui.late import LateStore, recorded, unread
from chargelore.tui.live import live_watch
from chargelore.tui.terminal import needs_screen

if TYPE_CHECKING:  # SQL is loaded when a store is opened
    from chargelore.kb.store import Store


def run(  # noqa: PLR0913  # named, and may be left out
    start: Start | None = None,
    *,
    watch: Watch | None = None,
    store: Store | None = None,
    is_read_only: bool = False,
    source: str = "LIVE",
    person: Person = ANYBODY,
) -> None:
    """Open the terminal UI until the person leaves it; what is not given is opened here and closed at the end.

    `source` is what the badge says, `person` who would go, where no watch is given. UseError without a terminal; a
    store that cannot be read is told on the screen. `watch` stands on `shipped()`.
    """
    needs_screen()
    with ExitStack() as until:
        late, reads, told = until.enter_context(LateStore()), None, ""
        if watch is not None:
            desk, told = desk_over(shipped(), watch, store or late())
        else:
            live = until.enter_context(live_watch(person=person))
            desk = Desk(shipped(), live, store or late, Drafts(home() / "drafts"))
            reads = partial(recorded, lambda: desk.store)
        desk.is_read_only, desk.base = is_read_only, shipped()
        gc.freeze()  # the knowledge stays for good: looking through it for garbage would stop keys for 0.2 seconds
        gc.enable()
        Chargelore(desk, start, told=told, folder=home(), keys=keymap(), source=source, reads=reads).run()


def desk_over(knowledge: Knowledge, watch: Watch, store: Store, *, recalls: bool = True) -> tuple[Desk, str]:
    """The desk over these, and a sentence where the store cannot be read."""
    desk = Desk(knowledge, watch, store, Drafts(home() / "drafts"))
    try:
        desk.relearn()
        if recalls:
            desk.recall()
            all_again(desk, reported(desk.store, utc_now()))
    except ChargeloreError as error:
        return desk, unread(error)
    return desk, ""
