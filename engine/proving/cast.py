"""Cast: the chargers of an example: who they are, where they stand, and which of them speaks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from chargelore.engine.case import Charger
from chargelore.engine.grammar.rule import SignalRule
from chargelore.engine.grammar.rulefile import Example, Introduced, connector_types
from chargelore.engine.matching.concern import chosen
from chargelore.engine.places import Places, members
from chargelore.engine.scope import Spot
from chargelore.kb.version import in_range

ALONE = "example"  # the charger of an example that names none


class Cast(NamedTuple):
    """The chargers of an example by name, the first being the one that speaks where no other is named."""

    chargers: Mapping[str, Charger]
    places: Places

    def speaker(self, item: Any) -> str:
        """Who says a line of the example."""
        return str(item["charger"]) if names_charger(item) else next(iter(self.chargers))

    def as_for(self, rule: SignalRule, charger: str, connector: int | None) -> SignalRule:
        """The rule with the values of its parameters for a charger."""
        wanted = chosen(rule.parameters, self.chargers[charger], self.places.exact[charger], connector)
        return next((each for each in rule.variants if each.chosen == wanted), rule)


def cast(rule: SignalRule, example: Example) -> Cast:
    """Who takes part: those that the example introduces, and those that only speak; all in one place unless told."""
    known = {name: example.chargers.get(name, Introduced()) for name in dict.fromkeys(_names(example))}
    spots = {name: _spot(rule, each) for name, each in known.items()}
    chargers = {name: _charger(rule, name, each) for name, each in known.items()}
    return Cast(chargers, Places(exact=spots, members=members(spots), file=rule.place))


def _names(example: Example) -> Iterator[str]:
    yield from example.chargers
    if not example.chargers and not (example.given and all(map(names_charger, example.given))):
        yield ALONE
    yield from (item["charger"] for item in example.given if names_charger(item))


def names_charger(item: Any) -> bool:
    """`charger: b` says who speaks; a signal of the rule that is called charger holds fields."""
    return isinstance(item, dict) and isinstance(item.get("charger"), str)


def _charger(rule: SignalRule, name: str, said: Introduced) -> Charger:
    scope = rule.applies_to
    return Charger(
        id=name,
        vendor=said.vendor or scope.vendor.replace("*", "x"),
        model=said.model or scope.model.replace("*", "x"),
        firmware=said.firmware or _some_version(scope.firmware),
    )


def _spot(rule: SignalRule, said: Introduced) -> Spot:
    scope = rule.applies_to
    return Spot(
        said.site or scope.site.replace("*", "x") or "site",
        said.feeder or scope.feeder.replace("*", "x") or "feeder",
        connector_types(said.connectors or min(scope.plugs, default=())),
    )


def _some_version(bounds: str) -> str:
    """A firmware inside the range: one that it names, one just above, or the lowest of all."""
    named = re.findall(r"[\w.+-]*\d[\w.+-]*", bounds)
    tries = (*named, *(f"{each}.0.1" for each in named), "0.0.1")
    return next((each for each in tries if in_range(bounds, each)), "") if named else ""
