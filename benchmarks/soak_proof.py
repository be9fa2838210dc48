"""What a soak proves: from the logs of both ends and the rows of the store to figures and to what is wrong."""

from __future__ import annotations

import json
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

IN_ORDER = "1000"  # how a connection ends that both ends left on purpose
FEW = 5  # examples of a kind of trouble that are told

Frame = tuple[str, str]  # type with unique id, checksum


@dataclass
class End:
    """What one end of a connection says of it."""

    sent: list[Frame] = field(default_factory=list)
    got: list[Frame] = field(default_factory=list)
    code: str = ""  # empty when the process was killed before


@dataclass(frozen=True)
class Ends:
    """All connections as one side tells of them, and the ms that its requests took."""

    lines: Mapping[str, End]
    waits: list[float]


@dataclass(frozen=True)
class Proof:
    """Figures on what passed, and what is wrong; nothing is, when `wrong` is empty."""

    connections: int
    in_order: int
    sent: int
    arrived: int
    rows: int
    median: float
    p99: float
    wrong: tuple[str, ...]


def ends(files: Iterable[Path]) -> Ends:
    """What the logs of one side tell."""
    lines: dict[str, End] = {}
    waits: list[float] = []
    for file in files:
        for line in file.read_text(encoding="ascii").splitlines():
            name, word, *told = line.split(" ")
            _noted(lines.setdefault(name, End()), word, told)
            if word == "r" and len(told) > 2:
                waits.append(float(told[2]))
    return Ends(lines, waits)


def _noted(end: End, word: str, told: list[str]) -> None:
    if word == "s":
        end.sent.append((told[0], told[1]))
    elif word == "x":
        end.sent.pop()
    elif word == "r":
        end.got.append((told[0], told[1]))
    else:
        end.code = told[0]


def proof(chargers: Ends, csms: Ends, rows: Counter[str]) -> Proof:
    """Judge the wire by the logs of both ends, the store by the wire. `rows` counts the first row of each frame."""
    pairs = [
        (name, chargers.lines.get(name, End()), csms.lines.get(name, End())) for name in {*chargers.lines, *csms.lines}
    ]
    wrong = [each for name, near, far in pairs for each in _wire(name, near, far)]
    sent = {uid for _, near, far in pairs for uid, _ in (*near.sent, *far.sent)}
    arrived = {uid for _, near, far in pairs for uid, _ in (*near.got, *far.got)}
    wrong += _store(sent, arrived, rows)
    cuts = statistics.quantiles(chargers.waits, n=100) if len(chargers.waits) > 1 else [0.0] * 99
    in_order = sum(_in_order(near, far) for _, near, far in pairs)
    return Proof(len(pairs), in_order, len(sent), len(arrived), rows.total(), cuts[49], cuts[98], tuple(wrong))


def _in_order(near: End, far: End) -> bool:
    return near.code == far.code == IN_ORDER


def _wire(name: str, near: End, far: End) -> Iterator[str]:
    """What arrived is what was sent up to the moment the line was cut; all of it where the line ended in order."""
    for way, sent, got in (("up", near.sent, far.got), ("down", far.sent, near.got)):
        if got != sent[: len(got)]:
            pairs = zip(sent, got, strict=False)
            place = next((at for at, (ours, theirs) in enumerate(pairs) if ours != theirs), len(sent))
            yield f"connection {name}, {way}: frame {place} is not the one that was sent"
        elif len(got) < len(sent) and _in_order(near, far):
            yield f"connection {name}, {way}: ended in order, {len(sent) - len(got)} of {len(sent)} frames are missing"


def _store(sent: set[str], arrived: set[str], rows: Counter[str]) -> Iterator[str]:
    """What arrived passed the tap, so it is stored; what is stored was sent; and nothing is stored twice."""
    for what, found in (
        ("passed and are not in the store", arrived - rows.keys()),
        ("are in the store more than once", {each for each, times in rows.items() if times > 1}),
        ("are in the store and were never sent", rows.keys() - sent),
    ):
        if found:
            yield f"{len(found)} frames {what}: {', '.join(sorted(found)[:FEW])}"


def key(raw: str) -> str:
    """Type and unique id of a frame as it stands in the store; the text itself where it is no frame."""
    try:
        kind, uid, *_ = json.loads(raw)
    except ValueError:
        return raw
    return f"{kind}{uid}"
