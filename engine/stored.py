"""Stored: what rules remember of one charger as JSON, and again as it was, so that a watch may stop and go on."""

from __future__ import annotations

from chargelore.engine.case import Charger
from chargelore.engine.matching.moment import Hit
from chargelore.engine.matching.network import State, Windows
from chargelore.engine.matching.runs import Run
from chargelore.engine.matching.window import Part
from chargelore.engine.plain import Shelf
from chargelore.engine.signal import Signal

STATE_CLASSES = (State, Windows, Charger, Hit, Run, Part)
_SHELF = Shelf(STATE_CLASSES, once=(Signal,))


def state_json(state: State) -> str:
    """The state of one charger as JSON; it names its layout."""
    return _SHELF.written(state)


def state_of(text: str | bytes) -> State:
    """The state that was written. EngineError when the text is none of ours, cut, or of another layout."""
    return _SHELF.read(text, State)
