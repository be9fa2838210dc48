"""The graph of the knowledge: a view that answers which node is related to which."""

from __future__ import annotations

from dataclasses import replace

import networkx as nx
import small_world as world

from chargelore.kb.graph import graph, related, relating
from chargelore.kb.learned import Learned, Tally
from chargelore.kb.load import shipped
from chargelore.kb.namespace import code_node

VIEW = graph(world.knowledge())


def test_a_faults_causes_and_a_causes_steps_are_one_question_with_another_relation() -> None:
    assert related(VIEW, "fault/ground-fault-trip", "has_cause") == ["cause/cut-cable", "cause/wet-plug"]
    assert relating(VIEW, "cause/wet-plug", "fixes") == ["step/dry-the-plug"]


def test_what_is_not_there_is_related_to_nothing() -> None:
    assert related(VIEW, "fault/unheard-of", "has_cause") == []


def test_what_was_learned_stands_on_the_edge() -> None:
    learned = Learned(causes={(world.TRIP, world.WET): Tally(yes=2, cases=3)})
    edge = graph(world.knowledge(), learned).edges["fault/ground-fault-trip", "cause/wet-plug", "has_cause"]
    assert edge["cases"] == 3


def test_two_builds_of_the_shipped_knowledge_are_the_same_graph() -> None:
    first, second = graph(shipped()), graph(shipped())
    assert list(first.edges(keys=True)) == list(second.edges(keys=True))
    assert nx.number_of_nodes(first) > 2_000


def test_a_code_leads_to_its_faults_its_maker_and_its_source() -> None:
    node = code_node(world.TRIP_CODE)
    assert related(VIEW, node, "maps_to") == ["fault/ground-fault-trip"]
    assert related(VIEW, node, "of_vendor") == ["vendor/Acme"]
    assert related(VIEW, node, "supported_by") == ["source/own"]


def test_every_node_of_the_shipped_knowledge_says_what_it_is_in_words() -> None:
    silent = [node for node, facts in graph(shipped()).nodes(data=True) if not facts.get("label")]
    assert silent == []


def test_the_same_number_in_two_firmwares_is_two_codes() -> None:
    old, new = (replace(world.TRIP_CODE, firmware=firmware) for firmware in ("<60", ">=60"))
    assert code_node(old) != code_node(new)
