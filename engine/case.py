"""Case: everything seen on one charger around one trouble; it only grows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from chargelore.engine.firing import Conclusion, Firing
from chargelore.engine.signal import Signal
from chargelore.kb.model import Code, EvidenceId, FaultId, Layer, Relation, StepId

KEPT_SIGNALS = 2_000  # the timeline of a case stays bounded; what rules matched is kept beside it for ever


@dataclass(frozen=True, slots=True, kw_only=True)
class Charger:
    """Who the charger is, as far as it said."""

    id: str
    vendor: str = ""
    model: str = ""
    firmware: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenCode:
    """A native code seen in a signal and the canonical fault it maps to; `fault` is None for a code nobody mapped.

    `is_over` when the charger said since that it ended.
    """

    code: str
    vendor: str
    text: str
    channel: str
    fault: FaultId | None
    relation: Relation | None
    known: Code | None = None
    times: int = 1
    is_over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One trouble on one charger. `answers` are what a person found out: evidence id -> answer.

    `layers` says when each was heard last, None where nothing said when. `frame` holds how its readings went
    in the last minutes before the case opened. `first_words` is what a person said first of the trouble; it stays
    whatever is said later, and however much comes in.
    """

    id: str
    charger: Charger
    connector: int | None = None
    opened_at: datetime | None = None
    last_at: datetime | None = None
    firings: tuple[Firing, ...] = ()
    conclusions: tuple[Conclusion, ...] = ()
    codes: tuple[SeenCode, ...] = ()
    layers: Mapping[Layer, datetime | None] = field(default_factory=dict)
    signals: tuple[Signal, ...] = ()
    dropped_signals: int = 0
    words: tuple[str, ...] = ()
    answers: Mapping[EvidenceId, str] = field(default_factory=dict)
    tried: tuple[StepId, ...] = ()
    frame: tuple[Signal, ...] = ()
    first_words: Signal | None = None


def spoken(case: Case) -> tuple[str, ...]:
    """Every rule that spoke in a case, each `id@version`, in order."""
    spoke: tuple[Firing | Conclusion, ...] = (*case.firings, *case.conclusions)
    return tuple(sorted({f"{each.rule}@{each.version}" for each in spoke}))
