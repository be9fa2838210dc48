"""Message: one OCPP-J message as its elements say it, off-spec ones included."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import msgspec

from chargelore.engine.decode.actions import KNOWN, action_named

Side = Literal["charger", "csms", ""]
CALL, RESULT, ERROR, RESULT_ERROR, SEND = 2, 3, 4, 5, 6

_ACTION = re.compile(r"[A-Za-z][\w.:-]{2,60}\Z")
_SUFFIX = re.compile(r"\.?(?:Response|Request|Conf|Req|conf|req)\Z")


class Origin(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Where and when a message was seen, and what was odd about that. `sender` is who sent it, "" where unknown."""

    charger: str = ""
    at: datetime | None = None
    line: int = 0
    sender: Side = ""
    marks: tuple[str, ...] = ()


class Message(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One message. `uid` is its id as text; `action` is "" for answers that do not name theirs."""

    type: int
    uid: str
    action: str = ""
    payload: Mapping[str, object] = msgspec.field(default_factory=dict)
    error: str = ""
    description: str = ""
    raw: str = ""
    marks: tuple[str, ...] = ()

    @property
    def is_call(self) -> bool:
        """Whether it asks (CALL, SEND) rather than answers."""
        return self.type in (CALL, SEND)


def message_from(elements: list[object], raw: str = "", marks: tuple[str, ...] = ()) -> Message | None:
    """The message that these elements make, or None where they are just some list."""
    kind, odd = _type(elements)
    if kind is None or len(elements) < 2:
        return None
    uid, odd_uid = _uid(elements[1])
    marks = (*marks, *odd, *odd_uid)
    if kind in (CALL, SEND):
        return _call(kind, uid, elements[2:], raw, marks)
    if kind == RESULT:
        return _result(uid, elements[2:], raw, marks)
    return _error(kind, uid, elements[2:], raw, marks)


def request_of(uid: str, action: str, payload: Mapping[str, object], raw: str) -> Message | None:
    """The request that these four elements make when nothing about them is odd, as `message_from` has it."""
    if not (action in KNOWN or _ACTION.match(action)):
        return None
    return Message(type=CALL, uid=uid, action=action, payload=payload, raw=raw)


def _type(elements: list[object]) -> tuple[int | None, tuple[str, ...]]:
    first = elements[0] if elements else None
    if isinstance(first, str) and first.strip() in ("2", "3", "4", "5", "6"):
        return int(first), ("off-spec",)
    if isinstance(first, int) and not isinstance(first, bool) and CALL <= first <= SEND:
        return first, ()
    return None, ()


def _uid(value: object) -> tuple[str, tuple[str, ...]]:
    if isinstance(value, str):
        return value, ()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value), ("numeric-id",)
    return "", ("off-spec",)


def _call(kind: int, uid: str, rest: list[object], raw: str, marks: tuple[str, ...]) -> Message | None:
    action = rest[0] if rest else ""
    payload = rest[1] if len(rest) > 1 else None
    partial = "cut" in marks or "elided" in marks
    if not isinstance(action, str) or (not isinstance(payload, Mapping) and not partial):
        return _call_without_object(kind, uid, rest, raw, marks)
    if not (_ACTION.match(action) or (partial and action[:1].isalpha())):
        return None
    if len(rest) > 2:
        marks = (*marks, "extra-element")
    payload = payload if isinstance(payload, Mapping) else {}
    return Message(type=kind, uid=uid, action=_named(action, partial), payload=payload, raw=raw, marks=_once(marks))


def _call_without_object(kind: int, uid: str, rest: list[object], raw: str, marks: tuple[str, ...]) -> Message | None:
    """A call whose payload is null, a text or missing: only with an action that we know is it one at all."""
    action = rest[0] if rest else None
    if not isinstance(action, str) or action_named(action) is None:
        return None
    payload: Mapping[str, object] = {} if len(rest) < 2 or rest[1] in (None, []) else {"payload": rest[1]}
    return Message(type=kind, uid=uid, action=action, payload=payload, raw=raw, marks=_once((*marks, "off-spec")))


def _result(uid: str, rest: list[object], raw: str, marks: tuple[str, ...]) -> Message | None:
    action = ""
    if len(rest) > 1 and isinstance(rest[0], str) and isinstance(rest[1], Mapping):
        action, rest, marks = _SUFFIX.sub("", rest[0]), rest[1:], (*marks, "extra-element")
    payload = rest[0] if rest else None
    if isinstance(payload, Mapping):
        marks = (*marks, "extra-element") if len(rest) > 1 else marks
        return Message(type=RESULT, uid=uid, action=action, payload=payload, raw=raw, marks=_once(marks))
    partial = "cut" in marks or "elided" in marks
    if uid and (partial or (payload in (None, []) and "numeric-id" not in marks)):
        return Message(type=RESULT, uid=uid, raw=raw, marks=_once((*marks, "off-spec")))
    return None


def _error(kind: int, uid: str, rest: list[object], raw: str, marks: tuple[str, ...]) -> Message | None:
    partial = "cut" in marks or "elided" in marks
    code = rest[0] if rest else ""
    if not isinstance(code, str) or not uid or (not rest and not partial):
        return None
    if not (re.match(r"[A-Za-z][\w ]*\Z", code) or partial or (code == "" and len(rest) >= 3)):
        return None
    if len(rest) < 3 and not partial:
        marks = (*marks, "off-spec", "short")
    details = rest[2] if len(rest) > 2 else None
    return Message(
        type=kind,
        uid=uid,
        error=code,
        description="" if len(rest) < 2 or rest[1] is None else str(rest[1]),
        payload={"details": details} if details else {},
        raw=raw,
        marks=_once(marks),
    )


def _named(action: str, partial: bool) -> str:
    """The action's full name; of a cut or elided one, the only action that begins so."""
    short = action.removesuffix("…").rstrip(".")
    return (action_named(short) or short) if partial else action


def _once(marks: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(marks)) if len(marks) > 1 else marks
