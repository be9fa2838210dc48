"""Overlay: the shipped knowledge with what people added to it here: nodes, links, corrections, merges. Pure.

What nobody reviewed is marked draft. Something that does not fit together, such as a link to a cause that is not there,
is left aside; it stays in the log.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from functools import cache
from typing import Any, cast

from chargelore.kb.model import Cause, Claim, Code, Evidence, Fault, Knowledge, Step
from chargelore.kb.overlaylinks import Shelves, link, merged, unlink
from chargelore.kb.pack import node_of_code
from chargelore.kb.projection import Node, Patch, Projection

LINKS: Mapping[type[Claim], frozenset[str]] = {
    Cause: frozenset({"shows"}), Step: frozenset({"fixes", "answers"}), Code: frozenset({"means"}),
}  # fmt: skip
KINDS: Mapping[str, tuple[type[Claim], str]] = {
    "fault": (Fault, "label"), "cause": (Cause, "label"), "evidence": (Evidence, "question"), "step": (Step, "label"),
}  # fmt: skip


def overlaid(knowledge: Knowledge, whole: Projection) -> Knowledge:
    """The knowledge with everything in a projection of the log; itself where the log adds nothing."""
    if not (whole.nodes or whole.edges or whole.patches or whole.aliases):
        return knowledge
    shelves = Shelves(
        dict(knowledge.faults),
        dict(knowledge.causes),
        dict(knowledge.evidence),
        dict(knowledge.steps),
        dict(knowledge.quirks),
    )
    codes = {node_of_code(each): each for each in knowledge.codes}
    for node in whole.nodes.values():
        _add(node, shelves, codes, whole)
    for name, patch in whole.patches.items():
        _correct(name, patch, shelves, codes)
    unlink(whole.patches, shelves, codes)
    for edge in whole.edges.values():
        link(edge, shelves, codes, whole)
    laid = replace(
        knowledge, faults=shelves.fault, causes=shelves.cause, evidence=shelves.evidence, steps=shelves.step,
        codes=tuple(codes.values()), quirks=shelves.quirks,
    )  # fmt: skip
    return merged(laid, whole.aliases)


def _add(node: Node, shelves: Shelves, codes: dict[str, Code], whole: Projection) -> None:
    """A node of people; the shipped one of the same name stays as it is."""
    said = {**node.attrs, "status": node.status, "replaced_by": _bare(node.replaced_by)}
    if node.kind == "code" and node.id not in codes:
        _put(codes, node.id, _checked(Code, said | {"text": node.label}), shelves)
    elif node.kind in KINDS:
        kind, words = KINDS[node.kind]
        shelf, name = shelves.of(node.id)
        if name not in shelf:
            _put(shelf, name, _checked(kind, _by_links(node, whole) | said | {"id": name, words: node.label}), shelves)


def _by_links(node: Node, whole: Projection) -> dict[str, Any]:
    """What links say of a node and the node itself does not: of a cause its fault, of a step whether it mends."""
    if node.kind == "step":
        does = {each.rel for each in whole.edges.values() if each.src == node.id}
        return {"kind": "repair" if "fixes" in does else "test"}
    return _prior(node, whole)


def _prior(node: Node, whole: Projection) -> dict[str, Any]:
    """The fault and the grade of a cause, where a link says it and not the node itself."""
    found = [each for each in whole.edges.values() if each.rel == "has_cause" and each.dst == node.id]
    if node.kind != "cause" or not found:
        return {}
    first = min(found, key=lambda each: (each.created, each.id))
    return {"fault": _bare(first.src), **({"prior": first.grade} if first.grade else {}), "scope": dict(first.scope)}


def _correct(name: str, patch: Patch, shelves: Shelves, codes: dict[str, Code]) -> None:
    """Fields of a shipped node that people changed, and a reviewer's verdict on it."""
    shelf, bare = (codes, name) if name in codes else shelves.of(name)
    shipped = shelf.get(bare)
    if shipped is None:
        return
    kind = type(shipped)
    words = {"label": KINDS.get(name.partition("/")[0], (kind, "text"))[1]}
    known = {each.name for each in fields(kind)}
    links = {each: getattr(shipped, each) for each in LINKS.get(kind, ())}
    changed = {words.get(key, key): value for key, value in patch.fields.items() if words.get(key, key) in known}
    verdict = {"status": patch.status, "replaced_by": _bare(patch.replaced_by)} if patch.status else {}
    now = _checked(kind, {each: getattr(shipped, each) for each in known} | changed | verdict)
    _put(shelf, bare, now if now is None else replace(now, **links), shelves)


def _put(shelf: dict[str, Any], name: str, one: Any, shelves: Shelves) -> None:
    """Lay something down unless it could not be read, or belongs to a fault that is not there."""
    if one is None or (isinstance(one, Cause) and one.fault not in shelves.fault):
        return
    shelf[name] = one


def _checked(kind: type[Claim], said: Mapping[str, Any]) -> Any:
    """The value of these fields; None where they do not make one. Fields that it does not have are left aside."""
    from pydantic import ValidationError  # noqa: PLC0415  # a quarter of a second, only where people added something

    known = {each.name for each in fields(kind)} - LINKS.get(kind, frozenset())
    try:
        return _checker(cast("Any", kind)).validate_python(
            {name: value for name, value in said.items() if name in known}
        )
    except ValidationError:
        return None


@cache
def _checker(kind: Any) -> Any:
    from pydantic import TypeAdapter  # noqa: PLC0415  # as above

    return TypeAdapter(kind)


def _bare(node: str) -> str:
    return node.partition("/")[2] or node
