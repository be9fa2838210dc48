"""Searching: of a packet, what was looked for with its answer, what nobody looked for, and what was tried. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from chargelore.engine.escalating.deciding import Telling
from chargelore.engine.escalating.desk import GONE, Desk
from chargelore.engine.escalating.packet import Asker, Looked, NotLooked, Search, Tried
from chargelore.kb.model import EvidenceId, StepId

MOST = 120


def search(desk: Desk, tellings: Iterable[Telling]) -> Search:
    """Yes, no and nobody looked are three things."""
    return Search(
        looked=tuple(_looked(desk))[:MOST],
        not_looked=tuple(
            NotLooked(evidence=each.evidence.id, question=each.evidence.question, why=each.why) for each in tellings
        )[:MOST],
        tried=tuple(_tried(desk, each) for each in desk.case.tried)[:MOST],
    )


def _looked(desk: Desk) -> Iterator[Looked]:
    """What people found out, then what rules saw, then what rules looked for in vain and tells of a suspect."""
    case, known = desk.case, desk.knowledge.evidence
    told = {weight.evidence for each in desk.odds.suspects for weight in each.weights}
    seen = {name: said for name, said in sorted(desk.seen.answers.items()) if name not in case.answers}
    parts: tuple[tuple[Asker, Mapping[EvidenceId, str]], ...] = (
        ("person", case.answers),
        ("rule", seen),
        ("silence", dict.fromkeys(sorted(desk.seen.absent & told), "no")),
    )
    for by, answers in parts:
        for name, said in answers.items():
            if desk.shows(known.get(name)):
                yield Looked(evidence=name, question=desk.question(name), answer=said, by=by)


def _tried(desk: Desk, name: StepId) -> Tried:
    step = desk.knowledge.steps.get(name)
    if step is None:
        return Tried(step=name, label=f"{name.replace('-', ' ')} ({GONE})", minutes=0)
    is_shown = desk.shows(step)
    return Tried(
        step=name if is_shown else StepId(""),
        label=step.label if is_shown else "a step that is not named here",
        minutes=step.minutes,
    )
