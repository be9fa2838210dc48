"""Graph: the knowledge with what was learned, as a networkx view; queries take the relation as an argument."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import networkx as nx

from chargelore.kb.learned import NOTHING_LEARNED, Learned
from chargelore.kb.model import Code, Knowledge

# kind/id as node; the edge key is its relation: maps_to, of_vendor, has_cause, shows, answers, fixes, needs,
# supported_by
Graph = nx.MultiDiGraph


def graph(knowledge: Knowledge, learned: Learned = NOTHING_LEARNED) -> Graph[str]:
    """The whole knowledge as one graph. A view: it is built anew and never edited."""
    view: Graph[str] = nx.MultiDiGraph()
    _add_nodes(view, knowledge)
    for start, relation, end, facts in sorted(_edges(knowledge, learned), key=lambda edge: edge[:3]):
        view.add_edge(start, end, key=relation, **facts)
    return view


@lru_cache(maxsize=2)
def authored(knowledge: Knowledge) -> Graph[str]:
    """The graph of what authors wrote alone, built once."""
    return graph(knowledge)


def related(view: Graph[str], node: str, relation: str) -> list[str]:
    """Where the edges of that relation lead from a node, sorted."""
    if node not in view:
        return []
    return sorted(end for _, end, key in view.out_edges(node, keys=True) if key == relation)


def relating(view: Graph[str], node: str, relation: str) -> list[str]:
    """Where the edges of that relation come from, sorted."""
    if node not in view:
        return []
    return sorted(start for start, _, key in view.in_edges(node, keys=True) if key == relation)


def code_node(code: Code) -> str:
    """The node of a code: its namespace - maker, model, firmware, channel - and value."""
    return "/".join(("code", code.vendor, code.model, code.firmware, code.channel, code.code))


def _add_nodes(view: Graph[str], knowledge: Knowledge) -> None:
    for kind, name, label in sorted(_named(knowledge)):
        view.add_node(f"{kind}/{name}", kind=kind, label=label)
    for code in knowledge.codes:
        view.add_node(code_node(code), kind="code", label=code.text)
        view.add_node(f"vendor/{code.vendor}", kind="vendor", label=code.vendor)


def _named(knowledge: Knowledge) -> Iterator[tuple[str, str, str]]:
    """Kind, id and words of everything that has an id."""
    yield from (("fault", each.id, each.label) for each in knowledge.faults.values())
    yield from (("cause", each.id, each.label) for each in knowledge.causes.values())
    yield from (("evidence", each.id, each.question) for each in knowledge.evidence.values())
    yield from (("step", each.id, each.label) for each in knowledge.steps.values())
    yield from (("source", each.id, each.title) for each in knowledge.sources.values())
    parts = {part for step in knowledge.steps.values() for part in step.parts}
    yield from (("part", part, part) for part in parts)


Edge = tuple[str, str, str, dict[str, object]]


def _edges(knowledge: Knowledge, learned: Learned) -> Iterator[Edge]:
    yield from _code_edges(knowledge)
    yield from _cause_edges(knowledge, learned)
    yield from _step_edges(knowledge, learned)


def _code_edges(knowledge: Knowledge) -> Iterator[Edge]:
    for code in knowledge.codes:
        node = code_node(code)
        yield node, "of_vendor", f"vendor/{code.vendor}", {}
        yield node, "supported_by", f"source/{code.source}", {}
        for means in code.means:
            yield node, "maps_to", f"fault/{means.fault}", {"match": means.relation, "confidence": means.confidence}


def _cause_edges(knowledge: Knowledge, learned: Learned) -> Iterator[Edge]:
    for cause in knowledge.causes.values():
        tally = learned.causes.get((cause.fault, cause.id))
        cases = tally.cases if tally else 0
        yield f"fault/{cause.fault}", "has_cause", f"cause/{cause.id}", {"grade": cause.prior, "cases": cases}
        yield f"cause/{cause.id}", "supported_by", f"source/{cause.source}", {}
        for link in cause.shows:
            facts: dict[str, object] = {"grade": link.grade, "answer": link.answer}
            yield f"cause/{cause.id}", "shows", f"evidence/{link.evidence}", facts


def _step_edges(knowledge: Knowledge, learned: Learned) -> Iterator[Edge]:
    for step in knowledge.steps.values():
        yield from ((f"step/{step.id}", "answers", f"evidence/{each}", {}) for each in step.answers)
        yield from ((f"step/{step.id}", "needs", f"part/{part}", {}) for part in step.parts)
        for cure in step.fixes:
            tally = learned.fixed.get((step.id, cure.cause))
            facts: dict[str, object] = {"grade": cure.grade, "held": tally.held if tally else 0}
            yield f"step/{step.id}", "fixes", f"cause/{cure.cause}", facts
