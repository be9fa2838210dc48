"""Firing: a signal rule recognised a symptom; Conclusion: a case rule joined symptoms into a statement on a cause."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chargelore.engine.signal import Signal
from chargelore.kb.model import CauseId, EvidenceId, Grade


@dataclass(frozen=True, slots=True, kw_only=True)
class Firing:
    """One rule matched on one charger. `id` is a pure function of rule, version, charger and signals.

    `trial` marks a rule on trial (`shadow`): nobody may be shown what it says before they have named a cause.
    A rule over a site or feeder fires once, with one `id`, its `place` and the signals of all chargers, and says so to
    each charger that it concerns. `part` is set where one charger did its part for such a rule and nothing fired yet.
    """

    id: str
    rule: str
    version: str
    symptom: EvidenceId
    charger: str
    connector: int | None
    at: datetime | None
    signals: tuple[Signal, ...]
    trial: bool = False
    place: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """A case rule held: these symptoms together speak for a cause, or amount to a further symptom."""

    rule: str
    facts: tuple[str, ...]
    cause: CauseId | None = None
    symptom: EvidenceId | None = None
    grade: Grade = "often"
    why: str = ""
    version: str = ""
