"""Graph: the knowledge with what was learned, as a networkx view; queries take the relation as an argument."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from functools import lru_cache

import networkx as nx

from chargelore.kb.claim import EVERYWHERE, Claim, Tlp
from chargelore.kb.label import strictest
from chargelore.kb.learned import NOTHING_LEARNED, Learned
from chargelore.kb.model import Cause, Knowledge, Quirk
from chargelore.kb.namespace import code_node

# kind/id as node; every edge says its `relation`: maps_to, of_vendor, leads_to, has_cause, shows, answers, fixes,
# needs, makes_likelier, supported_by, replaced_by. Nodes and edges carry status, tlp, source, licence and scope where
# they have one; an edge is as secret as its most secret end. Nobody is named: authors are not in the graph.
Graph = nx.MultiDiGraph
Facts = dict[str, object]
Edge = tuple[str, str, str, Facts]


def graph(knowledge: Knowledge, learned: Learned = NOTHING_LEARNED) -> Graph[str]:
    """The whole knowledge as one graph. A view: it is built anew and never edited."""
    view: Graph[str] = nx.MultiDiGraph()
    view.add_nodes_from(sorted(_nodes(knowledge), key=lambda node: node[0]))
    for start, relation, end, facts in sorted(_edges(knowledge, learned), key=lambda edge: (*edge[:3], str(edge[3]))):
        answer = facts.get("answer")
        key = f"{relation}/{answer}" if answer else relation
        view.add_edge(start, end, key=key, relation=relation, **facts, **_label(view, start, end))
    return view


def _label(view: Graph[str], start: str, end: str) -> Facts:
    labels: list[Tlp] = [view.nodes[node].get("tlp", "CLEAR") for node in (start, end) if node in view]
    return {"tlp": strictest(*labels)}


@lru_cache(maxsize=2)
def authored(knowledge: Knowledge) -> Graph[str]:
    """The graph of what authors wrote alone, built once."""
    return graph(knowledge)


def related(view: Graph[str], node: str, relation: str) -> list[str]:
    """Where the edges of that relation lead from a node, sorted."""
    if node not in view:
        return []
    return sorted({end for _, end, facts in view.out_edges(node, data=True) if facts["relation"] == relation})


def relating(view: Graph[str], node: str, relation: str) -> list[str]:
    """Where the edges of that relation come from, sorted."""
    if node not in view:
        return []
    return sorted({start for start, _, facts in view.in_edges(node, data=True) if facts["relation"] == relation})


def _nodes(knowledge: Knowledge) -> Iterator[tuple[str, Facts]]:
    for kind, name, words, claim in _claims(knowledge):
        yield f"{kind}/{name}", {"kind": kind, "label": words, **_claimed(claim, knowledge), **_scoped(claim)}
    for code in knowledge.codes:
        yield code_node(code), {"kind": "code", "label": code.text, "code": code.code} | _claimed(code, knowledge)
    for each in knowledge.sources.values():
        yield f"source/{each.id}", {"kind": "source", "label": each.title, "licence": each.licence, "url": each.url}
    for map_ in knowledge.registers.values():
        words = " ".join((map_.vendor, map_.model))
        yield f"registers/{map_.map}", {"kind": "registers", "label": words, "licence": map_.source.licence}
    for vendor in _vendors(knowledge):
        known = knowledge.makers.get(vendor)
        yield f"vendor/{vendor}", {"kind": "vendor", "label": vendor, "is": known.kind if known else "maker"}
    parts = {part for step in knowledge.steps.values() for part in step.parts}
    for part in parts:
        yield f"part/{part}", {"kind": "part", "label": part}


def _claims(knowledge: Knowledge) -> Iterator[tuple[str, str, str, Claim]]:
    """Kind, id, words and claim of everything that has an id."""
    yield from (("fault", each.id, each.label, each) for each in knowledge.faults.values())
    yield from (("cause", each.id, each.label, each) for each in knowledge.causes.values())
    yield from (("evidence", each.id, each.question, each) for each in knowledge.evidence.values())
    yield from (("step", each.id, each.label, each) for each in knowledge.steps.values())
    yield from (("quirk", each.id, each.label, each) for each in knowledge.quirks.values())


def _claimed(claim: Claim, knowledge: Knowledge) -> Facts:
    source = knowledge.sources.get(claim.source)
    licence = source.licence if source else ""
    return {"status": claim.status, "tlp": claim.tlp, "source": claim.source, "licence": licence}


def _scoped(claim: Claim) -> Facts:
    """The scope of a cause or a quirk, as far as it is limited."""
    scope = getattr(claim, "scope", EVERYWHERE)
    return {each.name: getattr(scope, each.name) for each in fields(scope) if getattr(scope, each.name)}


def _vendors(knowledge: Knowledge) -> set[str]:
    scoped: tuple[Cause | Quirk, ...] = (*knowledge.causes.values(), *knowledge.quirks.values())
    named = {each.scope.vendor for each in scoped} | {code.vendor for code in knowledge.codes}
    return (named | {each.vendor for each in knowledge.registers.values()} | knowledge.makers.keys()) - {""}


def _edges(knowledge: Knowledge, learned: Learned) -> Iterator[Edge]:
    yield from _code_edges(knowledge)
    yield from _fault_edges(knowledge)
    yield from _cause_edges(knowledge, learned)
    yield from _step_edges(knowledge, learned)
    yield from _quirk_edges(knowledge)
    for kind, name, _, claim in _claims(knowledge):
        yield f"{kind}/{name}", "supported_by", f"source/{claim.source}", {}
        if claim.replaced_by:
            yield f"{kind}/{name}", "replaced_by", f"{kind}/{claim.replaced_by}", {}
    for map_ in knowledge.registers.values():
        yield f"registers/{map_.map}", "of_vendor", f"vendor/{map_.vendor}", {}
        yield f"registers/{map_.map}", "supported_by", f"source/{map_.source.id}", {}


def _code_edges(knowledge: Knowledge) -> Iterator[Edge]:
    for code in knowledge.codes:
        node = code_node(code)
        yield node, "of_vendor", f"vendor/{code.vendor}", {}
        yield node, "supported_by", f"source/{code.source}", {}
        for means in code.means:
            facts: Facts = {"match": means.relation, "confidence": means.confidence, **_authored(code)}
            yield node, "maps_to", f"fault/{means.fault}", facts


def _fault_edges(knowledge: Knowledge) -> Iterator[Edge]:
    for fault in knowledge.faults.values():
        for name, grade in fault.leads_to.items():
            yield f"fault/{fault.id}", "leads_to", f"fault/{name}", {"grade": grade, **_authored(fault)}


def _authored(claim: Claim) -> Facts:
    """What a link has from the claim that makes it."""
    return {"status": claim.status, "source": claim.source}


def _cause_edges(knowledge: Knowledge, learned: Learned) -> Iterator[Edge]:
    for cause in knowledge.causes.values():
        tally = learned.causes.get((cause.fault, cause.id))
        facts = {"grade": cause.prior, **_authored(cause), **_scoped(cause), "cases": tally.cases if tally else 0}
        yield f"fault/{cause.fault}", "has_cause", f"cause/{cause.id}", facts
        if cause.scope.vendor:
            yield f"cause/{cause.id}", "of_vendor", f"vendor/{cause.scope.vendor}", {}
        for link in cause.shows:
            shown: Facts = {"grade": link.grade, "answer": link.answer, **_authored(cause)}
            yield f"cause/{cause.id}", "shows", f"evidence/{link.evidence}", shown


def _step_edges(knowledge: Knowledge, learned: Learned) -> Iterator[Edge]:
    for step in knowledge.steps.values():
        yield from ((f"step/{step.id}", "answers", f"evidence/{each}", _authored(step)) for each in step.answers)
        yield from ((f"step/{step.id}", "needs", f"part/{part}", _authored(step)) for part in step.parts)
        for cure in step.fixes:
            tally = learned.fixed.get((step.id, cure.cause))
            facts: Facts = {"grade": cure.grade, **_authored(step), "held": tally.held if tally else 0}
            yield f"step/{step.id}", "fixes", f"cause/{cure.cause}", facts


def _quirk_edges(knowledge: Knowledge) -> Iterator[Edge]:
    for quirk in knowledge.quirks.values():
        if quirk.scope.vendor:
            yield f"quirk/{quirk.id}", "of_vendor", f"vendor/{quirk.scope.vendor}", {}
        yield from (
            (f"quirk/{quirk.id}", "makes_likelier", f"cause/{each}", {**_authored(quirk), **_scoped(quirk)})
            for each in quirk.causes
        )
