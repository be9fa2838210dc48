"""Monitors: what the events of a 2.x station hang together by: their causes, their monitors, and what stands meanwhile.

A fault stands from the event that tells it until one clears it. What repeats it meanwhile is no new fault, and what
another event caused is none of its own. Pure; memory is bounded.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple, TypeVar

from msgspec.structs import replace

from chargelore.engine.decode.devicemodel import (
    CONSEQUENCE,
    EVENT,
    MEASURED,
    REPORT,
    TECH_CODE,
    caused,
    is_over,
    matters,
    variable_of,
)
from chargelore.engine.signal import Scalar, Signal

MOST_MONITORS = 500
MOST_EVENTS = 200  # whose number a later one may name as its cause
MOST_STANDING = 200
MOST_CODES = 16  # of one variable
LIMITS = frozenset({"UpperThreshold", "LowerThreshold"})
SET = "setMonitoringResult"

K = TypeVar("K")
V = TypeVar("V")


class Monitor(NamedTuple):
    """A monitor as the station reported or accepted it; `limit` is in the unit of its variable."""

    type: str
    limit: Scalar
    severity: Scalar
    variable: str


class Told(NamedTuple):
    """An event that may be the cause of others: its variable, its own cause, and whether it told of trouble."""

    variable: str
    cause: Scalar
    is_trouble: bool = False


class Fault(NamedTuple):
    """What stands: the codes that told it, and since when."""

    codes: tuple[Signal, ...]
    since: datetime | None


class State(NamedTuple):
    """What is known of one station's monitors, its last events by number, and its standing faults by variable.

    `open` is the event at hand, whose codes may follow.
    """

    monitors: Mapping[str, Monitor] = {}
    told: Mapping[str, Told] = {}
    standing: Mapping[str, Fault] = {}
    open: Signal | None = None


START = State()


_CONCERNED = frozenset({"event", "code", "call", "answer", "reading"})


def concerns(signal: Signal) -> bool:
    """Whether a signal may be one of a device model; what is not comes out as it is."""
    return signal.kind in _CONCERNED


def step(state: State, signal: Signal) -> tuple[State, tuple[Signal, ...]]:
    """Take one signal; out comes it, with what is known of its monitor and cause, and an `ended` for each code over."""
    if signal.kind == "event":
        return _event(state, signal)
    if signal.kind == "code" and signal.fields.get("channel") in (EVENT, TECH_CODE, REPORT):
        return _code(state, signal)
    if "monitor.id" in signal.fields:
        return _monitored(state, signal), (signal,)
    if f"request.{_ASKED}.type" in signal.fields and signal.kind == "answer":
        return _accepted(state, signal), (signal,)
    if signal.kind == "reading" and "variable" in signal.fields:
        return _reported(state, signal)
    return state, (signal,)


_ASKED = "setMonitoringData"


def _event(state: State, event: Signal) -> tuple[State, tuple[Signal, ...]]:
    event = _of_monitor(state, event)
    root = None if CONSEQUENCE in event.marks else _root(state, event)
    event = event if root is None else caused(event, *root)
    told = Told(variable_of(event.fields), event.fields.get("cause"))
    state = state._replace(told=_bounded(state.told, _number(event), told, MOST_EVENTS), open=event)
    return _ended(state, event) if is_over(event.fields) else (state, (event,))


def _number(event: Signal) -> str:
    return str(event.fields.get("eventId"))


def _of_monitor(state: State, event: Signal) -> Signal:
    """The event with the type and limit of the monitor that made it, where it is known."""
    known = state.monitors.get(str(event.fields.get("variableMonitoringId")))
    if known is None or known.variable != variable_of(event.fields):
        return event
    said: dict[str, Scalar] = {"monitor.type": known.type, "monitor.value": known.limit, "severity": known.severity}
    return replace(event, fields={**said, **event.fields})


def _root(state: State, event: Signal) -> tuple[str, Scalar] | None:
    """Variable and number of the event at the begin of the chain of causes that told of trouble; None for itself."""
    found, seen = None, {_number(event)}
    cause = event.fields.get("cause")
    while cause is not None and str(cause) not in seen and (told := state.told.get(str(cause))):
        seen.add(str(cause))
        found, cause = (told.variable, cause) if told.is_trouble else found, told.cause
    return found


def _code(state: State, code: Signal) -> tuple[State, tuple[Signal, ...]]:
    event = state.open
    if event is None or (event.line, event.raw, event.at) != (code.line, code.raw, code.at):
        event = code
    is_measured = str(code.fields.get("code")) in MEASURED
    if CONSEQUENCE in event.marks or (is_measured and not matters(event.fields)):
        return state, ()
    state, name = _as_trouble(state, event), _variable(event)
    code = _with_side(event, code)
    known = state.standing.get(name, Fault((), code.at))
    if any(each.fields.get("code") == code.fields.get("code") for each in known.codes):
        return state, () if _repeats(event) else (code,)
    fault = known._replace(codes=(*known.codes, replace(code, raw=""))[-MOST_CODES:])
    return state._replace(standing=_bounded(state.standing, name, fault, MOST_STANDING)), (code,)


def _repeats(event: Signal) -> bool:
    """Whether it tells in due course how things are; an alert or a change is news, though none cleared the last."""
    return event.kind == "reading" or event.fields.get("trigger") == "Periodic"


def _as_trouble(state: State, event: Signal) -> State:
    told = state.told.get(_number(event))
    if told is None or told.is_trouble:
        return state
    return state._replace(told={**state.told, _number(event): told._replace(is_trouble=True)})


def _with_side(event: Signal, code: Signal) -> Signal:
    """A measured value is too high or too low as its monitor has it: `ElectricalFeed.ACVoltage=UpperThreshold`."""
    side = event.fields.get("monitor.type")
    name = str(code.fields.get("code"))
    if side not in LIMITS or name != variable_of(event.fields):
        return code
    return replace(code, fields={**code.fields, "code": f"{name}={side}"})


def _variable(signal: Signal) -> str:
    """What stands or is over: a variable of one component in one place."""
    fields = signal.fields
    parts = ("component", "component.instance", "variable", "variable.instance", "component.evse.connectorId")
    return " ".join([*(str(fields.get(part, "")) for part in parts), str(signal.connector)])


def _ended(state: State, event: Signal) -> tuple[State, tuple[Signal, ...]]:
    """All is well again with a variable: every code that told otherwise is over."""
    fault = state.standing.get(_variable(event))
    if fault is None:
        return state, (event,)
    left = {name: each for name, each in state.standing.items() if each is not fault}
    return state._replace(standing=left), (event, *(_over(code, event, fault) for code in fault.codes))


def _over(code: Signal, event: Signal, fault: Fault) -> Signal:
    fields = dict(code.fields)
    if event.at is not None and fault.since is not None:
        fields["stood"] = (event.at - fault.since).total_seconds()
    return replace(code, kind="ended", at=event.at, line=event.line, raw=event.raw, fields=fields, marks=event.marks)


def _reported(state: State, reading: Signal) -> tuple[State, tuple[Signal, ...]]:
    """A report may tell first that all is well again."""
    said = {**reading.fields, "actualValue": reading.fields.get("value")}
    state = state._replace(open=reading)
    if not is_over(said):
        return state, (reading,)
    return _ended(state, reading)


def _monitored(state: State, signal: Signal) -> State:
    fields = signal.fields
    return _knows(state, fields.get("monitor.id"), fields, "monitor.")


def _accepted(state: State, answer: Signal) -> State:
    """Monitors that the management system set just now: the answer gives each its number."""
    numbers = {name: value for name, value in answer.fields.items() if name.startswith(f"{SET}[")}
    for place in sorted({name.partition(".")[0] for name in numbers}):
        asked = f"request.{_ASKED}{place.removeprefix(SET)}."
        said = {name.removeprefix(asked): value for name, value in answer.fields.items() if name.startswith(asked)}
        names = {"component": said.get("component.name"), "variable": said.get("variable.name")}
        if answer.fields.get(f"{place}.status") == "Accepted":
            state = _knows(state, answer.fields.get(f"{place}.id"), {**said, **names}, "")
    return state


def _knows(state: State, number: Scalar, fields: Mapping[str, Scalar], prefix: str) -> State:
    kind, limit, severity = (fields.get(f"{prefix}{name}") for name in ("type", "value", "severity"))
    monitor = Monitor(str(kind), limit, severity, variable_of(fields))
    return state._replace(monitors=_bounded(state.monitors, str(number), monitor, MOST_MONITORS))


def _bounded(known: Mapping[K, V], key: K, value: V, most: int) -> dict[K, V]:
    """With a value more; the oldest goes when there are too many."""
    left = {each: other for each, other in known.items() if each != key}
    if len(left) >= most:
        del left[next(iter(left))]
    return {**left, key: value}
