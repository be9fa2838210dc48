"""Curing: what a maker says that cures a trouble, in words, as a draft of a step that a visit can plan with. Pure.

Nobody has said yet how long it takes and what is dangerous about it: until somebody corrects the draft it is taken for
work in the open cabinet, unless its words speak of software and of nothing that one takes into the hand; and in one
with direct current, unless the model is known to give none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from chargelore.engine.case import Charger
from chargelore.engine.diagnosing.current import made_for
from chargelore.kb.export.text import mark, slug
from chargelore.kb.model import Knowledge, StepId

DISCHARGE = StepId("isolate-and-discharge")
SOFT = re.compile(
    r"firmware|software|update|config|paramet|setting|reboot|restart|certificate|einstell|konfig|neustart|zertifikat",
    re.IGNORECASE,
)
HARD = re.compile(
    r"swap|replac|exchang|renew|board|relay|cable|fuse|contactor|screw|tighten|clean|dry|modul|connector|plug|sensor"
    r"|tausch|wechsel|erneu|platine|relais|kabel|sicherung|schütz|klemm|schraub|anzieh|reinig|trockn|stecker|fühler",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Cure:
    """A step by its id, and all that a node of the knowledge holds of it besides its label."""

    step: StepId
    attrs: dict[str, Any]


def cure_in_words(knowledge: Knowledge, charger: Charger, words: str) -> Cure:
    """The step that these words of a maker stand for, on a charger like this."""
    told = {"minutes": 30, "detail": "As the maker said; nobody has reviewed it yet."}
    name = StepId(f"maker-says-{slug(words)[:24].strip('-')}-{mark(words)}")
    if SOFT.search(words) and not HARD.search(words):
        return Cure(name, told | {"where": "desk"})
    guarded = {
        "where": "cabinet",
        "hazard": "Nobody has said yet what is live there",
        "precondition": "Isolate, lock off, prove dead",
    }
    if made_for(knowledge, charger) != "ac" and DISCHARGE in knowledge.steps:
        return Cure(name, told | guarded | {"needs": "hv", "first": [DISCHARGE]})
    return Cure(name, told | guarded | {"needs": "electrician"})
