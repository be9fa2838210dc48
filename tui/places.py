"""Places: where in the screens a person is, as a value: to come back to it, today or after the next start. Pure."""

from __future__ import annotations

from dataclasses import dataclass

MOST = 100  # places that are remembered


@dataclass(frozen=True, slots=True)
class Place:
    """A kind of screen and what it is about: `case` of `CP-1-1`. The first screen is `home` of nothing."""

    kind: str
    name: str = ""


HOME = Place("home")


class Visited:
    """The places in the order in which one came to them, and where among them one stands. Lives as long as the app."""

    def __init__(self) -> None:
        self._places: list[Place] = []
        self._at = -1

    @property
    def here(self) -> Place | None:
        """The place where one stands."""
        return self._places[self._at] if self._places else None

    def came(self, place: Place) -> None:
        """One came to a place; those that lay ahead are forgotten, unless it is the one where one stands."""
        if place != self.here:
            self._places = [*self._places[: self._at + 1], place][-MOST:]
            self._at = len(self._places) - 1

    def became(self, place: Place) -> None:
        """The place where one stands is about something else by now, such as other words to look up."""
        if self._places and self._places[self._at].kind == place.kind:
            self._places[self._at] = place

    def step(self, by: int) -> Place | None:
        """The place before or behind this one, where one stands from now on; None where there is none."""
        if not 0 <= self._at + by < len(self._places):
            return None
        self._at += by
        return self._places[self._at]
