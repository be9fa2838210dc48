"""Rule parts: `signals:` and `when:` of a rule as written become patterns and operators, units and names checked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, cast, get_args

from chargelore.engine.condition import Condition, Limit, Op, OtherField, Pattern, regex
from chargelore.engine.operators import Absent, All, Any_, Changed, Count, Not, One, Sequence, Sustained, When
from chargelore.engine.signal import KINDS, Scalar
from chargelore.engine.units import LONGEST, quantity, span, unit_of
from chargelore.kb.errors import RuleError
from chargelore.kb.yamlfile import Document, Trail

LONGEST_REGEX = 4_000
MOST_SIGNALS = 8
OPS = frozenset(get_args(Op))
_A_NUMBER = re.compile(r"[-+]?\d")


def patterns(signals: Mapping[str, Any], document: Document) -> dict[str, Pattern]:
    """The patterns of a rule by their names."""
    if not 1 <= len(signals) <= MOST_SIGNALS:
        raise RuleError(
            f"names {len(signals)} signals", where=document.place(("signals",)), mend=f"name 1 to {MOST_SIGNALS}"
        )
    return {name: _pattern(name, body, document) for name, body in signals.items()}


def _pattern(name: str, body: Any, document: Document) -> Pattern:
    trail: Trail = ("signals", name)
    if not isinstance(body, dict) or "kind" not in body:
        raise RuleError(f"`{name}` has no kind", where=document.place(trail), mend="write `{kind: status, …}`")
    kinds = body["kind"] if isinstance(body["kind"], list) else [body["kind"]]
    for kind in kinds:
        if kind not in KINDS:
            raise RuleError(
                f"{kind} is no kind of signal",
                where=document.place((*trail, "kind")),
                mend=f"use one of {', '.join(KINDS)}",
            )
    tests = (
        each for field, value in body.items() if field != "kind" for each in _conditions(field, value, document, trail)
    )
    return Pattern(name, tuple(kinds), tuple(tests))


def _conditions(field: str, value: Any, document: Document, trail: Trail) -> Iterator[Condition]:
    place = (*trail, field)
    if isinstance(value, list):
        yield Condition(field, "in", tuple(_scalar(field, each, document, place) for each in value))
        return
    if not isinstance(value, dict):
        yield Condition(field, "==", _limit(field, value, document, place))
        return
    for op, limit in value.items():
        if op not in OPS:
            raise RuleError(
                f"{op} is no test", where=document.place((*place, op)), mend=f"use one of {' '.join(sorted(OPS))}"
            )
        yield _condition(field, cast(Op, op), limit, document, (*place, op))


def _condition(field: str, op: Op, limit: Any, document: Document, place: Trail) -> Condition:
    if op == "matches":
        _check_regex(str(limit), document, place)
        return Condition(field, op, str(limit))
    if op == "in":
        if not isinstance(limit, list):
            raise RuleError("`in` needs a list", where=document.place(place), mend="write `[a, b]`")
        return Condition(field, op, tuple(limit))
    return Condition(field, op, _limit(field, limit, document, place))


def _check_regex(pattern: str, document: Document, place: Trail) -> None:
    if len(pattern) > LONGEST_REGEX:
        raise RuleError(
            f"is {len(pattern)} characters long", where=document.place(place), mend=f"keep it below {LONGEST_REGEX}"
        )
    try:
        regex(pattern)
    except Exception as cause:  # re2 raises its own error class, which some builds do not export
        raise RuleError(
            f"is no pattern that RE2 knows: {cause}",
            where=document.place(place),
            mend="no look-around, no back references",
        ) from cause


def _limit(field: str, value: Any, document: Document, place: Trail) -> Limit:
    if isinstance(value, dict) and "field" in value:
        return OtherField(str(value["field"]), float(value.get("times", 1)))
    if isinstance(value, str) and value.startswith("$"):
        return OtherField(value[1:])
    if isinstance(value, dict | list):
        raise RuleError(
            "is no value", where=document.place(place), mend="write a word, a number with its unit, or `$field`"
        )
    return _measured(field, value, document, place) if isinstance(value, str) else value


def _scalar(field: str, value: Any, document: Document, place: Trail) -> Scalar:
    """A plain value; a list holds no references to other fields."""
    found = _limit(field, value, document, place)
    if isinstance(found, OtherField | tuple):
        raise RuleError("a list holds plain values only", where=document.place(place), mend="write words or numbers")
    return found


def _measured(field: str, value: str, document: Document, place: Trail) -> Scalar:
    """A number with a unit in the unit that the field carries; any other text as it is."""
    unit = unit_of(field)
    if not unit or not _A_NUMBER.match(value):
        return value
    found = quantity(value)
    if found is None or found[1] not in ("", unit):
        raise RuleError(f"{value!r} is no value for {field}", where=document.place(place), mend=f"give it in {unit}")
    return found[0]


def when(body: Any, known: Mapping[str, Pattern], document: Document, trail: Trail) -> When:
    """The operator tree of a rule."""
    if not isinstance(body, dict):
        raise RuleError(
            "is no operator", where=document.place(trail), mend="write `{signal: name}`, `{count: …}` or another"
        )
    for word, make in _MAKERS.items():
        if word in body:
            return cast(When, make(_Written(body, known, document, trail)))
    mend = f"use one of {', '.join(_MAKERS)}"
    raise RuleError(f"knows no operator in {sorted(map(str, body))}", where=document.place(trail), mend=mend)


class _Written:
    """One operator as written; hands out its parts checked. Lives while a rule is loaded."""

    def __init__(self, body: Mapping[str, Any], known: Mapping[str, Pattern], document: Document, trail: Trail) -> None:
        self.body, self.known, self.document, self.trail = body, known, document, trail

    def only(self, *keys: str) -> None:
        """Refuse keys that the operator does not have."""
        for key in self.body:
            if key not in (*keys, "same"):
                raise self.error(f"`{key}` does not belong here", key, f"the keys are {', '.join(keys)}")

    def name(self, key: str) -> str:
        """The name of a signal of this rule."""
        name = self.body.get(key)
        if name not in self.known:
            raise self.error(f"{name} is not among the signals", key, f"use one of {', '.join(self.known)}")
        return str(name)

    def names(self, key: str) -> tuple[str, ...]:
        """Two or more names of signals."""
        listed = self.body[key]
        if not isinstance(listed, list) or len(listed) < 2 or any(each not in self.known for each in listed):
            raise self.error("needs two or more of the signals", key, f"choose from {', '.join(self.known)}")
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
        """A whole number from 1 to 10,000."""
        value = self.body.get(key)
        if not isinstance(value, int) or not 1 <= value <= 10_000:
            raise self.error(f"{value!r} is no count", key, "write a whole number from 1 to 10000")
        return value

    def parts(self, key: str) -> tuple[When, ...]:
        """The operators below this one."""
        listed = self.body[key] if isinstance(self.body[key], list) else [self.body[key]]
        return tuple(
            when(each, self.known, self.document, (*self.trail, key, place)) for place, each in enumerate(listed)
        )

    def any_connector(self) -> bool:
        """Whether signals of different connectors may combine."""
        return self.body.get("same") == "charger"

    def error(self, what: str, key: str, mend: str) -> RuleError:
        return RuleError(what, where=self.document.place((*self.trail, key)), mend=mend)


def _one(written: _Written) -> One:
    written.only("signal")
    return One(written.name("signal"))


def _sequence(written: _Written) -> Sequence:
    written.only("sequence", "within")
    return Sequence(written.names("sequence"), written.span("within"), written.any_connector())


def _count(written: _Written) -> Count:
    written.only("count", "at_least", "within")
    return Count(written.name("count"), written.whole("at_least"), written.span("within"), written.any_connector())


def _rate(written: _Written) -> Count:
    written.only("rate", "over", "above")
    return Count(written.name("rate"), written.whole("above") + 1, written.span("over"), written.any_connector())


def _sustained(written: _Written) -> Sustained:
    written.only("sustained", "for")
    return Sustained(written.name("sustained"), written.span("for"))


def _absent(written: _Written) -> Absent:
    written.only("absent", "after", "for")
    return Absent(written.name("absent"), written.name("after"), written.span("for"), written.any_connector())


def _changed(written: _Written) -> Changed:
    written.only("changed")
    name, _, field = str(written.body["changed"]).partition(".")
    if name not in written.known or not field:
        raise written.error("must name a signal and its field", "changed", "write `boot.firmware`")
    return Changed(name, field)


def _all(written: _Written) -> All:
    written.only("all", "within")
    return All(written.parts("all"), written.span("within") if "within" in written.body else timedelta(hours=1))


def _any(written: _Written) -> Any_:
    written.only("any")
    return Any_(written.parts("any"))


def _not(written: _Written) -> Not:
    written.only("not")
    return Not(written.parts("not")[0])


_MAKERS = {
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
}
