"""Operators: what a rule's `when` may say about signals in event time. Values only; `window` runs them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class One:
    """The signal is seen."""

    name: str


@dataclass(frozen=True, slots=True)
class Sequence:
    """The signals are seen in this order, the last within a span of the first."""

    names: tuple[str, ...]
    within: timedelta
    any_connector: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """The signal is seen so often within a span; again at the earliest after that span."""

    name: str
    at_least: int
    within: timedelta
    any_connector: bool = False


@dataclass(frozen=True, slots=True)
class Sustained:
    """The signal holds that long; a signal that could have met the pattern and does not ends it.

    A status holds until the next one; of a kind that is sampled another matching sample must come.
    """

    name: str
    span: timedelta


@dataclass(frozen=True, slots=True)
class Absent:
    """After one signal another stays away that long."""

    name: str
    after: str
    span: timedelta
    any_connector: bool = False


@dataclass(frozen=True, slots=True)
class Changed:
    """A field of the signal has another value than the last time."""

    name: str
    field: str


@dataclass(frozen=True, slots=True)
class All:
    """Every part came true within a span."""

    parts: tuple[When, ...]
    within: timedelta
    any_connector: bool = False


@dataclass(frozen=True, slots=True)
class Any_:  # noqa: N801  # `Any` belongs to typing
    """One of the parts comes true."""

    parts: tuple[When, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Inside `all`: the part did not come true within its span."""

    part: When


When = One | Sequence | Count | Sustained | Absent | Changed | All | Any_ | Not
