"""Settled: links that findings propose and that somebody judged before: written down, rejected, or declined. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from chargelore.kb.events import DECLINED, Event
from chargelore.kb.fold import in_order, live
from chargelore.kb.projection import Projection


def settled(events: Iterable[Event], owners: frozenset[str], whole: Projection) -> Mapping[str, int | None]:
    """By the name of the link how many cases it had when a reviewer declined it; None where it stands or was rejected.

    Any order of events gives the same: of several who declined it, whoever had seen most is heard.
    """
    log, rights = live(in_order(events), owners)
    found: dict[str, int | None] = {}
    for each in log:
        n = each.body.get("n")
        if each.kind == DECLINED and type(n) is int and n > 0 and rights.may_review(each):
            found[each.subject] = max(n, found.get(each.subject) or 0)
    rejected = {name: None for name, patch in whole.patches.items() if patch.status == "deprecated"}
    return found | rejected | dict.fromkeys(whole.edges)
