"""Front: what a person sees of a live watch, in the process of the wire; the engine works behind it in its own."""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import msgspec

from chargelore.engine.case import Charger
from chargelore.engine.relay.item import Known, Shown
from chargelore.engine.relay.outbox import Outbox
from chargelore.engine.relay.said import Gist, Line, Refused, Said, Stands, Start, State
from chargelore.engine.slices import Listening
from chargelore.engine.sources.clock import utc_now
from chargelore.engine.sources.copies import Health
from chargelore.kb import errors
from chargelore.kb.errors import ChargeloreError
from chargelore.tui.cli.output import aside
from chargelore.tui.cli.wire.keeping import short_name
from chargelore.tui.cli.wire.polling import in_vain
from chargelore.tui.text import count

NOW_AND_THEN = timedelta(minutes=10)  # between two lines on how the watch goes
RARELY = timedelta(minutes=1)  # between two lines on what was left out
FEW = 5  # chargers that a line names


def run_name(source: str) -> str:
    """A name for one run of a watch, like no other."""
    return f"{short_name(source)[:8]}-{utc_now():%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"


@dataclass(slots=True)
class Front:
    """Hands on what sources capture, and prints what the engine says. Lives as long as the watch.

    `begin` is what the engine is started with. `stop` is set when there is no use in going on.
    """

    begin: Start
    own: Health = field(default_factory=Health)  # what goes wrong here, beside the sources
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    is_unheard: bool = False  # whoever read our output has gone
    state: State = field(default_factory=State)
    restarts: Callable[[], int] = lambda: 0
    says: Callable[[str], bool] = lambda _: True
    outbox: Outbox = field(init=False)
    _told: dict[str, Gist] | None = None
    _known: dict[str, Charger] = field(default_factory=dict)
    _refused: Refused | None = None
    _found: Listening | None = None
    _before: State = field(default_factory=State)  # what children counted that are gone
    _troubled: set[str] = field(default_factory=set)  # of journal and store, those that take no signals

    def __post_init__(self) -> None:
        """The outbox tells what goes wrong in it, and never stops the wire."""
        self.outbox = Outbox(utc_now, failed=self._failed)

    def _failed(self, error: Exception) -> None:
        """On our own side, behind every source."""
        self.own.failed(error)

    def listens(self, found: Listening) -> None:
        """The sources that are heard."""
        self._found = found

    @property
    def is_over(self) -> bool:
        """Whether all sources have come to their end, and all that they said is with the engine."""
        return self._found is not None and self._found.is_over and not self.outbox.waiting

    @property
    def health(self) -> Health:
        """What the sources did, and what went wrong on our side."""
        total = self._found.health if self._found is not None else Health()
        total.engine_errors += self.own.engine_errors
        total.last_error = self.own.last_error or total.last_error
        return total

    def start(self, is_again: bool, is_anew: bool) -> Start:
        """What a child is told first; a later one goes on with what was told of cases so far."""
        if is_again:
            self._before = _sum(self._before, self.state)
            self.state = State(cases=self.state.cases)
        anew = is_anew or (self.begin.is_anew and not is_again)
        return msgspec.structs.replace(self.begin, is_again=is_again, is_anew=anew, told=self._told)

    def knows(self, charger: Charger) -> None:
        """Who a charger is that cannot say so itself."""
        self._known[charger.id] = charger
        self.outbox.knows(Known(charger, utc_now()))

    def repeats(self) -> None:
        """Say again who chargers are: what was said of them at the beginning is let go of some day."""
        for charger in self._known.values():
            self.outbox.knows(Known(charger, utc_now()))

    def hears(self, said: Said) -> None:
        """The engine said something."""
        if isinstance(said, Line):
            self._prints(said)
        elif isinstance(said, State):
            self.state = said
            self._tells_troubles()
        elif isinstance(said, Stands):
            self._told = dict(said.told) | (self._told or {})
        elif isinstance(said, Refused):
            self._refuses(said)

    def has_cases(self) -> bool:
        """Whether anything was found."""
        return bool(self.state.cases or self._told)

    def refusal(self) -> ChargeloreError | None:
        """Why the engine cannot start, where a person has to mend that."""
        if self._refused is None:
            return None
        kind = getattr(errors, self._refused.kind, errors.EngineError)
        error: ChargeloreError = kind(self._refused.what, where=self._refused.where, mend=self._refused.mend)
        return error

    def summary(self) -> str:
        """How the watch went so far."""
        whole = _sum(self._before, self.state)
        told = [
            count(self.health.connections, "connection"),
            count(self.outbox.taken, "message"),
            count(self.state.cases, "case"),
            count(self.health.engine_errors + whole.errors, "engine error"),
            count(self.health.dropped_copies + self.outbox.dropped.total(), "dropped copy", "dropped copies"),
        ]
        last = whole.last_error or self.health.last_error
        return ", ".join(told) + in_vain(self.health) + self._more(whole) + (f"; last error: {last}" if last else "")

    def _more(self, whole: State) -> str:
        """What is worth a word only where there is some."""
        told = [
            (self.restarts(), "engine restart", "engine restarts"),
            (self.outbox.waiting, "message not journaled", "messages not journaled"),
            (self.state.unjudged, "record not judged yet", "records not judged yet"),
            (self.state.unstored, "record not stored yet", "records not stored yet"),
            (whole.unkept, "signal in no journal", "signals in no journal"),
            (whole.lost, "signal lost before it was stored", "signals lost before they were stored"),
        ]
        return "".join(f"; {count(*each)}" for each in told if each[0])

    def is_left(self) -> None:
        """Whoever read our output has gone."""
        self.is_unheard = True
        self.stop.set()

    def _prints(self, line: Line) -> None:
        """Nobody waits for a reader; what finds no room is not told, and is said again when the case changes."""
        if not self.says(line.text):
            return
        self._told = (self._told or {}) | {line.case: line.gist}
        self.outbox.knows(Shown(line.case, line.gist, utc_now()))

    def _refuses(self, said: Refused) -> None:
        if self.restarts():
            aside(f"the engine cannot start: {said.what}")
            return
        self._refused = said
        self.stop.set()

    def _tells_troubles(self) -> None:
        """A trouble is told when it begins, and when it is over; not before the engine stands, which may refuse to."""
        state = self.state
        if self._told is None:
            return
        journal = "what is captured cannot be journaled; the wire goes on, the engine too"
        store = f"the store takes no signals, {count(state.unstored, 'record')} wait in the journal"
        for name, why, sentence in (("journal", state.journal, journal), ("store", state.store, store)):
            if why and name not in self._troubled:
                self._troubled.add(name)
                aside(f"{sentence}: {why}")
            elif name in self._troubled and not why:
                self._troubled.remove(name)
                aside(f"the {name} takes signals again")


class Reports:
    """Tells now and then how the watch goes, and what was left out as soon as something is."""

    def __init__(self, front: Front) -> None:
        self._front = front
        self._goes, self._drops, self._day = utc_now() + NOW_AND_THEN, utc_now(), utc_now().date()
        self._dropped: Counter[str] = Counter()

    def looks(self) -> None:
        """A second went by."""
        now = utc_now()
        new = self._front.outbox.dropped - self._dropped
        if new and now >= self._drops:
            self._drops = now + RARELY
            self._dropped = Counter(self._front.outbox.dropped)
            most = ", ".join(f"{charger or 'others'} {times}" for charger, times in new.most_common(FEW))
            aside(f"more comes in than the engine takes; left out, by charger: {most}")
        if now.date() != self._day:
            self._day = now.date()
            self._front.repeats()
        if now >= self._goes:
            self._goes = now + NOW_AND_THEN
            aside(
                f"so far {self._front.summary()}; {self._front.health.open} open, {self._front.outbox.waiting} waiting"
            )


def _sum(one: State, other: State) -> State:
    """What two children counted, one after the other."""
    return State(
        signals=one.signals + other.signals,
        cases=other.cases,
        errors=one.errors + other.errors,
        last_error=other.last_error or one.last_error,
        stored=one.stored + other.stored,
        unkept=one.unkept + other.unkept,
        lost=one.lost + other.lost,
    )
