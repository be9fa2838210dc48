"""Telling: what goes into the store when a case is escalated. Pure."""

from __future__ import annotations

from chargelore.engine.escalating.desk import Matter
from chargelore.engine.escalating.packet import Packet
from chargelore.engine.escalating.packing import signed
from chargelore.kb.answer import Escalation
from chargelore.kb.finding import Machine

MOST_SUSPECTS = 5


def escalation_of(matter: Matter, packet: Packet) -> Escalation:
    """The escalation of a case with its packet, as an event holds it. It stays in the house and names the case."""
    charger = matter.case.charger
    return Escalation(
        case=matter.case.id,
        reference=packet.head.reference,
        signature=signed(matter),
        charger=Machine(vendor=charger.vendor, model=charger.model, firmware=charger.firmware),
        opened_at=packet.head.opened_at,
        question=packet.question.text,
        suspects=tuple(
            (each.cause, round(1000 * each.probability)) for each in matter.diagnosis.hypotheses[:MOST_SUSPECTS]
        ),
        tlp=packet.head.tlp,
    )
