"""Recording: that a case was handed to its maker, and that the maker has the ball now."""

from __future__ import annotations

from chargelore.engine.escalating.desk import Matter
from chargelore.engine.escalating.packet import Packet
from chargelore.engine.escalating.standing import standings
from chargelore.engine.escalating.telling import escalation_of
from chargelore.kb.answer import MAKER, Escalation
from chargelore.kb.casebook import Handed
from chargelore.kb.errors import UseError
from chargelore.kb.escalations import escalated_event
from chargelore.kb.store import Store, system_now
from chargelore.tui.booking import booked, key_of, put
from chargelore.tui.text import day

LONGEST_NOTE = 400


def hands_over(store: Store, packet: Packet, matter: Matter) -> tuple[str, ...]:
    """Keep it; the events that say so, none where it is known and nobody has answered yet. StoreError when not kept.

    UseError for a case that is over.
    """
    told = escalation_of(matter, packet)
    note = f"escalated as {told.reference}: {told.question}"[:LONGEST_NOTE]
    with store.together():
        refuse_over(store, matter)
        if _is_known(store, told, matter):
            return ()
        event = escalated_event(told, stamp=store.stamp(), author=store.author)
        store.record(event)
        put(store, matter.case, matter.diagnosis, matter.knowledge, system_now())
        return event.id, store.record_entry(told.case, Handed(to=MAKER, note=note, opened_at=told.opened_at)).id


def refuse_over(store: Store, matter: Matter) -> None:
    """UseError for a case that is over: nobody waits for it. StoreError where the book cannot be read."""
    life = booked(store, key_of(matter.case), system_now())
    if life is not None and life.ended is not None:
        raise UseError(
            f"is over since {day(life.ended)} ({life.ended_by})",
            where=life.name,
            mend="take that back with `chargelore kb revert EVENT`, or write the packet alone with --no-record",
        )


def _is_known(store: Store, told: Escalation, matter: Matter) -> bool:
    found = standings(matter.knowledge, store.escalated(), store.answers())
    return any(each.is_open and each.escalated.escalation == told for each in found)
