"""Scope: whether a statement about a maker, a model or a firmware applies to the charger in front of us."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import Literal

from chargelore.engine.case import Charger
from chargelore.kb.model import Scope

Fit = Literal["inside", "general", "unsure", "outside"]

_BOUND = re.compile(r"(<=|>=|==|!=|<|>)?\s*([\w.+-]+)")
_COMPARE = {
    "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b, "==": lambda a, b: a == b, "!=": lambda a, b: a != b,
}  # fmt: skip


def fit(scope: Scope, charger: Charger) -> Fit:
    """`inside` when every stated limit holds, `unsure` when the charger has not said, `outside` when one is broken."""
    tests = [
        _holds(scope.vendor, charger.vendor, matches_name),
        _holds(scope.model, charger.model, matches_name),
        _holds(scope.firmware, charger.firmware, in_range),
    ]
    if "outside" in tests:
        return "outside"
    if "unsure" in tests:
        return "unsure"
    return "inside" if "inside" in tests else "general"


def _holds(wanted: str, given: str, test: object) -> Fit:
    if not wanted:
        return "general"
    if not given:
        return "unsure"
    assert callable(test)  # noqa: S101  # both tests are defined below
    return "inside" if test(wanted, given) else "outside"


def matches_name(pattern: str, name: str) -> bool:
    """Makers write their names in many ways: case, blanks and punctuation do not count, `*` stands for anything."""
    return fnmatchcase(_bare(name), _bare(pattern) + "*")


def _bare(name: str) -> str:
    return re.sub(r"[^a-z0-9*]", "", name.lower())


def in_range(bounds: str, version: str) -> bool:
    """Whether a firmware such as `V1.17.9` lies in a range such as `>=1.2,<2`; each comma is an *and*."""
    return all(_bounded(bound, version) for bound in bounds.split(",") if bound.strip())


def _bounded(bound: str, version: str) -> bool:
    found = _BOUND.match(bound.strip())
    if found is None:
        return False
    relation, limit = found.group(1) or "==", parts(found.group(2))
    given = parts(version)
    width = max(len(limit), len(given))
    return bool(_COMPARE[relation](_padded(given, width), _padded(limit, width)))


def parts(version: str) -> tuple[int, ...]:
    """The numbers of a version, in order: `R1.02b` is (1, 2)."""
    return tuple(int(number) for number in re.findall(r"\d+", version)[:8])


def _padded(numbers: tuple[int, ...], width: int) -> tuple[int, ...]:
    return numbers + (0,) * (width - len(numbers))
