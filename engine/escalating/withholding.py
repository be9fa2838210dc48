"""Withholding: what of a case stays in the house under a label, how much of it, and why; never which. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from chargelore.engine.escalating.desk import Desk, Matter, laid_out
from chargelore.engine.escalating.packet import Packet
from chargelore.kb.model import Claim

OWN_WORDS = "what people said in their own words is TLP:RED"
SEVERAL = {"meaning of a code": "meanings of codes"}
PSEUDONYM = "goes by a pseudonym; cards, people and addresses do too"


@dataclass(frozen=True, slots=True)
class Withheld:
    """So many of a kind of thing, what several of it are called where an s is not enough, and why they stay."""

    count: int
    what: str
    why: str
    many: str = ""


def withheld(matter: Matter, packet: Packet, key: bytes) -> tuple[Withheld, ...]:
    """What a packet of this case leaves out, by kind; what is not withheld is not in the list."""
    desk = laid_out(matter, key, packet.head.tlp)
    stricter = f"labelled stricter than TLP:{desk.tlp}"
    told = [Withheld(count, what, stricter, SEVERAL.get(what, "")) for what, count in _stricter(desk, packet)]
    if desk.tlp != "RED":
        told.append(Withheld(_words(desk), "thing said", OWN_WORDS, "things said"))
    told.append(Withheld(int(bool(matter.case.charger.id)), "name of the charger", PSEUDONYM))
    return tuple(each for each in told if each.count)


def _stricter(desk: Desk, packet: Packet) -> Iterator[tuple[str, int]]:
    known = desk.knowledge
    steps = [*desk.case.tried, *(each.step for each in desk.diagnosis.steps)]
    yield "suspect", packet.weighed.withheld
    yield "code", _hidden(desk, (each.known for each in desk.case.codes))
    yield "meaning of a code", _hidden(desk, (known.faults.get(each.fault) for each in desk.case.codes if each.fault))
    yield "answer", _hidden(desk, (known.evidence.get(each) for each in desk.seen.answers))
    yield "step", _hidden(desk, (known.steps.get(each) for each in dict.fromkeys(steps)))


def _hidden(desk: Desk, claims: Iterable[Claim | None]) -> int:
    return sum(not desk.shows(each) for each in claims)


def _words(desk: Desk) -> int:
    """Words of the case, and signals in which people speak, be they pinned as evidence too."""
    return max(len(desk.case.words), sum(each.layer == "field" for each in desk.case.signals))
