"""Scope: whether a statement about a maker, a model or a firmware applies to the charger in front of us."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import Literal

from chargelore.engine.case import Charger
from chargelore.kb.model import Scope
from chargelore.kb.version import in_range

Fit = Literal["inside", "general", "unsure", "outside"]


def fit(scope: Scope, charger: Charger) -> Fit:
    """`inside` when every stated limit holds, `unsure` when the charger has not said, `outside` when one is broken.

    No charger says its hardware revision or its region, so a limit to either leaves us unsure.
    """
    tests = [
        _holds(scope.vendor, charger.vendor, matches_name),
        _holds(scope.model, charger.model, matches_name),
        _holds(scope.firmware, charger.firmware, in_range),
        _holds(scope.hardware, "", matches_name),
        _holds(scope.region, "", matches_name),
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
