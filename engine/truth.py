"""Truth: true, false and unknown, and what they make of a rule. Unknown is what a model cannot tell: it is not false.

Kleene's three-valued logic: what is unknown may turn out either way, and a whole is unknown only where that matters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import IntEnum

from chargelore.engine.grammar.condition import Pattern
from chargelore.engine.grammar.operators import Absent, All, Any_, Chargers, Not, Sequence, When
from chargelore.engine.heard.silence import Silence
from chargelore.engine.signal import Signal


class Truth(IntEnum):
    """Three values in their order: the weakest part decides an `all`, the strongest an `any`."""

    NO = 0
    UNKNOWN = 1
    YES = 2

    @property
    def word(self) -> str:
        """`no`, `unknown` or `yes`."""
        return self.name.lower()


Asked = Callable[[str], Truth]  # by the name of a signal of the rule
Silent = Mapping[str, Silence]  # the signals of a rule that the charger's model never sends, by name


def all_of(parts: Iterable[Truth]) -> Truth:
    """Whether every part is true."""
    return min(parts, default=Truth.YES)


def any_of(parts: Iterable[Truth]) -> Truth:
    """Whether a part is true."""
    return max(parts, default=Truth.NO)


def negated(truth: Truth) -> Truth:
    """Whether it is not true."""
    return Truth(Truth.YES - truth)


def truth_of(when: When, came: Asked, gone: Asked) -> Truth:
    """What `when` comes to, order and number apart; `came` says that a signal came, `gone` that it stayed away."""
    match when:
        case Absent():
            return all_of((came(when.after), gone(when.name)))
        case Not():
            inner = truth_of(when.part, lambda name: negated(gone(name)), lambda name: negated(came(name)))
            return negated(inner)
        case All():
            return all_of(truth_of(part, came, gone) for part in when.parts)
        case Any_():
            return any_of(truth_of(part, came, gone) for part in when.parts)
        case Chargers():
            return truth_of(when.part, came, gone)
        case _:
            return all_of(map(came, names_of(when)))


def names_of(when: When) -> Iterator[str]:
    """The names of the signals that an operator speaks of, those of its parts included."""
    match when:
        case All() | Any_():
            yield from (name for part in when.parts for name in names_of(part))
        case Not() | Chargers():
            yield from names_of(when.part)
        case Absent():
            yield from (when.after, when.name)
        case Sequence():
            yield from when.names
        case _:
            yield when.name


def of_firing(when: When, patterns: Mapping[str, Pattern], signals: Iterable[Signal], silent: Silent) -> Truth:
    """Whether a firing stands on what was said (YES), or on the silence of a model that never says it (UNKNOWN)."""
    if not silent:
        return Truth.YES
    behind = tuple(signals)

    def came(name: str) -> Truth:
        met = any(patterns[name].matches(each) for each in behind)
        return Truth.YES if met else Truth.UNKNOWN if name in silent else Truth.NO

    return truth_of(when, came, lambda name: Truth.UNKNOWN if _is_firm(silent, name) else Truth.YES)


def of_rule(when: When, met: Callable[[str], bool], silent: Silent) -> Truth:
    """What a rule comes to that did not fire: NO, or UNKNOWN where only signals are missing that the model never sends.

    `met` says whether a signal of the rule was seen.
    """
    if silent.keys().isdisjoint(names_of(when)):
        return Truth.NO

    def came(name: str) -> Truth:
        return Truth.YES if met(name) else Truth.UNKNOWN if name in silent else Truth.NO

    found = truth_of(when, came, lambda name: negated(came(name)))
    return Truth.NO if found is Truth.YES else found


def _is_firm(silent: Silent, name: str) -> bool:
    return name in silent and silent[name].is_firm
