"""Where a charger puts its native codes - errorCode, vendorErrorCode, info, techCode - and which say nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from chargelore.engine.decode.flat import clean, flat
from chargelore.engine.signal import Scalar, Signal

STANDARD_16 = "OCPP 1.6"
# OCPP 1.6 7.8 ChargePointErrorCode
_ERROR_CODES_16 = """
ConnectorLockFailure EVCommunicationError GroundFailure HighTemperature InternalError LocalListConflict NoError
OtherError OverCurrentFailure OverVoltage PowerMeterFailure PowerSwitchFailure ReaderFailure ResetFailure
UnderVoltage WeakSignal
"""
ERROR_CODES_16 = frozenset(_ERROR_CODES_16.split())
VAGUE = frozenset({"OtherError", "InternalError"})
MAX_CODES = 16
MAX_INFO = 4_096

_NULL = re.compile(r"(?:0x)?[0,;.\s]*|no_?error|none|null|nil|n/?a|ok|-|undefined|\{\}|\[\]", re.IGNORECASE)
_USUAL_NULLS = frozenset({"", "NoError", "0"})  # found without a search
_JOINED = re.compile(r"[\w.#/+-]+(?:\s*[,;|]\s*[\w.#/+-]+)+\Z")
_LOOKS_LIKE_CODE = re.compile(
    r"(?:0x)?[0-9A-F]{2,16}\Z|[A-Z]{1,4}[-_ ]?\d{1,6}[A-Z]?\Z|[A-Z0-9]+(?:_[A-Z0-9]+)+\Z|caused_by"
    r"|\berr(?:or)?[ _:-]*\w*\d"
)
_OF_ERRORS = re.compile(r"err|fault|alarm|fail|fehler|st(?:ö|oe)rung|warn", re.IGNORECASE)
_SHORT = re.compile(r"[\w.#/+-]{1,40}")
_KEYS_OF_CODES = frozenset({"code", "errorcode", "error_code", "error", "err", "faultcode", "fault", "vendorerrorcode"})


def is_null(code: str) -> bool:
    """Whether a code field says "nothing": `0`, `NoError`, `null`, `0,0,0,0`, …"""
    return code in _USUAL_NULLS or _NULL.fullmatch(code.strip()) is not None


def separated(code: str) -> tuple[str, ...]:
    """The codes that a field joins with commas or semicolons; a sentence stays one."""
    text = code.strip()
    if not _JOINED.match(text):
        return (text,)
    return tuple(dict.fromkeys(part.strip() for part in re.split(r"[,;|]", text) if not is_null(part)))[:MAX_CODES]


def status_codes(signal: Signal, payload: Mapping[str, object]) -> Iterator[Signal]:
    """One `code` signal for each native code of a StatusNotification."""
    error = str(clean(payload.get("errorCode") or ""))
    vendor_code = str(clean(payload.get("vendorErrorCode") or ""))
    info = str(clean(payload.get("info") or ""))[:MAX_INFO]
    vendor_id = str(clean(payload.get("vendorId") or ""))
    if not is_null(error):
        vendor = STANDARD_16 if error in ERROR_CODES_16 else ""
        yield code_signal(signal, error, "ocpp.errorCode", {"text": info or vendor_code, "vendor": vendor})
    if not is_null(vendor_code):
        for code in separated(vendor_code):
            yield code_signal(signal, code, "ocpp.vendorErrorCode", {"text": info, "vendorId": vendor_id})
    vague = error in VAGUE if not is_null(error) else payload.get("status") == "Faulted"
    for code in _codes_in_info(info, alone=vague and is_null(vendor_code)):
        yield code_signal(signal, code, "ocpp.info", {"text": info, "vendorId": vendor_id})


def transfer_codes(signal: Signal, payload: Mapping[str, object]) -> Iterator[Signal]:
    """The native codes that a maker sends in a DataTransfer: members that are called so, or a code alone under a name
    that speaks of errors.
    """
    data, subject = payload.get("data"), str(clean(payload.get("messageId") or ""))
    vendor_id = str(clean(payload.get("vendorId") or ""))
    said = data if isinstance(data, Mapping) else strictly(data) if isinstance(data, str) else None
    is_of_errors = _OF_ERRORS.search(subject) is not None
    found = list(_codes_among(said, is_of_errors=is_of_errors)) if isinstance(said, Mapping) else []
    if not found and is_of_errors and isinstance(data, str) and not is_null(data):
        parts = separated(data)
        found = list(parts) if all(map(_SHORT.fullmatch, parts)) else []
    for code in found[:MAX_CODES]:
        yield code_signal(signal, code, "ocpp.DataTransfer", {"text": subject, "vendorId": vendor_id})


def strictly(text: str) -> object:
    """The JSON value that a text is; None where it is none."""
    try:
        return json.loads(text) if len(text) <= MAX_INFO and text.lstrip()[:1] == "{" else None
    except (ValueError, RecursionError):
        return None


def _codes_among(said: Mapping[str, object], *, is_of_errors: bool) -> Iterator[str]:
    keys = _KEYS_OF_CODES if is_of_errors else _KEYS_OF_CODES - {"code"}
    for name, value in flat(said).items():
        last, text = name.rsplit(".", 1)[-1].lower(), str(value).strip()
        if last in keys and isinstance(value, str | int) and not isinstance(value, bool):
            yield from (text,) if _SHORT.fullmatch(text) and not is_null(text) else ()


def _codes_in_info(info: str, *, alone: bool) -> Iterator[str]:
    """`info` is free text: a code where it is written like one, or where nothing else says what is wrong."""
    text = info.strip()
    if is_null(text):
        return
    if text.startswith("{"):
        yield from _codes_in_json(text)
    elif alone or _LOOKS_LIKE_CODE.search(text):
        yield from separated(text)


def _codes_in_json(text: str) -> Iterator[str]:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return
    for name, value in flat(said if isinstance(said, dict) else {}).items():
        if name.rsplit(".", 1)[-1].lower() in _KEYS_OF_CODES and value is not None and not is_null(str(value)):
            yield str(value)


def code_signal(signal: Signal, code: str, channel: str, more: Mapping[str, Scalar]) -> Signal:
    """A `code` signal that shares time, place and raw text with the signal that carried it."""
    fields = {"code": code, "channel": channel, "text": "", "vendor": "", **{k: v for k, v in more.items() if v}}
    return replace(signal, kind="code", fields=fields)
