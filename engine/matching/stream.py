"""Stream: frames of many chargers as bytes in, symptoms out; what no rule can be interested in is let by early."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeGuard

import msgspec

from chargelore.engine.decode import dialogue
from chargelore.engine.decode.frame import decode_frame, decode_message
from chargelore.engine.decode.message import Origin, Side, request_of
from chargelore.engine.firing import Firing
from chargelore.engine.matching.network import FORWARD, START, Network, State
from chargelore.engine.matching.sieve import JOINED, Sieve, is_shortened
from chargelore.engine.nameplate import short
from chargelore.engine.signal import Signal
from chargelore.engine.translate import fault_signals, in_namespace, seen_codes
from chargelore.kb.codes import Codes

NONE: tuple[Firing, ...] = ()
LONG_AGO, NEVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


@dataclass(slots=True)
class Place:
    """One charger. `last_at` runs ahead of the state's while frames are let by, at the longest until `calm_until`."""

    state: State = START
    last_at: datetime = LONG_AGO
    calm_until: datetime = LONG_AGO
    talk: dialogue.State = dialogue.START

    def is_calm(self, at: datetime) -> bool:
        """Whether time goes on as it should and nothing falls due."""
        return at.tzinfo is not None and self.last_at <= at <= self.calm_until


class Stream:
    """All chargers that speak OCPP, one `Place` each. Lives as long as its source; not thread-safe.

    With `sift=False` every frame is decoded; the symptoms are the same.
    """

    def __init__(self, network: Network, codes: Codes | None = None, *, sift: bool = True) -> None:
        self._network, self._codes = network, codes
        self._joins = not JOINED.isdisjoint(network.kinds)
        self._sieve = Sieve(network.patterns) if sift and not self._joins else None
        self._places: dict[str, Place] = {}

    def take(
        self, charger: str, at: datetime, frame: bytes, line: int = 0, sender: Side = "charger"
    ) -> tuple[Firing, ...]:
        """The symptoms that one frame of a charger completes; `at` carries its zone."""
        place = self._places.get(charger)
        if place is not None and self._sieve is not None and place.is_calm(at) and self._sieve.is_quiet(frame):
            place.last_at = at
            return NONE
        if place is None:  # seldom; a name too long to be kept is never found above
            charger = short(charger)
            place = self._places.setdefault(charger, Place())
        origin = Origin(charger=charger, at=at, line=line, sender=sender)
        return self._stepped(place, _signals(frame, origin))

    def close(self, at: datetime) -> tuple[Firing, ...]:
        """Event time reached `at` without a further frame."""
        found: list[Firing] = []
        for place in self._places.values():
            place.state, firings = self._network.close(_caught_up(place), at)
            self._settled(place)
            found += firings
        return tuple(found)

    @property
    def states(self) -> Mapping[str, State]:
        """What the rules know of each charger."""
        return {name: _caught_up(place) for name, place in self._places.items()}

    def _stepped(self, place: Place, signals: Iterable[Signal]) -> tuple[Firing, ...]:
        place.state = _caught_up(place)
        found: list[Firing] = []
        for signal in self._joined(place, signals):
            for each in self._spoken(place, signal):
                place.state, firings = self._network.step(place.state, each)
                found += firings
        self._settled(place)
        return tuple(found) if found else NONE

    def _joined(self, place: Place, signals: Iterable[Signal]) -> Iterable[Signal]:
        """With answers joined to their requests, where a rule asks for that."""
        if not self._joins:
            return signals
        told: list[Signal] = []
        for signal in signals:
            place.talk, joined = dialogue.step(place.talk, signal)
            told += joined
        return told

    def _spoken(self, place: Place, signal: Signal) -> tuple[Signal, ...]:
        if self._codes is None or signal.kind != "code":
            return (signal,)
        who = place.state.charger
        return in_namespace(signal, who, self._codes), *fault_signals(signal, seen_codes(signal, who, self._codes))

    def _settled(self, place: Place) -> None:
        """A charger is calm while no run is open that any signal may end, and its times are believed."""
        state, due = place.state, place.state.windows.next_due
        place.last_at, place.calm_until = state.last_at or LONG_AGO, LONG_AGO
        if state.last_at is not None and not state.strays and not self._network.has_runs(state):
            place.calm_until = min(due or NEVER, state.last_at + FORWARD)


def _caught_up(place: Place) -> State:
    """The state at the time of the last frame that was let by."""
    state = place.state
    if state.last_at is None or place.last_at == state.last_at:
        return state
    return state._replace(last_at=place.last_at, strays=0)


_read = msgspec.json.Decoder().decode


def _signals(frame: bytes, origin: Origin) -> tuple[Signal, ...]:
    """Well-formed requests are read straight away; whatever else a charger sends is picked apart with care."""
    text = frame.decode("utf-8", "replace")
    elements = None if is_shortened(frame) else _elements(frame)
    message = request_of(elements[1], elements[2], elements[3], text.strip()) if _is_request(elements) else None
    if message is not None:
        return decode_message(message, origin)
    return decode_frame(text, direction=origin.sender or None, charger=origin.charger, at=origin.at, line=origin.line)


def _elements(frame: bytes) -> object:
    try:
        return _read(frame)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


def _is_request(elements: object) -> TypeGuard[list[Any]]:
    """Whether these are the four elements of a request, just as the standard has them."""
    if type(elements) is not list or len(elements) != 4:
        return False
    kind, uid, action, payload = elements
    return bool(kind == 2 and uid and type(uid) is type(action) is str and type(payload) is dict and type(kind) is int)
