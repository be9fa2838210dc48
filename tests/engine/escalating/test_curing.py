"""What a maker says in words becomes a step that is no less safe than what nobody knows better."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chargelore.engine.case import Charger
from chargelore.engine.escalating.curing import cure_in_words
from chargelore.kb.load import shipped

WALLBOX = Charger(id="A", vendor="Alfen", model="Eve Single Pro-line")
FAST = Charger(id="B", vendor="alpitronic", model="HYC50")


@pytest.mark.parametrize("words", ["update to firmware 5.8.2", "Parameter 12 auf 0 einstellen", "new certificate"])
def test_what_speaks_of_software_alone_is_done_at_the_desk(words: str) -> None:
    assert cure_in_words(shipped(), WALLBOX, words).attrs["where"] == "desk"


@pytest.mark.parametrize("words", ["Swap IMD board", "Firmware einspielen und Platine tauschen", "do the usual"])
def test_everything_else_is_taken_for_work_in_the_open_cabinet(words: str) -> None:
    told = cure_in_words(shipped(), WALLBOX, words).attrs
    assert (told["where"], told["needs"]) == ("cabinet", "electrician")
    assert told["hazard"]


@pytest.mark.parametrize("charger", [FAST, Charger(id="C")], ids=["direct current", "nobody knows"])
def test_where_there_may_be_direct_current_it_waits_for_the_discharge(charger: Charger) -> None:
    told = cure_in_words(shipped(), charger, "Swap IMD board").attrs
    assert (told["needs"], told["first"]) == ("hv", ["isolate-and-discharge"])


def test_the_same_words_are_one_step_and_other_words_another() -> None:
    one, same, other = (cure_in_words(shipped(), WALLBOX, each).step for each in ("Swap it", "Swap it", "Swap it!"))
    assert one == same != other
    assert cure_in_words(shipped(), replace(WALLBOX, model="X"), "Swap it").step == one
