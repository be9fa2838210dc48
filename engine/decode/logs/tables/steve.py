"""SteVe's database: `connector_status`, `transaction`, `connector_meter_value`, `charge_box`, exported from MySQL."""

from __future__ import annotations

from chargelore.engine.decode.logs.tables.form import Form

# Names of columns as SteVe's public database migrations create them.
FORM = Form(
    name="steve-table",
    signs=(
        frozenset({"connectorpk", "statustimestamp", "errorcode"}),
        frozenset({"chargeboxid", "statustimestamp", "errorcode"}),
        frozenset({"connectorpk", "valuetimestamp"}),
        frozenset({"transactionpk", "connectorpk"}),
        frozenset({"transactionpk", "starttimestamp"}),
        frozenset({"transactionpk", "stoptimestamp"}),
        frozenset({"chargeboxpk", "chargeboxid"}),
    ),
    roles={
        "eventtimestamp": "", "lastheartbeattimestamp": "time", "fwupdatetimestamp": "", "diagnosticstimestamp": "",
        "registrationstatus": "", "fwupdatestatus": "", "diagnosticsstatus": "", "description": "", "note": "",
    },
)  # fmt: skip
