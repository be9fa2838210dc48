"""CitrineOS' database: statuses, transactions and their events, messages, meter values, stations, from PostgreSQL."""

from __future__ import annotations

from chargelore.engine.decode.logs.tables.form import Form

# Names of columns as CitrineOS' public data model creates them.
FORM = Form(
    name="citrineos-table",
    signs=(
        frozenset({"stationid", "connectorstatus"}),
        frozenset({"stationid", "chargingstate", "isactive"}),
        frozenset({"stationid", "correlationid", "origin"}),
        frozenset({"stationid", "triggerreason", "seqno"}),
        frozenset({"stationid", "eventid", "trigger"}),
        frozenset({"stationid", "connectorid", "vendorerrorcode"}),
        frozenset({"transactiondatabaseid", "sampledvalue"}),
        frozenset({"isonline", "chargepointvendor"}),
        frozenset({"stationid", "techinfo", "type"}),
    ),
    roles={"stationid": "charger", "id": "charger", "createdat": "", "updatedat": "", "protocol": "", "tenantid": ""},
)
