"""A visit as lines: place by place what to do, how long, what it needs and settles; then the parts to take."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from textwrap import wrap

from chargelore.engine.diagnosing.diagnosis import LeftOut, NextStep, Parts, Planned, Visit
from chargelore.kb.model import Place
from chargelore.tui.lines.step import NEEDS
from chargelore.tui.text import chance, count, plain

PLACE: Mapping[Place, str] = {
    "remote": "from afar", "desk": "at the desk", "at-charger": "at the charger", "cabinet": "cabinet open",
}  # fmt: skip
PLACE_BEFORE: Mapping[Place, str] = {**PLACE, "cabinet": "with the cabinet open"}
MARGIN, MINUTES = 16, 9  # columns
WORTH_SAYING = 0.01


def visit_lines(visit: Visit, width: int, following: NextStep | None = None) -> list[str]:
    """The visit in no more columns than `width`; nothing where nothing is to be done.

    `following` is the best single step; where the visit does not begin with it, it says why.
    """
    lines = [_headline(visit)] if visit.stops else []
    lines += [each for told in why_later(visit, following) for each in wrap(told, width)]
    safe = {each.step.label for stop in visit.stops for each in stop.steps if each.step.kind == "secure"}
    for stop in visit.stops:
        for number, each in enumerate(stop.steps):
            lines += _step(PLACE[stop.where] if number == 0 else "", each, safe, width)
    return [*lines, *_parts(visit.parts, width), *_left_out(visit.left_out, width)]


def _headline(visit: Visit) -> str:
    steps = count(sum(len(stop.steps) for stop in visit.stops), "step")
    cured = f"; ends it {chance(visit.cured)}" if visit.cured >= WORTH_SAYING else ""
    named = f"; names the cause {chance(visit.named)}" if visit.named >= WORTH_SAYING else ""
    return f"VISIT: {steps}, about {visit.minutes:.0f} min, at most {visit.at_most:.0f}{cured}{named}"


def why_later(visit: Visit, following: NextStep | None) -> Iterator[str]:
    """Why a visit does not begin with the best single step: in one place after the other, and safe first."""
    steps = [(stop.where, each.step) for stop in visit.stops for each in stop.steps]
    number = next((place for place, (_, step) in enumerate(steps) if following and step.step == following.step), None)
    if following is None or number == 0 or not steps:
        return
    if number is None:
        yield "What is NEXT alone is no part of this visit, which is planned as a whole."
        return
    where, before = steps[number][0], steps[:number]
    if all(step.kind == "secure" for _, step in before):
        why = "what makes safe comes first"
    elif before[0][0] != where:
        why = f"what is done {PLACE_BEFORE[before[0][0]]} comes before going on"
    else:
        why = "what is found out there parts the rest"
    yield f"NEXT comes as step {number + 1} of it: {why}."


def _step(place: str, each: Planned, safe: Container[str], width: int) -> Iterator[str]:
    step = each.step
    label = f"FIRST: {step.label}" if step.kind == "secure" else step.label
    head = f"{place:<{MARGIN}}{step.minutes:>4} min "
    yield from _hung(head, plain(label), width)
    if told := "; ".join(_needs(each, safe)):
        yield from _hung("", plain(told), width)


def _needs(each: Planned, safe: Container[str]) -> Iterator[str]:
    """What a step needs, what it does, and its danger; a precondition that is a step before it is not said twice."""
    step = each.step
    if step.needs not in ("anyone", "technician"):
        yield NEEDS[step.needs]
    if step.tools:
        yield ", ".join(tool.replace("-", " ") for tool in step.tools)
    if step.parts:
        yield f"part: {', '.join(step.parts)}"
    if each.cures >= WORTH_SAYING:
        yield f"ends it {chance(each.cures)}"
    if step.hazard:
        yield f"DANGER {step.hazard}"
    if step.precondition and step.precondition not in safe:
        yield f"first {step.precondition}"


def _parts(parts: Parts, width: int) -> Iterator[str]:
    if parts.take:
        these = "this part covers" if len(parts.take) == 1 else f"these {len(parts.take)} parts cover"
        covers = f"{', '.join(parts.take)}: {these} {_percent(parts.covers)} of what may need one"
        yield from _hung("take along", plain(covers), width)
    for each in parts.uncovered if parts.needed else ():
        missing = f" ({', '.join(each.parts)})" if each.parts else ""
        yield from _hung("not covered", plain(f"{chance(each.probability)}  {each.label}{missing}"), width)


def _percent(share: float) -> str:
    """A share that is told as no more than it is: all but a little is not 100 %."""
    return f"{int(100 * share + 1e-9)}%"


def _left_out(left_out: tuple[LeftOut, ...], width: int) -> Iterator[str]:
    for number, each in enumerate(left_out):
        why = " and ".join(each.why)
        yield from _hung("not for you" if number == 0 else "", plain(f"{each.label}: {why}"), width)


def _hung(head: str, text: str, width: int) -> list[str]:
    """The text behind its head, broken under itself."""
    margin = MARGIN + MINUTES
    lines = wrap(text, max(20, width - margin), break_on_hyphens=False) or [""]
    return [f"{head:<{margin}}{lines[0]}", *(f"{'':<{margin}}{line}" for line in lines[1:])]
