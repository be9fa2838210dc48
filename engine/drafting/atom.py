"""Atom: one thing that a signal says and a rule could test; names, numbers and times of one charger are left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from math import inf
from typing import NamedTuple

from chargelore.engine.doorwords import hides
from chargelore.engine.signal import Scalar, Signal
from chargelore.engine.translate import NULL_CODES

Test = tuple[str, str, Scalar | tuple[str, float]]  # field, operator, limit; a pair is another field times a factor


class Atom(NamedTuple):
    """A kind of signal and tests that all must hold. `vendor` is the maker whose chargers alone use such a code."""

    kind: str
    tests: tuple[Test, ...] = ()
    vendor: str = ""

    def body(self) -> dict[str, object]:
        """The signal as a rule writes it."""
        written: dict[str, object] = {"kind": self.kind}
        for field, op, limit in self.tests:
            value = {"field": limit[0], "times": limit[1]} if isinstance(limit, tuple) else limit
            written[field] = value if op == "==" else {op: value}
        return written


# What a signal of a kind is about; nothing else that it says means anything without it.
HEADS: Mapping[str, tuple[str, ...]] = {
    "reading": ("name",), "event": ("component", "variable"), "answer": ("action",), "call": ("action",),
    "command": ("action",), "unanswered": ("action",), "data-transfer": ("messageId",), "security": ("type",),
    "fault": ("fault",), "code": ("code",),
}  # fmt: skip
WORDY = frozenset({"log", "observation", "reading", "unreadable", "data-transfer", "event"})
TEXTS = frozenset({"text", "info", "description", "techInfo", "data", "why", "reason.text"})
_WHO = "vendor model firmware firmwareversion chargepointvendor chargepointmodel vendorname protocol"
WHO = frozenset(_WHO.split())
# Words at the end of a field's name that make it the name, the number or the time of one thing.
_ONE_THING = re.compile(
    r"(?:id|uid|uuid|time|timestamp|date|url|uri|path|location|filename|version|seqno|start|stop|interval|name)$", re.I
)
_TOLD_APART = frozenset({"errorid", "name", "messageid"})
_FIELD = re.compile(r"[A-Za-z][\w-]*(?:\.[\w-]+)*")
_VALUE = re.compile(r"[A-Za-z][\w .:/()+-]{0,39}|\d{1,9}|0x[0-9A-Fa-f]{1,8}", re.ASCII)
_NAME_OF_ONE = re.compile(r"\d{5}|[0-9a-f]{8}|\d[-:/.]\d|(?:[0-9A-Fa-f]{2}[:-]){3}", re.I)
NUMBERED = frozenset({("disconnected", "code"), ("reading", "value"), ("code", "code")})
LARGEST_STATE = {"reading": 1000}  # a register that holds more is a measurement or a counter, not a state
OF_EVERY_SIGNAL = frozenset({"kind", "connector", "layer", "marks", "charger"})
# How a line was written down or picked up says nothing of what is wrong.
OF_THE_LOGGER = frozenset({"name", "level", "logger"})
TELLING_MARKS = frozenset({"off-spec", "extra-element", "nan", "1970"})  # others tell of the recording, not the charger
IDLE = frozenset({"action", "from", "channel", "relation", "code", "unit", "part"})  # said already, or no symptom


def atoms(signal: Signal, vendor: str = "") -> Iterator[Atom]:
    """Everything that one signal says in equalities: what it is about, and that with one more field.

    `vendor` is the maker of its charger, which makes a bare code mean something.
    """
    if signal.kind == "code":
        yield from _code(signal, vendor)
        return
    about = head(signal)
    if about is None or signal.kind == "heartbeat" or signal.fields.get("action") == "Heartbeat":
        return  # every charger beats, ill or well, and a recording's length decides how often
    if about or signal.kind not in WORDY:
        yield Atom(signal.kind, about)
    told = [(field, "==", value) for field in _plain_fields(signal) if (value := _word(signal, field)) is not None]
    for place, test in enumerate(told):
        yield Atom(signal.kind, (*about, test))
        if signal.kind == "status":
            yield from (Atom(signal.kind, (test, other)) for other in told[place + 1 :])
    for mark in TELLING_MARKS.intersection(signal.marks):
        yield Atom(signal.kind, (*about, ("marks", "contains", mark)))


def head(signal: Signal) -> tuple[Test, ...] | None:
    """What the signal is about: for an answer its action, for a reading its name; None where that cannot be told."""
    fields = HEADS.get(signal.kind, ())
    about = tuple((field, "==", value) for field in fields if (value := _word(signal, field)) is not None)
    return about if len(about) == len(fields) else None


def _code(signal: Signal, vendor: str) -> Iterator[Atom]:
    """A code is a pair: whose list it stands in, and the code; without the list it means nothing."""
    code = _word(signal, "code")
    if code is None or str(code).casefold() in NULL_CODES:
        return
    for namespace in ("vendor", "vendorId"):
        if (owner := signal.fields.get(namespace)) and _VALUE.fullmatch(str(owner)):
            yield Atom("code", ((namespace, "==", str(owner)), ("code", "==", code)))
            return
    if vendor and _VALUE.fullmatch(vendor):
        yield Atom("code", (("code", "==", code),), vendor)


def _plain_fields(signal: Signal) -> Iterator[str]:
    """The fields that could mean the same on another charger."""
    heads = HEADS.get(signal.kind, ())
    is_echo = signal.kind == "answer" and signal.fields.get("from") != "charger"
    for field in signal.fields:
        is_idle = field in heads or field in TEXTS or (field in IDLE and signal.kind != "disconnected")
        is_idle = is_idle or (field in OF_THE_LOGGER and signal.kind in WORDY)
        if not is_idle and not (is_echo and field.startswith("request.")):
            yield field


def is_one_thing(field: str) -> bool:
    """Whether a field names, numbers or dates one charger, card, session or message, or says who the charger is."""
    last = field.rpartition(".")[2].lower()
    if last in WHO or hides(field):
        return True
    return last not in _TOLD_APART and _ONE_THING.search(last) is not None


def _word(signal: Signal, field: str) -> Scalar:
    """The value of a field where it is a word of the trade; None for free text, names and measured values."""
    value = signal.fields.get(field)
    if value is None or not _FIELD.fullmatch(field) or field in OF_EVERY_SIGNAL:
        return None
    if field not in HEADS.get(signal.kind, ()) and is_one_thing(field):
        return None
    if isinstance(value, str):
        return value if _is_word(value, signal) else None
    return value if isinstance(value, bool) or _is_state(signal.kind, field, value) else None


def _is_word(value: str, signal: Signal) -> bool:
    if (
        not _VALUE.fullmatch(value)
        or value.casefold() in NULL_CODES
        or (signal.charger and signal.charger.casefold() in value.casefold())
    ):
        return False
    return signal.kind == "code" or not _NAME_OF_ONE.search(value)


def _is_state(kind: str, field: str, value: float) -> bool:
    """Whether a number is one of a few that stand for something."""
    return (kind, field) in NUMBERED and float(value).is_integer() and abs(value) < LARGEST_STATE.get(kind, inf)
