"""Which current a charger gives decides what it may be suspected of."""

from __future__ import annotations

import pytest

from chargelore.engine.case import Charger
from chargelore.engine.diagnosing.current import current_of, possible
from chargelore.engine.diagnosing.observed import Observed
from chargelore.engine.diagnosing.roll import roll
from chargelore.kb.load import shipped
from chargelore.kb.model import CauseId, Current

KNOWN = shipped()
ISOLATION, SOCKET = CauseId("wet-dc-coupler"), CauseId("fixed-cable-set-as-socket")


def told(vendor: str = "", model: str = "", *words: str) -> str | None:
    seen = Observed(answers={}, absent=frozenset(), faults={}, conclusions=(), words=frozenset(words))
    return current_of(KNOWN, Charger(id="CP-1", vendor=vendor, model=model), seen)


@pytest.mark.parametrize(
    ("vendor", "model", "current"),
    [
        ("Easee", "Home", "ac"),
        ("ABB", "Terra AC W22-T-RD-MC-0", "ac"),
        ("ABB", "Terra HP 175", "dc"),
        ("ABB", "Terra 54 CJG", None),
        ("ABB", "", None),
        ("ABB", "something new", None),
        ("Nobody", "X1", None),
    ],
)
def test_a_charger_is_known_by_maker_and_model(vendor: str, model: str, current: str | None) -> None:
    assert told(vendor, model) == current


def test_the_model_outweighs_what_people_call_it() -> None:
    assert told("Alpitronic", "HYC50", "wallbox") == "dc"
    assert told("", "", "wallbox") == "ac"
    assert told("", "", "wallbox", "chademo") is None


def test_who_says_that_it_works_at_fast_chargers_does_not_speak_of_this_one() -> None:
    assert told("", "", "ccs", "works") is None


def left(current: Current | None, *causes: CauseId) -> list[CauseId]:
    """Which of these causes can be on such a charger."""
    order = roll(KNOWN)
    return [order.causes[place].id for place in possible(KNOWN, [order.places[each] for each in causes], current)]


def test_only_causes_of_the_other_current_are_left_out() -> None:
    assert left("ac", ISOLATION, SOCKET) == [SOCKET]
    assert left("dc", ISOLATION, SOCKET) == [ISOLATION]
    assert left(None, ISOLATION, SOCKET) == [ISOLATION, SOCKET]


def test_where_only_what_cannot_be_is_left_the_charger_is_another_one() -> None:
    assert left("ac", ISOLATION) == [ISOLATION]
