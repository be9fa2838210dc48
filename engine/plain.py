"""Plain: values of the engine as JSON and back. Classes go by name with the names of their fields; nothing is executed.

What stands in many places, such as a signal, is written once, and is one object again when it is read back.
"""

from __future__ import annotations

import dataclasses
import json
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from math import isfinite
from typing import Any, TypeVar

from chargelore.kb.errors import EngineError

LAYOUT = 1
KIND, OF = "~", "of"  # of what is no plain JSON: what it is, and what it is made of
ONCE = "once"
BROKEN = (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, OverflowError)

Value = TypeVar("Value")


class Shelf:
    """The classes that may be written; those in `once` are written once, however often they are met."""

    def __init__(self, classes: Iterable[type], once: Iterable[type] = ()) -> None:
        self._once = tuple(once)
        self._fields = {each: _fields(each) for each in (*classes, *self._once)}
        self._by_name = {_name(each): each for each in self._fields}
        self._names = {_name(each): list(fields) for each, fields in self._fields.items()}

    def written(self, value: object) -> str:
        """The value as JSON in ASCII. TypeError for a class that is not on the shelf."""
        writing = _Writing(self._fields, self._once)
        told = writing.plain(value)
        return json.dumps({"layout": LAYOUT, "fields": self._names, "once": writing.made, "value": told})

    def read(self, text: str | bytes, wanted: type[Value]) -> Value:
        """The value again. EngineError when the text is none of ours, cut, or of another layout."""
        try:
            told = json.loads(text)
            if told["layout"] != LAYOUT or told["fields"] != self._names:
                raise _broken("was written by another version")
            value = _Reading(self._by_name, self._names, told["once"]).value(told["value"])
        except BROKEN as error:
            raise _broken(f"cannot be read ({type(error).__name__})") from error
        if not isinstance(value, wanted):
            raise _broken(f"holds no {wanted.__name__}")
        return value


def _broken(what: str) -> EngineError:
    return EngineError(f"what was remembered {what}", mend="begin without it")


def _name(kind: type) -> str:
    """`network.State`; two modules may have classes of one name."""
    return f"{kind.__module__.rpartition('.')[2]}.{kind.__name__}"


def _fields(kind: Any) -> tuple[str, ...]:
    if dataclasses.is_dataclass(kind):
        return tuple(each.name for each in dataclasses.fields(kind))
    return tuple(getattr(kind, "__struct_fields__", ()) or kind._fields)


class _Writing:
    """One value on its way to JSON."""

    def __init__(self, fields: Mapping[type, tuple[str, ...]], once: tuple[type, ...]) -> None:
        self._fields, self._once = fields, once
        self._places: dict[int, int] = {}
        self._held: list[object] = []  # keeps ids from being used again
        self.made: list[object] = []

    def plain(self, value: Any) -> Any:
        """The value as what JSON knows."""
        kind = type(value)
        if value is None or kind in (str, int, bool) or (kind is float and isfinite(value)):
            return value
        if kind is tuple:
            return [self.plain(each) for each in value]
        if kind in self._once:
            return {KIND: ONCE, OF: self._place(value)}
        if kind in self._fields:
            return self._record(value)
        name, parts = WRITERS[kind](value)
        return {KIND: name, OF: self.plain(parts)}

    def _record(self, value: Any) -> dict[str, object]:
        kind = type(value)
        return {KIND: _name(kind), OF: [self.plain(getattr(value, name)) for name in self._fields[kind]]}

    def _place(self, value: Any) -> int:
        place = self._places.get(id(value))
        if place is None:
            place = self._places[id(value)] = len(self.made)
            self._held.append(value)
            self.made.append(None)
            self.made[place] = self._record(value)
        return place


class _Reading:
    """JSON on its way to one value."""

    def __init__(self, classes: Mapping[str, type], fields: Mapping[str, list[str]], once: list[Any]) -> None:
        self._classes, self._fields, self._told = classes, fields, once
        self._made: dict[int, object] = {}

    def value(self, told: Any) -> Any:
        """What was written."""
        if isinstance(told, list):
            return tuple(self.value(each) for each in told)
        if not isinstance(told, dict):
            return told
        kind, parts = told[KIND], told[OF]
        if kind == ONCE:
            if parts not in self._made:
                self._made[parts] = self.value(self._told[parts])
            return self._made[parts]
        if kind in self._classes:
            values = map(self.value, parts)
            return self._classes[kind](**dict(zip(self._fields[kind], values, strict=True)))
        return READERS[kind](self.value(parts))


WRITERS: Mapping[type, Callable[[Any], tuple[str, Any]]] = {
    datetime: lambda value: ("at", value.isoformat()),
    timedelta: lambda value: ("span", (value.days, value.seconds, value.microseconds)),
    float: lambda value: ("float", str(value)),
    dict: lambda value: ("map", tuple(value.items())),
    Counter: lambda value: ("counter", tuple(value.items())),
    list: lambda value: ("list", tuple(value)),
    deque: lambda value: ("deque", (value.maxlen, tuple(value))),
    set: lambda value: ("set", tuple(sorted(value))),
    frozenset: lambda value: ("frozenset", tuple(sorted(value, key=repr))),
}
READERS: Mapping[str, Callable[[Any], Any]] = {
    "at": datetime.fromisoformat,
    "span": lambda parts: timedelta(*parts),
    "float": float,
    "map": dict,
    "counter": lambda pairs: Counter(dict(pairs)),
    "list": list,
    "deque": lambda parts: deque(parts[1], maxlen=parts[0]),
    "set": set,
    "frozenset": frozenset,
}
