"""What makes safe stays in force until another step makes as safe in its place."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chargelore.engine.diagnosing.safe import safeguards
from chargelore.kb.errors import UseError
from chargelore.kb.guards import refuse_unguarded, standing
from chargelore.kb.load import shipped
from chargelore.kb.model import Knowledge, Step, StepId

KNOWN = shipped()
OFF, DEAD, FAN = StepId("take-out-of-service"), StepId("isolate-and-prove-dead"), StepId("exchange-fan")
BETTER = Step(id=StepId("better"), kind="secure", label="Isolate anew", minutes=5, dead=True, guards=("cabinet",))
WEAKER = replace(BETTER, id=StepId("weaker"), dead=False)


def rejected(name: StepId, successor: str = "", *more: Step) -> Knowledge:
    gone = replace(KNOWN.steps[name], status="deprecated", replaced_by=successor)
    return replace(KNOWN, steps={**KNOWN.steps, name: gone, **{each.id: each for each in more}})


def test_a_guard_that_was_rejected_stands_until_another_makes_as_safe() -> None:
    assert safeguards(rejected(DEAD))[FAN] == safeguards(KNOWN)[FAN]
    assert DEAD in safeguards(rejected(DEAD, WEAKER.id, WEAKER))[FAN]
    assert DEAD in safeguards(rejected(DEAD, "nobody"))[FAN]
    assert OFF in safeguards(rejected(OFF))[FAN]


def test_what_makes_as_safe_takes_its_place_before_every_step_that_named_it() -> None:
    known = rejected(DEAD, BETTER.id, BETTER)
    named = [each for each in KNOWN.steps.values() if DEAD in each.first]
    assert named
    assert all(BETTER.id in safeguards(known)[each.id] and DEAD not in safeguards(known)[each.id] for each in named)
    assert BETTER.id in safeguards(known)[FAN]


def test_successors_in_a_circle_leave_the_guard_in_force() -> None:
    other = replace(BETTER, status="deprecated", replaced_by=DEAD)
    assert standing(rejected(DEAD, other.id, other).steps, DEAD) == DEAD


def test_the_rejection_of_a_guard_names_what_is_missing() -> None:
    with pytest.raises(UseError, match="work in the open cabinet"):
        refuse_unguarded(KNOWN, f"step/{DEAD}")
    with pytest.raises(UseError, match="nothing would take its place"):
        refuse_unguarded(rejected(OFF, "", WEAKER), f"step/{DEAD}", f"step/{WEAKER.id}")
    refuse_unguarded(rejected(OFF, "", BETTER), f"step/{DEAD}", f"step/{BETTER.id}")
    refuse_unguarded(KNOWN, f"step/{FAN}")
