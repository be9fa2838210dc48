"""Same: which nodes stand for one thing, from what reviewers merged and unmerged; every old name leads to one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from chargelore.kb.events import MERGE, UNMERGE, Event
from chargelore.kb.rights import Moment, Rights, moment

Pair = tuple[str, str]


def aliases_of(log: Iterable[Event], rights: Rights) -> Mapping[str, str]:
    """Every merged node with the one that stands for it. The log is in order and live; only reviewers merge.

    The last word on two nodes counts, so an unmerge beats every earlier merge however often that comes in again. Where
    offline stores merged in a circle, the node that the last merge chose stands for all.
    """
    links: dict[Pair, tuple[Moment, str]] = {}
    touching: defaultdict[str, set[Pair]] = defaultdict(set)
    for each in log:
        if each.kind == MERGE and rights.may_review(each):
            _join(each, links, touching)
        elif each.kind == UNMERGE and rights.may_review(each):
            _part(each, links, touching)
    return _standing(links)


def _join(one: Event, links: dict[Pair, tuple[Moment, str]], touching: defaultdict[str, set[Pair]]) -> None:
    into = one.body.get("into")
    if isinstance(into, str) and into and into != one.subject:
        pair = _pair(one.subject, into)
        links[pair] = moment(one), into
        touching[pair[0]].add(pair)
        touching[pair[1]].add(pair)


def _part(one: Event, links: dict[Pair, tuple[Moment, str]], touching: defaultdict[str, set[Pair]]) -> None:
    apart = one.body.get("from")
    pairs = {_pair(one.subject, apart)} if isinstance(apart, str) and apart else set(touching[one.subject])
    for pair in pairs & links.keys():
        del links[pair]
        touching[pair[0]].discard(pair)
        touching[pair[1]].discard(pair)


def _standing(links: Mapping[Pair, tuple[Moment, str]]) -> Mapping[str, str]:
    """In each group the node that was never merged away and was chosen last; in a circle the one chosen last."""
    groups = _groups(links)
    chosen: dict[str, tuple[bool, Moment, str]] = {}
    away = {one for pair, (_, into) in links.items() for one in pair if one != into}
    for pair, (at, into) in links.items():
        group = groups[pair[0]]
        chosen[group] = max(chosen.get(group, (False, ("", ""), "")), (into not in away, at, into))
    return {node: chosen[group][2] for node, group in sorted(groups.items()) if chosen[group][2] != node}


def _groups(links: Iterable[Pair]) -> dict[str, str]:
    """Union-find: every node with one name for its group."""
    parent: dict[str, str] = {}

    def root(node: str) -> str:
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = node = parent[parent[node]]
        return node

    for one, other in links:
        parent[root(one)] = root(other)
    return {node: root(node) for node in list(parent)}


def _pair(one: str, other: str) -> Pair:
    return (one, other) if one < other else (other, one)
