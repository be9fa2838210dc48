"""Told: requests and answers that a log tells in prose: `Sent SetChargingProfileConf: Rejected (not enabled)`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from chargelore.engine.decode.actions import EITHER_SIDE, KIND_OF_CHARGER_REQUEST, KNOWN, sender_of
from chargelore.engine.signal import Scalar, Signal

_ACTION = re.compile(
    rf"\b(?P<action>{'|'.join(sorted(KNOWN, key=len, reverse=True))})"
    r"(?P<conf>\.?(?:Conf(?:irmation)?|Response|conf|Res)\b|_conf\b)?(?:\.?(?:Req(?:uest)?|req)\b)?(?!\w)"
)
_STATUS = re.compile(
    r"\b(Accepted|Rejected|NotSupported|NotImplemented|Faulted|Occupied|Unavailable|Scheduled|RebootRequired|UnknownKey"
    r"|UnlockFailed|Unlocked|Invalid|Blocked|Expired|ConcurrentTx|UnknownMessageId|UnknownVendorId)\b"
)
_PAIR = re.compile(r"\b([a-z]\w{1,30})\s*[:=]\s*([\w.+:-]{1,60})")
_REASON = re.compile(r"\(([^()]{3,160})\)\s*\.?\s*\Z")
_OTHER = {"charger": "csms", "csms": "charger"}
WITHIN = 80


def requests(signal: Signal, text: str) -> Iterator[Signal]:
    """The request or answer that a line tells of, marked `told`; nothing where it only mentions an action."""
    found = _ACTION.search(text)
    if found is None or text.startswith(("{", "[")):
        return
    rest = text[found.end() : found.end() + WITHIN]
    status = _STATUS.search(rest.partition("{")[0])
    if status is not None and found["action"] != "StatusNotification":
        yield _answer(signal, found["action"], status[1], text)
    elif not found["conf"] and rest.startswith("("):
        yield _request(signal, found["action"], text[found.end() :])


def _answer(signal: Signal, action: str, status: str, text: str) -> Signal:
    reason = _REASON.search(text)
    fields: dict[str, Scalar] = {
        "action": action,
        "from": _OTHER.get(sender_of(action), ""),
        "status": status,
        "description": reason[1] if reason else "",
        "text": text,
    }
    return replace(signal, kind="answer", layer="ocpp", fields=fields, marks=(*signal.marks, "told"))


def _request(signal: Signal, action: str, rest: str) -> Signal:
    sender = sender_of(action)
    said: dict[str, Scalar] = dict(_PAIR.findall(rest))
    kind = "command" if sender == "csms" else KIND_OF_CHARGER_REQUEST.get(action, "call")
    kind = "data-transfer" if action in EITHER_SIDE else kind
    connector = str(said.get("connectorId", ""))
    return replace(
        signal,
        kind=kind,
        layer="ocpp",
        fields={**said, "action": action, "from": sender},
        connector=int(connector) if connector.isdecimal() and len(connector) < 4 else None,
        marks=(*signal.marks, "told"),
    )
