"""Rule when: `when:` of a rule as written becomes a tree of operators, its names, spans and counts checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Literal

from chargelore.engine.grammar.condition import Pattern
from chargelore.engine.grammar.operators import (
    Absent,
    All,
    Any_,
    Changed,
    Chargers,
    Count,
    Not,
    One,
    Sequence,
    Sustained,
    When,
)
from chargelore.engine.units import LONGEST, span
from chargelore.kb.errors import RuleError
from chargelore.kb.yamlfile import Document, Trail

MOST_COUNTED = 500  # so many signals a charger keeps in memory for one count
MOST_PARTS = 8
TOGETHER = timedelta(hours=1)  # the span of an `all` that names none
EVERY = "all"
ON_ONE = "what must be on one charger belongs into `chargers:`"
NOT_ALONE = "put it inside `all:` beside something that must happen; or use `absent`"

# What each operator is written with, and in which shape; the JSON Schema of rules is made of it.
Shape = Literal["name", "names", "field", "span", "whole", "many", "parts", "part", "same"]
KEYS: Mapping[str, Mapping[str, Shape]] = {
    "signal": {"signal": "name"},
    "sequence": {"sequence": "names", "within": "span", "same": "same"},
    "count": {"count": "name", "at_least": "whole", "within": "span", "same": "same"},
    "rate": {"rate": "name", "over": "span", "above": "whole", "same": "same"},
    "sustained": {"sustained": "name", "for": "span"},
    "absent": {"absent": "name", "after": "name", "for": "span", "same": "same"},
    "changed": {"changed": "field"},
    "all": {"all": "parts", "within": "span", "same": "same"},
    "any": {"any": "parts"},
    "not": {"not": "part"},
    "chargers": {"chargers": "part", "at_least": "many", "within": "span"},
}
OPTIONAL = frozenset({("all", "within"), *((word, "same") for word in KEYS)})


def when(body: Any, known: Mapping[str, Pattern], document: Document, *, across: bool = False) -> When:
    """The operator tree of a rule; with `across` it hears all chargers of a site or feeder together."""
    made = _made(body, _Read(known, document, across), ("when",))
    if isinstance(made, Not):
        raise RuleError("`not` stands alone", where=document.place(("when",)), mend=NOT_ALONE)
    return made


@dataclass(frozen=True, slots=True)
class _Read:
    """What operators may speak of: the signals of the rule, of one charger or of all of a place."""

    known: Mapping[str, Pattern]
    document: Document
    across: bool


def _made(body: Any, read: _Read, trail: Trail) -> When:
    document = read.document
    if not isinstance(body, dict):
        raise RuleError(
            "is no operator", where=document.place(trail), mend="write `{signal: name}`, `{count: …}` or another"
        )
    for word, make in MAKERS.items():
        if word in body:
            written = _Written(body, read, trail)
            written.only(*KEYS[word])
            return make(written)
    mend = f"use one of {', '.join(MAKERS)}"
    raise RuleError(f"knows no operator in {sorted(map(str, body))}", where=document.place(trail), mend=mend)


class _Written:
    """One operator as written; hands out its parts checked. Lives while a rule is loaded."""

    def __init__(self, body: Mapping[str, Any], read: _Read, trail: Trail) -> None:
        self.body, self.read, self.trail = body, read, trail
        self.known, self.document = read.known, read.document

    def only(self, *keys: str) -> None:
        """Refuse keys that the operator does not have."""
        for key in self.body:
            if key not in keys:
                raise self.error(f"`{key}` does not belong here", key, f"the keys are {', '.join(keys)}")

    def name(self, key: str) -> str:
        """The name of a signal of this rule."""
        name = self.body.get(key)
        if not isinstance(name, str) or name not in self.known:
            raise self.error(f"{name} is not among the signals", key, f"use one of {', '.join(self.known)}")
        return name

    def names(self, key: str) -> tuple[str, ...]:
        """Two or more names of signals."""
        listed = self.body[key]
        if not isinstance(listed, list) or len(listed) < 2:
            raise self.error("needs two or more of the signals", key, f"choose from {', '.join(self.known)}")
        for each in listed:
            if not isinstance(each, str) or each not in self.known:
                raise self.error(f"{each} is not among the signals", key, f"choose from {', '.join(self.known)}")
        return tuple(listed)

    def span(self, key: str) -> timedelta:
        """A span of time."""
        found = span(self.body.get(key))
        if found is None:
            raise self.error(
                f"{self.body.get(key)!r} is no span of time", key, f"write 30s, 10m, 2h or 1d, at most {LONGEST.days}d"
            )
        return found

    def whole(self, key: str) -> int:
        """A whole number from 1 to MOST_COUNTED."""
        value = self.body.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MOST_COUNTED:
            raise self.error(f"{value!r} is no count", key, f"write a whole number from 1 to {MOST_COUNTED}")
        return value

    def parts(self, key: str) -> tuple[When, ...]:
        """The two or more operators below this one."""
        listed = self.body[key]
        if not isinstance(listed, list) or not 2 <= len(listed) <= MOST_PARTS:
            raise self.error(f"`{key}` has no 2 to {MOST_PARTS} parts", key, "write a list of operators")
        return tuple(_made(each, self.read, (*self.trail, key, place)) for place, each in enumerate(listed))

    def part(self, key: str) -> When:
        """The one operator below this one."""
        return _made(self.body[key], self.read, (*self.trail, key))

    def on_each(self, key: str) -> When:
        """The one operator below this one, which hears each charger for itself."""
        if not self.read.across:
            raise self.error(
                "a rule on one charger counts no chargers", key, "write `across: feeder` or `across: site`"
            )
        return _made(self.body[key], replace(self.read, across=False), (*self.trail, key))

    def many(self, key: str) -> int | None:
        """A whole number from 2, or None for `all`."""
        if self.body.get(key) == EVERY:
            return None
        if self.body.get(key) == 1:
            raise self.error("one charger is not several", key, "write 2 or more, `all`, or a rule without `across`")
        return self.whole(key)

    def only_on_one(self, key: str) -> None:
        """Refuse what makes sense on one charger alone."""
        if self.read.across:
            raise self.error(f"`{key}` cannot be heard over several chargers", key, ON_ONE)

    def any_connector(self) -> bool:
        """Whether signals of different connectors may combine; those of different chargers always do."""
        if self.read.across and "same" in self.body:
            raise self.error("`same` stands in a rule over several chargers", "same", ON_ONE)
        same = self.body.get("same", "connector")
        if same not in ("connector", "charger"):
            raise self.error(f"{same!r} is nothing that signals can share", "same", "write `connector` or `charger`")
        return self.read.across or same == "charger"

    def error(self, what: str, key: str, mend: str) -> RuleError:
        return RuleError(what, where=self.document.place((*self.trail, key)), mend=mend)


def _one(written: _Written) -> One:
    return One(written.name("signal"))


def _sequence(written: _Written) -> Sequence:
    return Sequence(written.names("sequence"), written.span("within"), written.any_connector())


def _count(written: _Written) -> Count:
    return Count(written.name("count"), written.whole("at_least"), written.span("within"), written.any_connector())


def _rate(written: _Written) -> Count:
    return Count(written.name("rate"), written.whole("above") + 1, written.span("over"), written.any_connector())


def _sustained(written: _Written) -> Sustained:
    written.only_on_one("sustained")
    return Sustained(written.name("sustained"), written.span("for"))


def _absent(written: _Written) -> Absent:
    return Absent(written.name("absent"), written.name("after"), written.span("for"), written.any_connector())


def _changed(written: _Written) -> Changed:
    written.only_on_one("changed")
    name, _, field = str(written.body["changed"]).partition(".")
    if name not in written.known or not field:
        raise written.error("must name a signal and its field", "changed", "write `boot.firmware`")
    return Changed(name, field)


def _all(written: _Written) -> All:
    parts = written.parts("all")
    if all(isinstance(part, Not) for part in parts):
        raise written.error("nothing in `all` must happen", "all", NOT_ALONE)
    span = written.span("within") if "within" in written.body else TOGETHER
    return All(parts, span, written.any_connector())


def _any(written: _Written) -> Any_:
    parts = written.parts("any")
    if any(isinstance(part, Not) for part in parts):
        raise written.error("`not` stands in `any`", "any", NOT_ALONE)
    return Any_(parts)


def _not(written: _Written) -> Not:
    part = written.part("not")
    if isinstance(part, Not):
        raise written.error("`not` of `not`", "not", "leave both out")
    return Not(part)


def _chargers(written: _Written) -> Chargers:
    part = written.on_each("chargers")
    if isinstance(part, Not):
        raise written.error("`not` stands alone", "chargers", NOT_ALONE)
    name = "#" + ".".join(map(str, written.trail))
    return Chargers(part, written.many("at_least"), written.span("within"), name)


MAKERS: Mapping[str, Callable[[_Written], When]] = {
    "signal": _one,
    "sequence": _sequence,
    "count": _count,
    "rate": _rate,
    "sustained": _sustained,
    "absent": _absent,
    "changed": _changed,
    "all": _all,
    "any": _any,
    "not": _not,
    "chargers": _chargers,
}
