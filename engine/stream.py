"""Stream: frames of many chargers as bytes in, symptoms out; what no rule can be interested in is let by early."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from chargelore.engine.decode import dialogue
from chargelore.engine.decode.frame import decode_frame, decode_message
from chargelore.engine.decode.message import Origin, Side, message_from
from chargelore.engine.firing import Firing
from chargelore.engine.nameplate import short
from chargelore.engine.network import FORWARD, START, Network, State
from chargelore.engine.sieve import JOINED, Sieve, elements_of, is_request
from chargelore.engine.signal import Signal
from chargelore.engine.translate import fault_signals, seen_codes
from chargelore.kb.codes import Codes

NONE: tuple[Firing, ...] = ()


@dataclass(slots=True)
class Place:
    """One charger. `last_at` runs ahead of the state's while frames are let by; `open` when a run may end any time."""

    state: State = START
    last_at: datetime | None = None
    due: datetime | None = None
    open: bool = False
    talk: dialogue.State = dialogue.START


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
        elements = elements_of(frame)
        if place is not None and self._sieve is not None and _is_calm(place, at) and self._sieve.is_quiet(elements):
            place.last_at = at
            return NONE
        if place is None:  # seldom; a name too long to be kept is never found above
            charger = short(charger)
            place = self._places.setdefault(charger, Place())
        origin = Origin(charger=charger, at=at, line=line, sender=sender)
        return self._stepped(place, _signals(elements, frame, origin))

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
            for each in (signal, *self._faults(place, signal)):
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

    def _faults(self, place: Place, signal: Signal) -> tuple[Signal, ...]:
        if self._codes is None or signal.kind != "code":
            return ()
        return fault_signals(signal, seen_codes(signal, place.state.charger, self._codes))

    def _settled(self, place: Place) -> None:
        place.last_at, place.due = place.state.last_at, place.state.windows.next_due
        place.open = self._network.has_runs(place.state)


def _caught_up(place: Place) -> State:
    """The state at the time of the last frame that was let by."""
    if place.last_at == place.state.last_at:
        return place.state
    return place.state._replace(last_at=place.last_at, strays=0)


def _is_calm(place: Place, at: datetime) -> bool:
    """Whether time goes on as it should and nothing falls due."""
    last = place.last_at
    return (
        last is not None
        and at.tzinfo is not None
        and last <= at <= last + FORWARD
        and not place.open
        and not place.state.strays
        and (place.due is None or at <= place.due)
    )


def _signals(elements: object, frame: bytes, origin: Origin) -> tuple[Signal, ...]:
    text = frame.decode("utf-8", "replace")
    message = message_from(elements, text.strip()) if is_request(elements) else None
    if message is not None:
        return decode_message(message, origin)
    return decode_frame(text, direction=origin.sender or None, charger=origin.charger, at=origin.at, line=origin.line)
