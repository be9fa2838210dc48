"""Guest: what the bench knows of one charger that is pointed to it, from what that charger says. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

MOST = 64  # connectors, and transactions; a charger that names more is not believed
LONGEST = 60  # characters of what a charger calls itself
CHARGING = frozenset({"Charging", "SuspendedEV", "SuspendedEVSE"})
# Nothing is drawn in these; in others, such as 2.x `Occupied`, a session may run that began before we listened.
IDLE = frozenset({"Available", "Unavailable", "Reserved", "Preparing", "Finishing", "Faulted"})

Payload = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """One charger by its id. Lives as long as the bench, over all its lines.

    `connectors` holds the last status of each connector (of 2.x EVSEs, the first connector), 0 being the whole charger;
    `transactions` those that run, with their connector. `off_spec` counts what the charger sent that OCPP does not
    allow, `lines` how often it connected.
    """

    id: str
    version: str = ""
    is_here: bool = False
    lines: int = 0
    vendor: str = ""
    model: str = ""
    firmware: str = ""
    connectors: Mapping[int, str] = field(default_factory=dict)
    transactions: Mapping[str, int] = field(default_factory=dict)
    heard_at: datetime | None = None
    off_spec: int = 0
    last_error: str = ""

    @property
    def is_charging(self) -> bool | None:
        """Whether a session runs; None where nobody can know, as the charger has not said enough yet."""
        said = [status for connector, status in self.connectors.items() if connector]
        if self.transactions or CHARGING.intersection(said):
            return True
        return None if not said or not IDLE.issuperset(said) else False


def hears(guest: Guest, action: str, payload: Payload, at: datetime) -> Guest:
    """The guest after a request of the charger."""
    fold = FOLDS.get(action)
    guest = replace(guest, heard_at=at)
    return fold(guest, payload) if fold else guest


def errs(guest: Guest, why: str) -> Guest:
    """The guest after something that OCPP does not allow."""
    return replace(guest, off_spec=guest.off_spec + 1, last_error=why[:200])


def starts(guest: Guest, transaction: str, connector: int) -> Guest:
    """The guest once a transaction runs."""
    if len(guest.transactions) >= MOST:
        return guest
    return replace(guest, transactions={**guest.transactions, transaction[:LONGEST]: connector})


def _booted(guest: Guest, payload: Payload) -> Guest:
    """What stood at the connectors before is to be told anew."""
    station = payload.get("chargingStation")
    said = station if isinstance(station, Mapping) else payload
    return replace(
        guest,
        vendor=_text(said, "vendorName", "chargePointVendor"),
        model=_text(said, "model", "chargePointModel"),
        firmware=_text(said, "firmwareVersion"),
        connectors={},
        transactions={},
    )


def _at(guest: Guest, payload: Payload) -> Guest:
    where = payload.get("evseId") if "evseId" in payload else payload.get("connectorId")
    status = _text(payload, "connectorStatus", "status")
    if not _is_number(where) or not status or (len(guest.connectors) >= MOST and where not in guest.connectors):
        return guest
    ended = status == "Available"  # no transaction runs where nothing is plugged in, whatever was lost on the way
    left = {name: at for name, at in guest.transactions.items() if not (ended and at == where)}
    return replace(guest, connectors={**guest.connectors, where: status}, transactions=left)  # type: ignore[dict-item]  # a number


def _metered(guest: Guest, payload: Payload) -> Guest:
    """Values of a transaction that began before the charger was pointed here."""
    transaction, where = payload.get("transactionId"), payload.get("connectorId")
    if not _is_number(transaction) or not transaction:
        return guest
    return starts(guest, str(transaction), int(str(where)) if _is_number(where) else 0)


def _stopped(guest: Guest, payload: Payload) -> Guest:
    return _ends(guest, str(payload.get("transactionId"))[:LONGEST])


def _ends(guest: Guest, transaction: str) -> Guest:
    return replace(guest, transactions={name: at for name, at in guest.transactions.items() if name != transaction})


def _event(guest: Guest, payload: Payload) -> Guest:
    info, evse = payload.get("transactionInfo"), payload.get("evse")
    name = str(info.get("transactionId") if isinstance(info, Mapping) else "")[:LONGEST]
    if payload.get("eventType") == "Ended":
        return _ends(guest, name)
    known = guest.transactions.get(name, 0)
    where = evse.get("id") if isinstance(evse, Mapping) else known
    return starts(guest, name, int(str(where)) if _is_number(where) else known)


def _text(said: Payload, *names: str) -> str:
    found = (said.get(name) for name in names)
    return next((each[:LONGEST] for each in found if isinstance(each, str)), "")


def _is_number(value: object) -> bool:
    return type(value) is int and 0 <= value < 2**31


FOLDS: Mapping[str, Callable[[Guest, Payload], Guest]] = {
    "BootNotification": _booted,
    "StatusNotification": _at,
    "MeterValues": _metered,
    "StopTransaction": _stopped,
    "TransactionEvent": _event,
}
