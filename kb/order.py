"""Order: which steps must be done before a step, and before those. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from chargelore.kb.claim import StepId

Before = Mapping[StepId, tuple[StepId, ...]]


def in_order(before: Before, wanted: Iterable[StepId]) -> tuple[StepId, ...]:
    """The wanted steps and all that come before them, each behind what it waits for; a circle ends somewhere."""
    done: dict[StepId, None] = {}
    opened: set[StepId] = set()
    stack = [(each, False) for each in reversed(tuple(wanted))]
    while stack:
        step, is_ready = stack.pop()
        if is_ready:
            done[step] = None
        elif step not in opened:
            opened.add(step)
            stack.append((step, True))
            stack += [(each, False) for each in reversed(before.get(step, ()))]
    return tuple(done)


def reached(before: Before, step: StepId) -> tuple[StepId, ...]:
    """All that comes before a step; the step itself among it where it waits for itself."""
    return in_order(before, before.get(step, ()))
