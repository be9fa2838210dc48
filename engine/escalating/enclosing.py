"""Enclosing: the signals that go along with a packet: the window before the fault, and all that is kept of the case.

What a person said in their own words is TLP:RED and goes only into a packet so labelled.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

import msgspec

from chargelore.engine.case import Case
from chargelore.engine.decode import signallines
from chargelore.engine.door import VERSIONS, redacted
from chargelore.engine.escalating.packet import Exhibit, Window, WindowLine
from chargelore.engine.escalating.veil import Hide, hiding, name_for, version
from chargelore.engine.freeze import courses
from chargelore.engine.signal import Scalar, Signal
from chargelore.kb.export.text import tame
from chargelore.kb.model import Tlp
from chargelore.kb.pinned import Pinned

RUN = "packet"  # of a watch, as a line of signals names it
MOST_COURSES, MOST_MOMENTS = 40, 20
MOST_BYTES = 4_000_000  # of all signals
LONGEST_RAW = 20_000  # letters of one signal
LONGEST_SAID, LONGEST_VALUE, MOST_FIELDS = 240, 60, 8
WORDLESS = frozenset({"timestamp", "uid", "uniqueId", "messageId", "from", "action"})


def window(case: Case, tlp: Tlp, hide: Hide) -> Window:
    """How readings went before the case opened, and the signals that came last before it did.

    Of a case so long that those are no longer kept, the signals before the fault came last.
    """
    known = _open(_once((*case.signals, *_behind(case))), tlp)
    until = case.opened_at
    if not any(_is_before(each, until) for each in known):
        until = max((each.at for each in known if each.at is not None and _is_fault(each)), default=None)
    signals = [each for each in known if _is_before(each, until)]
    last = tuple(_moment(each, hide) for each in signals[-MOST_MOMENTS:])
    return Window(
        courses=courses(case.frame)[:MOST_COURSES],
        moments=last,
        more=len(signals) - len(last) + case.dropped_signals,
        again_at=until.isoformat() if until is not None and until != case.opened_at else "",
    )


def exhibits(pinned: Iterable[Pinned], tlp: Tlp, hide: Hide) -> tuple[Exhibit, ...]:
    """What somebody holds for evidence, in the order of time, with their notes; what a person said as in `_open`."""
    shown = [each for each in pinned if tlp == "RED" or each.layer != "field"]
    told = (Exhibit(at=each.at, layer=each.layer, says=hide(each.says), note=hide(each.note)) for each in shown)
    return tuple(sorted(told, key=lambda each: each.at))


def _behind(case: Case) -> Iterator[Signal]:
    """The signals behind the symptoms of a case, which are kept for ever."""
    return (each for firing in case.firings for each in firing.signals)


def _is_fault(signal: Signal) -> bool:
    """Whether it says itself that something is wrong."""
    return signal.kind in ("code", "fault") or signal.fields.get("status") == "Faulted"


def _open(signals: Iterable[Signal], tlp: Tlp) -> list[Signal]:
    """Without what people said in their own words, unless the packet is for nobody but whom it is sent to."""
    return [each for each in signals if tlp == "RED" or each.layer != "field"]


def _is_before(signal: Signal, opened: datetime | None) -> bool:
    return signal.at is None or opened is None or signal.at <= opened


def _moment(signal: Signal, hide: Hide) -> WindowLine:
    return WindowLine(at=signal.at.isoformat() if signal.at else "", layer=signal.layer, says=hide(says(signal)))


def says(signal: Signal) -> str:
    """A signal in a line: its kind, and the first of its fields; the text that it came from where it has none."""
    told = [f"{name} {_short(value)}" for name, value in signal.fields.items() if _tells(name, value)]
    rest = ", ".join(told[:MOST_FIELDS]) or _short(signal.raw)
    return tame(f"{signal.kind}: {rest}" if rest else signal.kind)[:LONGEST_SAID]


def _tells(name: str, value: Scalar) -> bool:
    return value not in (None, "") and name.rpartition(".")[2] not in WORDLESS


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """The signals of a case as lines that a `triage` elsewhere reads, and how many are too many to go along."""

    lines: tuple[str, ...] = ()
    left_out: int = 0


def enclosed(case: Case, key: bytes, tlp: Tlp) -> Enclosure:
    """All signals kept of a case, past the door once more: those nearest to the fault where they are too many.

    Signals behind symptoms are kept for ever, so they are among them however long the case went on.
    """
    signals = _once(_open((*case.signals, *_behind(case)), tlp))
    lines = [_line(place, each, key) for place, each in enumerate((_who(case), *signals))]
    kept, size = {0}, len(lines[0])
    for place in sorted(range(1, len(lines)), key=lambda each: _distance(signals[each - 1], case.opened_at)):
        size += len(lines[place]) + 1
        if size > MOST_BYTES:
            break
        kept.add(place)
    left_out = len(lines) - len(kept) + case.dropped_signals
    return Enclosure(lines=tuple(lines[place] for place in sorted(kept)), left_out=left_out)


def _who(case: Case) -> Signal:
    return signallines.who(case.charger)


def _once(signals: Iterable[Signal]) -> list[Signal]:
    """Each signal once, in order of time; those without a time keep their place in the source, before all others."""
    found = {repr(each): each for each in signals}
    return sorted(found.values(), key=lambda each: (each.at.timestamp() if each.at else 0.0, each.line))


def _distance(signal: Signal, opened: datetime | None) -> float:
    if signal.at is None or opened is None:
        return 0.0
    return abs(signal.at.timestamp() - opened.timestamp())


def _line(place: int, signal: Signal, key: bytes) -> str:
    """A signal as a line of JSON; every charger in it goes by its pseudonym."""
    clean, hide = redacted(signal, key), hiding(signal.charger, key)
    clean = msgspec.structs.replace(clean, charger=name_for(clean.charger, key), raw=clean.raw[:LONGEST_RAW])
    numbered = {"run": RUN, "seq": place, "part": 0, **msgspec.to_builtins(clean)}
    return json.dumps(_hidden(numbered, hide), ensure_ascii=True, sort_keys=True)


def _hidden(value: object, hide: Hide, name: str = "") -> object:
    if isinstance(value, str):
        return version(value, hide) if name.rpartition(".")[2] in VERSIONS else hide(value)
    if isinstance(value, dict):
        return {hide(str(key)): _hidden(each, hide, str(key)) for key, each in value.items()}
    return [_hidden(each, hide) for each in value] if isinstance(value, list | tuple) else value
