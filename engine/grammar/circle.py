"""Circle: rules of which each concludes what the next one needs, round to the first; such rules prove each other."""

from __future__ import annotations

from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter

Step = tuple[str, Iterable[str], str | None]  # the id of a rule, the symptoms it needs, the symptom it concludes


def circle(steps: Iterable[Step]) -> tuple[str, ...]:
    """The ids along one circle, from the first in alphabetical order; empty where there is none."""
    order: TopologicalSorter[tuple[str, str]] = TopologicalSorter()
    for name, needs, end in steps:
        if end is not None:
            order.add(("rule", name), *(("symptom", need) for need in needs))
            order.add(("symptom", end), ("rule", name))
    try:
        order.prepare()
    except CycleError as error:
        names = [name for kind, name in error.args[1][1:] if kind == "rule"]
        first = names.index(min(names))
        return (*names[first:], *names[:first])
    return ()
