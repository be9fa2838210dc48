"""Dialogue: which answer belongs to which request, and which request was never answered. Pure; memory is bounded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from chargelore.engine.decode.actions import KIND_OF_CHARGER_REQUEST
from chargelore.engine.signal import Scalar, Signal

PATIENCE = timedelta(seconds=30)  # later frames prove that an answer this old is missing
BREAK = timedelta(hours=1)  # so long without a frame: the log has a gap, it proves nothing
MAX_WAITING = 128

_ENVELOPE = frozenset({"uid", "action", "from"})
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


@dataclass(frozen=True, slots=True)
class State:
    """The open requests of one charger by message id and sender; `answered` is the newest answered request of each."""

    waiting: Mapping[tuple[str, str], Waiting] = field(default_factory=dict)
    answered: Mapping[str, int] = field(default_factory=dict)
    last_at: datetime | None = None
    last_uid: str = ""
    count: int = 0


START = State()


def step(state: State, signal: Signal) -> tuple[State, tuple[Signal, ...]]:
    """Take one signal of a charger; out come requests given up on, and the signal, an answer joined to its request."""
    uid = signal.fields.get("uid")
    if uid is None or signal.layer != "ocpp":
        return state, (signal,)
    state, given_up = _given_up(state, signal.at)
    state = replace(state, last_at=signal.at or state.last_at, count=state.count + 1)
    if signal.kind in _REQUESTS:
        return _asked(state, signal), (*given_up, signal)
    state, joined = _answered(state, signal)
    return state, (*given_up, joined)


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
    told: Iterable[Waiting] = () if gap else late.values()
    return replace(state, waiting=left), tuple(_unanswered(each, at) for each in told)


def _age(waiting: Waiting, at: datetime) -> timedelta:
    asked_at = waiting.request.at
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
    return replace(state, waiting=waiting, last_uid=uid)


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
    if sender:
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
    if request.at is not None and answer.at is not None:
        fields["latency"] = (answer.at - request.at).total_seconds()
    connector = answer.connector if answer.connector is not None else request.connector
    return replace(answer, kind="answer", fields=fields, connector=connector)


def _unanswered(waiting: Waiting, at: datetime | None) -> Signal:
    request = waiting.request
    fields = {name: value for name, value in request.fields.items() if name != "uid"}
    if at is not None and request.at is not None:
        fields["waited"] = (at - request.at).total_seconds()
    return replace(request, kind="unanswered", fields=fields, at=at or request.at)
