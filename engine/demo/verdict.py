"""Verdict: whether each scripted fault of the demo was found, and which cases healthy chargers raised. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chargelore.engine.demo.stage import Role
from chargelore.engine.triage import Found

AMONG = 3  # the expected fault has to be one of so many first hypotheses of a case


@dataclass(frozen=True, slots=True)
class Judged:
    """One role with its cases. `rank` is the best place of the expected fault among the hypotheses, from 1."""

    role: Role
    cases: tuple[Found, ...]
    rank: int | None

    @property
    def is_found(self) -> bool:
        """A scripted fault stands among the first hypotheses; a healthy charger raised nothing."""
        if self.role.expects is None:
            return not self.cases
        return self.rank is not None and self.rank <= AMONG

    @property
    def best(self) -> Found | None:
        """The case that names the expected fault first, or the first case."""
        return min(
            self.cases, key=lambda each: _rank(self.role, each) or len(each.diagnosis.hypotheses) + 1, default=None
        )


def judged(roles: Sequence[Role], cases: Sequence[Found]) -> tuple[Judged, ...]:
    """Every role with what was found on its charger."""
    return tuple(_judged(role, [each for each in cases if each.case.charger.id == role.who.id]) for role in roles)


def _judged(role: Role, cases: Sequence[Found]) -> Judged:
    ranks = [rank for each in cases if (rank := _rank(role, each))]
    return Judged(role, tuple(cases), min(ranks, default=None))


def _rank(role: Role, one: Found) -> int | None:
    faults = [each.fault for each in one.diagnosis.hypotheses]
    return faults.index(role.expects) + 1 if role.expects in faults else None
