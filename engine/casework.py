"""Casework: signals, symptoms and codes of one charger gather into cases. Pure but for the open case it fills."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from chargelore.engine.case import KEPT_SIGNALS, Case, Charger, SeenCode
from chargelore.engine.firing import Conclusion, Firing
from chargelore.engine.signal import QUEUED, Signal, shows_its_layer
from chargelore.kb.model import EvidenceId, Layer, StepId

QUIET_ENDS = timedelta(hours=6)  # trouble so long after the last trouble is a new case
KEPT_FIRINGS = 500
KEPT_REPEATS = 5  # of one symptom on one connector: more say nothing new
KEPT_CODES = 500
KEPT_WORDS = 400
Place = tuple[EvidenceId, int | None]  # a symptom and the connector it was seen on
DENIED = "denied"  # mark of an observation that says what there was not
SAYERS = frozenset({"witness", "note", "reporter"})  # who or where from, of an observation that is a person's words
SPOKEN = frozenset({"log", "observation", "reading"})


@dataclass(slots=True)
class Kept:
    """Firings by id, and how many tell of the same; a storm of one symptom leaves room for every other."""

    firings: dict[str, Firing] = field(default_factory=dict)
    alike: Counter[Place] = field(default_factory=Counter)

    def take(self, firings: Iterable[Firing]) -> None:
        """Keep what says something new."""
        for firing in firings:
            place = (firing.symptom, firing.connector)
            if self.alike[place] < KEPT_REPEATS and len(self.firings) < KEPT_FIRINGS:
                self.firings[firing.id] = firing
                self.alike[place] += 1


@dataclass(slots=True)
class OpenCase:
    """A case that still grows. Lives from the first symptom until it is closed or six hours pass without trouble."""

    id: str
    charger: Charger
    connector: int | None
    opened_at: datetime | None
    last_at: datetime | None
    trouble_at: datetime | None = None
    shown: Kept = field(default_factory=Kept)
    conclusions: tuple[Conclusion, ...] = ()
    codes: dict[tuple[str, str, str | None], SeenCode] = field(default_factory=dict)
    layers: dict[Layer, datetime | None] = field(default_factory=dict)  # when each was heard last
    signals: deque[Signal] = field(default_factory=lambda: deque(maxlen=KEPT_SIGNALS))
    counted: int = 0
    words: dict[str, None] = field(default_factory=dict)
    answers: dict[EvidenceId, str] = field(default_factory=dict)
    tried: dict[StepId, None] = field(default_factory=dict)
    hidden: Kept = field(default_factory=Kept)
    frame: tuple[Signal, ...] = ()
    first_words: Signal | None = None

    def takes(self, signal: Signal) -> None:
        """A further signal of the charger joins the timeline."""
        self.signals.append(signal)
        self.counted += 1
        if self.first_words is None and is_said(signal) and not self.is_apart_from(signal.at):
            self.first_words = signal
        if shows_its_layer(signal):
            self.layers[signal.layer] = signal.at or self.layers.get(signal.layer)
        if QUEUED not in signal.marks:
            self.last_at = signal.at or self.last_at
        if signal.kind in SPOKEN and len(self.words) < KEPT_WORDS and _has_words(signal):
            self.words.setdefault(str(signal.fields.get("text") or signal.raw))

    def shows(self, firings: Iterable[Firing]) -> bool:
        """Symptoms of this connector join; whether there is one that case rules have not joined yet."""
        before = len(self.shown.alike)
        self.shown.take(each for each in firings if belongs(self, each.connector))
        return len(self.shown.alike) > before

    def hides(self, firings: Iterable[Firing]) -> None:
        """Symptoms of rules on trial are kept aside: no part of the case knows of them."""
        self.hidden.take(each for each in firings if belongs(self, each.connector))

    def reports(self, codes: Iterable[SeenCode]) -> None:
        """Codes join; a repeated code is counted."""
        for code in codes:
            key = (code.vendor, code.code, code.fault)
            known = self.codes.get(key)
            if known is None and len(self.codes) >= KEPT_CODES:
                continue
            self.codes[key] = replace(known, times=known.times + 1, is_over=False) if known else code

    def ends(self, codes: Iterable[SeenCode]) -> None:
        """Codes that were reported are over; that they were stays known."""
        for code in codes:
            key = (code.vendor, code.code, code.fault)
            if key in self.codes:
                self.codes[key] = replace(self.codes[key], is_over=True)

    def symptoms(self) -> Iterable[Place]:
        """The distinct symptoms with their connectors: the facts that case rules join."""
        return self.shown.alike

    def is_quiet_at(self, at: datetime | None) -> bool:
        """Whether trouble at that time is a new case."""
        return at is not None and self.trouble_at is not None and at - self.trouble_at > QUIET_ENDS

    def is_apart_from(self, at: datetime | None) -> bool:
        """Whether trouble at that time, long after or long before this one, is none of its own."""
        before = self.opened_at is not None and at is not None and self.opened_at - at > QUIET_ENDS
        return before or self.is_quiet_at(at)

    def frozen(self) -> Case:
        """The case as it stands, as a value."""
        return Case(
            id=self.id,
            charger=self.charger,
            connector=self.connector,
            opened_at=self.opened_at,
            last_at=self.last_at,
            firings=tuple(self.shown.firings.values()),
            conclusions=self.conclusions,
            codes=tuple(self.codes.values()),
            layers=dict(self.layers),
            signals=tuple(self.signals),
            dropped_signals=self.counted - len(self.signals),
            words=tuple(self.words),
            answers=dict(self.answers),
            tried=tuple(self.tried),
            frame=self.frame,
            first_words=self.first_words,
        )


def is_said(signal: Signal) -> bool:
    """Whether it is what a person said of the trouble, in their own words."""
    if signal.kind != "observation" or "answer" in signal.fields:
        return False
    return str(signal.fields.get("name") or "").partition(".")[0] in SAYERS


def _has_words(signal: Signal) -> bool:
    """Whether its words may speak for causes; a denial, an answer by name and a code read off do not."""
    return DENIED not in signal.marks and signal.fields.keys().isdisjoint(("answer", "code", "nothing"))


def belongs(case: OpenCase, connector: int | None) -> bool:
    """Charger-wide trouble joins any open case of the charger; a connector's trouble only its own."""
    return connector in (None, 0) or case.connector in (None, connector)
