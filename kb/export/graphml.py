"""GraphML: the knowledge as a graph for Gephi, yEd, Cytoscape or networkx."""

from __future__ import annotations

from collections.abc import Iterator

import networkx as nx

from chargelore.kb.export.view import View, code_id
from chargelore.kb.graph import Facts, Graph, graph
from chargelore.kb.model import CauseId, EvidenceId, FaultId, StepId
from chargelore.kb.namespace import code_node

NAME = "chargelore.graphml"
XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
COUNTED = ("grade", "cases", "held")


def render(shown: View) -> dict[str, bytes]:
    """One file; nodes and edges sorted, every fact a text."""
    whole = graph(shown.knowledge)
    names = {code_node(code): f"code/{code_id(code)}" for code in shown.knowledge.codes}
    told: Graph[str] = nx.MultiDiGraph()
    for node in sorted(whole, key=lambda each: names.get(each, each)):
        told.add_node(names.get(node, node), **_texts(whole.nodes[node]))
    for number, (start, end, facts) in enumerate(_edges(whole, shown)):
        told.add_edge(names.get(start, start), names.get(end, end), key=f"e{number}", **_texts(facts))
    return {NAME: (XML + "\n".join(nx.generate_graphml(told)) + "\n").encode()}


def _texts(facts: Facts) -> dict[str, str]:
    return {name: str(each) for name, each in facts.items() if each not in ("", None)}


def _edges(whole: Graph[str], shown: View) -> Iterator[tuple[str, str, Facts]]:
    """Every edge with the counts that may be told, none that may not."""
    for start, end, key in sorted(whole.edges(keys=True)):
        facts = dict(whole.edges[start, end, key])
        rates = _rates(start, end, facts, shown)
        yield start, end, {name: each for name, each in facts.items() if name not in COUNTED} | rates


def _rates(start: str, end: str, facts: Facts, shown: View) -> Facts:
    first, last = start.partition("/")[2], end.partition("/")[2]
    counts = shown.counts
    match facts["relation"]:
        case "has_cause":
            cause = CauseId(last)
            found: Facts = {"cases": counts.causes.get((FaultId(first), cause), "")}
        case "shows":
            cause = CauseId(first)
            found = {"cases": counts.shown.get((cause, EvidenceId(last), str(facts["answer"])), "")}
        case "fixes":
            cause, pair = CauseId(last), (StepId(first), CauseId(last))
            found = {"cases": counts.fixed.get(pair, ""), "held": counts.held.get(pair, "")}
        case _:
            return {}
    return found | {"grade": facts["grade"] if shown.tells_rates_of(cause) else ""}
