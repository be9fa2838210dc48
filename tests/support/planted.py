"""Secrets that tests plant in what chargers, systems and people say, and a search that finds them in any spelling."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

CARD, SERIAL, MAC, EVCC = "04A1B2C3D4E5F6", "SN-CANARY-4711", "00:1A:22:33:44:5F", "7B0A5C1E93D2"
VIN, CONTRACT, MAIL = "WVWZZZ1KZAW987654", "DE-8AA-C12345678-X", "jo.canary@example.org"
PHONE, ADDRESS, PASSWORD, PERSON = "+49 170 9876543", "192.0.2.77", "hunter22xyz", "Jo Canary"
ALL = {
    "card": CARD, "serial": SERIAL, "mac": MAC, "evcc": EVCC, "vin": VIN, "contract": CONTRACT, "mail": MAIL,
    "phone": PHONE, "address": ADDRESS, "password": PASSWORD, "person": PERSON,
}  # fmt: skip
# What must never be found, once everything but letters and digits is gone.
_CORES = {
    "card": "04a1b2c3d4e5f6", "serial": "sncanary4711", "mac": "001a2233445f", "evcc": "7b0a5c1e93d2",
    "vin": "wvwzzz1kzaw987654", "contract": "de8aac12345678", "mail": "jocanaryexample", "phone": "1709876543",
    "address": "192.0.2.77", "password": "hunter22xyz", "person": "jocanary",
}  # fmt: skip
_SPELT = {
    name: {base64.b64encode(each.encode()).decode().rstrip("="), each.encode().hex()} for name, each in ALL.items()
}

FRAMES: dict[str, list[Any]] = {
    "boot": [
        "BootNotification",
        {"chargePointVendor": "Volta", "chargePointModel": "Post", "chargePointSerialNumber": SERIAL,
         "meterSerialNumber": SERIAL, "iccid": "8949020000123456789"},
    ],
    "boot 2.x": ["BootNotification", {"chargingStation": {"serialNumber": SERIAL, "model": "P", "vendorName": "V"}}],
    "start": ["StartTransaction", {"connectorId": 1, "idTag": CARD, "meterStart": 0}],
    "authorize 2.x": [
        "Authorize",
        {"idToken": {"idToken": CARD.lower(), "type": "ISO14443", "additionalInfo": [
            {"additionalIdToken": CONTRACT, "type": "eMAID"}]}, "customData": {"vendorId": "V", "userEmail": MAIL}},
    ],
    "contract": ["Authorize", {"idToken": {"idToken": CONTRACT, "type": "eMAID"}}],
    "autocharge": ["Authorize", {"idTag": "VID:001A2233445F"}],
    "list": ["SendLocalList", {"localAuthorizationList": [{"idTag": CARD, "idTagInfo": {"parentIdTag": CARD}}]}],
    "setting": ["ChangeConfiguration", {"key": "AuthorizationKey", "value": PASSWORD}],
    "variable": [
        "SetVariables",
        {"setVariableData": [{"attributeValue": PASSWORD, "variable": {"name": "BasicAuthPassword"},
                              "component": {"name": "SecurityCtrlr"}}]},
    ],
    "network": ["SetNetworkProfile", {"connectionData": {"apn": {"apnUserName": PERSON, "apnPassword": PASSWORD}}}],
    "upload": ["GetDiagnostics", {"location": f"ftp://jo:{PASSWORD}@host/x?password={PASSWORD}"}],
    "vehicle": ["NotifyEVChargingNeeds", {"evseId": 1, "chargingNeeds": {"evccId": EVCC, "vin": VIN}}],
    "customer": ["NotifyCustomerInformation", {"data": f"{PERSON}, {MAIL}, card {CARD}", "seqNo": 0}],
    "transfer": ["DataTransfer", {"vendorId": "V", "data": json.dumps({"rfid": CARD, "mac": MAC, "phone": PHONE})}],
    "transfer twice packed": [
        "DataTransfer", {"vendorId": "V", "data": json.dumps(json.dumps({"idTag": CARD, "driverName": PERSON}))},
    ],
    "transfer in XML": ["DataTransfer", {"vendorId": "V", "data": f"<idTag>{CARD}</idTag><vin>{VIN}</vin>"}],
    "certificate": [
        "SignCertificate",
        {"csr": f"-----BEGIN CERTIFICATE REQUEST-----\n{base64.b64encode(CONTRACT.encode()).decode()}\n"
                "-----END CERTIFICATE REQUEST-----"},
    ],
    "audit": ["SecurityEventNotification", {"type": "Login", "techInfo": f"user jo.canary logged in from {ADDRESS}"}],
    "beside itself": [
        "DataTransfer",
        {"vendorId": "V", "data": json.dumps({"cardUid": CARD, "note": f"{CARD} {CARD.encode().hex()}"})},
    ],
}  # fmt: skip
WORDS = {
    "card": (f"idTag: {CARD} refused", "RFID 04 A1 B2 C3 D4 E5 F6", f"tag {CARD.lower()}", f"idTag='{CARD}'"),
    "serial": (f"Serial number: {SERIAL}", f"serial number {SERIAL}", f"S/N: {SERIAL}", f"Seriennummer={SERIAL}"),
    "mac": (f"MAC {MAC}", "mac=001A2233445F", "peer 00-1a-22-33-44-5f", "from 001a.2233.445f"),
    "evcc": (f"EVCCID {EVCC}", "EVCCID = 7B:0A:5C:1E:93:D2", "EVCCID: 7B 0A 5C 1E 93 D2"),
    "vin": (f"plugged {VIN}", f"vin={VIN.lower()}"),
    "contract": (f"eMAID {CONTRACT}", "contract DE8AAC12345678X", "CN=DE8AAC12345678X,O=Org"),
    "mail": (f"mail to {MAIL}", f"{MAIL.upper()}", "jo.canary%40example.org"),
    "phone": (f"call {PHONE}", "phone: 0170/9876543"),
    "address": (f"peer ('{ADDRESS}', 59164)", f"::ffff:{ADDRESS} came"),
    "password": (f"password={PASSWORD}", f"ws://jo:{PASSWORD}@host/CP-1", f"GET /CP-1?token={PASSWORD}",
                 f"Authorization: Basic {base64.b64encode(f'jo:{PASSWORD}'.encode()).decode()}"),
    "person": (f'{{"driverName":"{PERSON}"}}', "username=jo.canary"),
}  # fmt: skip


def frames() -> list[str]:
    """Every planted frame as it goes over the wire."""
    return [json.dumps([2, f"p{number}", *body]) for number, body in enumerate(FRAMES.values())]


def words() -> list[str]:
    """Every planted sentence."""
    return [each for some in WORDS.values() for each in some]


def leaks(text: str | bytes) -> set[str]:
    """Which secrets can be found in a text."""
    whole = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    low = whole.lower().replace("%40", "@")
    bare = re.sub(r"[^a-z0-9]", "", low)
    found = {name for name, core in _CORES.items() if core in (low if "." in core else bare)}
    return found | {name for name, spelt in _SPELT.items() if any(each in whole or each in bare for each in spelt)}
