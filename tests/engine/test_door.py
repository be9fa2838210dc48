"""The door: nothing that names a person, a card or a vehicle passes; the same one always gets the same name."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chargelore.engine.decode.frame import decode_frame
from chargelore.engine.door import naming_nobody, pseudonym, redacted, redacted_text
from chargelore.engine.signal import Signal

KEY = b"a local key"
CARDS = st.text(alphabet="0123456789ABCDEF", min_size=8, max_size=20).filter(lambda card: len(set(card)) > 3)
CANARY = "CANARY77F0E1D2"

PLACES = {
    "idTag": ["StartTransaction", {"connectorId": 1, "idTag": CANARY, "meterStart": 0}],
    "token": ["Authorize", {"idToken": {"idToken": CANARY, "type": "ISO14443"}}],
    "list": ["SendLocalList", {"localAuthorizationList": [{"idTag": "A1B2C3D4"}] * 30 + [{"idTag": CANARY}]}],
    "serial": [
        "BootNotification",
        {"chargePointVendor": "V", "chargePointModel": "M", "chargePointSerialNumber": CANARY},
    ],
    "meter": ["BootNotification", {"chargePointVendor": "V", "chargePointModel": "M", "meterSerialNumber": CANARY}],
    "sim": ["BootNotification", {"chargingStation": {"modem": {"iccid": CANARY, "imsi": CANARY}}}],
    "password": ["ChangeConfiguration", {"key": "AuthorizationKey", "value": CANARY}],
    "variable": [
        "SetVariables",
        {
            "setVariableData": [
                {"attributeValue": CANARY, "variable": {"name": "BasicAuthPassword"}, "component": {"name": "S"}}
            ]
        },
    ],
    "data": ["DataTransfer", {"vendorId": "x", "data": json.dumps({"rfid": CANARY, "mac": CANARY, "evccId": CANARY})}],
}


def shown(signal: Signal) -> str:
    return json.dumps([dict(signal.fields), signal.raw])


@pytest.mark.parametrize("place", sorted(PLACES))
def test_no_canary_passes_in_fields_or_raw_text(place: str) -> None:
    for signal in decode_frame(json.dumps([2, "1", *PLACES[place]])):
        assert CANARY in shown(signal)
        assert CANARY not in shown(redacted(signal, KEY))


def test_no_canary_passes_in_an_answer_with_settings() -> None:
    frame = [3, "1", {"configurationKey": [{"key": "AuthorizationKey", "readonly": False, "value": CANARY}]}]
    (signal,) = decode_frame(json.dumps(frame))
    assert CANARY not in shown(redacted(signal, KEY))


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("card 04A1B2C3 refused", "04A1B2C3"),
        ("idTag=ab-cd-1234 accepted", "ab-cd-1234"),
        ("{'idTag': 'wallbox7'}", "wallbox7"),
        ('{\\"idTag\\":\\"escaped1\\"}', "escaped1"),
        ("peer ('192.0.2.120', 59164)", "192.0.2.120"),
        ("from [2001:db8::1:2ff]:80", "2001:db8::1:2ff"),
        ("mac 00:1A:22:33:44:5f joined", "00:1A:22:33:44:5f"),
        ("VIN WVWZZZ1KZAW123456 plugged", "WVWZZZ1KZAW123456"),
        ("contract DE-8AA-C12345678-X", "DE-8AA-C12345678-X"),
        ("mail to jo.doe+ev@example.org now", "jo.doe+ev@example.org"),
        ("wss://user77:pass88@example.org/CP1", "pass88"),
        ("Authorization: Basic dXNlcjpwYXNz", "dXNlcjpwYXNz"),
        ("password: hunter22x", "hunter22x"),
        ("token=abcdef123", "abcdef123"),
        ("Serial: 18273645", "18273645"),
    ],
)
def test_no_secret_passes_in_free_text(text: str, secret: str) -> None:
    assert secret not in redacted_text(text, KEY)


@pytest.mark.parametrize(
    "text",
    [
        "2031-05-01 10:00:00:123 firmware version 5.0.1.12 of model X",
        '"firmwareVersion":"5.0.1.12"',
        "listening on 0.0.0.0:9000 and 127.0.0.1",
        "modbus: send 00 21 00 00 00 06 01 03 04 b1 00 05",
        "energy 12345678 Wh at 230.1 V",
    ],
)
def test_what_names_nobody_stays(text: str) -> None:
    assert redacted_text(text, KEY) == text


@pytest.mark.parametrize(
    ("words", "secret"),
    [
        ("call 0171 2345678 before noon", "2345678"),
        ("call 0171/2345678", "2345678"),
        ("Rückruf 089 1234567, danke", "1234567"),
        ("ring 00491712345678", "1712345678"),
        ("paid with 4111 1111 1111 1111 at the terminal", "1111 1111"),
        ("refund to DE89 3704 0044 0532 0130 00 please", "3704 0044"),
        ("the Audi M-AB 1234 blocks it", "M-AB 1234"),
        ("Kennzeichen: KA XY 77", "XY 77"),
        ("at Hauptstraße 12a, 76131 Karlsruhe", "Hauptstra"),
        ("Herr Max Mustermann was there", "Mustermann"),
        ("driver: John Smith says it trips", "Smith"),
        ("Kundin: Erika Muster-Mann", "Muster"),
        ("it stands at 49.01234, 8.40123", "49.01234"),
        ("it has fe80::1a2b:3c", "fe80::1a2b"),
        ("modem 001122aabbcc is silent", "001122aabbcc"),
        ("card 04:A1:B2:C3:D4:E5:F6 refused", "A1:B2"),
    ],
)
def test_who_is_named_in_a_persons_words_is_named_nowhere(words: str, secret: str) -> None:
    said = Signal(layer="field", kind="said", fields={"text": words}, raw=words)
    once = redacted(said, KEY)
    assert secret not in f"{once.fields['text']} {once.raw}"
    assert redacted(once, KEY) == once
    assert naming_nobody(naming_nobody(words, KEY), KEY) == naming_nobody(words, KEY) == once.fields["text"]


@pytest.mark.parametrize(
    "words",
    [
        "trips since 08:00:02 on 2026-11-27, 12 of 340 sessions, 230.4 V and 16 A",
        "CP-DC9-1 shows E-0171, GroundFailure 0x1A and 3 beeps; RCD type A, MREC CX012",
        "driver: none, the display says Error 100-234 after 10000 Ohm",
        "firmware 7.4.1-0012, ABB Terra 54, meter 0001234 kWh",
        "the car next to it charges, plate cold, owner is the city",
        "Frau an der Kasse sagt, es geht nicht",
        "KEBA P30 x, KC-P30-EC240422-E00, 0.5 mA of 6 mA",
    ],
)
def test_what_a_person_says_of_a_charger_stays(words: str) -> None:
    assert naming_nobody(words, KEY) == words


@given(st.text())
def test_any_words_of_a_person_pass_the_door(words: str) -> None:
    once = naming_nobody(words, KEY)
    assert naming_nobody(once, KEY) == once


@given(CARDS)
def test_the_same_card_has_the_same_name_everywhere(card: str) -> None:
    (start,) = decode_frame([2, "1", "StartTransaction", {"idTag": card}])
    (told,) = decode_frame([2, "2", "Authorize", {"idToken": {"idToken": card.lower()}}])
    name = redacted(start, KEY).fields["idTag"]
    assert name == redacted(told, KEY).fields["idToken.idToken"]
    assert str(name).startswith(("idTag:", "contract:"))  # a card may be numbered like a contract


@given(CARDS)
def test_another_key_gives_another_name(card: str) -> None:
    assert pseudonym("idTag", card, KEY) != pseudonym("idTag", card, b"another key")


@given(
    st.dictionaries(st.sampled_from(["idTag", "serial", "text", "mac", "value", "key.Password"]), st.text(max_size=20))
)
def test_redaction_twice_is_redaction_once(fields: dict[str, str]) -> None:
    signal = Signal(layer="ocpp", kind="call", fields=fields, raw=json.dumps(fields))
    once = redacted(signal, KEY)
    assert redacted(once, KEY) == once


@given(st.text())
def test_any_text_passes_the_door(text: str) -> None:
    once = redacted_text(text, KEY)
    assert redacted_text(once, KEY) == once


def test_empty_fields_and_placeholders_stay() -> None:
    (signal,) = decode_frame(
        [2, "1", "BootNotification", {"iccid": "", "imsi": "000000000000000", "chargePointSerialNumber": None}]
    )
    found = redacted(signal, KEY).fields
    assert (found["iccid"], found["imsi"], found["chargePointSerialNumber"]) == ("", "000000000000000", None)
