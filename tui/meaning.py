"""Meaning: a code that somebody knows, as events; and what a result of a look-up is called, so that one may object."""

from __future__ import annotations

from collections.abc import Callable

from chargelore.kb.errors import UseError
from chargelore.kb.events import Event
from chargelore.kb.model import Code, FaultId, Knowledge
from chargelore.kb.pack import node_of_code
from chargelore.kb.search import Hit
from chargelore.kb.statement import By, Link, edge_event, node_event


def means(by: Callable[[], By], code: str, maker: str, fault: FaultId) -> tuple[Event, ...]:
    """A code of a maker stands for a fault: a draft, until a reviewer accepts it."""
    told = Code(vendor=maker, code=code, text=code)
    node = node_of_code(told)
    if not code.strip() or not maker.strip():
        raise UseError("the code or its maker is empty", mend="name both")
    attrs = {"vendor": maker, "code": code, "is_fault": True}
    link = Link(src=node, rel="maps_to", dst=f"fault/{fault}")
    return node_event(node, code, attrs, by()), edge_event(link, "", by(), {"relation": "exact"})


def subject_of(hit: Hit, known: Knowledge) -> str:
    """The statement that a result stands on; empty where it is none that one could object to."""
    if not hit.code:
        return f"fault/{hit.fault}" if hit.fault else ""
    told = (hit.vendor, hit.model, hit.firmware, hit.channel, hit.code)
    same = (each for each in known.codes if (each.vendor, each.model, each.firmware, each.channel, each.code) == told)
    code = next(same, None)
    if code is None:
        return ""
    node = node_of_code(code)
    is_meant = any(each.fault == hit.fault for each in code.means)
    return Link(src=node, rel="maps_to", dst=f"fault/{hit.fault}").id if hit.fault and is_meant else node
