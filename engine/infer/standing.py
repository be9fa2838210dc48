"""Standing: which engine concludes, and what it has been through: for the screen, for stderr, for a program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Engine = Literal["durable", "chain"]


@dataclass(frozen=True, slots=True)
class Standing:
    """How inference stands. Nothing in it changes what is concluded.

    `restarts` counts how often the child of durable-rules broke and was started anew, `set_aside` the cases that it
    could not carry and the plain chainer concluded instead. `why` is the last reason, `is_given_up` says that the child
    is not asked any more. The plain chainer has no child, so its standing stays as it begins.
    """

    engine: Engine
    restarts: int = 0
    set_aside: int = 0
    why: str = ""
    is_given_up: bool = False

    def told(self) -> str:
        """One line without a full stop for a person; empty while nothing happened."""
        said = []
        if self.restarts:
            said.append(f"inference child restarted {_times(self.restarts)}")
        if self.is_given_up:
            said.append("the plain chainer does its work from now on")
        elif self.set_aside:
            said.append(f"{self.set_aside} case{'s' * (self.set_aside != 1)} done by the plain chainer")
        return "; ".join(said) + (f" (last: {self.why})" if said and self.why else "")

    def as_json(self) -> dict[str, object]:
        """For a program; stable from the first release."""
        return {
            "engine": self.engine,
            "restarts": self.restarts,
            "set_aside": self.set_aside,
            "given_up": self.is_given_up,
            "why": self.why,
        }


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"
