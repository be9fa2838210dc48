"""How nested payloads become flat fields: dots for depth, a list's first element under the plain name too."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from chargelore.engine.signal import Scalar

MAX_DEPTH = 10
MAX_LIST = 16
MAX_FIELDS = 400


def flat(payload: Mapping[str, object], prefix: str = "") -> dict[str, Scalar]:
    """The payload as flat fields, bounded in depth, list length and number. Not-a-number becomes None."""
    fields: dict[str, Scalar] = {}
    for name, value in _leaves(payload, prefix, 0):
        if len(fields) >= MAX_FIELDS:
            break
        fields.setdefault(name, value)
    return fields


def clean(value: object) -> Scalar:
    """A scalar that every writer can print: no lone surrogates, no NaN."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if isinstance(value, int | float | bool) or value is None else str(value)


def _leaves(value: object, name: str, depth: int) -> Iterator[tuple[str, Scalar]]:
    if depth > MAX_DEPTH:
        return
    if isinstance(value, Mapping):
        for key, inner in value.items():
            plain = str(clean(str(key)))
            yield from _leaves(inner, f"{name}.{plain}" if name else plain, depth + 1)
    elif isinstance(value, list):
        yield from _elements(value, name, depth)
    else:
        yield name, clean(value)


def _elements(values: list[object], name: str, depth: int) -> Iterator[tuple[str, Scalar]]:
    for inner in values[:1]:
        yield from _leaves(inner, name, depth + 1)
    for index, inner in enumerate(values[:MAX_LIST]):
        yield from _leaves(inner, f"{name}[{index}]", depth + 1)
