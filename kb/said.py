"""Said: what a row of somebody's code table says, apart from what only travels beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from chargelore.kb.concepts import concepts
from chargelore.kb.neighbours import code_concepts
from chargelore.kb.vocabulary import vocabulary

# OCPP fields that travel beside a maker's text, keys of JSON, places in a register, and advice to the reader.
_BESIDE = re.compile(
    r"\b(?:errorCode|status)[ :=]+\w+;?|\(?\bbit \d+\)?:?|"
    r"\b(?:module|msg|message|text|type|component|description|info|detail|reason|severity|level|source|id|code|state|"
    r"alarm|event|subsystem|value|name|active)[\"']?\s*[:=]|"
    r"(?<=\S.)\b(?:try|please|inspect|contact (?:service|support|your)|call|let|do not|"
    r"(?:un|re)plug|(?:re|dis)connect (?:the|cable|your))\b"
    r"[^;.{}]*",
    re.IGNORECASE,
)
_OCPP_ERROR = re.compile(
    r"\b(ConnectorLockFailure|EVCommunicationError|GroundFailure|HighTemperature|InternalError|LocalListConflict|"
    r"NoError|OtherError|OverCurrentFailure|OverVoltage|PowerMeterFailure|PowerSwitchFailure|ReaderFailure|ResetFailure|"
    r"UnderVoltage|WeakSignal)\b"
)
# Lights, and numbers behind a few letters that say no more than whose they are: EVSE_012, ERR-7.
_WORDLESS = re.compile(
    r"\b(?:red|green|blue|yellow|white|orange|amber|purple|blink|flash|beep|pulsing|leds?)|^[a-z]{1,6}[ _-]?\d+$",
    re.IGNORECASE,
)
_TELLS_NOTHING = frozenset({"InternalError", "NoError", "OtherError"})
# Places that say which part is meant; a channel of any other name says nothing.
_PLACES = frozenset({"bms", "battery", "slac", "plc", "v2g", "meter", "payment", "reader", "network", "powermodule"})


@dataclass(frozen=True, slots=True)
class Said:
    """The concepts of a row; those of its channel; the OCPP error code beside; which share of its words is unheard."""

    concepts: frozenset[str]
    place: frozenset[str]
    ocpp_error: str
    unheard: float


def said(code: str, text: str, channel: str) -> Said:
    """What a row says. An OCPP error code that only accompanies a text is evidence of its own, not a
    part of it; and lights have no words."""
    beside = _OCPP_ERROR.search(code) if text else None
    beside = beside or (_OCPP_ERROR.search(text) if "errorCode" in text else None)
    name = "" if text and (_WORDLESS.search(code) or (beside and beside.group() == code)) else code
    found = code_concepts(_BESIDE.sub(" ", text), name)
    names = vocabulary().names
    unheard = sum(each not in names for each in found) / len(found) if found else 1.0
    error = beside.group() if beside and beside.group() not in _TELLS_NOTHING else ""
    return Said(frozenset(found), frozenset(concepts(channel)) & _PLACES, error, unheard)
