"""Signal lines: our own record of captured signals, one JSON object a line, as `chargelore signals` gives it out.

`{"run", "seq", "part", "heard"}` name a signal, the rest is the signal itself. A line of kind `charger` says who one is
that cannot say so itself; such lines stand first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import takewhile

import msgspec

from chargelore.engine.case import Charger
from chargelore.engine.decode.logs.record import Line
from chargelore.engine.signal import KINDS, Signal

NAME = "signals"
WHO = "charger"
WORDS = ("vendor", "model", "firmware")  # of a charger that was introduced
SHOWN = 500  # characters of a line that cannot be read


class _Numbered(msgspec.Struct):
    """What every line has beside a signal."""

    run: str
    seq: int
    part: int
    layer: str
    kind: str


_numbered = msgspec.json.Decoder(_Numbered).decode
_signal = msgspec.json.Decoder(Signal).decode


def looks(sample: str) -> bool:
    """Whether a text begins like such a record."""
    first = sample.lstrip("\ufeff \t\r\n").partition("\n")[0]
    if not first.startswith("{") or '"run"' not in first:
        return False
    try:
        _numbered(first.encode("utf-8", "replace"))
    except (msgspec.MsgspecError, RecursionError):
        return False
    return True


def introduced(sample: str) -> tuple[Charger, ...]:
    """The chargers that the first lines say something of."""
    read = (_read(line) for line in sample.lstrip("\ufeff").splitlines())
    told = takewhile(lambda each: each is not None and each.kind == WHO, read)
    return tuple(charger_of(each) for each in told if each is not None)


def signals(lines: Iterable[Line]) -> Iterator[Signal]:
    """The signals of all lines in their order; what is no signal becomes one that says so."""
    for line in lines:
        if not line.text.strip():
            continue
        signal = None if line.marks else _read(line.text)
        if signal is None:
            yield _unreadable(line)
        elif signal.kind != WHO:
            yield signal


def who(charger: Charger) -> Signal:
    """How it is written that somebody said who a charger is."""
    fields = {name: getattr(charger, name) for name in WORDS}
    return Signal(layer="field", kind=WHO, charger=charger.id, fields=fields)


def _read(text: str) -> Signal | None:
    try:
        signal = _signal(text.encode("utf-8", "replace"))
    except (msgspec.MsgspecError, RecursionError):
        return None
    return signal if signal.kind in KINDS or signal.kind == WHO else None


def charger_of(told: Signal) -> Charger:
    """Who such a line says that a charger is."""
    return Charger(id=told.charger, **{name: str(told.fields.get(name) or "") for name in WORDS})


def _unreadable(line: Line) -> Signal:
    fields = {"text": line.text[:SHOWN], "why": "no captured signal"}
    marks = tuple(dict.fromkeys((*line.marks, "off-spec")))
    return Signal(layer="csms", kind="unreadable", fields=fields, raw=line.text[:SHOWN], line=line.number, marks=marks)
