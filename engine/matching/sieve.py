"""Sieve: which frames no rule can be interested in, told before they become signals. Errs on the side of interest.

A frame passes for quiet only when it is a request of OCPP 1.6 in plain, valid JSON, and for every pattern that the
signals of such a request could meet, one condition is known not to hold. Everything else is decoded. Of a request only
what is asked is read, by types of JSON that are made from the rules.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from msgspec.structs import astuple

from chargelore.engine.decode.actions import CSMS_REQUESTS, KIND_OF_CHARGER_REQUEST
from chargelore.engine.decode.native import is_null
from chargelore.engine.decode.ocpp2 import KEYS_OF_2, ONLY_IN_2
from chargelore.engine.grammar.condition import Condition, OtherField, Pattern, number, text_of
from chargelore.engine.matching.sievemeter import NOTHING, quiet_meter_values
from chargelore.engine.signal import Scalar, Signal

MOST_REMEMBERED = 4_096  # verdicts on texts, for each field
LONGEST_REMEMBERED = 64

Ask = Callable[[bytes], object]  # true when no rule is interested in a payload; raises where it cannot be read
ALWAYS = None

# Fields that a signal has from elsewhere than the key of that name in its payload.
_ELSEWHERE = frozenset({"connector", "layer", "charger", "marks", "uid", "from", "action"})
_TEXTUAL = {"==": 0, "in": 0, "matches": 1, "contains": 1, "startswith": 1}
_CODE_FIELDS = ("errorCode", "vendorErrorCode", "info")

KINDS: Mapping[str, str] = {
    **dict.fromkeys(CSMS_REQUESTS, "command"),
    **KIND_OF_CHARGER_REQUEST,
    "DataTransfer": "data-transfer",
}
ODD_KEYS = KEYS_OF_2 | {""}  # speak OCPP 2.x, or hide a name
_ALWAYS_READ = frozenset({"BootNotification", "SecurityEventNotification"})  # rare, and tell more than their keys
JOINED = frozenset({"answer", "unanswered", "orphan"})  # are made of requests and answers together

_BLANK, _UID = rb"[ \t\r\n]*", rb'"[ -!#-\[\]-~]+"'
_REQUEST = re.compile(rb"\[_2_,_UID_,_\"(\w+)\"_,".replace(b"UID", _UID).replace(b"_", _BLANK)).match
_ANSWER = re.compile(rb"\[_3_,_UID_,".replace(b"UID", _UID).replace(b"_", _BLANK)).match
_any_object = msgspec.json.Decoder(msgspec.defstruct("Anything", [])).decode


class Sieve:
    """The patterns of a set of rules, as what each request must hold to meet one. Made once for a set of rules."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        known = list(patterns)
        asked = {
            action: _asked(action, kind, known)
            for action, kind in KINDS.items()
            if action not in ONLY_IN_2 | _ALWAYS_READ
        }
        self._asks = {action.encode(): ask for action, ask in asked.items() if ask is not ALWAYS}
        self._answers = all(JOINED.isdisjoint(each.kinds) for each in known)

    def is_quiet(self, frame: bytes) -> bool:
        """Whether no rule can be interested in the request or answer that a frame holds."""
        head = _REQUEST(frame)
        if head is None:
            return self._answers and _is_answer(frame)
        ask = self._asks.get(head[1])
        try:
            return ask is not None and frame[-1:] == b"]" and bool(ask(frame[head.end() : -1]))
        except (msgspec.MsgspecError, ValueError, RecursionError):  # not as the standard has it, or worth a look
            return False


def is_shortened(text: bytes) -> bool:
    """Whether a logger may have shortened a frame or a payload."""
    return b"..." in text or (not text.isascii() and b"\xe2\x80\xa6" in text)


def _is_answer(frame: bytes) -> bool:
    head = _ANSWER(frame)
    if head is None or frame[-1:] != b"]" or is_shortened(frame):
        return False
    try:
        _any_object(frame[head.end() : -1])
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return False
    return True


def _asked(action: str, kind: str, patterns: list[Pattern]) -> Ask | None:
    """What a request of this action must hold; ALWAYS where some pattern asks for nothing that can be told early."""
    mine = [each for each in patterns if kind in each.kinds and _may_meet(each, action)]
    if kind == "meter":
        return quiet_meter_values(mine)
    codes = kind == "status" and any(not {"code", "fault"}.isdisjoint(each.kinds) for each in patterns)
    fields = {name: _Verdicts(codes=True) for name in _CODE_FIELDS if codes}
    for each in map(_chosen, (pattern.conditions for pattern in mine)):
        if each is None:
            return ALWAYS
        fields.setdefault(each.field, _Verdicts(codes=False)).add(each)
    history = {"transactionData"} if kind == "stop" else set()  # makes a meter signal besides
    return _payload_ask(fields, ODD_KEYS | history)


def _payload_ask(asked: Mapping[str, _Verdicts], odd: Iterable[str]) -> Ask:
    """Reads the keys that are asked about and no other; one that must not be there cannot be read."""
    types = {**dict.fromkeys(odd, NOTHING), **dict.fromkeys(asked, Any)}
    names = sorted(types, key=lambda each: each not in asked)
    fields = [(f"f{place}", types[name], None) for place, name in enumerate(names)]
    keys = {f"f{place}": name for place, name in enumerate(names)}
    read = msgspec.json.Decoder(msgspec.defstruct("Payload", fields, rename=keys)).decode
    verdicts = tuple(asked[name] for name in names[: len(asked)])

    def ask(payload: bytes) -> bool:
        if payload == b"{}":
            return True
        for each, value in zip(verdicts, astuple(read(payload)), strict=False):
            if value is not None:
                known = each.known.get(value) if type(value) is str else None
                if each.of(value) if known is None else known:
                    return False
        return not is_shortened(payload)

    return ask


def _may_meet(pattern: Pattern, action: str) -> bool:
    said = Signal(layer="ocpp", kind="call", fields={"action": action})
    return all(each.holds(said) for each in pattern.conditions if each.field == "action")


def _chosen(conditions: Iterable[Condition]) -> Condition | None:
    """The condition that is asked early: on a plain key of the payload, equality first."""
    usable = [each for each in conditions if _is_plain(each)]
    return min(usable, key=lambda each: _TEXTUAL.get(each.op, 2), default=None)


def _is_plain(condition: Condition) -> bool:
    name = condition.field
    if name in _ELSEWHERE or "." in name or "[" in name or isinstance(condition.limit, OtherField):
        return False
    return condition.op != "present" or bool(condition.limit)


@dataclass(slots=True)
class _Verdicts:
    """Whether some condition may hold on a value of one field; remembered for texts, which come again and again."""

    codes: bool
    words: set[str] = field(default_factory=set)
    tests: list[Condition] = field(default_factory=list)
    known: dict[str, bool] = field(default_factory=dict)

    def add(self, condition: Condition) -> None:
        """A condition more; words that a text is to equal are found by look-up."""
        limits = condition.limit if isinstance(condition.limit, tuple) else (condition.limit,)
        if condition.op in ("==", "in") and all(isinstance(each, str) and number(each) is None for each in limits):
            self.words.update(text_of(each).casefold() for each in limits)  # type: ignore[arg-type]  # texts
        else:
            self.tests.append(condition)

    def of(self, value: object) -> bool:
        """Whether the value may concern a rule."""
        if type(value) is not str:
            return not isinstance(value, int | float) or self.codes or self._meets(value)
        bare = value.strip().strip("*")  # as the decoder reads a status
        found = (self.codes and not is_null(value)) or self._meets(value) or (bare != value and self._meets(bare))
        if len(value) <= LONGEST_REMEMBERED and len(self.known) < MOST_REMEMBERED:
            self.known[value] = found
        return found

    def _meets(self, value: Scalar) -> bool:
        if self.words and text_of(value).casefold() in self.words:
            return True
        return any(each.holds(Signal(layer="ocpp", kind="", fields={each.field: value})) for each in self.tests)
