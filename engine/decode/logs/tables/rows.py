"""Rows: what one row of a table says, once it is known what its columns hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from chargelore.engine.decode.actions import sender_of
from chargelore.engine.decode.clock import whole_time
from chargelore.engine.decode.jsonish import mended, strict
from chargelore.engine.decode.logs.devices import objects_in
from chargelore.engine.decode.logs.lead import charger_in, way_in
from chargelore.engine.decode.logs.record import TOLD, Head, Record
from chargelore.engine.decode.logs.tables import gridevents, supply
from chargelore.engine.decode.logs.tables.columns import TYPES
from chargelore.engine.decode.logs.tables.words import OFFLINE, ONLINE, status_of
from chargelore.engine.decode.message import CALL, ERROR, RESULT, Message
from chargelore.engine.decode.native import is_null
from chargelore.engine.decode.scan import messages_in
from chargelore.engine.signal import EXCERPT
from chargelore.kb.model import Layer

Cells = Mapping[str, str]  # by role; no empty ones
PERSONAL = frozenset({"tag"})
_NUMBER = re.compile(r"\d{1,3}\Z")
_DIRECTIONS = {
    **dict.fromkeys(("cs", "cp", "charger", "chargepoint", "chargingstation", "station", "chargebox"), "charger"),
    **dict.fromkeys(("csms", "server", "centralsystem", "backend", "system"), "csms"),
    **dict.fromkeys(("in", "inbound", "incoming", "recv", "received", "rx", "receive", "eingehend", "entrant"), "in"),
    **dict.fromkeys(("inkomend", "entrante"), "in"),
    **dict.fromkeys(("out", "outbound", "outgoing", "sent", "send", "tx", "ausgehend", "sortant", "uitgaand"), "out"),
    "saliente": "out",
}
_SIDES = {"in": "charger", "out": "csms", "charger": "charger", "csms": "csms"}
_OTHER = {"in": "out", "out": "in", "charger": "csms", "csms": "charger"}
_SUFFIX = re.compile(r"(?:Request|\.req|Req)\Z|(?P<answer>(?:Response|\.conf|Conf|Confirmation)\Z)")


def said_by(cells: Cells, layer: Layer) -> Iterator[Record]:
    """What the row says: frames, else told messages, else one log line; the caller knows line and raw text."""
    base = Record(0, "", Head(0, _time(cells)), charger=_charger(cells), layer=layer, connector=connector_of(cells))
    for read in _READERS:
        told = tuple(read(cells, base))
        if told:
            yield from told
            return
    yield _words(cells, base)


def _time(cells: Cells) -> str:
    if "time" in cells:
        return whole_time(cells["time"])
    return whole_time(f"{cells.get('date', '')} {cells.get('clock', '')}") if "date" in cells else ""


def _charger(cells: Cells) -> str:
    if "charger" in cells:
        return cells["charger"]
    if "evse" in cells and not _NUMBER.match(cells["evse"]):
        return cells["evse"]
    # SteVe numbers the connectors of all chargers in one row: which charger it is, only its table `connector` says
    return f"connector_pk {cells['connectorkey']}" if "connectorkey" in cells else ""


def connector_of(cells: Cells) -> int | None:
    """The connector's number: 2.x counts EVSEs, and connectors within each."""
    for name in ("evse", "connector"):
        text = cells.get(name, "").removesuffix(".0")
        if _NUMBER.match(text):
            return int(text)
    return None


def _frames(cells: Cells, base: Record) -> Iterator[Record]:
    """A whole frame in a cell, or a frame whose parts stand in columns."""
    text = cells.get("frame", "") or cells.get("text", "")
    found = list(messages_in(text))
    way = _way(cells)
    if found:
        lead = text[: found[0].start]
        base = base._replace(way=way or way_in(lead), charger=base.charger or charger_in(lead), connector=None)
        yield from (base._replace(message=each.message) for each in found)
    elif "action" in cells and text.startswith("{"):
        uid = cells.get("uid") or (f"{cells['action']} {base.head.stamp}".strip() if "answer" in cells else "")
        asked = _assembled(cells, text, uid, way)
        yield base._replace(message=asked, way=way, connector=None)
        if asked.is_call and "answer" in cells:
            answer = _assembled({**cells, "type": "result"}, cells["answer"], uid, way)
            yield base._replace(message=answer, way=_OTHER.get(way, ""), connector=None)


def _way(cells: Cells) -> str:
    told = cells.get("direction", "")
    return _DIRECTIONS.get(re.sub(r"[^a-z]", "", told.lower())) or way_in(told)


def _type(cells: Cells, action: str, is_answer: bool, way: str) -> int:
    """Call or answer: as the row says, else by who sent what only the other side asks; the table is of the system."""
    told = TYPES.get(cells.get("type", "").lower())
    sender, asks = _SIDES.get(way, ""), sender_of(action)
    inferred = RESULT if is_answer or (sender and asks in _SIDES.values() and asks != sender) else CALL
    return inferred if told is None else told


def _assembled(cells: Cells, text: str, uid: str, way: str) -> Message:
    read = strict(text) or mended(text)
    payload = read.value if read is not None and isinstance(read.value, dict) else {}
    suffix = _SUFFIX.search(cells["action"])
    action = cells["action"][: suffix.start()] if suffix else cells["action"]
    kind = _type(cells, action, suffix is not None and suffix["answer"] is not None, way)
    marks = read.marks if read is not None else ("off-spec",)
    if kind == ERROR:
        error, words = (str(payload.get(key) or "") for key in ("errorCode", "errorDescription"))
        return Message(type=kind, uid=uid, action=action, error=error, description=words, raw=text, marks=marks)
    return Message(type=kind, uid=uid, action=action, payload=payload, raw=text, marks=marks)


def _events(cells: Cells, base: Record) -> Iterator[Record]:
    """A row of the events of 2.x."""
    if "component" in cells and "variable" in cells and {"techcode", "actual"} & cells.keys():
        event: dict[str, object] = {
            "component": {"name": cells["component"]},
            "variable": {"name": cells["variable"]},
            "actualValue": cells.get("actual", ""),
            "cleared": cells.get("cleared", "").lower() in ("true", "t", "1"),
            **{name: cells[key] for key, name in (("techcode", "techCode"), ("info", "techInfo")) if key in cells},
        }
        yield _told(base, "NotifyEvent", {"eventData": [event]})


def _meters(cells: Cells, base: Record) -> Iterator[Record]:
    """A meter value, alone or as a list of samples."""
    samples: object = None
    if "samples" in cells:
        read = strict(cells["samples"])
        samples = read.value if read is not None else None
    elif "value" in cells and {"measurand", "unit"} & cells.keys():
        named = {"measurand": "measurand", "value": "value", "unit": "unit", "phase": "phase", "context": "context"}
        samples = [{wire: cells[role] for role, wire in named.items() if role in cells}]
    if isinstance(samples, list) and samples:
        shared = {"transactionId": cells["transaction"]} if "transaction" in cells else {}
        yield _told(base, "MeterValues", {**shared, "meterValue": [{"sampledValue": samples}]})


def _statuses(cells: Cells, base: Record) -> Iterator[Record]:
    status = status_of(cells.get("status", ""))
    if status in (ONLINE, OFFLINE):
        kind = "connected" if status == ONLINE else "disconnected"
        yield base._replace(kind=kind, fields={"reason": cells["status"] if status == OFFLINE else ""})
        return
    if not status and "error" not in cells and "vendorerror" not in cells:
        return
    named = {"error": "errorCode", "vendorerror": "vendorErrorCode", "info": "info", "vendorid": "vendorId"}
    payload: dict[str, object] = {wire: cells[role] for role, wire in named.items() if role in cells}
    yield _told(base, "StatusNotification", {"status": status or cells.get("status", ""), **payload})


def _sessions(cells: Cells, base: Record) -> Iterator[Record]:
    """A transaction: when it started, and when it stopped if it did."""
    shared: dict[str, object] = {"transactionId": cells["transaction"]} if "transaction" in cells else {}
    if "started" in cells:
        begun = base._replace(head=Head(0, whole_time(cells["started"])))
        named = {"tag": "idTag", "meterstart": "meterStart"}
        yield _told(begun, "StartTransaction", {**shared, **_named(cells, named)})
    if "stopped" in cells:
        ended = base._replace(head=Head(0, whole_time(cells["stopped"])))
        yield _told(
            ended, "StopTransaction", {**shared, **_named(cells, {"meterstop": "meterStop", "reason": "reason"})}
        )


def _named(cells: Cells, named: Mapping[str, str]) -> dict[str, object]:
    values = {wire: cells[role] for role, wire in named.items() if role in cells}
    return {wire: float(text) if re.fullmatch(r"-?\d{1,12}(?:\.\d{1,6})?", text) and wire.startswith("meter") else text
            for wire, text in values.items()}  # fmt: skip


def _identity(cells: Cells, base: Record) -> Iterator[Record]:
    """A row of the chargers that there are."""
    if "maker" in cells or ("model" in cells and "firmware" in cells):
        named = {f"charger.{role}": cells[key] for key, role in
                 (("maker", "vendor"), ("model", "model"), ("firmware", "firmware")) if key in cells}  # fmt: skip
        yield base._replace(kind="reading", fields={"name": "charger", "charger.vendor": "", **named})


def _devices(cells: Cells, base: Record) -> Iterator[Record]:
    """The object of a known interface in a cell."""
    text = cells.get("frame", "") or cells.get("text", "")
    read = strict(text) if text.startswith(("{", "[")) else None
    for kind, body in objects_in(read.value) if read is not None else ():
        for each in kind.records(body):
            yield each._replace(charger=each.charger or base.charger, head=each.head if each.head.stamp else base.head)


def _words(cells: Cells, base: Record) -> Record:
    """Nothing that we know: its words are a line of a log."""
    text = cells.get("text") or cells.get("info") or kept(cells)
    return base._replace(text=text, head=base.head._replace(level=cells.get("level", "").lower()), kind="log")


def _supply(cells: Cells, base: Record) -> Iterator[Record]:
    """A sample of a meter; where the row speaks of a connector or a session it is the meter of a charger."""
    values = supply.values_of(cells)
    if values:
        is_own = not supply.OF_A_CHARGER.isdisjoint(cells)
        yield base._replace(
            kind="meter" if is_own else "supply",
            layer="csms" if is_own else "grid",
            fields=values,
            marks=(*base.marks, EXCERPT),
        )


def _grid_events(cells: Cells, base: Record) -> Iterator[Record]:
    """A row of a recorder's list of events."""
    event = gridevents.event_of(cells)
    if event:
        yield base._replace(kind="grid-event", fields=event, marks=(*base.marks, EXCERPT))


def kept(cells: Cells) -> str:
    """What is kept of a row: what it says of the charger. A card, and columns that nobody asked for, stay outside."""
    told = ((role.partition(supply.JOINT)[0], cell) for role, cell in cells.items() if role not in PERSONAL)
    return "; ".join(f"{role}: {cell}" for role, cell in told)


def _told(base: Record, action: str, payload: Mapping[str, object]) -> Record:
    where = {"connectorId": base.connector} if base.connector is not None else {}
    kept = {name: value for name, value in payload.items() if not (name == "errorCode" and is_null(str(value)))}
    error = {"errorCode": "NoError"} if "errorCode" in payload and "errorCode" not in kept else {}
    message = Message(type=CALL, uid="", action=action, payload={**where, **kept, **error}, marks=(TOLD, EXCERPT))
    return base._replace(message=message, way="charger")


_READERS: tuple[Callable[[Cells, Record], Iterator[Record]], ...] = (
    _grid_events, _supply, _frames, _devices, _events, _meters, _statuses, _sessions, _identity,
)  # fmt: skip
