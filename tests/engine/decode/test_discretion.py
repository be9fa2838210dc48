"""Discretion: a card, a network or a person in a table or a dump never gets past the door, in no field or text."""

from __future__ import annotations

import io
import json

import pytest

from chargelore.engine.door import redacted
from chargelore.engine.read import read

KEY = b"k" * 32
CANARY = "Canary4711"
AT = "2031-05-01T10:00:00Z"
SOURCES = {
    "keba": json.dumps({"ID": "100", "Session ID": 35, "E pres": 1, "RFID tag": CANARY, "Serial": "17000001"}),
    "keba-log": f'10:00:00 recv {{"ID":"100","Session ID":35,"E pres":1,"RFID tag":"{CANARY}"}}\n10:00:01 x\n',
    "go-e": json.dumps({"car": 1, "err": 3, "amp": 6, "alw": True, "nrg": [1, 2, 3], "rna": CANARY, "wss": CANARY}),
    "easee": json.dumps([{"mid": "EH1", "dataType": 6, "id": 128, "timestamp": AT, "value": CANARY}]),
    "zaptec": json.dumps([{"ChargerId": "z", "StateId": 750, "Timestamp": AT, "ValueAsString": CANARY}]),
    "sessions": f"Charger,Start,End,RFID,Reason\nA1,2031-05-01 09:00:00,2031-05-01 09:10:00,{CANARY},Local\n",
    "states": f"Charger,Status,Time,Driver\nA1,Faulted,2031-05-01 10:00:00,{CANARY}\n",
    "chargers": f"Charger,Vendor,Model,Firmware,Serial number\nA1,Volta,P,1.0,{CANARY}\n",
    "citrineos": f"id,stationId,idToken,connectorStatus,timestamp\n1,A1,{CANARY},Available,2031-05-01 10:00:00\n",
    "parts": f'Timestamp,Charger,Type,Action,Payload\n{AT},A1,Request,Authorize,"{{""idTag"":""{CANARY}""}}"\n',
}


@pytest.mark.parametrize("name", SOURCES)
def test_a_canary_in_any_source_never_gets_past_the_door(name: str) -> None:
    found = list(read(io.BytesIO(SOURCES[name].encode())))
    assert found
    for signal in found:
        past = redacted(signal, KEY)
        assert CANARY not in f"{dict(past.fields)} {past.raw} {past.charger}"
