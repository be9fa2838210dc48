"""Tables, dumps and exports of our own writing, one in the manner of each format, and what must be read in them."""

from __future__ import annotations

import json

STEVE_STATUS = """connector_pk,status_timestamp,status,error_code,error_info,vendor_id,vendor_error_code
7,2031-05-01 10:00:00.000000,Available,NoError,,,
7,2031-05-01 10:01:00.000000,Preparing,NoError,,,
7,2031-05-01 10:02:00.000000,Faulted,GroundFailure,residual current,Volta,E204
"""
STEVE_STARTS = """transaction_pk;connector_pk;id_tag;start_timestamp;start_value;stop_timestamp;stop_value;reason
12;7;TAG-1;2031-05-01 09:00:00;1000;2031-05-01 09:30:00;4000;EVDisconnected
13;7;TAG-1;2031-05-01 10:00:00;4000;NULL;NULL;NULL
"""
STEVE_BOXES = """+---------------+---------------+---------------------+--------------------+------------+
| charge_box_pk | charge_box_id | charge_point_vendor | charge_point_model | fw_version |
+---------------+---------------+---------------------+--------------------+------------+
|             1 | CP-A          | Volta               | Post 22            | 4.1.0      |
|             2 | CP-B          | Volta               | Post 11            | NULL       |
+---------------+---------------+---------------------+--------------------+------------+
2 rows in set (0.00 sec)
"""
CITRINEOS_STATUS = """id,stationId,timestamp,connectorStatus,evseId,connectorId,createdAt,updatedAt
41,CP-A,2031-05-01 10:00:00+00,Available,1,1,2031-05-01 10:00:01+00,2031-05-01 10:00:01+00
42,CP-A,2031-05-01 10:02:00+00,Faulted,1,1,2031-05-01 10:02:01+00,2031-05-01 10:02:01+00
"""
CITRINEOS_MESSAGES = """stationId,correlationId,origin,protocol,action,message,timestamp
CP-A,m1,cs,ocpp2.0.1,Heartbeat,"[2,""m1"",""Heartbeat"",{}]",2031-05-01 10:00:00.100+00
CP-A,m1,csms,ocpp2.0.1,Heartbeat,"[3,""m1"",{""currentTime"":""2031-05-01T10:00:00Z""}]",2031-05-01 10:00:00.200+00
"""
EVENTS = """ stationId | eventId | trigger  |       timestamp        | actualValue | techCode | component | variable
-----------+---------+----------+------------------------+-------------+----------+-----------+----------
 CP-A      |       1 | Alerting | 2031-05-01 10:00:00+00 | true        | E7       | Connector | Problem
(1 row)
"""
GERMAN = """Zeitpunkt;Ladestation;Anschluss;Status;Fehlercode;Herstellerfehlercode
01.05.2031 10:00;Säule 1;1;Verfügbar;NoError;
01.05.2031 10:05;Säule 1;1;Gestört;GroundFailure;E204
01.05.2031 10:06;Säule 2;2;Offline;;
"""
FRENCH = """Horodatage\tBorne\tConnecteur\tÉtat\tCode d'erreur
2031-05-01 10:00:00\tB-1\t1\tDisponible\tNoError
2031-05-01 10:05:00\tB-1\t1\tEn panne\tGroundFailure
"""
DUTCH = """Tijdstip,Laadpaal,Connector,Toestand,Foutcode
2031-05-01 10:00:00,L-1,1,Beschikbaar,NoError
2031-05-01 10:05:00,L-1,1,Storing,GroundFailure
"""
SPANISH = """Fecha;Hora;Cargador;Conector;Estado;Código de error
01/05/2031;10:00:00;C-1;1;Disponible;NoError
01/05/2031;10:05:00;C-1;1;Averiado;GroundFailure
"""
MARKDOWN = """Hello, this is what the portal shows:

| Time | Charger | Connector | Status | Error code | Info |
|------|---------|:---------:|--------|-----------:|------|
| 2031-05-01 10:00:00 | CP-A | 1 | **Available** | NoError | |
| 2031-05-01 10:05:00 | CP-A | 1 | Faulted | GroundFailure | residual current |

Can anybody help?
"""
STATUS_JSON = json.dumps(
    {
        "total": 1,
        "items": [
            {
                "chargePointId": "CP-A",
                "connectors": [
                    {"connectorId": 1, "status": "Available", "timestamp": "2031-05-01T10:00:00Z"},
                    {
                        "connectorId": 2,
                        "status": "Faulted",
                        "errorCode": "GroundFailure",
                        "timestamp": "2031-05-01T10:05:00Z",
                    },
                ],
            }
        ],
    },
    indent=1,
)
STATUS_LINES = "\n".join(
    [
        '{"stationId":"CP-A","connector":1,"status":"Available","timestamp":"2031-05-01T10:00:00Z"}',
        '{"stationId":"CP-A","connector":1,"status":"Faulted","errorCode":"GroundFailure","timestamp":"2031-05-01T10:05:00Z"}',
        "",
    ]
)
MESSAGES = """Direction;Time;Message
Received;2031-05-01 10:00:00;[2,"m1","BootNotification",{"chargePointVendor":"Volta","chargePointModel":"Post 22"}]
Sent;2031-05-01 10:00:01;[3,"m1",{"status":"Accepted","currentTime":"2031-05-01T10:00:01Z","interval":300}]
"""
MESSAGE_PARTS = """Timestamp,Charge Point,Type,Message ID,Action,Payload
2031-05-01 10:00:00,CP-A,Request,m1,BootNotification,"{""chargePointVendor"":""Volta"",""chargePointModel"":""P22""}"
2031-05-01 10:00:01,CP-A,Response,m1,BootNotification,"{""status"":""Accepted"",""interval"":300}"
"""
MESSAGE_PAIRS = """Date\tType\tCommand\tRequest\tResponse
2031-05-01 10:00:00\tIncoming\tHeartbeat\t{}\t{"currentTime":"2031-05-01T10:00:00Z"}
2031-05-01 10:00:01\tOutgoing\tReset\t{"type":"Hard"}\t{"status":"Rejected"}
"""
SESSIONS = """Charge point,Connector,Start,End,Stop reason,Transaction ID
CP-A,1,2031-05-01 09:00:00,2031-05-01 09:00:40,PowerLoss,12
CP-A,1,2031-05-01 10:00:00,2031-05-01 10:00:40,PowerLoss,13
"""
METERS = """connector_pk,transaction_pk,value_timestamp,value,reading_context,format,measurand,location,unit,phase
7,12,2031-05-01 10:00:00,16000,Sample.Periodic,Raw,Current.Import,Outlet,mA,L1
7,12,2031-05-01 10:00:10,11.04,Sample.Periodic,Raw,Power.Active.Import,Outlet,kW,
"""
METER_TABLE = """Time,Charger,Measurand,Value,Unit
2031-05-01 10:00:00,CP-A,Current.Import,16000,mA
2031-05-01 10:00:10,CP-A,Power.Active.Import,11.04,kW
"""
CHARGERS = """Charger,Vendor,Model,Firmware,Serial number
CP-A,Volta,Post 22,4.1.0,SN-9000
"""
LOG_TABLE = """"Date","Host","Service","Message"
"2031-05-01T10:00:00.000Z","h1","gateway","charger CP-A connected"
"2031-05-01T10:00:01.000Z","h1","gateway","[CP-A] received [2,""m1"",""Heartbeat"",{}]"
"2031-05-01T10:00:02.000Z","h1","gateway","error code E12 on CP-A"
"""
GOE_1 = json.dumps(
    {
        "version": "B", "car": "1", "amp": "10", "err": "8", "ast": "0", "alw": "0", "dws": "360000", "fwv": "040",
        "sse": "000123", "eto": "120", "nrg": [230, 231, 232, 0, 100, 0, 0, 23, 0, 0, 0, 230, 0, 0, 0, 0],
    }
)  # fmt: skip
GOE_2 = json.dumps(
    {
        "car": 5, "err": 3, "amp": 16, "frc": 0, "modelStatus": 12, "fwv": "60.1", "typ": "Gemini", "sse": "000123",
        "nrg": [230, 0, 0, 0, 16, 0, 0, 3680, 0, 0, 0, 3680, 100, 0, 0, 0],
    }
)  # fmt: skip
KEBA = """{
"ID": "1",
"Product": "KC-P30-X",
"Serial": "17000001",
"Firmware": "P30 v 3.10.1",
"Sec": 100
}
{
"ID": "2",
"State": 4,
"Error1": 80,
"Error2": 0,
"Plug": 7,
"Enable sys": 0,
"Serial": "17000001",
"Sec": 101
}
{
"ID": "3",
"U1": 230,
"I1": 15990,
"P": 11000000,
"E total": 51380,
"Serial": "17000001"
}
"""
EASEE = json.dumps(
    [
        {"mid": "EH000001", "dataType": 4, "id": 109, "timestamp": "2031-05-01T10:00:00Z", "value": "5"},
        {"mid": "EH000001", "dataType": 4, "id": 96, "timestamp": "2031-05-01T10:00:05Z", "value": "11"},
        {"mid": "EH000001", "dataType": 3, "id": 120, "timestamp": "2031-05-01T10:00:06Z", "value": "7.4"},
    ]
)
EASEE_STATE = json.dumps(
    {"chargerOpMode": 2, "reasonForNoCurrent": 11, "totalPower": 0.0, "chargerFirmware": 310, "isOnline": True}
)
ZAPTEC = json.dumps(
    [
        {"ChargerId": "z-1", "StateId": 710, "Timestamp": "2031-05-01T10:00:00", "ValueAsString": "2"},
        {"ChargerId": "z-1", "StateId": 804, "Timestamp": "2031-05-01T10:00:00", "ValueAsString": "4096"},
        {"ChargerId": "z-1", "StateId": 501, "Timestamp": "2031-05-01T10:00:00", "ValueAsString": "231.5"},
    ]
)
ZAPTEC_CHARGER = json.dumps([{"DeviceId": "ZAP1", "Name": "Hall", "OperatingMode": 3, "IsOnline": True}])
OPENEVSE = json.dumps({"mode": "STA", "state": 6, "pilot": 16, "voltage": 240, "gfcicount": 3, "nogndcount": 0})
WARP = json.dumps({"iec61851_state": 4, "charger_state": 4, "contactor_error": 0, "error_state": 3})
ESP32_EVSE = json.dumps({"state": "F", "enabled": True, "limitReached": False, "errors": ["PILOT_FAULT"]})
EVEREST = json.dumps(
    {
        "type": "evse_board_support/MREC14PilotFault", "sub_type": "", "severity": "High", "state": "Active",
        "message": "pilot out of range", "description": "pilot", "timestamp": "2031-05-01T10:00:00.000Z",
        "origin": {"module_id": "board", "implementation_id": "main", "mapping": {"evse": 1}},
    }
)  # fmt: skip
V2G = json.dumps(
    {
        "V2G_Message": {
            "Header": {"SessionID": "0102"},
            "Body": {"CableCheckRes": {"ResponseCode": "FAILED", "DC_EVSEStatus": {"EVSEStatusCode": "EVSE_Shutdown"}}},
        }
    }
)
HAR = json.dumps(
    {
        "log": {
            "version": "1.2",
            "entries": [
                {
                    "startedDateTime": "2031-05-01T10:00:00.000Z",
                    "request": {"method": "GET", "url": "wss://csms.example/ocpp/CP-A"},
                    "response": {"status": 101, "content": {"text": ""}},
                    "_webSocketMessages": [
                        {"type": "send", "time": 1935482400.5, "opcode": 1, "data": '[2,"m1","Heartbeat",{}]'},
                        {"type": "receive", "time": 1935482400.9, "opcode": 1, "data": '[3,"m1",{"currentTime":"x"}]'},
                    ],
                }
            ],
        }
    },
    indent=1,
)

SUPPLY = """Zeit;U L1 [V];U L2 [V];U L3 [V];I L1 [A];P gesamt [kW];f [Hz];THD U L1 [%];Plt L1;Unsymmetrie [%]
01.05.2031 12:00:00;256,1;255,0;254,9;-20;-15,3;50,01;2,1;0,3;0,4
01.05.2031 12:10:00;257,1;255,4;255,0;-21;-15,5;50,01;2,1;0,3;0,4
"""
SUPPLY_SECONDS = """Timestamp,V1,V2,V3
2031-05-01 10:00:00,230,231,229
2031-05-01 10:00:01,150,231,229
2031-05-01 10:00:02,148,231,229
2031-05-01 10:00:03,230,231,229
2031-05-01 10:00:04,230,3,229
2031-05-01 10:00:05,230,231,229
"""
SUPPLY_EXTREMES = """Time,Voltage L1 min (V),Voltage L1 max (V),Voltage L1 avg (V),Frequency (Hz)
2031-05-01 10:00:00,228.1,232.0,230.4,50.00
2031-05-01 10:10:00,131.2,233.0,229.9,50.01
2031-05-01 10:20:00,229.0,266.0,230.2,50.00
"""
GRID_EVENTS = """Start,Event type,Phase,Duration [ms],Residual voltage [%]
2031-05-01 10:00:00.120,Voltage dip,L1,180,62.4
2031-05-01 10:05:00.120,Interruption,L1L2L3,1200,1.2
2031-05-01 10:06:00.120,Swell,L2,80,118
2031-05-01 10:07:00.120,Transient,L2,0.1,
"""
GRID_EVENTS_GERMAN = """Zeitpunkt;Ereignis;Dauer;Extremwert;Kanal
01.05.2031 10:00:00;Spannungseinbruch;0,18 s;143,5 V;U1
01.05.2031 10:05:00;Versorgungsunterbrechung;00:00:01,2;2,3 V;U1
01.05.2031 10:06:00;Spannungsüberhöhung;120 ms;271 V;U2
"""

# format -> the samples of it; the first stands for the format where one is enough
SAMPLES: dict[str, tuple[str, ...]] = {
    "steve-table": (STEVE_STATUS, STEVE_STARTS, STEVE_BOXES, METERS),
    "citrineos-table": (CITRINEOS_STATUS, CITRINEOS_MESSAGES, EVENTS),
    "status-table": (GERMAN, FRENCH, DUTCH, SPANISH, MARKDOWN, STATUS_JSON, STATUS_LINES),
    "message-table": (MESSAGES, MESSAGE_PARTS, MESSAGE_PAIRS),
    "session-table": (SESSIONS,),
    "meter-table": (METER_TABLE,),
    "charger-table": (CHARGERS,),
    "log-table": (LOG_TABLE,),
    "supply-table": (SUPPLY, SUPPLY_SECONDS, SUPPLY_EXTREMES),
    "grid-event-table": (GRID_EVENTS, GRID_EVENTS_GERMAN),
    "KEBA report": (KEBA,),
    "go-e": (GOE_1, GOE_2),
    "Easee observation": (EASEE,),
    "Easee state": (EASEE_STATE,),
    "Zaptec state": (ZAPTEC,),
    "Zaptec charger": (ZAPTEC_CHARGER,),
    "OpenEVSE": (OPENEVSE,),
    "WARP evse/state": (WARP,),
    "ESP32-EVSE state": (ESP32_EVSE,),
    "EVerest error": (EVEREST,),
    "V2G message": (V2G,),
    "har": (HAR,),
}
