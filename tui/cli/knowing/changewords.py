"""Change words: what became of the answer on a confirmed case, as a sentence for a reviewer of knowledge. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from chargelore.engine.diagnosing.known import standing
from chargelore.engine.proving.answers import HEALTHY, NO_CASE, Answer, Became, Change, Tally
from chargelore.kb.counts import UNLISTED
from chargelore.kb.model import CauseId, Knowledge, StepId
from chargelore.tui.cli.knowing.answersheet import said
from chargelore.tui.text import count, words

VERDICTS: Mapping[str, str] = {
    "diagnosed": "diagnosed",
    "ambiguous": "cannot tell the first ones apart",
    "no-fault": "no fault",
    "unknown": "not known here",
    "escalate": "hand it to the maker",
    NO_CASE: "nothing wrong",
}
ORDER: tuple[Became, ...] = ("worse", "better", "other", "new", "gone", "same")
NAMED: Mapping[Became, str] = {
    "worse": "worse",
    "better": "better",
    "other": "told otherwise",
    "new": "without a recorded answer",
    "gone": "recorded and no more there",
    "same": "the same",
}


def sentence(change: Change, knowledge: Knowledge) -> str:
    """What differs, in words; the words of causes and steps are those of this knowledge."""
    before, after = change.before, change.after
    if before is not None and after is not None:
        return "; ".join(_differences(before, after, knowledge)) or "as before"
    if after is not None:
        return f"has no recorded answer; it is now: {_whole(after, knowledge)}"
    return "has a recorded answer, and is no case any more"


def _differences(before: Answer, after: Answer, knowledge: Knowledge) -> Iterator[str]:
    if before.place != after.place:
        yield _moved(before, after, knowledge)
    if before.first != after.first:
        yield f"first place was {_first(before, knowledge)}, now {_first(after, knowledge)}"
    if before.verdict != after.verdict:
        yield f"the verdict was `{_verdict(before)}`, now `{_verdict(after)}`"
    if before.step != after.step:
        yield f"the next step was {_step(before, knowledge)}, now {_step(after, knowledge)}"


def _moved(before: Answer, after: Answer, knowledge: Knowledge) -> str:
    if before.confirmed == HEALTHY:
        return "a sound charger is now accused" if after.place is None else "a sound charger is accused no more"
    right = "the right answer, `not in this knowledge base`," if after.confirmed == UNLISTED else "the right cause"
    if after.place is None:
        return f"{right} stood at place {before.place}, and {_why_gone(after, knowledge)}"
    if before.place is None:
        return f"{right} was not suspected, and is now at place {after.place}"
    went = "fell" if after.place > before.place else "rose"
    return f"{right} {went} from place {before.place} to {after.place}"


def _why_gone(after: Answer, knowledge: Knowledge) -> str:
    is_known = standing(knowledge, CauseId(after.confirmed)) is not None
    return "is suspected no more" if is_known else f"`{after.confirmed}` is no longer in the knowledge"


def _whole(one: Answer, knowledge: Knowledge) -> str:
    place = f"the right cause at place {one.place}" if one.place else "the right cause not suspected"
    return f"{_first(one, knowledge)}, {_verdict(one)}" + ("" if one.confirmed == HEALTHY else f", {place}")


def _first(one: Answer, knowledge: Knowledge) -> str:
    if not one.first:
        return "nobody"
    cause = knowledge.causes.get(CauseId(one.first))
    return f"`{cause.label if cause else words(one.first)}`, {said(one)}"


def _verdict(one: Answer) -> str:
    return VERDICTS.get(one.verdict, one.verdict)


def _step(one: Answer, knowledge: Knowledge) -> str:
    step = knowledge.steps.get(StepId(one.step))
    return f"`{step.label if step else words(one.step)}`" if one.step else "none"


def counts(changes: Sequence[Change]) -> dict[Became, int]:
    """How many cases became what, in the order of weight."""
    return {became: sum(each.became == became for each in changes) for became in ORDER}


def summary(changes: Sequence[Change], before: Tally, after: Tally) -> str:
    """`45 cases: 1 worse, 2 better, 42 the same; right in first place 30, before 29; among the first three …`."""
    told = ", ".join(f"{many} {NAMED[became]}" for became, many in counts(changes).items() if many)
    now, then = after, before
    return (
        f"{count(now.cases, 'case')}: {told or 'none'}; right in the first place {now.first} of {now.cases} "
        f"(before {then.first} of {then.cases}), among the first three {now.among} (before {then.among})"
    )
