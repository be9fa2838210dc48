"""How nested payloads become flat fields: dots for depth, a list's first element under the plain name too."""

from __future__ import annotations

import math
from collections.abc import Mapping

from chargelore.engine.signal import Scalar

MAX_DEPTH = 10
MAX_LIST = 16
MAX_FIELDS = 400


def flat(payload: Mapping[str, object], prefix: str = "") -> dict[str, Scalar]:
    """The payload as flat fields, bounded in depth, list length and number. Not-a-number becomes None."""
    fields: dict[str, Scalar] = {}
    _put(fields, payload, prefix, 0)
    return fields


def clean(value: object) -> Scalar:
    """A scalar that every writer can print: no lone surrogates, no NaN."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if isinstance(value, int) or value is None else str(value)


def _put(fields: dict[str, Scalar], value: object, name: str, depth: int) -> None:
    """Puts a value under its name, what it holds under longer ones. Of two with one name the first stays."""
    if depth > MAX_DEPTH or len(fields) >= MAX_FIELDS:
        return
    if type(value) is str:
        fields.setdefault(name, value if value.isascii() else clean(value))
    elif type(value) is dict or isinstance(value, Mapping):
        for key, inner in value.items():
            plain = key if type(key) is str and key.isascii() else str(clean(str(key)))
            _put(fields, inner, f"{name}.{plain}" if name else plain, depth + 1)
    elif isinstance(value, list):
        _put_elements(fields, value, name, depth)
    else:
        fields.setdefault(name, clean(value))


def _put_elements(fields: dict[str, Scalar], values: list[object], name: str, depth: int) -> None:
    for inner in values[:1]:
        _put(fields, inner, name, depth + 1)
    for index, inner in enumerate(values[:MAX_LIST]):
        _put(fields, inner, f"{name}[{index}]", depth + 1)
