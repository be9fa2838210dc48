"""Watch: the live state of all chargers and their open cases. It moves signals; it decides nothing."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from chargelore.engine.case import Case, Charger, SeenCode
from chargelore.engine.casework import OpenCase, belongs
from chargelore.engine.decode import dialogue
from chargelore.engine.diagnose import diagnose
from chargelore.engine.diagnosis import Diagnosis
from chargelore.engine.firing import Firing
from chargelore.engine.infer import Inference, best
from chargelore.engine.infer.fact import Fact
from chargelore.engine.network import START, State, compile_rules, identified
from chargelore.engine.rule import Rules
from chargelore.engine.signal import Signal
from chargelore.engine.translate import fault_signals, seen_codes
from chargelore.kb.codes import Codes
from chargelore.kb.learned import NOTHING_LEARNED, Learned
from chargelore.kb.model import EvidenceId, Knowledge, StepId

BEFORE_THE_CASE = 200  # signals kept of a healthy charger: the freeze frame before a fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What is known of a charger right now; `status` is by connector."""

    charger: Charger
    connected: bool
    status: Mapping[int, str]
    last_at: datetime | None
    signals: int


@dataclass(slots=True)
class _Post:
    """Everything kept of one charger between two signals."""

    charger: Charger
    rules: State = START
    talk: dialogue.State = dialogue.START
    connected: bool = True
    status: dict[int, str] = field(default_factory=dict)
    last_at: datetime | None = None
    count: int = 0
    before: deque[Signal] = field(default_factory=lambda: deque(maxlen=BEFORE_THE_CASE))
    open: list[OpenCase] = field(default_factory=list)


class Watch:
    """All chargers that speak, and their cases. Lives as long as a screen or a command; not thread-safe."""

    def __init__(self, knowledge: Knowledge, rules: Rules, learned: Learned = NOTHING_LEARNED) -> None:
        self._knowledge, self._learned = knowledge, learned
        self._codes = Codes(knowledge)
        self._network = compile_rules(rules)
        self._inference: Inference = best(rules.case_rules)
        self._posts: dict[str, _Post] = {}
        self._cases: dict[str, OpenCase] = {}
        self._numbers: dict[str, int] = {}

    def __enter__(self) -> Watch:
        return self

    def __exit__(self, *exc: object) -> None:
        self._inference.close()

    @property
    def chargers(self) -> Mapping[str, Seen]:
        """Every charger heard so far, by id."""
        return {name: _seen(post) for name, post in self._posts.items()}

    @property
    def cases(self) -> Mapping[str, Case]:
        """The open cases, by id, as values."""
        return {name: case.frozen() for name, case in self._cases.items()}

    def feed(self, signal: Signal) -> frozenset[str]:
        """Take one signal; the ids of the cases that it changed."""
        post = self._posts.get(signal.charger)
        if post is None:
            post = self._posts[signal.charger] = _Post(Charger(id=signal.charger))
        post.talk, joined = dialogue.step(post.talk, signal)
        return frozenset().union(*(self._take(post, each) for each in joined))

    def tick(self, now: datetime) -> frozenset[str]:
        """Event time moved on without a signal: what is absent by now becomes a symptom."""
        return frozenset().union(*(self._absent(post, now) for post in self._posts.values()))

    def end(self) -> frozenset[str]:
        """The log ends: unanswered requests and absences up to each charger's last time are judged."""
        changed: set[str] = set()
        for post in self._posts.values():
            post.talk, left = dialogue.close(post.talk)
            for signal in left:
                changed |= self._take(post, signal)
            if post.last_at is not None:
                changed |= self._absent(post, post.last_at)
        return frozenset(changed)

    def identify(self, charger: Charger) -> None:
        """Say who a charger is when it does not say so itself."""
        post = self._posts.setdefault(charger.id, _Post(charger))
        self._rename(post, charger)

    def case(self, case_id: str) -> Case:
        """One open case as a value. KeyError when it is not open."""
        return self._cases[case_id].frozen()

    def diagnosis(self, case_id: str) -> Diagnosis:
        """What is likely wrong in a case, with what was learned so far."""
        return diagnose(self._knowledge, self._learned, self.case(case_id))

    def answer(self, case_id: str, evidence: EvidenceId, answer: str) -> None:
        """A person found something out."""
        self._cases[case_id].answers[evidence] = answer

    def tried(self, case_id: str, step: StepId) -> None:
        """A person tried a step and it did not help."""
        self._cases[case_id].tried.setdefault(step)

    def close(self, case_id: str) -> None:
        """The case is over; the charger's next trouble opens a new one."""
        case = self._cases.pop(case_id)
        self._posts[case.charger.id].open.remove(case)

    def relearn(self, learned: Learned) -> None:
        """Findings were recorded: the next diagnosis uses them."""
        self._learned = learned

    def _take(self, post: _Post, signal: Signal) -> frozenset[str]:
        self._notice(post, signal)
        codes = seen_codes(signal, post.charger, self._codes)
        firings = list(self._step(post, signal))
        for fault in fault_signals(signal, codes):
            firings += self._step(post, fault)
        return self._file(post, signal, firings, codes)

    def _step(self, post: _Post, signal: Signal) -> tuple[Firing, ...]:
        post.rules, firings = self._network.step(post.rules, signal)
        return firings

    def _absent(self, post: _Post, now: datetime) -> frozenset[str]:
        post.rules, firings = self._network.close(post.rules, now)
        return self._file(post, None, list(firings), ())

    def _notice(self, post: _Post, signal: Signal) -> None:
        post.count += 1
        post.last_at = signal.at or post.last_at
        post.connected = signal.kind != "disconnected"
        if signal.kind == "status" and signal.connector is not None:
            post.status[signal.connector] = str(signal.fields.get("status") or "")
        if signal.kind == "boot":
            self._rename(post, _introduced(post.charger, signal))

    def _rename(self, post: _Post, charger: Charger) -> None:
        post.charger = charger
        post.rules = identified(post.rules, charger.vendor, charger.model, charger.firmware)
        for case in post.open:
            case.charger = charger

    def _file(
        self, post: _Post, signal: Signal | None, firings: list[Firing], codes: tuple[SeenCode, ...]
    ) -> frozenset[str]:
        touched = self._touched(post, signal, firings, codes)
        if signal is not None:
            post.before.append(signal)
            for case in post.open:
                case.takes(signal)
        for case in touched:
            case.shows(each for each in firings if belongs(case, each.connector))
            case.reports(codes)
            case.conclusions = self._inference.conclude([Fact(*each) for each in sorted(case.symptoms(), key=str)])
        return frozenset(case.id for case in touched)

    def _touched(
        self, post: _Post, signal: Signal | None, firings: list[Firing], codes: tuple[SeenCode, ...]
    ) -> list[OpenCase]:
        """The open cases that this trouble belongs to; a new one where none is open."""
        connectors = {each.connector or None for each in firings}
        if any(code.fault is None or code.known is None or code.known.is_fault for code in codes) and signal is not None:
            connectors.add(signal.connector or None)
        touched: dict[str, OpenCase] = {}
        for connector in sorted(connectors, key=lambda each: each or 0):
            for case in self._owners(post, connector, signal):
                touched[case.id] = case
        return list(touched.values())

    def _owners(self, post: _Post, connector: int | None, signal: Signal | None) -> list[OpenCase]:
        at = signal.at if signal is not None else post.last_at
        owners = [case for case in post.open if belongs(case, connector) and not case.is_quiet_at(at)]
        if not owners:
            owners = [self._opened(post, connector, at)]
        for case in owners:
            case.connector = case.connector or connector
        return owners

    def _opened(self, post: _Post, connector: int | None, at: datetime | None) -> OpenCase:
        number = self._numbers[post.charger.id] = self._numbers.get(post.charger.id, 0) + 1
        case = OpenCase(f"{post.charger.id or 'charger'}-{number}", post.charger, connector, at, at)
        for signal in post.before:
            case.takes(signal)
        post.open = [*(each for each in post.open if not each.is_quiet_at(at)), case]
        self._cases[case.id] = case
        return case


def open_from(watch: Watch, signals: Iterable[Signal]) -> frozenset[str]:
    """Feed many signals; the ids of all cases that changed."""
    return frozenset().union(*(watch.feed(signal) for signal in signals))


def _seen(post: _Post) -> Seen:
    return Seen(
        charger=post.charger,
        connected=post.connected,
        status=dict(post.status),
        last_at=post.last_at,
        signals=post.count,
    )


def _introduced(charger: Charger, boot: Signal) -> Charger:
    """The charger as its BootNotification names it; what it does not say stays as it was."""
    said = {key: str(boot.fields.get(key) or getattr(charger, key)) for key in ("vendor", "model", "firmware")}
    return replace(charger, **said)
