"""Project: the event log becomes a projection. Pure: any order, any split and any repetition of events give the same.

Shipped statements (`base`) go through the same fold: they are believed as if a reviewer had written them. A body that
cannot be read says nothing, and a kind that this version does not know stays in the log for those who do.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from chargelore.kb.clock import stamp_of
from chargelore.kb.counts import counted
from chargelore.kb.events import DISPUTE, EDGE, GAP, LONGEST_NAME, NODE, REVIEW, SET, Event
from chargelore.kb.finding import UNKNOWN
from chargelore.kb.fold import Told, in_order, latest, live, told
from chargelore.kb.projection import Edge, Node, Opinion, Patch, Projection
from chargelore.kb.rights import Rights
from chargelore.kb.same import aliases_of
from chargelore.kb.statement import GRADES, NODE_KINDS, RELATIONS, STATUSES, Link

# What only a reviewer may change, and the author while it is a draft: a wrong word here can hurt somebody, turn a
# diagnosis, or show what must stay in the house.
GUARDED = frozenset(
    {
        "hazard", "precondition", "needs", "reversible", "where", "safety", "severity", "grade", "prior", "leak",
        "fault", "tlp", "source", "licence",
    }
)  # fmt: skip
NEVER = frozenset({"id", "kind", "src", "rel", "dst", "answer", "scope", "status", "replaced_by", "author"})
DRAFTS = frozenset({"", "draft"})
POSITIONS = frozenset({"agree", "disagree"})


@dataclass(slots=True)
class _Subject:
    """What was said of one subject so far; lives only while folding."""

    made: Event | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    status: str = ""
    replaced_by: str = ""
    updated: str = ""
    opinions: dict[str, Opinion] = field(default_factory=dict)


def project(log: Iterable[Event], *, owners: frozenset[str] = frozenset(), base: Iterable[Event] = ()) -> Projection:
    """Everything that these events say together. `owners` may always review; `base` are shipped statements."""
    shipped = {each.id: each for each in base}
    left, rights = live(in_order(log, shipped.values()), owners, frozenset(shipped))
    subjects = _subjects(left, rights)
    findings = list(told(left))
    return Projection(
        nodes=_made(subjects, NODE, _node),
        edges=_made(subjects, EDGE, _edge),
        patches={name: _patch(each) for name, each in subjects.items() if each.made is None and _is_patched(each)},
        opinions={name: tuple(each.opinions[by] for by in sorted(each.opinions)) for name, each in _disputed(subjects)},
        aliases=aliases_of(left, rights),
        counts=counted(each.counted for each in findings),
        backing=_backing(findings),
        gaps=Counter(each.subject for each in left if each.kind == GAP),
        latest=tuple(latest(findings)),
    )


def _subjects(log: Iterable[Event], rights: Rights) -> dict[str, _Subject]:
    subjects: defaultdict[str, _Subject] = defaultdict(_Subject)
    for each in log:
        if (take := TAKES.get(each.kind)) is not None:
            take(subjects[each.subject], each, rights)
    return subjects


def _take_made(subject: _Subject, one: Event, rights: Rights) -> None:
    """The first who says it makes it; the same words of others are an agreement, not a second node."""
    if subject.made is None and READABLE[one.kind](one):
        subject.made = one
        subject.updated = max(subject.updated, one.hlc)
        status = _text(one.body.get("attrs", {}).get("status"))
        if not subject.status and status in STATUSES and rights.may_review(one):
            subject.status, subject.replaced_by = status, _text(one.body["attrs"].get("replaced_by"))


def _take_set(subject: _Subject, one: Event, rights: Rights) -> None:
    allowed = {name: value for name, value in one.body.items() if name not in NEVER}
    is_own_draft = subject.made is not None and rights.may_change(one, subject.made) and subject.status in DRAFTS
    if not is_own_draft and not rights.may_review(one):
        allowed = {name: value for name, value in allowed.items() if name not in GUARDED}
    subject.fields.update(allowed)
    subject.updated = max(subject.updated, one.hlc)


def _take_review(subject: _Subject, one: Event, rights: Rights) -> None:
    status = _text(one.body.get("status"))
    if status in STATUSES and rights.may_review(one):
        subject.status, subject.replaced_by = status, _text(one.body.get("replaced_by"))
        subject.updated = max(subject.updated, one.hlc)


def _take_dispute(subject: _Subject, one: Event, _rights: Rights) -> None:
    position = _text(one.body.get("position"))
    if position in POSITIONS:
        subject.opinions[one.author] = Opinion(one.author, position, _text(one.body.get("reason")))


TAKES = {NODE: _take_made, EDGE: _take_made, SET: _take_set, REVIEW: _take_review, DISPUTE: _take_dispute}


def _is_node(one: Event) -> bool:
    kind, body = one.subject.partition("/")[0], one.body
    return kind in NODE_KINDS and body.get("kind") == kind and isinstance(body.get("label"), str) and _attrs(body)


def _is_edge(one: Event) -> bool:
    body, scope = one.body, one.body.get("scope", {})
    for name in ("src", "rel", "dst", "answer", "grade"):
        word = body.get(name, "")
        if not isinstance(word, str) or len(word) > LONGEST_NAME:
            return False
    if body.get("rel") not in RELATIONS or body.get("grade", "never") not in GRADES:
        return False
    if not (isinstance(scope, Mapping) and _attrs(body)) or not all(isinstance(each, str) for each in scope.values()):
        return False
    return _link(body).id == one.subject


def _attrs(body: Mapping[str, Any]) -> bool:
    return isinstance(body.get("attrs", {}), Mapping)


READABLE = {NODE: _is_node, EDGE: _is_edge}


def _link(body: Mapping[str, Any]) -> Link:
    return Link(
        src=body.get("src", ""),
        rel=body.get("rel", ""),
        dst=body.get("dst", ""),
        answer=body.get("answer", ""),
        scope=body.get("scope", {}),
    )


def _made(subjects: Mapping[str, _Subject], kind: str, make: Any) -> dict[str, Any]:
    return {
        name: make(name, each, each.made)
        for name, each in subjects.items()
        if each.made is not None and each.made.kind == kind
    }


def _node(name: str, subject: _Subject, made: Event) -> Node:
    fields = _fields(subject, made)
    label = fields.pop("label", made.body["label"])
    return Node(
        id=name,
        kind=made.body["kind"],
        label=label if isinstance(label, str) else made.body["label"],
        attrs=fields,
        status=subject.status or "draft",
        replaced_by=subject.replaced_by,
        author=made.author,
        created=made.hlc,
        updated=subject.updated,
        event=made.id,
    )


def _edge(name: str, subject: _Subject, made: Event) -> Edge:
    body, fields = made.body, _fields(subject, made)
    grade = fields.pop("grade", None)
    return Edge(
        id=name,
        src=body["src"],
        rel=body["rel"],
        dst=body["dst"],
        answer=body.get("answer", ""),
        scope=body.get("scope", {}),
        grade=grade if grade in GRADES else body.get("grade", ""),
        attrs=fields,
        status=subject.status or "draft",
        replaced_by=subject.replaced_by,
        author=made.author,
        created=made.hlc,
        updated=subject.updated,
        event=made.id,
    )


def _fields(subject: _Subject, made: Event) -> dict[str, Any]:
    first = {name: value for name, value in made.body.get("attrs", {}).items() if name not in NEVER}
    return first | subject.fields


def _patch(subject: _Subject) -> Patch:
    return Patch(fields=subject.fields, status=subject.status, replaced_by=subject.replaced_by)


def _is_patched(subject: _Subject) -> bool:
    return bool(subject.fields or subject.status)


def _disputed(subjects: Mapping[str, _Subject]) -> Iterable[tuple[str, _Subject]]:
    return ((name, each) for name, each in subjects.items() if each.opinions)


def _backing(findings: Iterable[Told]) -> dict[tuple[str, str, str], tuple[tuple[str, str, str], ...]]:
    """Which findings that held showed which answer with which cause: event, author, store."""
    backing: defaultdict[tuple[str, str, str], list[tuple[str, str, str]]] = defaultdict(list)
    for each in findings:
        cause = each.counted.finding.known_cause
        if each.counted.held and cause is not None:
            seen = (each.event.id, each.event.author, stamp_of(each.event.hlc).replica)
            for evidence, answer in each.counted.finding.evidence.items():
                if answer != UNKNOWN:
                    backing[cause, evidence, answer].append(seen)
    return {key: tuple(seen) for key, seen in backing.items()}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
