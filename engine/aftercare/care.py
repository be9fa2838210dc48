"""Care: follows fixes through what a watch hears, and keeps what it saw of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial

from chargelore.engine.aftercare.charging import Running, in_utc, step
from chargelore.engine.aftercare.sequel import Back, Followed, Sequel, together, with_back, with_charge
from chargelore.engine.firing import Firing
from chargelore.engine.signal import Signal

LONGEST_SIGN = 80  # letters of a code that are kept as evidence


@dataclass(slots=True)
class Care:
    """Follows fixes. Lives as long as a watch; used by one thread. Chargers that nobody fixed cost nothing."""

    running: dict[str, Running] = field(default_factory=dict)
    _followed: dict[str, list[Followed]] = field(default_factory=dict)  # by charger
    _changed: set[str] = field(default_factory=set)
    _remembered: Mapping[str, Sequel] = field(default_factory=dict)  # until it is known what is followed

    def follows(self, some: Iterable[Followed]) -> None:
        """Follow these from now on, and no others; what was seen of those that were followed before stays."""
        before, self._followed, self._remembered = self.sequels, {}, {}
        for each in some:
            kept = _with_sequel(each, before.get(each.fix.finding))
            self._followed.setdefault(each.fix.charger, []).append(kept)
        self.running = {name: runs for name, runs in self.running.items() if name in self._followed}

    def resumes(self, running: Mapping[str, Running], sequels: Mapping[str, Sequel]) -> None:
        """Go on where another stopped: what it saw counts, also of fixes that are followed later, and is news."""
        self.running, self._remembered = dict(running), dict(sequels)
        for name, some in self._followed.items():
            self._followed[name] = [_with_sequel(each, sequels.get(each.fix.finding)) for each in some]
        self._changed |= set(sequels)

    @property
    def sequels(self) -> Mapping[str, Sequel]:
        """What was seen after each fix, by finding."""
        followed = (each for some in self._followed.values() for each in some)
        return {**self._remembered, **{each.fix.finding: each.sequel for each in followed}}

    def hears(self, signals: Iterable[Signal]) -> None:
        """Signals of a charger, as rules hear them."""
        for signal in signals:
            if signal.charger in self._followed:
                self._hears(signal)

    def shows(self, firings: Iterable[Firing]) -> None:
        """Symptoms that rules recognised."""
        for firing in firings:
            at = in_utc(firing.at)
            if firing.charger in self._followed and at is not None:
                back = Back(at, firing.connector or 0, firing.symptom)
                self._sees(firing.charger, partial(_with_symptom, back))

    def taken(self) -> tuple[Followed, ...]:
        """The fixes of which something was seen since this was last asked."""
        told = tuple(each for some in self._followed.values() for each in some if each.fix.finding in self._changed)
        self._changed -= {each.fix.finding for each in told}
        return told

    def _hears(self, signal: Signal) -> None:
        who = signal.charger
        running, charge = step(self.running.get(who, ()), signal)
        if running:
            self.running[who] = running
        else:
            self.running.pop(who, None)
        if charge is not None:
            self._sees(who, lambda one: with_charge(one, charge))
        at = in_utc(signal.at)
        if signal.kind == "fault" and signal.fields.get("relation") != "not" and at is not None:
            back = Back(at, signal.connector or 0, str(signal.fields.get("code") or "")[:LONGEST_SIGN])
            self._sees(who, lambda one: with_back(one, back) if one.fix.fault == signal.fields.get("fault") else one)

    def _sees(self, charger: str, seen: Callable[[Followed], Followed]) -> None:
        before = self._followed[charger]
        now = [seen(each) for each in before]
        self._changed |= {new.fix.finding for new, old in zip(now, before, strict=True) if new is not old}
        self._followed[charger] = now


def _with_sequel(one: Followed, seen: Sequel | None) -> Followed:
    return one if seen is None else Followed(one.fix, together((one.sequel, seen)))


def _with_symptom(back: Back, one: Followed) -> Followed:
    return with_back(one, back) if back.sign in one.fix.signs else one
