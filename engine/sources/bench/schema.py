"""Schema: what is wrong with a payload by the JSON schemas of its OCPP version, which the `ocpp` package brings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ocpp.messages import MessageType, get_validator

from chargelore.engine.decode.actions import KNOWN

# What makes a payload unusable, and what OCPP calls it; anything else is odd and answered all the same.
_ERRORS_16 = {"type": "TypeConstraintViolation", "required": "OccurenceConstraintViolation"}  # as 1.6 spells it
_ERRORS_2 = {"type": "TypeConstraintViolation", "required": "OccurrenceConstraintViolation"}
MOST = 20  # complaints of one payload that are looked at


@dataclass(frozen=True, slots=True)
class Flaw:
    """One complaint. `error` is the CALLERROR that it deserves, empty where the payload can be used."""

    text: str
    error: str = ""


def request_flaw(action: str, payload: Mapping[str, object], version: str) -> Flaw | None:
    """The worst that is wrong with a charger's request; None where nothing is, or where nobody can tell."""
    return _worst(_validator(MessageType.Call, action, version), payload, version)


def answer_flaw(action: str, payload: Mapping[str, object], version: str) -> Flaw | None:
    """The worst that is wrong with an answer to this action."""
    return _worst(_validator(MessageType.CallResult, action, version), payload, version)


def _validator(kind: int, action: str, version: str) -> Any:
    """None where the version has no such message; a charger's own words never become a path."""
    if action not in KNOWN:
        return None
    try:
        return get_validator(kind, action, version)
    except (OSError, ValueError):
        return None


def has_schema(action: str, version: str) -> bool:
    """Whether a charger of this version may send this request at all."""
    return _validator(MessageType.Call, action, version) is not None


def _worst(validator: Any, payload: Mapping[str, object], version: str) -> Flaw | None:
    flaws = [] if validator is None else list(_flaws(validator, payload, version))
    return min(flaws, key=lambda each: not each.error, default=None)


def _flaws(validator: Any, payload: Mapping[str, object], version: str) -> Iterator[Flaw]:
    names = _ERRORS_16 if version == "1.6" else _ERRORS_2
    for _, error in zip(range(MOST), validator.iter_errors(payload), strict=False):
        yield Flaw(_told(error)[:200], names.get(error.validator, ""))


def _told(error: Any) -> str:
    """What is wrong, without the value: that may name a person."""
    where = ".".join(map(str, error.absolute_path)) or "the payload"
    if error.validator in ("required", "additionalProperties"):  # these name fields, not values
        return f"{where}: {error.message}"
    return f"{where}: not as its {error.validator} asks" + (
        f" ({error.validator_value})" if error.validator in ("type", "maxLength") else ""
    )
