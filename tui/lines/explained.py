"""Rules put to a case, as lines: how near each came, its tree of conditions, and a suspect as a graph. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rich.text import Text

from chargelore.engine.case import Case
from chargelore.engine.diagnosing.diagnosis import Diagnosis, Hypothesis, Reason
from chargelore.engine.proving.branches import Branch, Mark, Standing, evidence, walk
from chargelore.kb.model import Knowledge
from chargelore.tui.lines.branchwords import put
from chargelore.tui.lines.paint import DANGER, GOOD, NAME, NONE, QUIET, STRONG, WARN, line
from chargelore.tui.lines.rules import title_of
from chargelore.tui.lines.signal import signal_line
from chargelore.tui.lines.tree import Twig, drawn, hung
from chargelore.tui.lines.why import answered, signals_of
from chargelore.tui.speech import odds, t
from chargelore.tui.text import brief, clock, padded, words

PAINT: Mapping[Mark, str] = {"✓": GOOD, "✗": DANGER, "?": WARN}
LACKS, LONGEST = 10, 300
FEWEST_SIGNALS = 3  # of one reason in a graph


@dataclass(frozen=True, slots=True)
class Limb:
    """One line of a tree that a cursor goes over: what is drawn before it, and the part itself."""

    place: int
    trunk: str
    branch: Branch


def near_first(found: Iterable[Standing]) -> tuple[Standing, ...]:
    """Rules that matched, then the nearest; rules of other chargers last."""
    return tuple(sorted(found, key=lambda each: (each.distance, each.rule.id)))


def standing_key(row: Standing) -> str:
    """What makes a row the same when more rules were put to the case."""
    return row.rule.id


def standing_line(row: Standing, width: int) -> tuple[Text]:
    """One line: mark, how much it lacks, the rule, and what that is."""
    name = max(24, min(40, width // 2))
    pieces = (f"{row.mark} ", PAINT[row.mark]), (padded(_lacking(row), LACKS) + " ", QUIET)
    told = put(row.lacks[0].text) if row.lacks else title_of(row.rule)
    return (line(*pieces, (padded(row.rule.id, name) + " ", STRONG), brief(told, LONGEST)),)


def _lacking(row: Standing) -> str:
    if row.mark == "✓":
        return t("matched")
    return t("elsewhere") if row.is_other else t("lacks {n}", n=sum(each.weight for each in row.lacks))


def standing_words(row: Standing) -> dict[str, str]:
    """What a filter searches and an export holds."""
    state = {"✓": "matched", "✗": "not", "?": "unknown"}[row.mark]
    lacks = "; ".join(each.text for each in row.lacks)
    return {
        "rule": row.rule.id, "says": title_of(row.rule), "state": state, "lacks": lacks, "status": row.rule.status,
        "number": str(sum(each.weight for each in row.lacks)), "here": "no" if row.is_other else "yes",
    }  # fmt: skip


def kept_from(row: Standing | None) -> Text:
    """What alone kept a rule from matching, or how much it lacks."""
    if row is None or row.mark == "✓":
        return Text()
    if row.is_other:
        return line((t("It is a rule of other chargers."), QUIET))
    if sum(each.weight for each in row.lacks) == 1:
        return line(
            (t("One thing alone kept it from matching:") + " ", NAME), (brief(put(row.lacks[0].text), LONGEST), STRONG)
        )
    return line((t("It lacks {n} conditions, first:", n=sum(each.weight for each in row.lacks)) + " ", NAME),
                brief(put(row.lacks[0].text) if row.lacks else "", LONGEST))  # fmt: skip


def by_time(branch: Branch) -> tuple[Limb, ...]:
    """The signals that a tree stands on, one after the other, each with what it says of the rule."""
    said: dict[int, list[Branch]] = {}
    for each in walk(branch):
        if each.signal is not None:
            said.setdefault(id(each.signal), []).append(each)
    found = [(signal, said[id(signal)][0]) for signal in evidence(branch) if id(signal) in said]
    named = (replace(one, text=f"{clock(signal.at)}  {put(one.text)}") for signal, one in found)
    return tuple(Limb(place, "", each) for place, each in enumerate(named))


def tree_lines(branch: Branch) -> Iterator[Text]:
    """The tree to be read."""
    yield _head(branch)
    yield from drawn(tuple(map(_twig, branch.below)))


def _twig(branch: Branch) -> Twig:
    return Twig(_head(branch), tuple(map(_twig, branch.below)))


def _head(branch: Branch) -> Text:
    return line((f"{branch.mark} ", PAINT[branch.mark]), brief(put(branch.text), LONGEST))


def limbs(branch: Branch) -> tuple[Limb, ...]:
    """The same tree, line by line for a cursor."""
    return tuple(
        Limb(place, *each) for place, each in enumerate([("", branch), *hung(branch.below, lambda each: each.below)])
    )


def limb_line(row: Limb, width: int) -> tuple[Text]:
    """One line of the tree; `→` says that Enter goes to the signal."""
    branch = row.branch
    told = brief(put(branch.text), max(10, width - len(row.trunk) - 4))
    goes = (" →", QUIET) if branch.signal is not None else ("", NONE)
    return (line((row.trunk, QUIET), (f"{branch.mark} ", PAINT[branch.mark]), told, goes),)


def limb_words(row: Limb) -> dict[str, str]:
    """What a filter of the tree searches."""
    return {
        "mark": row.branch.mark,
        "text": put(row.branch.text),
        "state": {"✓": "true", "✗": "false"}.get(row.branch.mark, "unshown"),
    }


def graph(case: Case, diagnosis: Diagnosis, row: Hypothesis, known: Knowledge, width: int) -> list[Text]:
    """A suspect as a graph from top to bottom: signals, symptoms, the cause they speak for, and the steps from it."""
    room = max(20, width - 4)
    cause = line((odds(row.probability) + "  ", NAME), (brief(row.cause_label, room - 12), STRONG))
    fault = line((brief(f"{row.label} · {t(words(row.domain))}", room - 4), QUIET))
    return [
        line((t("What was seen"), STRONG)), *drawn([*_sides(row, case, width), *_open(row, known)]),
        line(("▼", QUIET)), *_boxed([cause, fault]),
        line(("▼", QUIET)), line((t("What to do"), STRONG)), *drawn([*_steps(diagnosis, row, known)]),
    ]  # fmt: skip


def _boxed(told: Sequence[Text]) -> Iterator[Text]:
    widest = max(each.cell_len for each in told)
    yield line((f"┌{'─' * (widest + 2)}┐", QUIET))
    yield from (line(("│ ", QUIET), each, (" " * (widest - each.cell_len) + " │", QUIET)) for each in told)
    yield line((f"└{'─' * (widest + 2)}┘", QUIET))


def _sides(row: Hypothesis, case: Case, width: int) -> Iterator[Twig]:
    for mark, style, some in (("✓", GOOD, row.because), ("✗", DANGER, row.against)):
        for each in some:
            head = line(
                (f"{mark} {t(each.strength):<7}", style),
                brief(each.text, LONGEST),
                (f" {answered(each.evidence, case)}", STRONG),
            )
            yield Twig(head, tuple(_signals(each, case, width)))


def _signals(reason: Reason, case: Case, width: int) -> Iterator[Twig]:
    found = signals_of(reason.evidence, case)
    yield from (Twig(signal_line(each, max(30, width - 12))) for each in found[:FEWEST_SIGNALS])
    if len(found) > FEWEST_SIGNALS:
        yield Twig(line((f"+ {len(found) - FEWEST_SIGNALS}", QUIET)))


def _open(row: Hypothesis, known: Knowledge) -> Iterator[Twig]:
    for each in row.unseen:
        asked = known.evidence.get(each)
        yield Twig(line(("? ", WARN), brief(asked.question if asked else words(each), LONGEST)))


def _steps(diagnosis: Diagnosis, row: Hypothesis, known: Knowledge) -> Iterator[Twig]:
    """The steps that fix this cause, and those of the plan that tell it from others."""
    planned = {each.step for each in diagnosis.steps}
    fixing = [
        (step, link)
        for step in known.steps.values()
        if step.status != "deprecated"
        for link in step.fixes
        if link.cause == row.cause
    ]
    for step, link in fixing:
        told = (f"  {t('next on the plan')}", GOOD) if step.id in planned else ("", NONE)
        yield Twig(
            line(
                (f"✚ {t(link.grade):<10}", QUIET), brief(step.label, LONGEST), (f"  {step.minutes:g} min", QUIET), told
            )
        )
    others = planned - {step.id for step, _ in fixing}
    for each in (one for one in diagnosis.steps if one.step in others):
        yield Twig(line(("◂ ", QUIET), brief(each.label, LONGEST), (f"  {each.minutes:g} min", QUIET)))
