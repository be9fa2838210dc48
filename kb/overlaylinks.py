"""Overlay of links: shipped links that were rejected go, those of people come, and merged ends lead to one. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, cast, get_args

from chargelore.kb.model import (
    Cause,
    CauseId,
    Code,
    EvidenceId,
    FaultId,
    Fixes,
    Grade,
    Knowledge,
    Meaning,
    Relation,
    Shows,
    Step,
)
from chargelore.kb.projection import Edge, Patch, Projection
from chargelore.kb.statement import Link

LAID_OVER = frozenset({"fault", "cause", "evidence", "step"})
RELATIONS = frozenset(get_args(Relation))


@dataclass(slots=True)
class Shelves:
    """The knowledge while it is laid over; by kind and bare name. Of quirks only the links are."""

    fault: Any
    cause: Any
    evidence: Any
    step: Any
    quirks: dict[Any, Any] = field(default_factory=dict)

    def of(self, node: str) -> tuple[dict[Any, Any], str]:
        """The shelf and the bare name of a node; an empty shelf for kinds that are not laid over."""
        kind, _, name = node.partition("/")
        return (getattr(self, kind), name) if kind in LAID_OVER else ({}, name)


def unlink(patches: Mapping[str, Patch], shelves: Shelves, codes: dict[str, Code]) -> None:
    """Shipped links that a reviewer rejected go; graded anew, they get their grade."""
    ours = {name: each for name, each in patches.items() if name.startswith("edge/")}
    if not ours:
        return
    for bare, cause in list(shelves.cause.items()):
        shows = _kept(cause.shows, partial(_shown, f"cause/{bare}"), ours)
        shelves.cause[bare] = cause if shows == cause.shows else replace(cause, shows=shows)
    for bare, step in list(shelves.step.items()):
        fixes = _kept(step.fixes, partial(_fixed, f"step/{bare}"), ours)
        shelves.step[bare] = step if fixes == step.fixes else replace(step, fixes=fixes)
    for bare, quirk in list(shelves.quirks.items()):
        left = tuple(each for each in quirk.causes if _stands(_likelier(bare, each), ours))
        shelves.quirks[bare] = quirk if left == quirk.causes else replace(quirk, causes=left)
    for name, code in list(codes.items()):
        means = _kept(code.means, partial(_meant, name), ours)
        codes[name] = code if means == code.means else replace(code, means=means)


def _shown(cause: str, one: Shows) -> Link:
    return Link(src=cause, rel="shows", dst=f"evidence/{one.evidence}", answer=one.answer)


def _fixed(step: str, one: Fixes) -> Link:
    return Link(src=step, rel="fixes", dst=f"cause/{one.cause}")


def _meant(code: str, one: Meaning) -> Link:
    return Link(src=code, rel="maps_to", dst=f"fault/{one.fault}")


def _likelier(quirk: str, cause: str) -> Link:
    return Link(src=f"quirk/{quirk}", rel="likelier", dst=f"cause/{cause}")


def _stands(one: Link, patches: Mapping[str, Patch]) -> bool:
    return one.id not in patches or patches[one.id].status != "deprecated"


def _kept(links: tuple[Any, ...], name: Callable[[Any], Link], patches: Mapping[str, Patch]) -> tuple[Any, ...]:
    left = []
    for one in links:
        patch = patches.get(name(one).id)
        if patch is None or patch.status != "deprecated":
            grade = patch.fields.get("grade") if patch else None
            left.append(replace(one, grade=grade) if grade in get_args(Grade) and hasattr(one, "grade") else one)
    return tuple(left)


def link(edge: Edge, shelves: Shelves, codes: dict[str, Code], whole: Projection) -> None:
    """A link that people added, unless a reviewer rejected it."""
    target, end = shelves.of(whole.resolve(edge.dst))
    if whole.status(edge) == "deprecated" or end not in target:
        return
    if edge.rel == "maps_to" and edge.src in codes:
        codes[edge.src] = _mapped(codes[edge.src], edge, end)
    if edge.rel == "likelier":
        _with_likelier(shelves.quirks, edge.src.partition("/")[2], end)
        return
    shelf, start = shelves.of(whole.resolve(edge.src))
    if start in shelf and edge.rel in LINKS:
        shelf[start] = LINKS[edge.rel](shelf[start], edge, end)


def _with_likelier(quirks: dict[Any, Any], quirk: str, cause: str) -> None:
    """A quirk makes a cause likelier on its chargers."""
    known = quirks.get(quirk)
    if known is not None and cause not in known.causes:
        quirks[quirk] = replace(known, causes=(*known.causes, CauseId(cause)))


def _with_shows(cause: Any, edge: Edge, end: str) -> Any:
    answer = edge.answer or "yes"
    if not isinstance(cause, Cause) or any(each.evidence == end and each.answer == answer for each in cause.shows):
        return cause
    return replace(cause, shows=(*cause.shows, Shows(evidence=EvidenceId(end), grade=_grade(edge), answer=answer)))


def _with_fixes(step: Any, edge: Edge, end: str) -> Any:
    if not isinstance(step, Step) or end in {each.cause for each in step.fixes}:
        return step
    return replace(step, fixes=(*step.fixes, Fixes(cause=CauseId(end), grade=_grade(edge))))


def _with_answers(step: Any, _edge: Edge, end: str) -> Any:
    if not isinstance(step, Step) or end in step.answers:
        return step
    return replace(step, answers=(*step.answers, EvidenceId(end)))


LINKS: Mapping[str, Callable[[Any, Edge, str], Any]] = {
    "shows": _with_shows, "fixes": _with_fixes, "answers": _with_answers,
}  # fmt: skip


def _mapped(code: Code, edge: Edge, fault: str) -> Code:
    relation = edge.attrs.get("relation")
    if fault in {each.fault for each in code.means}:
        return code
    read = cast("Relation", relation if relation in RELATIONS else "close")
    means = Meaning(fault=FaultId(fault), relation=read, confidence="low")
    return replace(code, means=(*code.means, means))


def _grade(edge: Edge) -> Grade:
    return cast("Grade", edge.grade or "sometimes")


def merged(knowledge: Knowledge, aliases: Mapping[str, str]) -> Knowledge:
    """The knowledge in which what was merged has gone, and its links lead to and from what stands for it."""
    shelves = Shelves(knowledge.faults, knowledge.causes, knowledge.evidence, knowledge.steps)
    aliases = {old: new for old, new in aliases.items() if new.partition("/")[2] in shelves.of(new)[0]}
    if not aliases:
        return knowledge

    def name(kind: str, bare: str) -> Any:
        return aliases.get(f"{kind}/{bare}", f"{kind}/{bare}").partition("/")[2]

    causes = _joined(knowledge.causes, partial(name, "cause"), "shows")
    steps = _joined(knowledge.steps, partial(name, "step"), "fixes")
    return replace(
        knowledge,
        faults={key: each for key, each in knowledge.faults.items() if name("fault", key) == key},
        evidence={key: each for key, each in knowledge.evidence.items() if name("evidence", key) == key},
        causes={key: _cause(each, name) for key, each in causes.items()},
        steps={key: _step(each, name) for key, each in steps.items()},
        codes=tuple(_code(each, name) for each in knowledge.codes),
        quirks={
            key: replace(each, causes=tuple(dict.fromkeys(name("cause", one) for one in each.causes)))
            for key, each in knowledge.quirks.items()
        },
    )


def _joined(shelf: Mapping[Any, Any], name: Callable[[str], str], links: str) -> dict[Any, Any]:
    """A shelf without what was merged; its links go to what stands for it, where that is there."""
    left = {key: each for key, each in shelf.items() if name(key) == key or name(key) not in shelf}
    for key, each in shelf.items():
        if key not in left:
            heir = left.get(name(key))
            if heir is not None:
                left[name(key)] = replace(heir, **{links: (*getattr(heir, links), *getattr(each, links))})
    return left


def _cause(cause: Cause, name: Callable[[str, str], Any]) -> Cause:
    shows = _once(
        (replace(each, evidence=name("evidence", each.evidence)) for each in cause.shows), "evidence", "answer"
    )
    return replace(cause, fault=name("fault", cause.fault), shows=shows)


def _step(step: Step, name: Callable[[str, str], Any]) -> Step:
    fixes = _once((replace(each, cause=name("cause", each.cause)) for each in step.fixes), "cause")
    given = _once(
        (replace(each, evidence=name("evidence", each.evidence)) for each in step.given), "evidence", "answer"
    )
    answers = tuple(dict.fromkeys(name("evidence", each) for each in step.answers))
    return replace(step, fixes=fixes, given=given, answers=answers)


def _code(code: Code, name: Callable[[str, str], Any]) -> Code:
    return replace(code, means=_once((replace(each, fault=name("fault", each.fault)) for each in code.means), "fault"))


def _once(links: Iterable[Any], *keys: str) -> tuple[Any, ...]:
    """Each link once; the first one stays."""
    first: dict[tuple[str, ...], Any] = {}
    for each in links:
        first.setdefault(tuple(getattr(each, key) for key in keys), each)
    return tuple(first.values())
