"""Scope: whether a statement about a maker, a model, a firmware or a place applies to the charger in front of us."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import Literal, NamedTuple

from chargelore.engine.case import Charger
from chargelore.engine.grammar.rulefile import AC, DC, RuleScope
from chargelore.kb.model import Scope
from chargelore.kb.version import in_range

Fit = Literal["inside", "general", "unsure", "outside"]
EITHER = frozenset({"nacs"})  # one shape for AC and DC, so nobody knows which of the two it carries


class Spot(NamedTuple):
    """Where a charger stands, and of which type each of its connectors is, as far as a places file says."""

    site: str = ""
    feeder: str = ""
    connectors: tuple[tuple[int, str], ...] = ()


UNPLACED = Spot()


def fit(scope: Scope, charger: Charger) -> Fit:
    """`inside` when every stated limit holds, `unsure` when the charger has not said, `outside` when one is broken.

    No charger says its hardware revision or its region, so a limit to either leaves us unsure.
    """
    return _joined([*_who(scope, charger)])


def fit_at(scope: RuleScope, charger: Charger, spot: Spot = UNPLACED, connector: int | None = None) -> Fit:
    """As `fit`, of a scope that also says where: on which site, feeder and type of connector."""
    where = [_holds(scope.site, spot.site, matches_name), _holds(scope.feeder, spot.feeder, matches_name)]
    return _joined([*_who(scope, charger), *where, _on_connector(scope.plugs, spot, connector)])


def _who(scope: Scope, charger: Charger) -> list[Fit]:
    return [
        _holds(scope.vendor, charger.vendor, matches_name),
        _holds(scope.model, charger.model, matches_name),
        _holds(scope.firmware, charger.firmware, in_range),
        _holds(scope.hardware, "", matches_name),
        _holds(scope.region, "", matches_name),
    ]


def _on_connector(plugs: frozenset[str], spot: Spot, connector: int | None) -> Fit:
    """What speaks for the whole charger speaks for each of its connectors, so one that fits is enough."""
    if not plugs:
        return "general"
    types = {plug for number, plug in spot.connectors if connector in (None, 0, number)}
    if types & plugs:
        return "inside"
    return "unsure" if not types or (types & EITHER and not plugs.isdisjoint((*AC, *DC))) else "outside"


def _joined(tests: list[Fit]) -> Fit:
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
