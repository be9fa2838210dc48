"""Concern: whether a rule concerns a charger and one of its connectors, and with which values of its parameters."""

from __future__ import annotations

from typing import Literal

from chargelore.engine.case import Charger
from chargelore.engine.grammar.parameter import Choice, Chosen, Parameter
from chargelore.engine.grammar.rule import SignalRule
from chargelore.engine.grammar.rulefile import ANYWHERE, RuleScope
from chargelore.engine.scope import Fit, Spot, fit_at

Concern = Literal["here", "elsewhere", "nowhere"]
FITS: frozenset[Fit] = frozenset({"inside", "general"})


def concern(rule: SignalRule, charger: Charger, spot: Spot, connector: int | None) -> Concern:
    """`here` when it concerns the connector (None: the whole charger), `elsewhere` when only others of the charger."""
    if rule.applies_to == ANYWHERE and not rule.parameters:
        return "here"
    if connector and _is_here(rule, charger, spot, connector):
        return "here"
    places = (None, *(number for number, _ in spot.connectors))
    if any(_is_here(rule, charger, spot, each) for each in places):
        return "elsewhere" if connector else "here"
    return "nowhere"


def _is_here(rule: SignalRule, charger: Charger, spot: Spot, connector: int | None) -> bool:
    return (
        fit_at(rule.applies_to, charger, spot, connector) in FITS
        and chosen(rule.parameters, charger, spot, connector) == rule.chosen
    )


def chosen(known: tuple[Parameter, ...], charger: Charger, spot: Spot, connector: int | None) -> Chosen:
    """For each parameter the place of its value; of several that fit the most specific, of equals the first."""
    return tuple(_place(each.by, charger, spot, connector) for each in known)


def _place(by: tuple[Choice, ...], charger: Charger, spot: Spot, connector: int | None) -> int:
    fitting = [place for place, each in enumerate(by, 1) if fit_at(each.scope, charger, spot, connector) == "inside"]
    return max(fitting, key=lambda place: (specific(by[place - 1].scope), -place), default=0)


def specific(scope: RuleScope) -> tuple[int, ...]:
    """How narrow a scope is: a firmware counts most, then the letters of a model, then of a maker, then the place."""
    named = (len(each.replace("*", "")) for each in (scope.model, scope.vendor, scope.feeder, scope.site))
    return (int(bool(scope.firmware)), *named, -len(scope.plugs) if scope.plugs else -1_000)
