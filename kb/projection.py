"""Projection: what the whole log says at one moment: nodes, edges, who stands by them, what is the same, counts."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from chargelore.kb.counts import Counted, Counts, judged, renamed
from chargelore.kb.events import canonical
from chargelore.kb.learned import Learned

PROMOTED_BY_FINDINGS, PROMOTED_BY_AUTHORS, PROMOTED_BY_STORES = 3, 3, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A node as it stands. `status` is what reviewers say, draft before; `created` and `updated` are stamps.

    `attrs` are all fields but the label; `event` is the id of the one that made it.
    """

    id: str
    kind: str
    label: str
    attrs: Mapping[str, Any]
    status: str
    replaced_by: str
    author: str
    created: str
    updated: str
    event: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """An edge as it stands; the rest as for a node."""

    id: str
    src: str
    rel: str
    dst: str
    answer: str
    scope: Mapping[str, str]
    grade: str
    attrs: Mapping[str, Any]
    status: str
    replaced_by: str
    author: str
    created: str
    updated: str
    event: str


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one author thinks of a node or an edge: `agree` or `disagree`, and why."""

    author: str
    position: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """What the log says of something that it did not make, such as a shipped node: fields, and a reviewer's status."""

    fields: Mapping[str, Any]
    status: str
    replaced_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """The fold of a log. `aliases` leads from what was merged to what stands for it now.

    `backing` names for (cause, evidence, answer) the findings that held: event, author, store.
    """

    nodes: Mapping[str, Node] = field(default_factory=dict)
    edges: Mapping[str, Edge] = field(default_factory=dict)
    patches: Mapping[str, Patch] = field(default_factory=dict)
    opinions: Mapping[str, tuple[Opinion, ...]] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    counts: Counts = field(default_factory=dict)
    backing: Mapping[tuple[str, str, str], tuple[tuple[str, str, str], ...]] = field(default_factory=dict)
    gaps: Mapping[str, int] = field(default_factory=dict)
    latest: tuple[Counted, ...] = ()

    @property
    def learned(self) -> Learned:
        """The counts as the diagnosis reads them."""
        return renamed(judged(self.counts, self.latest), self.aliases)

    def resolve(self, node: str) -> str:
        """The node that stands for this one; itself where it was never merged."""
        return self.aliases.get(node, node)

    def status(self, edge: Edge) -> str:
        """The status of an edge, with the promotion that findings give.

        A plain edge from a cause to its evidence is reviewed once three findings that held, by three authors in two
        stores, showed it. Nothing else is promoted so: least of all a step, which may be a hazard.
        """
        if edge.status != "draft" or edge.rel != "shows":
            return edge.status
        seen = self.backing.get((_bare(edge.src), _bare(edge.dst), edge.answer or "yes"), ())
        is_enough = (
            len(seen) >= PROMOTED_BY_FINDINGS
            and len({author for _, author, _ in seen}) >= PROMOTED_BY_AUTHORS
            and len({store for _, _, store in seen}) >= PROMOTED_BY_STORES
        )
        return "reviewed" if is_enough else "draft"

    def digest(self) -> str:
        """The checksum of everything in it; two stores that agree have the same."""
        whole = hashlib.sha256()
        for each in fields(self):
            if each.name == "latest":  # follows from the counted findings
                continue
            whole.update(each.name.encode())
            for key, value in sorted(getattr(self, each.name).items()):
                whole.update(canonical([key, plain(value)]).encode())
        return whole.hexdigest()


def plain(value: Any) -> Any:
    """A node, an edge or a patch as what JSON can hold; anything else as it is."""
    if isinstance(value, Node | Edge | Patch | Opinion):
        return {each.name: getattr(value, each.name) for each in fields(value)}
    return [plain(each) for each in value] if isinstance(value, tuple) else value


def _bare(node: str) -> str:
    return node.partition("/")[2]
