"""Clock news: a clock that is off becomes a signal when that is sure, and again when it stands otherwise. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from chargelore.engine.clocks.clockwords import agree
from chargelore.engine.clocks.skew import FEWEST, NEAR, OFTEN, Skew, State, skews
from chargelore.engine.signal import Scalar, Signal

Stands = Mapping[str, str]  # clock -> how it looked when that was told last


def news(stands: Stands, state: State, last: Signal) -> tuple[Stands, tuple[Signal, ...]]:
    """What is new of the clocks behind a signal; a clock that was right from the beginning is no news.

    Where charger and management system agree with each other, it is the source that is off, and nothing is told.
    """
    known = {each.clock: each for each in skews(state)}
    csms = known.get("csms")
    if 0 < state.csms.pairs < FEWEST or (csms is not None and agree(known.get("charger"), csms)):
        return stands, ()
    against = "csms" if csms is not None and csms.looks == "right" else "source"
    fresh = [each for each in known.values() if each.looks != stands.get(each.clock, "right") and _is_sure(each)]
    told = tuple(_signal(each, "source" if each is csms else against, last) for each in fresh)
    return {**stands, **{each.clock: each.looks for each in fresh}}, told


def _is_sure(skew: Skew) -> bool:
    """Three messages that waited alike look like a clock that is behind; more, in different messages, do not."""
    return skew.looks in ("never-set", "drifts") or (skew.pairs >= OFTEN and (skew.spread or 0.0) <= NEAR)


def _signal(skew: Skew, against: str, last: Signal) -> Signal:
    fields = {name: value for name, value in _told(skew) if value is not None}
    fields["against"] = against
    return Signal(layer="ocpp", kind="clock", charger=last.charger, at=last.at, line=last.line, fields=fields)


def _told(skew: Skew) -> Iterator[tuple[str, Scalar]]:
    yield from (("clock", skew.clock), ("looks", skew.looks), ("pairs", skew.pairs))
    yield from (("ahead", skew.ahead), ("off", None if skew.ahead is None else abs(skew.ahead)))
    yield from (("spread", skew.spread), ("drift", skew.drift), ("was", skew.was))
    yield from (("unset", skew.unset), ("year", skew.year or None), ("queued", skew.queued))
