"""Evidence: what was seen after a fix as events of the store, and back. Pure.

Time, author and content of these events follow from what was seen alone. So whoever sees the same, once more or in
another store, writes the very same event, and it is kept once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from chargelore.engine.aftercare.charging import MOST_ENERGY, Charge, in_utc
from chargelore.engine.aftercare.fixes import fixes
from chargelore.engine.aftercare.sequel import Fix, Followed, Sequel, Verdict, first, good, verdict
from chargelore.kb.aftermath import Aftermath
from chargelore.kb.clock import Stamp
from chargelore.kb.events import Event, charge_event, held_event
from chargelore.kb.model import Knowledge

STREAM = "stream"  # the author of what nobody but the charger says
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def followed(known: Aftermath, knowledge: Knowledge) -> tuple[Followed, ...]:
    """The fixes of a store, with what was recorded of their good sessions."""
    return tuple(
        Followed(fix, Sequel(first(_charges(known.charges.get(fix.finding, ())))))
        for fix in fixes(known.findings, knowledge, known.opened)
    )


def news(one: Followed, now: datetime) -> tuple[Event, ...]:
    """What is to be recorded of a fix by `now`: a verdict where there is a new one, else the good sessions so far."""
    found = verdict(one.fix, one.sequel, now)
    if one.fix.held is False or (found is not None and found.held is one.fix.held):
        return ()
    if found is not None:
        return (_judged(one.fix, found),)
    return tuple(_charged(one.fix, each) for each in good(one.sequel, now)) if one.fix.held is None else ()


def _judged(fix: Fix, found: Verdict) -> Event:
    return held_event(
        fix.finding, found.held, by="auto", stamp=_stamp(found.at), author=STREAM, because=_because(fix, found)
    )


def _because(fix: Fix, found: Verdict) -> Mapping[str, Any]:
    if found.back is None:
        return {"sessions": [_body(each) for each in found.charges]}
    back = found.back
    return {
        "at": back.at.isoformat(), "connector": back.connector, "sign": back.sign, "days": (back.at - fix.since).days,
    }  # fmt: skip


def _charged(fix: Fix, charge: Charge) -> Event:
    return charge_event(fix.finding, _body(charge), stamp=_stamp(charge.ended), author=STREAM)


def _body(charge: Charge) -> dict[str, Any]:
    return {
        "began": charge.began.isoformat(), "ended": charge.ended.isoformat(), "connector": charge.connector,
        "wh": charge.energy,
    }  # fmt: skip


def _charges(bodies: tuple[Mapping[str, Any], ...]) -> Iterator[Charge]:
    """The sessions in these bodies; one that cannot be read proves nothing."""
    for each in bodies:
        try:
            began, ended = (in_utc(datetime.fromisoformat(each[name])) for name in ("began", "ended"))
            place, energy = each["connector"], each["wh"]
        except (KeyError, TypeError, ValueError):
            continue
        are_numbers = type(place) is int and type(energy) is int and 0 < energy <= MOST_ENERGY
        if are_numbers and began is not None and ended is not None and began < ended:
            yield Charge(began, ended, place, energy)


def _stamp(at: datetime) -> Stamp:
    return Stamp(max(0, (at - EPOCH) // timedelta(milliseconds=1)), 0, STREAM)
