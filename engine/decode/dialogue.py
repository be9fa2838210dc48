"""Dialogue: what belongs together in what a charger and its management system say. Pure; memory is bounded.

Which answer belongs to which request, which request was never answered, and which event of a 2.x station ends or causes
which.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from chargelore.engine.decode import monitors
from chargelore.engine.decode.actions import KIND_OF_CHARGER_REQUEST
from chargelore.engine.signal import Scalar, Signal

PATIENCE = timedelta(seconds=30)  # later frames prove that an answer this old is missing
BREAK = timedelta(hours=1)  # so long without a frame: the log has a gap, it proves nothing
MAX_WAITING = 128
UNIQUE = 8  # characters of an id that both sides will not use at once

_ENVELOPE = frozenset({"uid", "action", "from"})
BOTH = frozenset({"charger", "csms"})
_OTHER = {"charger": "csms", "csms": "charger", "": ""}
_REQUESTS = frozenset({*KIND_OF_CHARGER_REQUEST.values(), "data-transfer", "call", "command"})


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that waits for its answer."""

    request: Signal
    number: int

    @property
    def sender(self) -> str:
        """Who asked."""
        return str(self.request.fields.get("from") or "")


class State(msgspec.Struct, frozen=True):
    """The open requests of one charger by message id and sender; `answered` is the newest answered request of each.

    `heard` are the sides whose frames are in view: many logs print one side only, and prove nothing about the other.
    """

    waiting: Mapping[tuple[str, str], Waiting] = msgspec.field(default_factory=dict)
    answered: Mapping[str, int] = msgspec.field(default_factory=dict)
    heard: frozenset[str] = frozenset()
    last_at: datetime | None = None
    count: int = 0
    events: monitors.State = monitors.START


START = State()


def step(state: State, signal: Signal) -> tuple[State, tuple[Signal, ...]]:
    """Take one signal of a charger; out come requests given up on, and the signal, an answer joined to its request.

    Events of a 2.x station come out with their monitor and their root, and with an `ended` for each code that is over;
    a code that another event caused does not come out.
    """
    state, told = _talk(state, signal)
    if not any(map(monitors.concerns, told)):  # nearly always: nothing of this belongs to a device model
        return state, told
    events, joined = state.events, list[Signal]()
    for each in told:
        events, more = monitors.step(events, each)
        joined += more
    return state if events is state.events else replace(state, events=events), tuple(joined)


def _talk(state: State, signal: Signal) -> tuple[State, tuple[Signal, ...]]:
    if signal.kind == "connected" and signal.layer == "ocpp":  # the wire itself is watched: both sides are in view
        return replace(state, heard=BOTH), (signal,)
    if signal.kind == "lost":  # answers may be among what is missing
        return replace(state, waiting={}), (signal,)
    if "uid" not in signal.fields or signal.layer != "ocpp":
        return state, (signal,)
    is_request = signal.kind in _REQUESTS
    state, joined = (state, signal) if is_request else _answered(state, signal)
    state = _hears(state, str(joined.fields.get("from") or ""))
    at = heard_at(signal)
    state, given_up = _given_up(state, at)
    state = replace(state, last_at=at or state.last_at, count=state.count + 1)
    return _asked(state, signal) if is_request else state, (*given_up, joined)


def heard_at(signal: Signal) -> datetime | None:
    """When the log heard it; None where its time was only guessed from other lines or from what frames say."""
    return None if "no-time" in signal.marks or "payload-time" in signal.marks else signal.at


def close(state: State) -> tuple[State, tuple[Signal, ...]]:
    """The log ends: a request is unanswered if a later request of the same sender was answered."""
    missing = [each for each in state.waiting.values() if each.number < state.answered.get(each.sender, -1)]
    return replace(state, waiting={}), tuple(_unanswered(each, state.last_at) for each in missing)


def _given_up(state: State, at: datetime | None) -> tuple[State, tuple[Signal, ...]]:
    if at is None or not state.waiting:
        return state, ()
    late = {key: each for key, each in state.waiting.items() if _age(each, at) > PATIENCE}
    if not late:
        return state, ()
    left = {key: each for key, each in state.waiting.items() if key not in late}
    gap = state.last_at is not None and at - state.last_at > BREAK
    proven = [each for each in late.values() if not gap and _OTHER[each.sender] in state.heard]
    return replace(state, waiting=left), tuple(_unanswered(each, at) for each in proven)


def _hears(state: State, sender: str) -> State:
    return state if sender in state.heard or not sender else replace(state, heard=state.heard | {sender})


def _age(waiting: Waiting, at: datetime) -> timedelta:
    asked_at = heard_at(waiting.request)
    return timedelta() if asked_at is None else at - asked_at


def _asked(state: State, request: Signal) -> State:
    """One frame may make several signals (status and code, many meters); the first stands for the request."""
    uid, sender = str(request.fields["uid"]), str(request.fields.get("from") or "")
    known = state.waiting.get((uid, sender))
    if not uid or (known is not None and known.request.line == request.line):
        return state
    waiting = {**state.waiting, (uid, sender): Waiting(request, state.count)}
    if len(waiting) > MAX_WAITING:
        del waiting[next(iter(waiting))]
    return replace(state, waiting=waiting)


def _answered(state: State, answer: Signal) -> tuple[State, Signal]:
    key = _request_of(state, answer)
    if key is None:
        return state, answer
    asked = state.waiting[key]
    left = {each: waiting for each, waiting in state.waiting.items() if each != key}
    answered = {**state.answered, asked.sender: max(asked.number, state.answered.get(asked.sender, -1))}
    return replace(state, waiting=left, answered=answered), _joined(asked.request, answer)


def _request_of(state: State, answer: Signal) -> tuple[str, str] | None:
    """The request with that id from the other side; where the side is unknown, the newest with that id."""
    uid, sender = str(answer.fields["uid"]), str(answer.fields.get("from") or "")
    keys = [key for key in state.waiting if key[0] == uid]
    if sender and (len(uid) < UNIQUE or len(keys) > 1):  # a long id is better proof than a word in front of a frame
        keys = [key for key in keys if key[1] in (_OTHER[sender], "")]
    return max(keys, key=lambda key: state.waiting[key].number, default=None)


def _joined(request: Signal, answer: Signal) -> Signal:
    asked = {f"request.{name}": value for name, value in request.fields.items() if name not in _ENVELOPE}
    fields: dict[str, Scalar] = {
        **asked,
        **answer.fields,
        "action": request.fields.get("action") or answer.fields.get("action"),
        "from": _OTHER[str(request.fields.get("from") or "")] or answer.fields.get("from"),
    }
    asked_at, answered_at = heard_at(request), heard_at(answer)
    if asked_at is not None and answered_at is not None:
        fields["latency"] = (answered_at - asked_at).total_seconds()
    connector = answer.connector if answer.connector is not None else request.connector
    return replace(answer, kind="answer", fields=fields, connector=connector)


def _unanswered(waiting: Waiting, at: datetime | None) -> Signal:
    request = waiting.request
    fields = {name: value for name, value in request.fields.items() if name != "uid"}
    asked_at = heard_at(request)
    if at is not None and asked_at is not None:
        fields["waited"] = (at - asked_at).total_seconds()
    return replace(request, kind="unanswered", fields=fields, at=at or request.at)
