"""Packing: a case and its diagnosis become a packet for the maker. Pure: the same case is the same packet, always."""

from __future__ import annotations

from dataclasses import replace

from chargelore.engine.case import SeenCode
from chargelore.engine.diagnosing.diagnosis import MakerSaid
from chargelore.engine.diagnosing.observed import is_opaque, observed
from chargelore.engine.door import redacted_text
from chargelore.engine.escalating.deciding import Doubt, telling
from chargelore.engine.escalating.desk import Desk, Matter, laid_out
from chargelore.engine.escalating.enclosing import exhibits, window
from chargelore.engine.escalating.packet import Head, Identity, Packet, ToldCode
from chargelore.engine.escalating.question import one_question
from chargelore.engine.escalating.searching import search
from chargelore.engine.escalating.signature import signature_of
from chargelore.engine.escalating.veil import name_for, veiled, version
from chargelore.engine.escalating.weighing import weighed
from chargelore.kb.answer import Signature
from chargelore.kb.escalations import signature_id
from chargelore.kb.label import pseudonym
from chargelore.kb.model import CauseId, Tlp

MOST_WEIGHED, MOST_CODES, MOST_WORDS, MOST_PINNED = 12, 50, 50, 50
LETTERS = 10  # of a reference
NOBODY = Identity(name="", vendor="", model="", firmware="")


def packed(matter: Matter, key: bytes, tlp: Tlp = "AMBER") -> Packet:
    """The packet of a case. `key` is that of the pseudonyms; what is labelled stricter than `tlp` stays at home."""
    desk, signature = laid_out(matter, key, tlp), signed(matter)
    doubt = _doubt(desk)
    tellings = [each for each in telling(doubt) if desk.shows(each.evidence)]
    packet = Packet(
        head=_head(desk, signature),
        question=one_question(doubt, desk.hide, tellings),
        signature=_shown(desk, doubt, signature),
        codes=tuple(_code(desk, each) for each in doubt.codes)[:MOST_CODES],
        window=window(desk.case, tlp, desk.hide),
        search=search(desk, tellings),
        weighed=weighed(desk, tellings),
        maker_said=tuple(_quoted(desk, each) for each in desk.diagnosis.maker_said),
        worth_it=tuple(
            f"{each.label} ({each.minutes} min)"
            for each in desk.diagnosis.steps
            if each.kind != "secure" and desk.shows(desk.knowledge.steps.get(each.step))
        ),
        pinned=exhibits(matter.pinned[:MOST_PINNED], tlp, desk.hide),
        words=tuple(desk.hide(each) for each in desk.case.words[:MOST_WORDS]) if tlp == "RED" else (),
    )
    return _past_the_door(packet, key)


def signed(matter: Matter) -> Signature:
    """The signature of a case as it stands."""
    seen = observed(matter.knowledge, matter.case, {each.symptom for each in matter.diagnosis.unasked})
    return signature_of(matter.knowledge, matter.case, seen, [each.cause for each in matter.diagnosis.hypotheses])


def _past_the_door(packet: Packet, key: bytes) -> Packet:
    """Once more, all of it: what came from elsewhere, such as an answer, may name somebody too.

    But for the charger and the question, where a version of its firmware would be taken for an address.
    """
    head, question = packet.head, packet.question
    clean = veiled(replace(packet, head=replace(head, charger=NOBODY)), lambda text: redacted_text(text, key))
    return replace(clean, head=replace(clean.head, charger=head.charger), question=question)


def _head(desk: Desk, signature: Signature) -> Head:
    case, found, charger = desk.case, desk.diagnosis, desk.case.charger
    opened = case.opened_at.isoformat() if case.opened_at else ""
    name = signature_id(signature)
    return Head(
        reference=pseudonym(desk.key, f"{case.id} {opened} {name}")[:LETTERS],
        signature_id=name,
        tlp=desk.tlp,
        charger=Identity(
            name=name_for(charger.id, desk.key),
            vendor=desk.hide(charger.vendor),
            model=desk.hide(charger.model),
            firmware=version(charger.firmware, desk.hide),
        ),
        connector=case.connector,
        opened_at=opened,
        last_at=case.last_at.isoformat() if case.last_at else "",
        verdict=found.verdict,
        unknown=round(found.unlisted, 4),
        layers_seen=found.layers_seen,
        layers_missing=found.layers_missing,
    )


def _doubt(desk: Desk) -> Doubt:
    """The likeliest suspects that may be named; what remains of the chance counts as unknown."""
    named, known = desk.suspects()[:MOST_WEIGHED], desk.knowledge.evidence
    seen = [known[each] for each in desk.seen.answers if each in known]
    return Doubt(
        knowledge=desk.knowledge,
        learned=desk.learned,
        suspects=tuple(named),
        unknown=max(0.0, 1.0 - sum(each.probability for each in named)),
        seen=desk.seen,
        missing=desk.diagnosis.layers_missing,
        unasked=desk.diagnosis.unasked,
        charger=desk.case.charger,
        codes=tuple(each for each in desk.case.codes if desk.shows(each.known)),
        signs=tuple(each.question for each in seen if desk.shows(each)),
    )


def _shown(desk: Desk, doubt: Doubt, signature: Signature) -> Signature:
    """The signature as far as its reader may see it; codes as they were sent, in which a name can be found."""
    faults, known = desk.knowledge.faults, desk.knowledge.evidence
    return replace(
        signature,
        vendor=desk.hide(signature.vendor),
        model=desk.hide(signature.model),
        faults=tuple(each for each in signature.faults if desk.shows(faults.get(each))),
        codes=tuple(dict.fromkeys(desk.hide(f"{each.vendor} {each.code}") for each in doubt.codes if is_opaque(each))),
        evidence=tuple(each for each in signature.evidence if desk.shows(known.get(each[0]))),
    )


def _code(desk: Desk, each: SeenCode) -> ToldCode:
    fault = desk.knowledge.faults.get(each.fault) if each.fault else None
    fault = fault if desk.shows(fault) else None
    return ToldCode(
        vendor=desk.hide(each.vendor),
        code=desk.hide(each.code),
        text=desk.hide(each.text),
        channel=desk.hide(each.channel),
        fault=fault.id if fault else None,
        label=fault.label if fault else "",
        relation=each.relation if fault else None,
        times=each.times,
        is_over=each.is_over,
    )


def _quoted(desk: Desk, said: MakerSaid) -> MakerSaid:
    """What the maker answered before; a cause that may not be named goes by no name."""
    return (
        said
        if desk.names(said.cause)
        else replace(said, cause=CauseId(""), cause_label="a cause that is not named here")
    )
