"""Post: what is kept of one charger between two signals: who it is, how it stands, and its open cases."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from chargelore.engine import witness
from chargelore.engine.case import Charger, SeenCode
from chargelore.engine.casework import OpenCase, belongs
from chargelore.engine.clocks import backlog, clocknews, skew
from chargelore.engine.decode import dialogue
from chargelore.engine.firing import Firing
from chargelore.engine.freeze import Freezer
from chargelore.engine.matching import late
from chargelore.engine.matching.network import START, State, identified
from chargelore.engine.matching.strain import Strain
from chargelore.engine.nameplate import NAMELESS, marked
from chargelore.engine.signal import QUEUED, Signal
from chargelore.kb.model import EvidenceId

BEFORE_THE_CASE = 200  # signals kept of a healthy charger; the timeline of a case begins with them
MOST_CONNECTORS = 64  # of one charger whose status is kept; a charger may invent any number
MOST_CASES = 16  # open on one charger; further connectors in trouble share one case of the whole charger
SYMPTOMS_BEFORE = 50  # symptoms that opened no case by themselves and join the one that opens next


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What is known of a charger right now; `status` is by connector."""

    charger: Charger
    connected: bool
    status: Mapping[int, str]
    last_at: datetime | None
    signals: int


@dataclass(slots=True)
class Post:
    """One charger under watch. Lives as long as the watch."""

    charger: Charger
    rules: State = START
    on_trial: State = START
    held: late.Buffer = late.START
    talk: dialogue.State = dialogue.START
    clocks: skew.State = skew.START
    stands: Mapping[str, str] = field(default_factory=dict)
    backlog: backlog.State = backlog.START
    connected: bool = True
    status: dict[int, str] = field(default_factory=dict)
    last_at: datetime | None = None
    count: int = 0
    opened: int = 0
    before: deque[Signal] = field(default_factory=lambda: deque(maxlen=BEFORE_THE_CASE))
    freezer: Freezer = field(default_factory=Freezer)
    lately: deque[Firing] = field(default_factory=lambda: deque(maxlen=SYMPTOMS_BEFORE))
    aside: deque[Firing] = field(default_factory=lambda: deque(maxlen=SYMPTOMS_BEFORE))
    open: list[OpenCase] = field(default_factory=list)
    answers: dict[EvidenceId, str] = field(default_factory=dict)

    def seen(self) -> Seen:
        """The charger as a value for a screen."""
        return Seen(
            charger=self.charger,
            connected=self.connected,
            status=dict(self.status),
            last_at=self.last_at,
            signals=self.count,
        )

    def strain(self) -> Strain:
        """What the rules had to do without on this charger."""
        windows = self.rules.windows
        return Strain(
            late=self.held.late,
            worst=self.held.worst,
            hurried=self.held.hurried,
            evicted=windows.evicted,
            failed=windows.failed,
        )

    def hears(self, signal: Signal) -> tuple[Signal, ...]:
        """The signal as rules take it: joined to what it belongs to and at the time when it happened.

        Requests given up on come before it, and how a clock stands behind it when that changes.
        """
        self.talk, joined = dialogue.step(self.talk, signal)
        return tuple(each for one in joined for each in self._in_time(one))

    def closes(self) -> tuple[Signal, ...]:
        """The log ends: requests that were never answered."""
        self.talk, left = dialogue.close(self.talk)
        return left

    def _in_time(self, signal: Signal) -> tuple[Signal, ...]:
        before, self.clocks = self.clocks, skew.heard(self.clocks, signal)
        self.backlog, placed = backlog.step(self.backlog, signal)
        if not skew.is_due(before, self.clocks):
            return (placed,)
        self.stands, told = clocknews.news(self.stands, self.clocks, signal)
        return (placed, *told)

    def notices(self, signal: Signal) -> None:
        """A signal says that the charger lives, how its connectors stand, and who it is, at boot or in a dump."""
        self.count += 1
        if QUEUED not in signal.marks:
            self.last_at = signal.at or self.last_at
        self.connected = signal.kind != "disconnected" or bool(signal.fields.get("others"))
        if signal.kind == "status" and signal.connector is not None:
            self._stands(signal.connector, str(signal.fields.get("status") or ""))
        if signal.kind == "boot":
            self.is_called(_introduced(self.charger, signal))
        elif "charger.vendor" in signal.fields:
            self.is_called(_introduced(self.charger, signal, "charger."))

    def _stands(self, connector: int, status: str) -> None:
        if connector in self.status or len(self.status) < MOST_CONNECTORS:
            self.status[connector] = status

    def is_called(self, charger: Charger) -> None:
        """The charger's name, maker, model and firmware are known from now on."""
        if charger == self.charger:
            return
        self.charger = charger
        names = charger.vendor, charger.model, charger.firmware
        self.rules, self.on_trial = identified(self.rules, *names), identified(self.on_trial, *names)
        for case in self.open:
            case.charger = charger

    def answered(self, answers: Mapping[EvidenceId, str], touched: list[OpenCase]) -> list[OpenCase]:
        """A person found something out: it counts in every open case, and in the next; with it the cases touched."""
        if not answers:
            return touched
        self.answers |= answers
        for case in self.open:
            case.answers |= answers
        return list(self.open)

    def keeps(self, signal: Signal) -> None:
        """The signal joins what was before the next case, and the timeline of every open one."""
        self.before.append(signal)
        if QUEUED not in signal.marks:
            self.freezer.takes(signal)
        for case in self.open:
            case.takes(signal)

    def since(self, last: Signal | None) -> list[Signal]:
        """What was kept of the signals behind that one; all of them where it came before all that is kept."""
        kept = list(self.before)
        place = next((n for n in reversed(range(len(kept))) if kept[n] == last), -1)
        return kept[place + 1 :]

    def ends(self, codes: tuple[SeenCode, ...]) -> None:
        """Codes that the charger reported are over, in every open case that knows them."""
        for case in self.open if codes else ():
            case.ends(codes)

    def concerned(
        self, firings: list[Firing], openers: frozenset[int | None], at: datetime | None, by: Signal | None = None
    ) -> list[OpenCase]:
        """The open cases that new symptoms belong to; for a connector in `openers` a new one where none is open.

        `by` is the signal that opens it; None where time did.
        """
        connectors = {each.connector or None for each in firings} | openers
        found: dict[str, OpenCase] = {}
        for connector in sorted(connectors, key=lambda each: each or 0):
            found |= {case.id: case for case in self._owners(connector, at, by, opens=connector in openers)}
        self.lately.extend(firings)
        return list(found.values())

    def adopts(self, case: OpenCase, name: str) -> None:
        """A case of this charger that was opened elsewhere goes on here; the next one bears a later number."""
        if not self.charger.vendor and not self.charger.model:
            self.is_called(case.charger)
        case.id, case.charger = name, self.charger
        self.opened = max(self.opened, numbered(name, self.charger.id))
        self.count, self.last_at = self.count + case.counted, _later(self.last_at, case.last_at)
        self.open.append(case)

    def sets_aside(self, firings: list[Firing], at: datetime | None) -> None:
        """What rules on trial say goes behind the open cases: it opens none, changes none and keeps none open."""
        self.aside.extend(firings)
        for case in self.open if firings else ():
            if not case.is_quiet_at(at):
                case.hides(firings)

    def _owners(self, connector: int | None, at: datetime | None, by: Signal | None, *, opens: bool) -> list[OpenCase]:
        owners = [case for case in self.open if belongs(case, connector) and not case.is_apart_from(at)]
        if not opens:
            return owners
        owners = owners or [self._opens(connector, at, by)]
        for case in owners:
            if len(self.open) <= MOST_CASES:
                case.connector = case.connector or connector
            case.trouble_at = _later(case.trouble_at, at)
        return owners

    def _opens(self, connector: int | None, at: datetime | None, by: Signal | None) -> OpenCase:
        self.opened += 1
        self.open = [each for each in self.open if not each.is_quiet_at(at)]
        connector = connector if len(self.open) < MOST_CASES else None
        case = OpenCase(self._name(by), self.charger, connector, at, at)
        case.answers |= self.answers
        for signal in self.before:
            case.takes(signal)
        case.frame = self.freezer.frame(at)
        case.shows(self.lately)
        case.hides(self.aside)
        self.open.append(case)
        return case

    def _name(self, by: Signal | None) -> str:
        """What the case that opens is called: charger and number; by its words where nothing else tells it from others.

        A case that a person tells of without a log would else be one with every other such case of that charger.
        """
        charger, number = self.charger.id or NAMELESS, str(self.opened)
        if by is None or witness.NAME not in by.marks:
            return f"{charger}-{number}"
        is_nowhere = not self.charger.id and all(witness.NAME in each.marks for each in self.before)
        if by.at is not None and not is_nowhere:
            return f"{charger}-{number}"
        name = f"{charger}-{marked(by.raw)}"
        return f"{name}-{number}" if any(name == each.id for each in self.open) else name


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max(one, other) if one and other else one or other


def numbered(name: str, charger: str) -> int:
    """The number in the name of a case of a charger; 0 where it was named otherwise."""
    number = name.removeprefix(f"{charger or NAMELESS}-")
    return int(number) if number != name and number.isdecimal() else 0


def is_trouble(code: SeenCode) -> bool:
    """A code that nobody mapped is trouble until somebody says what it is."""
    return code.known is None or code.known.is_fault


def _introduced(charger: Charger, boot: Signal, prefix: str = "") -> Charger:
    """The charger as its BootNotification or its dump names it; what that does not say stays as it was."""
    vendor, model, firmware = (
        str(boot.fields.get(prefix + key) or getattr(charger, key)) for key in ("vendor", "model", "firmware")
    )
    return replace(charger, vendor=vendor, model=model, firmware=firmware)
