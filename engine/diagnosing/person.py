"""Person: what somebody may do, has with them and gets to; without limits they may do everything. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from chargelore.kb.model import Competence, Place, Step, Tool

COMPETENCES: tuple[Competence, ...] = get_args(Competence)
PLACES: tuple[Place, ...] = get_args(Place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who goes: how competent, with which tools, how far in; None is no limit. Some take no hazards."""

    competence: Competence | None = None
    tools: frozenset[Tool] | None = None
    reach: Place | None = None
    takes_hazards: bool = True


ANYBODY = Person()


def lacks(person: Person, step: Step) -> tuple[str, ...]:
    """What keeps a person from a step, in words; empty where nothing does. Anybody may refer to who may do it."""
    found = []
    if (
        person.competence
        and step.kind != "refer"
        and COMPETENCES.index(step.needs) > COMPETENCES.index(person.competence)
    ):
        found.append(f"needs {'the maker' if step.needs == 'oem' else step.needs}")
    if person.reach and PLACES.index(step.where) > PLACES.index(person.reach):
        found.append(f"is done {WHERE[step.where]}")
    if person.tools is not None and (missing := [each for each in step.tools if each not in person.tools]):
        found.append(f"needs {' and '.join(each.replace('-', ' ') for each in missing)}")
    if step.hazard and not person.takes_hazards:
        found.append(f"is hazardous: {step.hazard}")
    return tuple(found)


WHERE = {
    "remote": "from afar", "desk": "at the desk", "at-charger": "at the charger", "cabinet": "with the cabinet open",
}  # fmt: skip
