"""Operators: what a rule's `when` may say about signals in event time. Values only; `window` runs them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
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


@dataclass(frozen=True, slots=True)
class Chargers:
    """In a rule over a site or feeder: its part comes true on so many different chargers within a span.

    `at_least` is None for every charger that the places file names there. `name` is what the part is called where
    all chargers are heard together.
    """

    part: When
    at_least: int | None
    within: timedelta
    name: str


When = One | Sequence | Count | Sustained | Absent | Changed | All | Any_ | Not | Chargers


def below(when: When) -> tuple[When, ...]:
    """The operators right below one, without those that hear each charger for itself."""
    if isinstance(when, All | Any_):
        return when.parts
    return (when.part,) if isinstance(when, Not) else ()


def shared(when: When) -> When:
    """What a rule over a site or feeder asks of all chargers together: each `chargers:` asks for its part by name."""
    if isinstance(when, Chargers):
        return replace(when, part=One(when.name))
    if isinstance(when, All | Any_):
        return replace(when, parts=tuple(shared(each) for each in when.parts))
    return Not(shared(when.part)) if isinstance(when, Not) else when


def crowds(when: When) -> Iterator[Chargers]:
    """Every `chargers:` of a rule."""
    if isinstance(when, Chargers):
        yield when
    for each in below(when):
        yield from crowds(each)


def heard_together(when: When) -> Iterator[str]:
    """The signals of which a rule over a site or feeder hears every one, whichever charger it comes from."""
    if isinstance(when, Sequence):
        yield from when.names
    elif isinstance(when, Absent):
        yield from (when.name, when.after)
    elif isinstance(when, One | Count):
        yield when.name
    for each in below(when):
        yield from heard_together(each)
