"""JSON as a table: a list of objects, or one object a line, is rows whose columns are the objects' keys."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from chargelore.engine.decode.flat import flat
from chargelore.engine.decode.jsonish import mended, strict
from chargelore.engine.decode.logs.record import Line
from chargelore.engine.decode.logs.tables.columns import ROLE_OF, bare
from chargelore.engine.decode.logs.tables.grid import MAX_COLUMNS, Row
from chargelore.engine.decode.scan import START

MAX_DEPTH = 4
MAX_INNER = 50_000
MAX_RAW = 4_096
WHOLE = ("frame", "answer")  # what a payload says is one cell
RARE = (
    "errorCode",
    "vendorErrorCode",
    "vendorId",
    "info",
    "stopReason",
)  # that a sample may lack
ENOUGH = 0.8  # share of lines that are objects


@dataclass(frozen=True, slots=True)
class JsonLines:
    """Objects with these keys, one a line."""

    names: tuple[str, ...]
    delimiter: str = ":"

    def rows(self, lines: Iterator[Line]) -> Iterator[Row]:
        """A row for each object, and for each object in a list of it."""
        for line in lines:
            read = strict(line.text) if line.text.lstrip().startswith("{") else None
            read = read or (mended(line.text) if line.text.startswith("{") else None)
            if read is None or not isinstance(read.value, dict):
                if line.text.strip():
                    yield Row(line, (line.text,), line.text)
                continue
            for told in told_by(read.value):
                yield Row(line, cells_of(told, self.names), line.text)


class Objects(NamedTuple):
    """The objects of a document, as rows."""

    names: tuple[str, ...]
    rows: tuple[Row, ...]


def json_lines(sample: Sequence[str]) -> JsonLines | None:
    """The columns of a sample with one object a line; None where it is none, or where the lines hold frames."""
    said = [line for line in sample if line.strip()]
    if not said or any(START.search(line) for line in said):
        return None
    read = [strict(line.strip()) for line in said if line.lstrip().startswith("{")]
    objects = [each.value for each in read if each is not None and isinstance(each.value, dict)]
    if len(objects) < ENOUGH * max(len(said) - 1, 1) or not objects:
        return None
    names = _names([told for each in objects for told in told_by(each)])
    return JsonLines((*names, *(each for each in RARE if each not in names)))


def objects_of(value: object) -> Objects:
    """The rows of a document: of the list of objects in it, or of the object that it is."""
    inner = _unwrapped(value, 0)
    found = [each for each in inner if isinstance(each, Mapping)] if isinstance(inner, list) else [inner]
    told = [row for each in found[:MAX_INNER] if isinstance(each, Mapping) for row in told_by(each)]
    names = _names(told[:1000])
    rows = (
        Row(Line(number, ""), cells_of(each, names), json.dumps(each, ensure_ascii=False, default=str)[:MAX_RAW])
        for number, each in enumerate(told, 1)
    )
    return Objects(names, tuple(rows))


def _unwrapped(value: object, depth: int) -> object:
    """What is inside an envelope, `{"result": {"items": […]}}`."""
    if isinstance(value, Mapping) and depth < MAX_DEPTH and not any(map(_is_list_of_objects, value.values())):
        inner = [_unwrapped(each, depth + 1) for each in value.values() if isinstance(each, Mapping)]
        return next((each for each in inner if _holds_objects(each)), value)
    return value


def _holds_objects(value: object) -> bool:
    return _is_list_of_objects(value) or (isinstance(value, Mapping) and any(map(_is_list_of_objects, value.values())))


def told_by(value: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    """One row for each object in the object's lists, with what stands around it; the object itself without such."""
    lists = {key: each for key, each in value.items() if _is_list_of_objects(each)}
    around = {key: each for key, each in value.items() if key not in lists}
    if not lists or "sampledValue" in lists:
        yield value
        return
    for key, inner in lists.items():
        for each in inner if isinstance(inner, list) else ():
            yield from told_by({**around, **{f"{key}.{name}": told for name, told in each.items()}})


def _is_list_of_objects(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, dict) for each in value)


def _names(told: Sequence[Mapping[str, object]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for each in told for name in _flat(each)))[:MAX_COLUMNS]


def cells_of(told: Mapping[str, object], names: Sequence[str]) -> tuple[str, ...]:
    """The object's values in the order of the names, as texts."""
    said = _flat(told)
    return tuple(_text(said.get(name)) for name in names)


def _flat(told: Mapping[str, object]) -> dict[str, object]:
    """Flat fields; a list stays whole, as it would in a cell."""
    out: dict[str, object] = {}
    for name, value in told.items():
        if isinstance(value, Mapping) and ROLE_OF.get(bare(name)) not in WHOLE:
            out.update(flat(value, name))
        else:
            out[name] = value
    return out


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else str(value)
