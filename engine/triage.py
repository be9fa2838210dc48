"""Triage: one log or case file from first byte to diagnosed cases, as plain values ready to print."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

from chargelore.engine.aftercare.sequel import Sequel, all_together
from chargelore.engine.case import Case, SeenCode, spoken
from chargelore.engine.clocks.clockwords import Clocked
from chargelore.engine.clocks.oneclock import on_one_clock
from chargelore.engine.diagnosing.diagnosis import (
    Apart,
    Diagnosis,
    Hypothesis,
    NextStep,
    Parts,
    Planned,
    Reason,
    Split,
    Unasked,
    Visit,
)
from chargelore.engine.freeze import Course, courses
from chargelore.engine.matching.sitewide import Unplaced
from chargelore.engine.matching.strain import Strain, together
from chargelore.engine.nameplate import short
from chargelore.engine.proving.abreast import side_by_side
from chargelore.engine.read import Reading
from chargelore.engine.signal import Signal
from chargelore.engine.watch import Watch

Json = dict[str, object]
DURING, AFTER = 0, 1
Place = tuple[int, int, int]  # of a case: during or after the log, behind which signal, the how-manieth there
NO_VISIT = Visit()
SHOWN_TEXT = 200  # characters of what nobody could decode


@dataclass(frozen=True, slots=True)
class Found:
    """One case with its diagnosis, and what to do about it on one visit."""

    case: Case
    diagnosis: Diagnosis
    visit: Visit = NO_VISIT


class Unreadable(NamedTuple):
    """A piece of the source that nobody could decode: its line from 1, the reason, how it begins."""

    line: int
    why: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What was read of a log or case file: its format, OCPP frames, what nobody could decode, first and last time.

    `frames` counts each print, `repeated` those that were printed before; `samples` are the first unreadable pieces.
    `hint` says what it cannot show, or what a person could add.
    `moved` are the seconds that were added to its times, so that it is on one clock with what it was heard with.
    """

    format: str
    frames: int
    unreadable: int
    first_at: datetime | None
    last_at: datetime | None
    repeated: int = 0
    samples: tuple[Unreadable, ...] = ()
    moved: float = 0.0
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Triaged:
    """One source from first byte to diagnosed cases, in order of opening, and what rules had to do without.

    `clocks` are those of the chargers that spoke in it first, as far as they can be told. `sequels` say what was seen
    after fixes that are followed, by finding, in all sources that were heard together.
    """

    source: Source
    cases: tuple[Found, ...]
    strain: Strain
    unplaced: tuple[Unplaced, ...] = ()
    clocks: tuple[Clocked, ...] = ()
    sequels: Mapping[str, Sequel] = field(default_factory=dict)


def triaged(reading: Reading, watch: Watch) -> Triaged:
    """Play all that is read to a fresh watch."""
    return triaged_together({"": reading}, watch)[""]


def triaged_together(readings: Mapping[str, Reading], watch: Watch) -> dict[str, Triaged]:
    """Play several recordings to one fresh watch, side by side; a case belongs to where its charger speaks first."""
    return joined([played(readings, watch)])


class Part(NamedTuple):
    """What one watch makes of recordings for the chargers that it judges: cases with their place among all cases."""

    sources: Mapping[str, Source]
    cases: tuple[tuple[Place, str, Found], ...]
    strain: Strain
    unplaced: tuple[Unplaced, ...]
    clocks: tuple[tuple[int, str, Clocked], ...]
    sequels: Mapping[str, Sequel]


def played(readings: Mapping[str, Reading], watch: Watch, is_mine: Callable[[str], bool] = lambda _: True) -> Part:
    """Play recordings to a fresh watch that judges the chargers that are its own, by their short ids."""
    homes: dict[str, tuple[int, str]] = {}  # when each charger was first heard of, and where
    for name, charger in ((name, charger) for name, each in readings.items() for charger in each.introduced):
        homes.setdefault(short(charger.id), (len(homes), name))
        if is_mine(short(charger.id)):
            watch.identify(charger)
    places: dict[str, Place] = {}
    aligned = on_one_clock(readings)
    for number, (name, signal) in enumerate(side_by_side(aligned.recordings), len(homes)):
        charger_id = watch.called(signal.charger)
        homes.setdefault(charger_id, (number, name))
        if is_mine(charger_id):
            if not watch.feed(signal) <= places.keys():
                places |= {case: (DURING, number, place) for place, case in enumerate(_new(watch, places))}
        else:
            watch.overhear(signal)  # not the last word of any charger here, but of its site
    watch.end()
    places |= {case: (AFTER, homes[who][0], place) for place, (case, who) in enumerate(_new(watch, places).items())}
    cases = tuple((places[one.case.id], homes[one.case.charger.id][1], one) for one in found(watch))
    sources = {
        name: replace(source_of(reading, watch.discreet), moved=aligned.moved.get(name, 0.0))
        for name, reading in readings.items()
    }
    clocks = tuple((*homes[each.charger], each) for each in watch.clocks)
    seen = {each.fix.finding: each.sequel for each in watch.seen_after_fixes()}
    return Part(sources, cases, watch.strain, watch.unplaced(), clocks, seen)


def _new(watch: Watch, known: Mapping[str, Place]) -> dict[str, str]:
    """The chargers of the cases that have no place yet, by case."""
    return {case: charger for case, charger in watch.opened if case not in known}


def joined(parts: Iterable[Part]) -> dict[str, Triaged]:
    """The parts of all watches as one, by recording, cases in order of opening."""
    known = tuple(parts)
    cases = sorted((each for part in known for each in part.cases), key=lambda each: each[0])
    clocks = sorted((each for part in known for each in part.clocks), key=lambda each: each[0])
    strain, sequels = together(part.strain for part in known), all_together(part.sequels for part in known)
    return {
        name: Triaged(
            source=source,
            cases=tuple(one for _, home, one in cases if home == name),
            strain=strain,
            unplaced=known[0].unplaced,
            clocks=tuple(one for _, home, one in clocks if home == name),
            sequels=sequels,
        )
        for name, source in known[0].sources.items()
    }


def source_of(reading: Reading, discreet: Callable[[str], str]) -> Source:
    """What was counted while all was read; what is shown of it passes `discreet`, as it never passed the door."""
    return Source(
        format=reading.format,
        frames=reading.frames,
        repeated=reading.repeated,
        unreadable=reading.unreadable,
        samples=tuple(_unreadable(each, discreet) for each in reading.samples),
        first_at=reading.first_at,
        last_at=reading.last_at,
        hint=reading.hint,
    )


def _unreadable(signal: Signal, discreet: Callable[[str], str]) -> Unreadable:
    why, text = (str(signal.fields.get(name) or "") for name in ("why", "text"))
    return Unreadable(signal.line, why, discreet(text)[:SHOWN_TEXT])


def strain_json(strain: Strain) -> Json:
    """What rules had to do without, as the command line prints it; empty where all went as it should."""
    late = {"signals": strain.late, "worst_s": strain.worst.total_seconds()} if strain.late else None
    told = {"late": late, "hurried": strain.hurried, "evicted": strain.evicted, "failed": strain.failed}
    return {name: value for name, value in told.items() if value}


def found(watch: Watch) -> tuple[Found, ...]:
    """All open cases, diagnosed, in order of opening."""
    return tuple(Found(case, watch.diagnosis(case.id), watch.visit(case.id)) for case in watch.cases.values())


def as_json(one: Found) -> Json:
    """A case as the command line prints it; stable from the first release."""
    case, diagnosis = one.case, one.diagnosis
    return {
        "case": case.id,
        "first_words": _words(case),
        "charger": {
            "id": case.charger.id,
            "vendor": case.charger.vendor,
            "model": case.charger.model,
            "firmware": case.charger.firmware,
        },
        "connector": case.connector,
        "opened_at": case.opened_at.isoformat() if case.opened_at else None,
        "codes": [_code(each) for each in case.codes],
        "symptoms": sorted({firing.symptom for firing in case.firings}),
        "answers": dict(case.answers),
        "rules": list(spoken(case)),
        "layers": {
            "seen": list(diagnosis.layers_seen),
            "missing": list(diagnosis.layers_missing),
            "last": {layer: at.isoformat() if at else None for layer, at in case.layers.items()},
        },
        "unasked": [_unasked(each) for each in diagnosis.unasked],
        "hypotheses": [_hypothesis(each) for each in diagnosis.hypotheses],
        "unknown": round(diagnosis.unknown, 4),
        "untold": round(diagnosis.untold, 4),
        "next": [_step(each) for each in diagnosis.steps],
        "visit": _visit(one.visit),
        "verdict": diagnosis.verdict,
        "apart": _apart(diagnosis.apart) if diagnosis.apart else None,
        "turns": [asdict(each) for each in diagnosis.turns],
        "before": [_course(each) for each in courses(case.frame)],
        **({"maker_said": [asdict(each) for each in diagnosis.maker_said]} if diagnosis.maker_said else {}),
    }


def _words(case: Case) -> Json | None:
    """What a person said first of the trouble, word for word."""
    first = case.first_words
    return None if first is None else {"text": first.raw, "at": first.at.isoformat() if first.at else None}


def _course(each: Course) -> Json:
    """A reading before the fault, as it moved."""
    points = [[at.isoformat(), value] for at, value in each.points]
    return {"name": each.name, "part": each.part, "unit": each.unit, "points": points}


def _code(each: SeenCode) -> Json:
    told: Json = {name: getattr(each, name) for name in ("vendor", "code", "text", "fault", "relation", "times")}
    return told | ({"over": True} if each.is_over else {})


def _hypothesis(each: Hypothesis) -> Json:
    return {
        "fault": each.fault,
        "label": each.label,
        "domain": each.domain,
        "responsible": each.responsible,
        "cause": each.cause,
        "cause_label": each.cause_label,
        "probability": each.probability,
        "because": [_reason(reason) for reason in each.because],
        "against": [_reason(reason) for reason in each.against],
        "unseen": list(each.unseen),
        "unasked": [_unasked(one) for one in each.unasked],
    }


def _apart(each: Apart) -> Json:
    """The suspects that cannot be told apart, and what splits them; `None` where nothing known does."""
    causes = [{"cause": cause, "label": label} for cause, label in zip(each.causes, each.labels, strict=True)]
    return {
        "causes": causes,
        "more": each.more,
        "same_here": each.is_same_here,
        "splits_by": split_json(each.by) if each.by else None,
    }


def split_json(by: Split) -> Json:
    """The observation that tells causes apart, as the command line prints it."""
    return asdict(by) | {"outcomes": [each._asdict() for each in by.outcomes]}


def _unasked(one: Unasked) -> Json:
    return {"symptom": one.symptom, "rule": one.rule, "why": one.why}


def _reason(reason: Reason) -> Json:
    return {
        "evidence": reason.evidence,
        "text": reason.text,
        "points": reason.points,
        "strength": reason.strength,
        "backed_by": reason.backed_by,
    }


def _step(step: NextStep) -> Json:
    return {
        "step": step.step,
        "kind": step.kind,
        "label": step.label,
        "minutes": step.minutes,
        "where": step.where,
        "needs": step.needs,
        "tools": list(step.tools),
        "parts": list(step.parts),
        "splits": list(step.splits),
        "hazard": step.hazard,
        "precondition": step.precondition,
        "first": list(step.first),
        "message": step.message,
    }


def _visit(visit: Visit) -> Json:
    """A visit as the command line prints it: minutes, and chances in 0..1."""
    return {
        "minutes": round(visit.minutes),
        "at_most": round(visit.at_most),
        "cured": round(visit.cured, 4),
        "named": round(visit.named, 4),
        "stops": [{"where": stop.where, "steps": [_planned(each) for each in stop.steps]} for stop in visit.stops],
        "parts": _parts(visit.parts),
        "left_out": [{"step": step, "label": label, "why": list(why)} for step, label, why in visit.left_out],
    }


def _planned(each: Planned) -> Json:
    return {**_step(each.step), "use": round(each.use, 4), "cures": round(each.cures, 4)}


def _parts(parts: Parts) -> Json:
    return {
        "take": list(parts.take),
        "covers": round(parts.covers, 4),
        "needed": round(parts.needed, 4),
        "uncovered": [
            {"cause": cause, "label": label, "probability": round(chance, 4), "parts": list(pieces)}
            for cause, label, chance, pieces in parts.uncovered
        ],
    }
