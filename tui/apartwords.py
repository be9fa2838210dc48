"""What cannot be told apart, the one observation that would do it, and which finding would change the first place."""

from __future__ import annotations

from collections.abc import Mapping

from chargelore.engine.diagnosing.diagnosis import Apart, Diagnosis, How, Split, Turn
from chargelore.tui.speech import odds, t
from chargelore.tui.text import WHERE, brief, plain, words

LONGEST = 200  # letters of a question or a cause
VERBS: Mapping[How, str] = {"ask": "ask", "measure": "measure", "listen": "listen", "never-sent": "never sent"}
NOTHING_SPLITS = "nothing in this knowledge base does"
NOBODY = "not in this knowledge base"
UNTOLD = "another cause; nothing speaks for it yet"


def left_words(diagnosis: Diagnosis) -> str:
    """What is left beside the suspects: a cause that nobody wrote down, or mostly ones that nothing speaks for yet."""
    return UNTOLD if diagnosis.is_untold else NOBODY


def group_words(found: Apart) -> str:
    """Which suspects it is about, and why they cannot be told apart."""
    named = [brief(each, LONGEST) for each in found.labels] + ([t("{n} more", n=found.more)] if found.more else [])
    whom = t("both") if len(named) == 2 else t("all of them")
    why = t("this charger reports the same for") if found.is_same_here else t("what was seen fits")
    return f"{' / '.join(named)}: {why} {whom}"


def split_words(by: Split | None) -> str:
    """The observation that tells them apart: how, at what cost, and what follows from each answer."""
    if by is None:
        return t(NOTHING_SPLITS)
    answers = (
        f"{t('if {answer} → {cause}', answer=t(words(each.answer)), cause=brief(each.label, LONGEST))}, "
        f"{t('then {odds} of these', odds=odds(each.probability))}"
        for each in by.outcomes
    )
    return " · ".join((way_words(by), *answers))


def way_words(by: Split) -> str:
    """What to find out and how one comes by it: `ask: Did it rain in the last day? (1 min, from the desk)`."""
    cost = f" ({by.minutes} min, {t(WHERE.get(by.where, words(by.where)))})" if by.minutes is not None else ""
    layer = t(" to {layer}", layer=by.layer) if by.how == "listen" and by.layer else ""
    why = f" ({plain(by.why)})" if by.why else ""
    return f"{t(VERBS[by.how])}{layer}: {brief(by.question, LONGEST)}{cost}{why}"


def turn_words(turn: Turn) -> str:
    """A finding that would change the first place, and what would be first then."""
    first = brief(turn.label, LONGEST) if turn.cause else t(UNTOLD if turn.is_untold else NOBODY)
    return f"{brief(turn.question, LONGEST)} {t(words(turn.answer))} → {first}, {odds(turn.probability)}"
