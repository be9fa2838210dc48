"""A visit as lines: place by place what to do, how long, what it needs and settles; then the parts to take."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from textwrap import wrap

from chargelore.engine.diagnosing.diagnosis import LeftOut, NextStep, Parts, Planned, Visit
from chargelore.kb.model import Place
from chargelore.tui.lines.step import NEEDS
from chargelore.tui.speech import again, counted, later, odds, t
from chargelore.tui.text import plain, words

PLACE: Mapping[Place, str] = {
    "remote": later("from afar"), "desk": later("at the desk"), "at-charger": later("at the charger"),
    "cabinet": later("cabinet open"),
}  # fmt: skip
PLACE_BEFORE: Mapping[Place, str] = {**PLACE, "cabinet": later("with the cabinet open")}
LACKS = (later("needs {what}"), later("is done {what}"), later("is hazardous: {what}"))
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
            lines += _step(t(PLACE[stop.where]) if number == 0 else "", each, safe, width)
    return [*lines, *_parts(visit.parts, width), *_left_out(visit.left_out, width)]


def _headline(visit: Visit) -> str:
    steps = counted(sum(len(stop.steps) for stop in visit.stops), "step")
    cured = t("; ends it {odds}", odds=odds(visit.cured)) if visit.cured >= WORTH_SAYING else ""
    named = t("; names the cause {odds}", odds=odds(visit.named)) if visit.named >= WORTH_SAYING else ""
    told = t("VISIT: {steps}, about {n} min, at most {most}",
             steps=steps, n=f"{visit.minutes:.0f}", most=f"{visit.at_most:.0f}")  # fmt: skip
    return told + cured + named


def why_later(visit: Visit, following: NextStep | None) -> Iterator[str]:
    """Why a visit does not begin with the best single step: in one place after the other, and safe first."""
    steps = [(stop.where, each.step) for stop in visit.stops for each in stop.steps]
    number = next((place for place, (_, step) in enumerate(steps) if following and step.step == following.step), None)
    if following is None or number == 0 or not steps:
        return
    if number is None:
        yield t("What is NEXT alone is no part of this visit, which is planned as a whole.")
        return
    where, before = steps[number][0], steps[:number]
    if all(step.kind == "secure" for _, step in before):
        why = t("what makes safe comes first")
    elif before[0][0] != where:
        why = t("what is done {where} comes before going on", where=t(PLACE_BEFORE[before[0][0]]))
    else:
        why = t("what is found out there parts the rest")
    yield t("NEXT comes as step {n} of it: {why}.", n=number + 1, why=why)


def _step(place: str, each: Planned, safe: Container[str], width: int) -> Iterator[str]:
    step = each.step
    label = t("FIRST: {step}", step=step.label) if step.kind == "secure" else step.label
    head = f"{place:<{MARGIN}}{step.minutes:>4} min "
    yield from _hung(head, plain(label), width)
    if told := "; ".join(_needs(each, safe)):
        yield from _hung("", plain(told), width)


def _needs(each: Planned, safe: Container[str]) -> Iterator[str]:
    """What a step needs, what it does, and its danger; a precondition that is a step before it is not said twice."""
    step = each.step
    if step.needs not in ("anyone", "technician"):
        yield t("{whom}", whom=t(NEEDS[step.needs]))
    if step.tools:
        yield ", ".join(t(words(tool)) for tool in step.tools)
    if step.parts:
        yield t("part: {parts}", parts=", ".join(step.parts))
    if each.cures >= WORTH_SAYING:
        yield t("ends it {odds}", odds=odds(each.cures))
    if step.hazard:
        yield t("DANGER  ").rstrip() + f" {step.hazard}"
    if step.precondition and step.precondition not in safe:
        yield t("first {what}", what=step.precondition)


def _parts(parts: Parts, width: int) -> Iterator[str]:
    if parts.take:
        this = t("this part covers {share} of what may need one")
        these = t("these {n} parts cover {share} of what may need one")
        covers = (this if len(parts.take) == 1 else these).format(n=len(parts.take), share=_percent(parts.covers))
        yield from _hung(t("take along"), plain(f"{', '.join(parts.take)}: {covers}"), width)
    for each in parts.uncovered if parts.needed else ():
        missing = f" ({', '.join(each.parts)})" if each.parts else ""
        yield from _hung(t("not covered"), plain(f"{odds(each.probability)}  {each.label}{missing}"), width)


def _percent(share: float) -> str:
    """A share that is told as no more than it is: all but a little is not 100 %."""
    return f"{int(100 * share + 1e-9)}%"


def _left_out(left_out: tuple[LeftOut, ...], width: int) -> Iterator[str]:
    for number, each in enumerate(left_out):
        why = t(" and ").join(again(why, *LACKS) for why in each.why)
        yield from _hung(t("not for you") if number == 0 else "", plain(f"{each.label}: {why}"), width)


def _hung(head: str, text: str, width: int) -> list[str]:
    """The text behind its head, broken under itself."""
    margin = MARGIN + MINUTES
    lines = wrap(text, max(20, width - margin), break_on_hyphens=False) or [""]
    return [f"{head:<{margin}}{lines[0]}", *(f"{'':<{margin}}{line}" for line in lines[1:])]
