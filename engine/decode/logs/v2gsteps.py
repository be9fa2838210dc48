"""V2G steps: how far vehicle and charger came in their dialogue, who spoke, and who gave up, from lines of any stack.

Names of messages, of timers and of SLAC primitives are those of DIN 70121, ISO 15118-2, -3 and -20; EVerest, pyPLC,
Josev, RISE-V2G and protocol testers print them as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from msgspec.structs import replace

from chargelore.engine.signal import Scalar, Signal

MARKS = ("Req", "Res", "SLAC", "slac", "SDP", "V2G", "TLS", "CM_")  # of which a text must hold one to be worth a search
LAYERS = frozenset({"vehicle", "firmware"})
MOST = 64  # chargers whose dialogue is followed

# The steps in order: each with the messages that belong to it, in all three standards.
_STEPS = """
matching CM_SLAC_PARM CM_START_ATTEN_CHAR CM_MNBC_SOUND CM_ATTEN_CHAR CM_ATTEN_PROFILE CM_VALIDATE
matched CM_SLAC_MATCH
discovery SECCDiscovery SDP
protocol SupportedAppProtocol SupportedApplicationProtocol
session SessionSetup
services ServiceDiscovery ServiceDetail ServicePaymentSelection PaymentServiceSelection ServiceSelection
services AuthorizationSetup
authorisation ContractAuthentication Authorization PaymentDetails CertificateInstallation CertificateUpdate
parameters ChargeParameterDiscovery DC_ChargeParameterDiscovery AC_ChargeParameterDiscovery ScheduleExchange
cable-check CableCheck DC_CableCheck
precharge PreCharge DC_PreCharge
power-delivery PowerDelivery
charging CurrentDemand ChargingStatus MeteringReceipt DC_ChargeLoop AC_ChargeLoop WPT_ChargeLoop MeteringConfirmation
ending WeldingDetection DC_WeldingDetection SessionStop
"""
STEP_OF = {name: step for step, *names in map(str.split, _STEPS.strip().splitlines()) for name in names}
STEPS = tuple(dict.fromkeys(STEP_OF.values()))
_NAMES = "|".join(sorted((name for name in STEP_OF if not name.startswith(("CM_", "SDP"))), key=len, reverse=True))
_MESSAGE = re.compile(rf"(?<![A-Za-z_])({_NAMES})_?(Req|Res)(?:uest|ponse)?(?![a-z])")
_SLAC = re.compile(r"\b(CM_[A-Z_]{4,20}?)[._](REQ|CNF|IND|RSP)\b")
_SDP = re.compile(r"\b(?:SDP|SECC ?Discovery)[ _-]?(?:Protocol )?(?P<way>[Rr]eq(?:uest)?|[Rr]es(?:ponse)?)\b")
_TIMER = re.compile(r"\b(V2G_(EVCC|SECC)_[A-Za-z_]{3,50}?)(?=[^A-Za-z_]|\Z)")
_EXPIRED = re.compile(r"time[ _-]?(?:out|d out)|expire|elaps|exceed|abgelaufen|überschritten", re.IGNORECASE)
_FAILED = re.compile(r"\b(FAILED(?:_[A-Z][A-Za-z]{3,50})?)\b")
_EV_ERROR = re.compile(r"EVErrorCode[\"']?\s*[:=]\s*[\"']?(FAILED_\w{3,50}|RESERVED_\w|NO_DATA)")
_TLS = re.compile(r"\bTLS\b.{0,60}(?:alert|fail|handshake error|abort)", re.IGNORECASE)
_PROTOCOLS = (
    ("DIN 70121", re.compile(r"urn:din:70121|\bDIN ?(?:SPEC ?)?70121|\bDIN70121")),
    ("ISO 15118-20", re.compile(r"urn:iso:std:iso:15118:-20|\bISO ?15118-20|\bISO20\b")),
    ("ISO 15118-2", re.compile(r"urn:iso:15118:2:|\bISO ?15118-2\b|\bISO2\b")),
)
_EVSE_SAYS = {"Res": "evse", "Req": "ev", "REQ": "ev", "CNF": "evse"}


@dataclass(slots=True)
class Dialogue:
    """How far one dialogue came; lives for one reading and charger."""

    protocol: str = ""
    step: str = ""
    message: str = ""


@dataclass(slots=True)
class Dialogues:
    """The dialogues of all chargers of one log."""

    known: dict[str, Dialogue] = field(default_factory=dict)

    def of(self, signal: Signal, text: str) -> Iterator[Signal]:
        """What a line says of the dialogue: each message that is another than before, and each failure."""
        if signal.layer not in LAYERS or not any(map(text.__contains__, MARKS)):
            return
        if signal.charger not in self.known and len(self.known) >= MOST:
            return
        dialogue = self.known.setdefault(signal.charger, Dialogue())
        said = next((name for name, pattern in _PROTOCOLS if pattern.search(text)), "")
        dialogue.protocol = said or dialogue.protocol
        for fields in _told(dialogue, text):
            place = {"protocol": dialogue.protocol} if dialogue.protocol else {}
            yield replace(signal, kind="v2g", layer="vehicle", fields={**fields, **place})

    def protocol(self, charger: str) -> str:
        """The protocol that is spoken with the vehicle, as far as the log names it."""
        return self.known[charger].protocol if charger in self.known else ""


def _told(dialogue: Dialogue, text: str) -> Iterator[dict[str, Scalar]]:
    for step, message, side in _messages(text):
        if message != dialogue.message:
            dialogue.step, dialogue.message = step, message
            yield {"event": "message", "step": step, "message": message, "side": side}
    last: dict[str, Scalar] = {"last": dialogue.step, "message": dialogue.message}
    for name, whose in dict.fromkeys(_TIMER.findall(text)):
        if _EXPIRED.search(text):
            yield {"event": "timeout", "timer": name, "side": "ev" if whose == "EVCC" else "evse", **last}
    if error := _EV_ERROR.search(text):
        yield {"event": "vehicle-error", "code": error[1], "side": "ev", **last}
    elif (failed := _FAILED.search(text)) and dialogue.message.endswith("Res"):
        yield {"event": "refused", "code": failed[1], "side": "evse", **last}
    if _TLS.search(text):
        yield {"event": "tls-failed", **last}


def _messages(text: str) -> Iterator[tuple[str, str, str]]:
    """Step, message and who says it, in the order of the text."""
    for found in _MESSAGE.finditer(text):
        yield STEP_OF[found[1]], f"{found[1]}{found[2]}", _EVSE_SAYS[found[2]]
    for found in _SLAC.finditer(text):
        if step := STEP_OF.get(found[1]):
            yield step, f"{found[1]}.{found[2]}", _EVSE_SAYS.get(found[2], "")
    if found_sdp := _SDP.search(text):
        way = found_sdp["way"][:3].title()
        yield "discovery", f"SECCDiscovery{way}", _EVSE_SAYS[way]
