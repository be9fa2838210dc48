"""Condition: one test on one field of a signal, and the pattern that several of them make."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite
from typing import Any, Literal

import re2

from chargelore.engine.signal import Scalar, Signal

Op = Literal["==", "!=", "<", "<=", ">", ">=", "in", "startswith", "contains", "matches", "present"]
LONGEST_TEXT = 8_192  # characters of a field that a pattern looks at
LARGEST_REGEX = 10_000  # steps of a compiled pattern
FIXED_MEMORY, STEP_MEMORY = 131_072, 400  # bytes of its automaton, and for each step
ANY, PHASES = ".any", ("l1", "l2", "l3")  # `voltage.any`: whichever phase
NUMERIC = frozenset("+-.0123456789")

ORDER: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class OtherField:
    """A limit taken from another field of the same signal, times a factor."""

    field: str
    times: float = 1.0


Limit = Scalar | tuple[Scalar, ...] | OtherField


@dataclass(frozen=True, slots=True)
class Condition:
    """`field op limit`. Text is compared without case; a missing field meets nothing but `present: false`."""

    field: str
    op: Op
    limit: Limit

    def holds(self, signal: Signal) -> bool:
        """Whether the signal meets it; of `voltage.any`, whether one phase does."""
        if self.field.endswith(ANY):
            return any(self.on(phase).holds(signal) for phase in PHASES)
        value = value_of(signal, self.field)
        if self.op == "present":
            return (value is not None) == bool(self.limit)
        return value is not None and _test(self.op, value, self._limit(signal))

    def is_about(self, signal: Signal) -> bool:
        """Whether the signal carries what is compared."""
        if self.op == "present":
            return True
        other = self.limit.field if isinstance(self.limit, OtherField) else self.field
        return value_of(signal, self.field) is not None and value_of(signal, other) is not None

    def on(self, phase: str) -> Condition:
        """The condition asked of one phase: `voltage.any` becomes `voltage.l1`."""
        limit = self.limit
        if isinstance(limit, OtherField):
            limit = OtherField(_on(limit.field, phase), limit.times)
        return Condition(_on(self.field, phase), self.op, limit)

    def _limit(self, signal: Signal) -> Any:
        if not isinstance(self.limit, OtherField):
            return self.limit
        other = number(value_of(signal, self.limit.field))
        return None if other is None else other * self.limit.times


@dataclass(frozen=True, slots=True)
class Pattern:
    """A kind of signal and the conditions that all must hold."""

    name: str
    kinds: tuple[str, ...]
    conditions: tuple[Condition, ...]

    def matches(self, signal: Signal) -> bool:
        """Whether the signal is of the kind and meets every condition; those on `.any` phase on one and the same."""
        if signal.kind not in self.kinds or not all(each.holds(signal) for each in self.conditions):
            return False
        if not self.is_phased:
            return True
        phased = [each for each in self.conditions if each.field.endswith(ANY)]
        return any(all(each.on(phase).holds(signal) for each in phased) for phase in PHASES)

    @property
    def is_phased(self) -> bool:
        """Whether it asks any phase, `voltage.any`, so that no look-up by field finds it."""
        return any(each.field.endswith(ANY) for each in self.conditions)

    def is_about(self, signal: Signal) -> bool:
        """Whether the signal could have met the pattern: of the kind, and it carries every field that is tested."""
        return signal.kind in self.kinds and all(each.is_about(signal) for each in self.conditions)


OWN: Mapping[str, Callable[[Signal], Scalar]] = {
    "connector": lambda signal: signal.connector,
    "layer": lambda signal: signal.layer,
    "charger": lambda signal: signal.charger,
    "marks": lambda signal: " ".join(signal.marks),
}


def value_of(signal: Signal, field: str) -> Scalar:
    """A field of the signal; `connector`, `layer` and `charger` are fields too, and `marks` as one text.

    `voltage.any` is what its phases say, as one text.
    """
    found = signal.fields.get(field)
    if found is not None:
        return found
    if field in OWN:
        return OWN[field](signal)
    return _of_phases(signal, field) if field.endswith(ANY) else None


def _of_phases(signal: Signal, field: str) -> str | None:
    said = ((phase, signal.fields.get(_on(field, phase))) for phase in PHASES)
    return ", ".join(f"{phase.upper()} {value}" for phase, value in said if value is not None) or None


def _on(field: str, phase: str) -> str:
    return field.removesuffix(ANY) + f".{phase}" if field.endswith(ANY) else field


def number(value: Scalar) -> float | None:
    """The value as a finite number, when it is one; truth values are none."""
    if type(value) is float:
        return value if isfinite(value) else None
    if isinstance(value, bool) or value is None or (isinstance(value, str) and value.lstrip()[:1] not in NUMERIC):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if isfinite(found) else None


def text_of(value: Scalar) -> str:
    """The value as text that can be searched: cut at LONGEST_TEXT, and free of halves of characters."""
    try:
        text = str(value)[:LONGEST_TEXT]
    except ValueError:  # a number of thousands of digits
        return ""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def searched(memory: int = 8 << 20) -> Any:
    """The options of every pattern: upper and lower case alike, no word to stderr, bounded memory."""
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = memory
    return options


def steps(pattern: str) -> int:
    """The size of a compiled pattern. re2.error if it is none, ValueError if it is too large."""
    size = int(re2.compile(pattern, options=searched()).programsize)
    if size > LARGEST_REGEX:
        raise ValueError(f"it takes {size:,} steps, and at most {LARGEST_REGEX:,} are run")
    return size


@lru_cache(maxsize=4096)
def regex(pattern: str) -> Callable[[bytes], bool]:
    """Whether a text in UTF-8 holds the pattern; raises as `steps` does.

    RE2 takes time in proportion to the text, whatever the pattern. A set of one answers in a fifth of the time of
    `search`, because it need not say where. Its automaton is built as texts come, within a memory that grows with the
    pattern: too little of it would fail in silence, so it is 2.5 times what RE2 asks for.
    """
    found = re2.Set.SearchSet(searched(FIXED_MEMORY + STEP_MEMORY * steps(pattern)))
    found.Add(pattern)
    found.Compile()
    return lambda text: bool(found.Match(text))


def _test(op: Op, value: Scalar, limit: Any) -> bool:
    if op in ORDER:
        left, right = number(value), number(limit)
        return left is not None and right is not None and ORDER[op](left, right)
    if op == "in":
        return any(same(value, each) for each in limit)
    if op in ("==", "!="):
        return same(value, limit) == (op == "==")
    text = text_of(value)
    if op == "matches":
        return regex(str(limit))(text.encode())
    return _TEXT[op](text.casefold(), str(limit).casefold())


_TEXT: Mapping[str, Callable[[str, str], bool]] = {"startswith": str.startswith, "contains": operator.contains}


def same(value: Scalar, wanted: Scalar) -> bool:
    """Equal as people read it: 1 and "1", "Faulted" and "faulted"; two texts are compared as texts, so 007 is not 7."""
    if not (isinstance(value, str) and isinstance(wanted, str)):
        left, right = number(value), number(wanted)
        if left is not None and right is not None:
            return left == right
    return text_of(value).casefold() == text_of(wanted).casefold()
