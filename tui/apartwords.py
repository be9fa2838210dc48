"""What cannot be told apart, the one observation that would do it, and which finding would change the first place."""

from __future__ import annotations

from collections.abc import Mapping

from chargelore.engine.diagnosing.diagnosis import Apart, Diagnosis, How, Split, Turn
from chargelore.tui.text import WHERE, brief, chance, plain, words

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
    named = [brief(each, LONGEST) for each in found.labels] + ([f"{found.more} more"] if found.more else [])
    whom = "both" if len(named) == 2 else "all of them"
    why = "this charger reports the same for" if found.is_same_here else "what was seen fits"
    return f"{' / '.join(named)}: {why} {whom}"


def split_words(by: Split | None) -> str:
    """The observation that tells them apart: how, at what cost, and what follows from each answer."""
    if by is None:
        return NOTHING_SPLITS
    answers = (
        f"if {words(each.answer)} → {brief(each.label, LONGEST)}, then {chance(each.probability)} of these"
        for each in by.outcomes
    )
    return " · ".join((way_words(by), *answers))


def way_words(by: Split) -> str:
    """What to find out and how one comes by it: `ask: Did it rain in the last day? (1 min, from the desk)`."""
    cost = f" ({by.minutes} min, {WHERE.get(by.where, words(by.where))})" if by.minutes is not None else ""
    layer = f" to {by.layer}" if by.how == "listen" and by.layer else ""
    why = f" ({plain(by.why)})" if by.why else ""
    return f"{VERBS[by.how]}{layer}: {brief(by.question, LONGEST)}{cost}{why}"


def turn_words(turn: Turn) -> str:
    """A finding that would change the first place, and what would be first then."""
    first = brief(turn.label, LONGEST) if turn.cause else UNTOLD if turn.is_untold else NOBODY
    return f"{brief(turn.question, LONGEST)} {words(turn.answer)} → {first}, {chance(turn.probability)}"
