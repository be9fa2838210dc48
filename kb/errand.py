"""Errand: one OCPP message that may be sent to a charger on site, as people and steps write it: `Reset Soft`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from chargelore.kb.errors import UseError

NONE: frozenset[str] = frozenset()
ANY = frozenset({"…"})  # names that only the charger knows
HIGHEST_CONNECTOR = 99
_TRIGGERED = """
BootNotification StatusNotification MeterValues Heartbeat DiagnosticsStatusNotification FirmwareStatusNotification
LogStatusNotification TransactionEvent
"""

# What only reads, and what may stand behind it.
READING: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "GetConfiguration": ANY,
        "GetVariables": ANY,
        "TriggerMessage": frozenset(_TRIGGERED.split()),
        "GetDiagnostics": NONE,
        "GetLog": frozenset({"DiagnosticsLog", "SecurityLog"}),
        "GetCompositeSchedule": NONE,
        "GetLocalListVersion": NONE,
        "GetBaseReport": frozenset({"ConfigurationInventory", "FullInventory", "SummaryInventory"}),
        "GetReport": frozenset({"Active", "Available", "Enabled", "Problem"}),
        "GetMonitoringReport": NONE,
    }
)
# What changes something at the charger; nothing else is ever sent that does.
ACTING: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "Reset": frozenset({"Soft", "Hard", "OnIdle", "Immediate"}),
        "UnlockConnector": NONE,
        "ClearCache": NONE,
        "ChangeAvailability": frozenset({"Operative", "Inoperative"}),
    }
)
SENT: Mapping[str, frozenset[str]] = MappingProxyType({**READING, **ACTING})
NEED_A_WORD = frozenset({"GetVariables", "TriggerMessage", "Reset", "ChangeAvailability"})
AT_A_CONNECTOR = frozenset({"TriggerMessage", "GetCompositeSchedule", "UnlockConnector", "ChangeAvailability"})


@dataclass(frozen=True, slots=True)
class Errand:
    """One message: its action, the words behind it, and the connector (in OCPP 2.x the EVSE) where it names one."""

    action: str
    words: tuple[str, ...] = ()
    connector: int | None = None

    def __str__(self) -> str:
        at = () if self.connector is None else ("connector", str(self.connector))
        return " ".join((self.action, *self.words, *at))

    @property
    def is_acting(self) -> bool:
        """Whether it changes something at the charger."""
        return self.action in ACTING

    @property
    def word(self) -> str:
        """The first word behind the action, empty where there is none."""
        return self.words[0] if self.words else ""

    @property
    def is_hard_reset(self) -> bool:
        """Whether it cuts a charging session at once."""
        return self.action == "Reset" and self.word in ("Hard", "Immediate")


def errand(text: str) -> Errand:
    """What `ACTION [WORD…] [connector N]` says; case does not matter. UseError where that is no message we send."""
    said, connector = _connector_of(text.split(), text)
    action = _spelt(said[0] if said else "", SENT)
    if action is None:
        raise UseError(f"{text.strip() or '(nothing)'}: not a message that is sent here", mend=f"use {', '.join(SENT)}")
    if connector is not None and action not in AT_A_CONNECTOR:
        raise UseError(f"{text}: {action} names no connector", mend="leave `connector` out")
    return Errand(action, _words(action, said[1:], text), connector)


def _connector_of(said: list[str], text: str) -> tuple[list[str], int | None]:
    if len(said) < 3 or said[-2].casefold() != "connector":
        return said, None
    number = said[-1]
    if not (number.isascii() and number.isdecimal() and int(number[:4]) <= HIGHEST_CONNECTOR):
        raise UseError(f"{text}: {number} is no connector", mend="write connector 1")
    return said[:-2], int(number)


def _words(action: str, said: list[str], text: str) -> tuple[str, ...]:
    known = SENT[action]
    if not said and action in NEED_A_WORD:
        raise UseError(f"{text}: {action} needs a word more", mend=f"write one of {_listed(known)}")
    if known is ANY:
        return tuple(said)
    found = [_spelt(each, known) for each in said]
    if len(found) > 1 or None in found:
        raise UseError(f"{text}: not what may stand behind {action}", mend=f"write one of {_listed(known)}")
    return tuple(filter(None, found))


def _spelt(word: str, known: frozenset[str] | Mapping[str, object]) -> str | None:
    return next((each for each in known if each.casefold() == word.casefold()), None)


def _listed(known: frozenset[str]) -> str:
    return "names such as OCPPCommCtrlr.HeartbeatInterval" if known is ANY else ", ".join(sorted(known)) or "nothing"
