"""Statement: events about the graph itself: somebody adds a node or an edge, corrects, reviews, disputes or merges it.

Nodes are named `kind/name`. The name of an edge follows from what it joins, so that two people who say the same offline
say it of the same edge.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from chargelore.kb.claim import Grade, Status
from chargelore.kb.clock import Stamp
from chargelore.kb.errors import InputError
from chargelore.kb.events import (
    DECLINED,
    DISPUTE,
    EDGE,
    GRANT,
    LONGEST_NAME,
    MERGE,
    NODE,
    REVIEW,
    SET,
    UNMERGE,
    Event,
    canonical,
    checksum,
    event,
)

Role = Literal["owner", "reviewer", "none"]
Position = Literal["agree", "disagree"]
NODE_KINDS = frozenset(
    {
        "vendor", "model", "code", "fault", "evidence", "cause", "step", "part", "case", "source", "person", "pack",
        "quirk",
    }
)  # fmt: skip
RELATIONS = frozenset(
    {
        "maps_to", "of_vendor", "has_cause", "shows", "answers", "fixes", "needs", "narrower", "same_as", "contradicts",
        "supported_by", "likelier",
    }
)  # fmt: skip
GRADES: frozenset[str] = frozenset(get_args(Grade))
STATUSES: frozenset[str] = frozenset(get_args(Status))


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What an edge joins; `answer` is that of a question, `scope` the chargers it is said of."""

    src: str
    rel: str
    dst: str
    answer: str = ""
    scope: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The name of the edge: `edge/` and 26 letters of the checksum of what it joins."""
        joined = canonical([self.src, self.rel, self.dst, self.answer, dict(self.scope)])
        return f"edge/{checksum(joined)}"


@dataclass(frozen=True, slots=True)
class By:
    """Who speaks, and when."""

    author: str
    stamp: Stamp


def node_event(node: str, label: str, attrs: Mapping[str, Any], by: By) -> Event:
    """A new node `kind/name`; `attrs` are its other fields. InputError for a kind that there is not."""
    kind = node.partition("/")[0]
    if kind not in NODE_KINDS or not node.partition("/")[2]:
        raise InputError(f"{node!r} names no node", mend=f"write kind/name, a kind of {', '.join(sorted(NODE_KINDS))}")
    return _said(NODE, node, {"kind": kind, "label": label, "attrs": attrs}, by)


def edge_event(link: Link, grade: str, by: By, attrs: Mapping[str, Any] | None = None) -> Event:
    """A new edge; `grade` may be empty. InputError for a relation or a grade that there is not."""
    if link.rel not in RELATIONS:
        raise InputError(f"{link.rel!r} is no relation", mend=f"use one of {', '.join(sorted(RELATIONS))}")
    if grade and grade not in GRADES:
        raise InputError(f"{grade!r} is no grade", mend=f"use one of {', '.join(get_args(Grade))}")
    full = {"src": link.src, "rel": link.rel, "dst": link.dst, "answer": link.answer, "grade": grade}
    filled = {key: value for key, value in full.items() if value}
    return _said(EDGE, link.id, {**filled, "scope": dict(link.scope), "attrs": attrs or {}}, by)


def set_event(subject: str, fields: Mapping[str, Any], by: By) -> Event:
    """Fields of a node or an edge get other values; the last one who wrote a field is heard."""
    return _said(SET, subject, fields, by)


def review_event(subject: str, status: Status, by: By, *, replaced_by: str = "") -> Event:
    """A reviewer says whether a node or an edge stands."""
    return _said(REVIEW, subject, {"status": status, **({"replaced_by": replaced_by} if replaced_by else {})}, by)


def declined_event(link: Link, n: int, reason: str, by: By) -> Event:
    """A reviewer says that a link which findings propose, in `n` cases so far, is none."""
    said = {"src": link.src, "rel": link.rel, "dst": link.dst, "answer": link.answer, "reason": reason[:LONGEST_NAME]}
    return _said(DECLINED, link.id, {key: value for key, value in said.items() if value} | {"n": n}, by)


def dispute_event(subject: str, position: Position, reason: str, by: By, agreement: int | None = None) -> Event:
    """An author agrees or disagrees; each has one voice, the last one given.

    `agreement` says how much, in hundredths from -100 to 100, as `reviewer_agreement` of SSSOM does from -1 to 1.
    """
    said = {"position": position, "reason": reason}
    return _said(DISPUTE, subject, said if agreement is None else {**said, "agreement": agreement}, by)


def merge_event(node: str, into: str, by: By) -> Event:
    """Two nodes are the same; the first one stays resolvable. InputError for a node into itself."""
    if node == into:
        raise InputError(f"{node} is itself already", mend="name two nodes")
    return _said(MERGE, node, {"into": into}, by)


def unmerge_event(node: str, apart_from: str, by: By) -> Event:
    """They are not the same after all: from one other node, or from all when that is empty."""
    return _said(UNMERGE, node, {"from": apart_from} if apart_from else {}, by)


def grant_event(person: str, role: Role, by: By) -> Event:
    """An owner makes somebody a reviewer or an owner, or takes that back with `none`."""
    return _said(GRANT, person, {"role": role}, by)


def _said(kind: str, subject: str, body: Mapping[str, Any], by: By) -> Event:
    if not subject or len(subject) > LONGEST_NAME:
        raise InputError(f"a name of {len(subject)} letters cannot be kept", mend=f"use 1 to {LONGEST_NAME}")
    return event(kind, subject, body, stamp=by.stamp, author=by.author)
