"""Answers: the cases that were escalated as a list: which are open, which were answered, and what no longer fits."""

from __future__ import annotations

from collections.abc import Iterable

from chargelore.engine.diagnosing.known import standing
from chargelore.engine.escalating.standing import Standing
from chargelore.kb.answer import Answer
from chargelore.kb.model import CauseId, Knowledge
from chargelore.tui.cli.listing import Row, listed, when
from chargelore.tui.cli.output import aside

COLUMNS = ("reference", "case", "since", "state", "question", "suspects", "answer", "said_by", "event")
GONE = "no longer in this knowledge base"
MOST_SUSPECTS = 3


def list_answers(found: Iterable[Standing], known: Knowledge, form: str | None) -> int:
    """Print how each escalated case stands; 1 when one is open, or was answered with a cause that is gone."""
    some = tuple(found)
    listed([_row(each, known) for each in some], COLUMNS, form, name="escalated", nothing="No case was escalated.",
           wide=True)  # fmt: skip
    lost = [one for each in some for one in each.closing if standing(known, one.cause) is None]
    for one in {each.event: each for each in lost}.values():
        aside(f"the answer {one.event} names {one.cause}, which is {GONE}: it counts for nothing; answer anew")
    return int(bool(lost) or any(each.is_open for each in some))


def _row(each: Standing, known: Knowledge) -> Row:
    told = each.escalated.escalation
    return {
        "reference": told.reference,
        "case": told.case,
        "since": when(each.escalated.event.hlc),
        "state": _state(each),
        "question": told.question,
        "suspects": "; ".join(_label(cause, known) for cause, _ in told.suspects[:MOST_SUSPECTS]),
        "answer": "; ".join(_label(one.cause, known) for one in each.closing),
        "said_by": "; ".join(filter(None, map(_who, each.closing))),
        "event": each.escalated.event.id,
    }


def _state(each: Standing) -> str:
    return "found" if each.escalated.is_found else "answered" if each.closing else "open"


def _label(cause: CauseId, known: Knowledge) -> str:
    found = standing(known, cause)
    return found.label if found else f"{cause} ({GONE})"


def _who(one: Answer) -> str:
    return one.said_by or one.source
