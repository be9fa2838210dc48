"""Version: firmware versions of every shape as numbers in order, and ranges such as `>=5.2,<6`."""

from __future__ import annotations

import operator
import re

_BOUND = re.compile(r"(<=|>=|==|!=|<|>)?\s*([\w.+-]+)")
_COMPARE = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip


def in_range(bounds: str, version: str) -> bool:
    """Whether a firmware such as `V1.17.9` lies in a range such as `>=1.2,<2`; each comma is an *and*."""
    return all(_bounded(bound, version) for bound in bounds.split(",") if bound.strip())


def is_range(bounds: str) -> bool:
    """Whether the text is a range of versions at all: bounds with numbers, joined with commas."""
    limits = [_BOUND.fullmatch(bound.strip()) for bound in bounds.split(",")]
    return all(limit is not None and parts(limit.group(2)) for limit in limits)


def overlap(one: str, other: str) -> bool:
    """Whether some version lies in both ranges."""
    limits = [found.group(2) for bound in f"{one},{other}".split(",") if (found := _BOUND.match(bound.strip()))]
    tried = ("0", *limits, *(f"{limit}.0.0.1" for limit in limits))  # the lowest, each limit, and just above each
    return any(in_range(one, each) and in_range(other, each) for each in tried)


def parts(version: str) -> tuple[int, ...]:
    """The numbers of a version, in order: `R1.02b` is (1, 2)."""
    return tuple(int(number[:18]) for number in re.findall(r"\d+", version)[:8])


def _bounded(bound: str, version: str) -> bool:
    found = _BOUND.match(bound.strip())
    if found is None:
        return False
    relation, limit = found.group(1) or "==", parts(found.group(2))
    given = parts(version)
    width = max(len(limit), len(given))
    return bool(_COMPARE[relation](_padded(given, width), _padded(limit, width)))


def _padded(numbers: tuple[int, ...], width: int) -> tuple[int, ...]:
    return numbers + (0,) * (width - len(numbers))
