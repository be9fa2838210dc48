"""Exposure: which signs the chargers of a model show by themselves today, and which wishes that leaves. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from chargelore.engine.case import Case, Charger
from chargelore.engine.heard.reportability import Report, Sheet, report_on
from chargelore.engine.heard.silence import name_of
from chargelore.engine.reach import Reach
from chargelore.engine.telemetry.replay import Signals
from chargelore.kb.model import Evidence, EvidenceId, Knowledge
from chargelore.kb.signalfamilies import SignalFamily


@dataclass(frozen=True, slots=True)
class Exposure:
    """What a model shows (`seen`), and by symptom the items without which it cannot be told (`hidden`)."""

    charger: Charger
    report: Report
    seen: Signals
    hidden: Mapping[EvidenceId, tuple[str, ...]]


def exposure(knowledge: Knowledge, sheet: Sheet, reach: Reach, charger: Charger) -> Exposure | None:
    """What was heard of the model says it; None where nothing was."""
    report = report_on(sheet, charger)
    if report is None:
        return None
    hidden = dict(_hidden(reach, charger))
    shown = (each.id for each in knowledge.evidence.values() if _is_told(each, report) and each.id not in hidden)
    return Exposure(charger, report, frozenset(shown), hidden)


def _is_told(evidence: Evidence, report: Report) -> bool:
    """Whether a layer tells it that was heard; what people say is always told."""
    return evidence.channel == "signal" and (evidence.layer in (None, "field") or evidence.layer in report.layers)


def _hidden(reach: Reach, charger: Charger) -> Iterator[tuple[EvidenceId, tuple[str, ...]]]:
    """Symptoms that rules cannot tell of a charger of which nothing was seen yet, with what it never sends."""
    silent = reach.silent(charger)
    for each in reach.unasked(Case(id="", charger=charger)):
        if each.rule in silent:
            yield each.symptom, tuple(dict.fromkeys(missing.item for missing in silent[each.rule].values()))


def wishes(families: Iterable[SignalFamily], one: Exposure) -> Iterator[SignalFamily]:
    """What one could wish of the model: the families, and what it never sends that belongs to none of them."""
    named = set[EvidenceId]()
    for family in families:
        named.update(family.evidence)
        yield family
    yield from _rest(one, named)


def _rest(one: Exposure, named: Collection[EvidenceId]) -> Iterator[SignalFamily]:
    """What is never sent and belongs to no family, together by the kinds of signal that would have to carry it."""
    symptoms: defaultdict[tuple[str, ...], list[EvidenceId]] = defaultdict(list)
    items: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    for symptom, missing in sorted(one.hidden.items()):
        if symptom not in named:
            kinds = tuple(sorted({each.partition(".")[0] for each in missing}))
            symptoms[kinds].append(symptom)
            items[kinds].update(missing)
    yield from (_of_kinds(kinds, tuple(sorted(items[kinds])), tuple(some)) for kinds, some in symptoms.items())


def _of_kinds(kinds: tuple[str, ...], items: tuple[str, ...], evidence: tuple[EvidenceId, ...]) -> SignalFamily:
    label = " and ".join(_kind(kind, items) for kind in kinds)
    ask = f"Send {label}: words of ours for what OCPP carries, as the rules explain them."
    return SignalFamily(id=" ".join(kinds), label=label, ask=ask, evidence=evidence, items=items)


def _kind(kind: str, items: tuple[str, ...]) -> str:
    """A kind of signal with the fields that are missing, meter (temperature); alone where all of it is."""
    fields = [name_of(each).strip("`") for each in items if each.startswith(f"{kind}.")]
    return f"{kind} ({', '.join(fields)})" if fields and kind not in items else kind


def sends(one: Exposure, family: SignalFamily) -> bool:
    """Whether the model was heard to send all that carries the family."""
    return bool(family.items) and all(one.report.times(each) for each in family.items)


def new_of(one: Exposure, family: SignalFamily) -> Signals:
    """What the family would tell that the model does not show yet; nothing where it sends it already."""
    return frozenset() if sends(one, family) else frozenset(family.evidence) - one.seen
