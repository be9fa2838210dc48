"""Signal: one observation in our words, with its layer, its time and the raw text it came from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

import msgspec

from chargelore.kb.model import Layer

EXCERPT = "excerpt"  # mark of what a table tells: what it leaves out may have happened all the same
BY_SERIAL = "serial:"  # in front of a charger's id where it is only known by its serial number
QUEUED = "queued"  # mark of what happened long before it was told; its time is when it happened
Scalar = str | int | float | bool | None


class Signal(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One observation of one charger.

    `kind` is one word of `KINDS`; `fields` is flat (`csChargingProfiles.stackLevel`), values in SI units as named in
    the README of `rules/`. `at` is event time in UTC, None where the source gave none. `marks` says what is odd about
    it (`off-spec`, `cut`, `no-time`, `queued`, …); `line` is its place in the source, from 1. `slack` says by how many
    seconds its time may be off because it was put on another clock.
    """

    layer: Layer
    kind: str
    charger: str = ""
    connector: int | None = None
    at: datetime | None = None
    fields: Mapping[str, Scalar] = msgspec.field(default_factory=dict)
    raw: str = ""
    line: int = 0
    marks: tuple[str, ...] = ()
    slack: float = 0.0


def shows_its_layer(signal: Signal) -> bool:
    """Whether its layer was heard; that the registers of a charger do not answer says that they were not."""
    return signal.fields.get("name") != "silent" or signal.fields.get("part") != "charger"


# Every kind of signal, and what its fields hold. Rules name kinds; lint refuses others.
KINDS: Mapping[str, str] = MappingProxyType(
    {
        "boot": "BootNotification: vendor, model, firmware, reason",
        "status": "StatusNotification: status, errorCode, vendorErrorCode, vendorId, info",
        "fault": "a canonical fault: fault, code, namespace, relation (made by translation, never on the wire)",
        "ended": "a code that a 2.x event told is over: code, namespace, fault, channel, stood s",
        "code": "a native code as emitted: code, namespace (who defines it), channel, text, vendor",
        "start": "a transaction starts: transactionId, meterStart, idTag",
        "stop": "a transaction stops: transactionId, meterStop, reason",
        "transaction": "TransactionEvent 2.x between start and stop: triggerReason, chargingState, transactionId",
        "meter": "one MeterValue: power W, current A, current.l1…l3, voltage V, voltage.l1…l3, energy Wh,"
        " temperature C, soc %, current.offered A, power.offered W, frequency Hz, context",
        "authorize": "Authorize: idTag",
        "heartbeat": "Heartbeat",
        "event": "NotifyEvent 2.x: component, variable, actualValue, trigger, techCode, severity, cleared, cause"
        " (another event), root and root.eventId (the event that it came from), monitor.type, monitor.value",
        "security": "SecurityEventNotification: type, techInfo",
        "firmware-status": "FirmwareStatusNotification: status",
        "diagnostics-status": "DiagnosticsStatusNotification / LogStatusNotification: status",
        "data-transfer": "DataTransfer: vendorId, messageId, data",
        "call": "any other request: action, from (charger|csms), payload flattened",
        "command": "a request from the management system: action, payload flattened",
        "answer": "an answer joined to its request: action, from, status, error, description, latency s, request.* and"
        " payload",
        "unanswered": "a request that never got an answer: action, from, payload flattened",
        "orphan": "an answer whose request is not in view: status, error, payload flattened",
        "connected": "the charger's socket opened: path, protocol, offered (protocols, where not just that one),"
        " others (sockets of the same name that are open)",
        "disconnected": "the charger's socket closed: code, reason, by (charger|csms|tap), others (as above)",
        "log": "a line of a charger's, management system's or energy manager's log: text, level, logger",
        "v2g": "the dialogue with the vehicle (DIN 70121, ISO 15118): event (message, refused, vehicle-error, timeout,"
        " tls-failed), step, message, side (ev|evse), code, timer, last (the step reached last), protocol",
        "supply": "the supply as a site meter or recorder reads it: voltage, current, power, each also .l1…l3;"
        " voltage.min.l1, voltage.max.l1, frequency Hz, thd.voltage.l1 %, flicker.short, flicker.long, unbalance %",
        "grid-event": "an event of the supply (EN 50160): event (dip, swell, interruption, undervoltage, overvoltage,"
        " transient, rapid-change, flicker, harmonics, unbalance, frequency, phase-loss), residual %,"
        " duration s, phase",
        "observation": "what a person saw, said or read off a display: text; denied (what it says without its no),"
        " nothing (well, absent: it only says so); evidence and answer where it answers a question;"
        " code and vendor where it is a code read off a display",
        "reading": "a register, API or meter value: name, value, unit, text",
        "lost": "messages or signals that a watch could not keep: count, why",
        "clock": "how a clock stands, told when that changes (made by the watch): clock (charger|csms), looks"
        " (right|ahead|behind|time-zone|never-set|drifts|unsteady), ahead s, off s (either way), spread s,"
        " drift s a day, was s, unset, year, queued, against (csms|source)",
        "unreadable": "a frame or line that could not be decoded: text, why",
    }
)
