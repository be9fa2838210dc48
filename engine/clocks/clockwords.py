"""Clockwords: how the clocks of chargers and management systems stand, as sentences and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import NamedTuple

from chargelore.engine.clocks.skew import RIGHT, TIGHT, Skew, Whose, zone_of

Json = dict[str, object]
NAMES: Mapping[str, str] = {"charger": "the charger's clock", "csms": "the management system's clock"}
SHORT: Mapping[str, str] = {"charger": "charger's clock", "csms": "back-end's clock"}
_UNITS = ((86_400, "day"), (3_600, "h"), (60, "min"), (1, "s"))


class Clocked(NamedTuple):
    """A charger by its id, and its clocks as far as they can be told."""

    charger: str
    skews: tuple[Skew, ...]


def sentences(skews: Sequence[Skew], source: str = "the log") -> Iterator[str]:
    """What is odd about the clocks of one charger, against the time of its `source`; nothing where all are right."""
    clocks = {each.clock: each for each in skews}
    charger, csms = clocks.get("charger"), clocks.get("csms")
    if csms is not None and agree(charger, csms):
        said = _against(-_offset(csms), "what charger and management system say")
        yield f"{source} is {said}: {_why_log(csms)}"
    else:
        yield from (_stands(each, source, csms) for each in skews if each.looks != "right")
    yield from (note for each in skews for note in _notes(each))


def moved(seconds: float) -> str:
    """That a recording was put on the clock of those it was heard with."""
    off = f"{span(abs(seconds))} {'behind' if seconds > 0 else 'ahead of'}"
    return f"its clock is {off} that of the file before it, as both heard the same charger; its times are moved by that"


def short(skews: Sequence[Skew]) -> str:
    """The first clock that is off in a few words: `charger's clock 2 h ahead`; empty where none is."""
    off = next((each for each in skews if each.looks != "right"), None)
    if off is None:
        return ""
    state = {"never-set": "never set", "drifts": "drifts", "unsteady": "unsteady"}.get(off.looks)
    return f"{SHORT[off.clock]} {state or _off(_offset(off))}"


def off_words(whose: Whose, seconds: float) -> str:
    """How far the clock that dated one message was off: `charger's clock 2 h ahead`."""
    return f"{SHORT[whose]} {_off(seconds)}"


def as_json(clocked: Iterable[Clocked], source: str = "the log") -> list[Json]:
    """The clocks as the command line prints them; stable. Seconds, positive where a clock is ahead of the source."""
    return [_json(each, skew, source) for each in clocked for skew in each.skews]


def _json(clocked: Clocked, skew: Skew, source: str) -> Json:
    numbers = asdict(skew)
    told: Json = {"charger": clocked.charger, "clock": numbers.pop("clock"), "looks": numbers.pop("looks")}
    for name in ("ahead", "spread", "was", "oldest"):
        told[f"{name}_s"] = numbers.pop(name)
    told["drift_s_per_day"] = numbers.pop("drift")
    return told | numbers | {"year": skew.year or None, "said": "; ".join(_said(skew, clocked.skews, source))}


def _said(skew: Skew, skews: Sequence[Skew], source: str) -> Iterator[str]:
    csms = next((each for each in skews if each.clock == "csms"), None)
    yield _stands(skew, source, csms)
    yield from _notes(skew)


def agree(charger: Skew | None, csms: Skew) -> bool:
    """Whether both are off alike, so that it is the source that is off."""
    if charger is None or charger.ahead is None or csms.ahead is None or abs(csms.ahead) <= RIGHT:
        return False
    return abs(charger.ahead - csms.ahead) <= RIGHT and "drifts" not in (charger.looks, csms.looks)


def _why_log(csms: Skew) -> str:
    return "it is in local time" if zone_of(_offset(csms)) is not None else "its own clock is wrong"


def _stands(skew: Skew, source: str, csms: Skew | None) -> str:
    name = NAMES[skew.clock]
    match skew.looks:
        case "right":
            return f"{name} agrees with {source}"
        case "never-set":
            return f"{name} was never set: it dates its messages {skew.year}"
        case "unsteady":
            return (
                f"{name} is unsteady: it differs from {source} by now more, now less, within {span(skew.spread or 0)}"
            )
        case "drifts":
            gains = "gains" if (skew.drift or 0) > 0 else "loses"
            return f"{name} {gains} {span(abs(skew.drift or 0))} a day; now it is {_against(_offset(skew), source)}"
        case "time-zone":
            return f"{name} is {_against(_offset(skew), source)}: {_why_zone(skew, csms)}"
        case _:
            return f"{name} is {_against(_offset(skew), source)}"


def _why_zone(skew: Skew, csms: Skew | None) -> str:
    """Only a third clock can tell which of two writes local time."""
    if skew.clock == "charger" and csms is not None and csms.looks == "right":
        return "it seems to write local time as UTC"
    return "one of the two seems to write local time as UTC"


def _notes(skew: Skew) -> Iterator[str]:
    name = NAMES[skew.clock]
    if skew.unset and skew.looks != "never-set":
        yield f"{_messages(skew.unset)} came while {name} was not set (dated {skew.year})"
    if skew.was is not None:
        summer = abs(abs(_offset(skew) - skew.was) - 3_600) <= TIGHT
        season = ", as when summer time begins or ends" if summer else ""
        yield f"{name} was set anew meanwhile: before, it was {_off(skew.was)}{season}"
    if skew.queued:
        yield f"{_messages(skew.queued)} had been queued, the oldest for {span(skew.oldest or 0)}"


def _messages(number: int) -> str:
    return f"{number:,} message{'s'[: number != 1]}"


def _offset(skew: Skew) -> float:
    return skew.ahead or 0.0


def _off(seconds: float) -> str:
    """`2 h ahead`, `7 min behind`; a clock that stands as that of a time zone is off by exactly so much."""
    if abs(seconds) <= RIGHT:
        return "right"
    zone = zone_of(seconds)
    return f"{span(abs(zone if zone is not None else seconds))} {'ahead' if seconds > 0 else 'behind'}"


def _against(seconds: float, other: str) -> str:
    off = _off(seconds)
    return f"{off}{'' if off.endswith('behind') else ' by' if off == 'right' else ' of'} {other}"


def span(seconds: float) -> str:
    """A length of time in its two largest units: `3 days 2 h`, `5 h 30 min`, `7 min`, `12 s`."""
    left, parts = round(seconds), list[str]()
    for size, name in _UNITS:
        number, left = divmod(left, size)
        if number:
            parts.append(f"{number} {name}{'s'[: name == 'day' and number != 1]}")
        if len(parts) == 2 or (parts and not number):
            break
    return " ".join(parts) or f"{seconds:.1f} s"
