"""Change words: what became of the answer on a confirmed case, as a sentence for a reviewer of knowledge. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from chargelore.engine.diagnosing.known import standing
from chargelore.engine.proving.answers import HEALTHY, NO_CASE, Answer, Became, Change, Tally
from chargelore.kb.counts import UNLISTED
from chargelore.kb.model import CauseId, Knowledge, StepId
from chargelore.tui.speech import later, odds, t
from chargelore.tui.text import count, words

VERDICTS: Mapping[str, str] = {
    "diagnosed": later("diagnosed"),
    "ambiguous": later("cannot tell the first ones apart"),
    "no-fault": later("no fault"),
    "unknown": later("not known here"),
    "escalate": later("hand it to the maker"),
    NO_CASE: later("nothing wrong"),
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
        return "; ".join(_differences(before, after, knowledge)) or t("as before")
    if after is not None:
        return t("has no recorded answer; it is now: {answer}", answer=_whole(after, knowledge))
    return t("has a recorded answer, and is no case any more")


def _differences(before: Answer, after: Answer, knowledge: Knowledge) -> Iterator[str]:
    if before.place != after.place:
        yield _moved(before, after, knowledge)
    if before.first != after.first:
        yield t("first place was {old}, now {new}", old=_first(before, knowledge), new=_first(after, knowledge))
    if before.verdict != after.verdict:
        yield t("the verdict was `{old}`, now `{new}`", old=_verdict(before), new=_verdict(after))
    if before.step != after.step:
        yield t("the next step was {old}, now {new}", old=_step(before, knowledge), new=_step(after, knowledge))


def _moved(before: Answer, after: Answer, knowledge: Knowledge) -> str:
    if before.confirmed == HEALTHY:
        accused, spared = t("a sound charger is now accused"), t("a sound charger is accused no more")
        return accused if after.place is None else spared
    unlisted = t("the right answer, `not in this knowledge base`,")
    right = unlisted if after.confirmed == UNLISTED else t("the right cause")
    if after.place is None:
        why = _why_gone(after, knowledge)
        return t("{right} stood at place {place}, and {why}", right=right, place=before.place, why=why)
    if before.place is None:
        return t("{right} was not suspected, and is now at place {place}", right=right, place=after.place)
    fell, rose = t("{right} fell from place {old} to {new}"), t("{right} rose from place {old} to {new}")
    went = fell if after.place > before.place else rose
    return went.format(right=right, old=before.place, new=after.place)


def _why_gone(after: Answer, knowledge: Knowledge) -> str:
    is_known = standing(knowledge, CauseId(after.confirmed)) is not None
    gone = t("`{cause}` is no longer in the knowledge", cause=after.confirmed)
    return t("is suspected no more") if is_known else gone


def _whole(one: Answer, knowledge: Knowledge) -> str:
    unsuspected = t("the right cause not suspected")
    place = t("the right cause at place {place}", place=one.place) if one.place else unsuspected
    return f"{_first(one, knowledge)}, {_verdict(one)}" + ("" if one.confirmed == HEALTHY else f", {place}")


def _first(one: Answer, knowledge: Knowledge) -> str:
    if not one.first:
        return t("nobody")
    cause = knowledge.causes.get(CauseId(one.first))
    return f"`{cause.label if cause else words(one.first)}`, {odds(one.chance)}"


def _verdict(one: Answer) -> str:
    return t(VERDICTS.get(one.verdict, one.verdict))


def _step(one: Answer, knowledge: Knowledge) -> str:
    step = knowledge.steps.get(StepId(one.step))
    return f"`{step.label if step else words(one.step)}`" if one.step else t("none")


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
