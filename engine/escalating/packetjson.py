"""Packet JSON: a packet for a program of the maker; the keys stay as they are while `schema` says the same. Pure."""

from __future__ import annotations

from dataclasses import asdict

from chargelore.engine.escalating.packet import Packet
from chargelore.engine.freeze import Course

SCHEMA = "chargelore-escalation/1"
Json = dict[str, object]


def as_json(packet: Packet) -> Json:
    """The whole packet; what was looked for, what was not and what was tried stand apart."""
    head, search, weighed = packet.head, packet.search, packet.weighed
    return {
        "schema": SCHEMA,
        "reference": head.reference,
        "tlp": head.tlp,
        "question": asdict(packet.question),
        "charger": asdict(head.charger),
        "connector": head.connector,
        "opened_at": head.opened_at or None,
        "last_at": head.last_at or None,
        "verdict": head.verdict,
        "unknown": head.unknown,
        "layers": {"seen": list(head.layers_seen), "missing": list(head.layers_missing)},
        "codes": [asdict(each) for each in packet.codes],
        "before": {
            "readings": [_course(each) for each in packet.window.courses],
            "signals": [asdict(each) for each in packet.window.moments],
            "more": packet.window.more,
            "again_at": packet.window.again_at or None,
        },
        "looked_for": [asdict(each) for each in search.looked],
        "not_looked_for": [asdict(each) for each in search.not_looked],
        "tried": [asdict(each) for each in search.tried],
        "suspects": [asdict(each) for each in weighed.suspects],
        "withheld": weighed.withheld,
        "ruled_out": [asdict(each) for each in weighed.ruled_out],
        "would_decide": [asdict(each) for each in weighed.deciding],
        "maker_said": [asdict(each) for each in packet.maker_said],
        "worth_it": list(packet.worth_it),
        "pinned": [asdict(each) for each in packet.pinned],
        "words": list(packet.words),
        "signature": _signature(packet),
    }


def _course(each: Course) -> Json:
    points = [[at.isoformat(), value] for at, value in each.points]
    return {"name": each.name, "part": each.part, "unit": each.unit, "points": points}


def _signature(packet: Packet) -> Json:
    told, name = packet.signature, packet.head.signature_id
    return {"id": name, **asdict(told), "evidence": dict(told.evidence)}
