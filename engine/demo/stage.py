"""Stage: where the demo plays, and what a role is: a charger, what happens to it, and what should be found."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from chargelore.engine.case import Charger
from chargelore.engine.demo.charger import SimCharger
from chargelore.engine.demo.clock import SimClock
from chargelore.engine.demo.csms import Csms
from chargelore.engine.demo.wallbox import SimWallbox
from chargelore.engine.signal import Signal
from chargelore.kb.model import FaultId


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Everything that a script can reach."""

    clock: SimClock
    csms: Csms
    tap: str
    wallbox: SimWallbox
    on_signal: Callable[[Signal], None]

    def charger(self, who: Charger) -> SimCharger:
        """A charger that connects through the tap."""
        return SimCharger(who, self.tap, self.clock)


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """One charger of the demo. `expects` is the fault that has to be found, None for a healthy charger."""

    who: Charger
    title: str
    plays: Callable[[Stage, Charger], Awaitable[None]]
    expects: FaultId | None = None
