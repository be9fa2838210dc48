"""Forming: a packet with the question as a person wrote it, who names nobody in it either. Pure."""

from __future__ import annotations

from dataclasses import replace

from chargelore.engine.door import naming_nobody
from chargelore.engine.escalating.desk import Matter
from chargelore.engine.escalating.packet import Packet
from chargelore.engine.escalating.veil import hiding


def asking(packet: Packet, matter: Matter, question: str, key: bytes) -> Packet:
    """The packet with this question. What was changed passes the door; the firmware that the packet tells stays."""
    if question == packet.question.text:
        return packet
    hide, firmware = hiding(matter.case.charger.id, key), packet.head.charger.firmware
    pieces = question.split(firmware) if firmware else [question]
    clean = firmware.join(naming_nobody(hide(each), key) for each in pieces)
    return replace(packet, question=replace(packet.question, text=clean.strip()))
