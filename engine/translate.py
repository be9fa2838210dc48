"""Translate: native codes into canonical faults, by the maker's own table first and the standards after."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from chargelore.engine.case import Charger, SeenCode
from chargelore.engine.signal import Scalar, Signal
from chargelore.kb.codes import Codes
from chargelore.kb.model import Code, Meaning

NULL_CODES = frozenset({"", "0", "noerror", "no_error", "null", "none", "ok"})
# What a display shows and nothing else: `UnderVoltage`, `E-15`, `Zaptec error 0x0004`. One small word is no code.
_READ_OFF = re.compile(
    r"(?:(?:the|my|die|der)? ?(?:wallbox|charger|box|station|display|screen|app|anzeige|ladestation|it)?"
    r" ?(?:shows?|says?|reports?|reads?|zeigt|meldet|:)(?: an?| einen?)?:? +)?"
    r"(?:(?P<maker>[A-Za-z][\w. -]{1,30}?) +)??"
    r"(?P<named>(?:(?:error|fault|alarm|code|err|fehler(?:code)?|störung)\b[ :.#]*)*)"
    r"(?P<code>[A-Za-z0-9#](?:[\w.#-]{0,38}[\w#])?)[.!]?",
    re.IGNORECASE,
)
_CODE = re.compile(r".*(?:\d|_|[a-z][A-Z])")


def seen_codes(signal: Signal, charger: Charger, codes: Codes) -> tuple[SeenCode, ...]:
    """What the code in a `code` signal means on this charger; one unmapped SeenCode when nobody mapped it."""
    if signal.kind != "code" and not is_read_off(signal):
        return ()
    native = str(signal.fields.get("code") or "")
    if native.strip().lower() in NULL_CODES:
        return ()
    vendor = _namespace(signal, charger, codes)
    channel = str(signal.fields.get("channel") or "")
    found = codes.meanings(native, vendor, charger.model, charger.firmware, channel)
    return tuple(_translated(native, vendor, channel, found)) or (_unmapped(native, vendor, channel, signal),)


def is_read_off(signal: Signal) -> bool:
    """Whether it is a code that a person read off the charger."""
    return signal.kind == "observation" and "code" in signal.fields


def read_off(signal: Signal, charger: Charger, codes: Codes) -> Signal:
    """What a person saw, as the code that it is where a code is all that it says; otherwise the signal itself.

    A number by itself is a code where the maker knows it, or where the person calls it one.
    """
    text = str(signal.fields.get("text") or "") if signal.kind == "observation" else ""
    found = _READ_OFF.fullmatch(text.strip())
    if found is None or "denied" in signal.fields or not _CODE.match(found["code"]):
        return signal
    code, maker = found["code"], found["maker"] or ""
    if maker and not codes.knows(maker):
        return signal
    vendor = maker or charger.vendor
    if not found["named"] and not codes.meanings(code, vendor, charger.model, charger.firmware):
        return signal
    said = {"code": code, **({"vendor": maker} if maker else {})}
    return replace(signal, fields={**signal.fields, "text": "", **said})


def in_namespace(signal: Signal, charger: Charger, codes: Codes) -> Signal:
    """A `code` with its `namespace`, under the name that we know it by: a bare number means nothing."""
    if signal.kind not in ("code", "ended") or signal.fields.get("namespace"):
        return signal
    space = codes.maker(_namespace(signal, charger, codes))
    return replace(signal, fields={**signal.fields, "namespace": space}) if space else signal


def ended_codes(signal: Signal, charger: Charger, codes: Codes) -> tuple[SeenCode, ...]:
    """The codes that are over with an `ended` signal, as they were seen."""
    return seen_codes(replace(signal, kind="code"), charger, codes) if signal.kind == "ended" else ()


def _namespace(signal: Signal, charger: Charger, codes: Codes) -> str:
    """Who defines the code: whom the decoder names, a vendorId that stands for a known list, else the maker."""
    vendor_id = str(signal.fields.get("vendorId") or "")
    return str(signal.fields.get("vendor") or "") or (vendor_id if codes.knows(vendor_id) else charger.vendor)


def _translated(native: str, vendor: str, channel: str, found: tuple[Code, ...]) -> Iterator[SeenCode]:
    for code in found:
        for means in code.means or (None,):
            yield _seen(native, vendor, channel, code, means)


def _seen(native: str, vendor: str, channel: str, code: Code, means: Meaning | None) -> SeenCode:
    return SeenCode(
        code=native,
        vendor=code.vendor or vendor,
        text=code.text,
        channel=channel,
        fault=means.fault if means else None,
        relation=means.relation if means else None,
        known=code,
    )


def _unmapped(native: str, vendor: str, channel: str, signal: Signal) -> SeenCode:
    text = str(signal.fields.get("text") or "")
    return SeenCode(code=native, vendor=vendor, text=text, channel=channel, fault=None, relation=None)


def fault_signals(signal: Signal, seen: tuple[SeenCode, ...]) -> tuple[Signal, ...]:
    """One `fault` signal for every canonical fault, so that rules work for every maker that maps to it.

    Of what is over, one `ended` for every fault.
    """
    kind = "ended" if signal.kind == "ended" else "fault"
    more = {"stood": signal.fields["stood"]} if "stood" in signal.fields and kind == "ended" else {}
    return tuple(
        replace(signal, kind=kind, fields={**_of_fault(each), **more})
        for each in seen
        if each.fault is not None and each.known is not None and each.known.is_fault
    )


def _of_fault(seen: SeenCode) -> dict[str, Scalar]:
    return {"fault": seen.fault, "code": seen.code, "namespace": seen.vendor, "relation": seen.relation}
