"""Logs of our own writing, one in the manner of each format; frames carry the ids `m1`, `m2`, …"""

from __future__ import annotations

BOOT = (
    '[2,"m1","BootNotification",{"chargePointVendor":"Volta","chargePointModel":"Post 22",'
    '"chargePointSerialNumber":"SN-9","firmwareVersion":"4.1.0"}]'
)
BOOTED = '[3,"m1",{"status":"Accepted","currentTime":"2031-05-01T10:00:01Z","interval":300}]'
STATUS = (
    '[2,"m2","StatusNotification",{"connectorId":1,"errorCode":"GroundFailure","status":"Faulted",'
    '"timestamp":"2031-05-01T10:00:05Z"}]'
)
SEEN = '[3,"m2",{}]'
PROFILE = (
    '[2,"m3","SetChargingProfile",{"connectorId":1,"csChargingProfiles":{"chargingProfileId":1,"stackLevel":0,'
    '"chargingProfilePurpose":"TxProfile","chargingProfileKind":"Relative","chargingSchedule":{"chargingRateUnit":"A",'
    '"chargingSchedulePeriod":[{"startPeriod":0,"limit":6}]}}}]'
)
REFUSED = '[4,"m3","NotSupported","no smart charging",{}]'
FRAMES = (BOOT, BOOTED, STATUS, SEEN, PROFILE, REFUSED)
UIDS = ("m1", "m1", "m2", "m2", "m3", "m3")
FROM_CHARGER = (True, False, True, False, False, True)


def _said(inward: str, outward: str, by_charger: bool = False) -> list[str]:
    """The word in front of each frame, as a log of the management system (or of the charger) has it."""
    return [inward if from_charger != by_charger else outward for from_charger in FROM_CHARGER]


def _lines(head: str, words: list[str], tail: str = "") -> list[str]:
    return [
        f"{head.format(s=second)}{word}{frame}{tail}"
        for second, (word, frame) in enumerate(zip(words, FRAMES, strict=True))
    ]


def _wrapped(lines: list[str], head_length: int, width: int) -> list[str]:
    """Lines broken at a width, with the head repeated."""
    out = []
    for line in lines:
        head, body = line[:head_length], line[head_length:]
        out += [head + body[at : at + width] for at in range(0, len(body), width)]
    return out


_ALFEN_HEAD = "2031-05-01T10:00:0{s}.250Z:COM:wire.c:9{s}:"

LOGS: dict[str, list[str]] = {
    "home-assistant": _lines(
        "2031-05-01 10:00:0{s}.100 INFO (MainThread) [ocpp] ", _said("CP-A: receive message ", "CP-A: send ")
    ),
    "evcc": _lines("[ocpp  ] TRACE 2031/05/01 10:00:0{s} ", _said("recv CP-A: ", "send CP-A: ")),
    "steve": _lines(
        "[INFO ] 2031-05-01 10:00:0{s},100 org.example.Logger - [chargeBoxId=CP-A, sessionId=77] ",
        _said("Received: ", "Sending: "),
    ),
    "micro-ocpp": _lines("10:00:0{s}.100 > [MO] ", _said("Recv: ", "Send: ", by_charger=True)),
    "websockets-trace": _lines(
        "2031-05-01 10:00:0{s},100 DEBUG websockets.server ", _said("< TEXT '", "> TEXT '"), "' [200 bytes]"
    ),
    "proxy": _lines("[10:00:0{s},100] ", _said("[client->target] ", "[target->client] ")),
    "alfen": _wrapped(_lines(_ALFEN_HEAD, _said("<- ", "-> ", by_charger=True)), len(_ALFEN_HEAD.format(s=0)), 70),
    "vestel": _lines("01.05.2031-10:00:0{s} [INFO] CLIENT: ", _said("Client RX: ", "Client TX: ", by_charger=True)),
    "esp-idf": _lines("I (1000{s}) ocpp: ", _said("rx ", "tx ", by_charger=True)),
    "event-log": _lines("Thu May  1 10:00:0{s} 2031 | ", _said("Received ", "Sent ", by_charger=True)),
    "iobroker": _lines(
        "2031-05-01 10:00:0{s}.100 - debug: ocpp.0 (12) ", _said("Received from CP-A: ", "Sent to CP-A: ")
    ),
    "wbec": _lines("10:00:0{s}: OCPP: ", _said("rx ", "tx ", by_charger=True)),
    "smart-evse": _lines("(D) (onMessage)(C0) ", _said("Received ", "Sent ", by_charger=True)),
    "python-log": _lines("INFO:ocpp:CP-A: ", _said("receive message ", "send ")),
    "structured": [
        f'{{"time":"2031-05-01T10:00:0{second}Z","level":"info","chargerId":"CP-A","direction":"{word}","frame":{frame}}}'
        for second, (word, frame) in enumerate(zip(_said("in", "out"), FRAMES, strict=True))
    ],
    "raw-json": list(FRAMES),
    "plain-text": _lines("01.05.31 10:00:0{s} box 7 ", _said("got ", "sent ")),
}
CARRIERS = {
    "nothing": "",
    "journald": "May 01 10:00:00 host prog[123]: ",
    "docker": "2031-05-01T10:00:00.123456789Z ",
    "compose": "service-1  | ",
    "quotation": "> ",
}

# Formats whose lines hold no frames.
FRAMELESS: dict[str, list[str]] = {
    "everest": [
        "2031-05-01 10:00:00.100000 [INFO] manager          :: EVerest manager starts",
        "2031-05-01 10:00:01.100000 [ERRO] evse_manager_1:  void module::A::raise(const Error&) :: Error raised, type: "
        "evse_board_support/MREC14PilotFault, sub_type: , description: pilot out of range",
        "2031-05-01 10:00:02.100000 [WARN] connector_1:Ev   :: waits for the vehicle",
    ],
    "iso15118": [
        "INFO    2031-05-01 10:00:00,100 - iso15118.shared.session (25): Session is open",
        'INFO    2031-05-01 10:00:01,100 - iso15118.shared.session (26): Decoded message: {"V2G_Message": {"Body": '
        '{"CableCheckRes": {"ResponseCode": "FAILED_SequenceError"}}}}',
    ],
    "openevse-rapi": ["OpenEVSE: > $GS^30", "OpenEVSE: < $OK 03 123^20", "$AT 06 06 16 0120", "$ST 07^2F"],
    "pyplc": [
        "[2031-05-01 10:00:00.100000] EVRESSSOC=55",
        "[2031-05-01 10:00:00.200000] PhysicalVoltage=398",
        "[2031-05-01 10:00:00.300000] checkpoint=600",
    ],
    "modbus-trace": [
        "send 00 01 00 00 00 06 01 03 00 64 00 02",
        "recv 00 01 00 00 00 07 01 03 04 00 00 00 05",
        "send 00 02 00 00 00 06 01 03 00 6b 00 01",
        "recv 00 02 00 00 00 03 01 83 02",
    ],
}
