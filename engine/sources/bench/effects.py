"""Effects: what an errand does at the charger, what is unsafe about it now, and what consent it needs. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from chargelore.engine.sources.bench.guest import Guest
from chargelore.kb.errand import Errand


class Consent(IntEnum):
    """What a person has agreed to."""

    NOTHING = 0
    THE_EFFECT = 1  # read what it does, and said yes
    ENDING_A_SESSION = 2  # said so again, knowing that a vehicle charges or may charge


@dataclass(frozen=True, slots=True)
class Effect:
    """What an errand does. `warns` says what is unsafe about it now; `forbids` why it is not sent at all."""

    does: str
    needs: Consent
    warns: tuple[str, ...] = ()
    forbids: str = ""


_DOES: Mapping[tuple[str, str], str] = {
    ("Reset", "Soft"): "The charger ends its sessions in good order and restarts; it is offline for some minutes.",
    ("Reset", "OnIdle"): "The charger restarts once no session runs; it is offline for some minutes.",
    ("Reset", "Hard"): "The charger restarts at once, whatever runs; it is offline for some minutes.",
    ("Reset", "Immediate"): "The charger ends what runs and restarts at once; it is offline for some minutes.",
    ("UnlockConnector", ""): "The charger lets go of the plug.",
    ("ClearCache", ""): "The charger forgets the cards it knows; each is asked for again at its next use.",
    ("ChangeAvailability", "Operative"): "Drivers can use it again.",
    ("ChangeAvailability", "Inoperative"): "Nobody can start a session there until it is set operative again.",
}


def effect(errand: Errand, guest: Guest, danger: str = "") -> Effect:
    """What sending this now means; `danger` names a safety fault that is suspected at this charger, if any."""
    if not errand.is_acting:
        return Effect("It only reads.", Consent.NOTHING)
    does = _DOES[errand.action, errand.word]
    if danger and _energises(errand):
        return Effect(does, Consent.THE_EFFECT, forbids=_first_look(danger))
    warns = _warned(errand, guest)
    return Effect(does, Consent.ENDING_A_SESSION if warns else Consent.THE_EFFECT, warns)


def _energises(errand: Errand) -> bool:
    """Whether the charger may put voltage on a plug again that it took it from."""
    return errand.action == "Reset" or (errand.action, errand.word) == ("ChangeAvailability", "Operative")


def _first_look(danger: str) -> str:
    return f"{danger} is a matter of safety: somebody must look at the charger before it is made to try again."


def _warned(errand: Errand, guest: Guest) -> tuple[str, ...]:
    """What ends a running session, or lets go of a plug under load; where nobody knows, as if it were so."""
    if not (errand.is_hard_reset or errand.action == "UnlockConnector") or guest.is_charging is False:
        return ()
    known = "A vehicle is charging." if guest.is_charging else "Whether a vehicle is charging is not known here."
    if errand.action == "UnlockConnector":
        return (known, "Pulled under load, a plug draws an arc. Stop the session first.")
    return (known, "Its session ends at once; what it drew may never be billed.")
