"""Answers: what a charger's answer to an errand says, as a verdict, a sentence and rows. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from chargelore.engine.decode.flat import clean, flat
from chargelore.engine.door import redacted
from chargelore.engine.signal import Scalar, Signal
from chargelore.kb.errand import Errand

Verdict = Literal[
    "done",  # and what had to follow did
    "refused",  # it said no
    "error",  # it answered with a CALLERROR
    "silent",  # it never answered
    "ignored",  # it said yes, and did nothing
    "garbled",  # its answer is none
    "gone",  # its line ended first
    "held",  # not sent: it would not be safe, or nobody agreed to it
    "impossible",  # this charger's version has no such message, or we cannot take its answer
]
Payload = Mapping[str, object]
Rows = tuple[tuple[str, str], ...]
MOST_ROWS = 5_000
_YES = frozenset({"Accepted", "Unlocked", "AcceptedCanceled", "Scheduled"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of one errand. `rows` are what was read, names with values; `seconds` until the answer came."""

    charger: str
    errand: str
    verdict: Verdict
    text: str
    rows: Rows = ()
    seconds: float | None = None
    file: str = ""

    @property
    def is_done(self) -> bool:
        """Whether the charger did what it was asked to."""
        return self.verdict == "done"


def verdict(errand: Errand, payload: Payload) -> tuple[Verdict, str]:
    """What a well-formed answer says."""
    if errand.action == "GetVariables":
        return _of_variables(payload)
    if errand.action == "GetLocalListVersion":
        return "done", _list_version(payload.get("listVersion", payload.get("versionNumber")))
    status = payload.get("status")
    if not isinstance(status, str):
        return "done", "It answered."
    reason = payload.get("statusInfo")
    why = f" ({clean(reason.get('reasonCode'))})" if isinstance(reason, Mapping) and reason.get("reasonCode") else ""
    if status in _YES:
        return "done", _accepted(status) + why
    return "refused", _REFUSALS.get(status, f"It answers {status[:40]}.") + why


def _accepted(status: str) -> str:
    return "It will do so once the running session is over." if status == "Scheduled" else f"It answers {status}."


_REFUSALS: Mapping[str, str] = {
    "Rejected": "It refuses.",
    "NotSupported": "It cannot do this.",
    "NotImplemented": "It cannot send this message.",
    "UnlockFailed": "It tried to let go of the plug and could not.",
    "OngoingAuthorizedTransaction": "It does not let go of the plug while a session runs.",
    "UnknownConnector": "It has no such connector.",
    "EmptyResultSet": "It has nothing to report.",
}


def _of_variables(payload: Payload) -> tuple[Verdict, str]:
    said = [str(each.get("attributeStatus")) for each in _objects(payload.get("getVariableResult"))]
    good = said.count("Accepted")
    return ("done" if good else "refused"), f"It tells {good} of {len(said)} variables."


def _list_version(version: object) -> str:
    if version == 0:
        return "Its local list is empty."
    return "It keeps no local list." if version == -1 else f"Its local list has version {clean(version)}."


def rows(action: str, payload: Payload, key: bytes) -> Rows:
    """What an answer or a report tells, names with values; what names a person or a device is a pseudonym."""
    told = _ROWS.get(action, _plain)(payload)
    fields = dict(pair for _, pair in zip(range(MOST_ROWS), told, strict=False))
    passed = redacted(Signal(layer="ocpp", kind="answer", fields=fields), key) if key else None
    return tuple(
        (name.removeprefix("key."), _shown(value)) for name, value in (passed.fields if passed else fields).items()
    )


def _shown(value: Scalar) -> str:
    return "" if value is None else str(value)


def _plain(payload: Payload) -> Iterator[tuple[str, Scalar]]:
    """The fields of an answer, but for those that the sentence tells."""
    said = {name: value for name, value in payload.items() if name not in ("status", "statusInfo", "customData")}
    return iter(flat(said).items())


def _settings(payload: Payload) -> Iterator[tuple[str, Scalar]]:
    for each in _objects(payload.get("configurationKey")):
        yield f"key.{clean(str(each.get('key')))}", clean(each.get("value"))
    unknown = payload.get("unknownKey")
    for name in unknown if isinstance(unknown, list) else ():
        yield f"key.{clean(str(name))}", "(unknown to it)"


def _variables(payload: Payload) -> Iterator[tuple[str, Scalar]]:
    for each in _objects(payload.get("getVariableResult")):
        status = each.get("attributeStatus")
        value = each.get("attributeValue") if status == "Accepted" else f"({status})"
        yield f"key.{place(each)}", clean(value)


def _report(payload: Payload) -> Iterator[tuple[str, Scalar]]:
    for each in _objects(payload.get("reportData")):
        for attribute in _objects(each.get("variableAttribute")):
            kind = attribute.get("type")
            suffix = f" ({kind})" if kind not in (None, "Actual") else ""
            yield f"key.{place(each)}{suffix}", clean(attribute.get("value"))


def _monitors(payload: Payload) -> Iterator[tuple[str, Scalar]]:
    for each in _objects(payload.get("monitor")):
        for one in _objects(each.get("variableMonitoring")):
            name = f"key.{place(each)} (monitor {clean(one.get('id'))})"
            yield name, f"{clean(one.get('type'))} {clean(one.get('value'))}, severity {clean(one.get('severity'))}"


def place(said: Payload) -> str:
    """A variable of a component as people write it: `Connector#1.Available`, with the EVSE where there is one."""
    component, variable = _object(said.get("component")), _object(said.get("variable"))
    evse = _object(component.get("evse"))
    where = "".join(f"#{clean(number)}" for number in (evse.get("id"), evse.get("connectorId")) if number is not None)
    return ".".join(filter(None, (*_names(component, where), *_names(variable, ""))))


def _names(said: Payload, where: str) -> Iterable[str]:
    instance = said.get("instance")
    yield f"{clean(said.get('name'))}{where}" + (f"[{clean(instance)}]" if instance else "")


def _object(value: object) -> Payload:
    return value if isinstance(value, Mapping) else {}


def _objects(values: object) -> list[Payload]:
    return [each for each in values if isinstance(each, Mapping)] if isinstance(values, list) else []


_ROWS = {
    "GetConfiguration": _settings,
    "GetVariables": _variables,
    "NotifyReport": _report,
    "NotifyMonitoringReport": _monitors,
}
