"""Pack: authored knowledge as the events that would have made it, so that one fold reads what authors and people say.

The author is the name of the pack, the time that of the youngest claim in it. The events follow from the knowledge
alone and are never written into a log: each release would bring thousands.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from chargelore.kb.clock import Stamp
from chargelore.kb.events import LONGEST_NAME, Event
from chargelore.kb.model import Cause, Claim, Code, Knowledge, Scope, Step
from chargelore.kb.namespace import code_node
from chargelore.kb.statement import By, Link, edge_event, node_event

SHIPPED_PACK = "pack:chargelore"
STANDS = "reviewed"
APART = frozenset({"id", "label", "question", "text", "shows", "fixes", "answers", "means", "parts", "causes", "title"})


@lru_cache(maxsize=2)
def pack_events(knowledge: Knowledge, pack: str = SHIPPED_PACK) -> tuple[Event, ...]:
    """The node and edge events of a knowledge base; the same for the same knowledge, on every machine."""
    by = By(pack, Stamp(_milliseconds(_youngest(knowledge)), 0, "pack"))
    return (*_nodes(knowledge, by), *_edges(knowledge, by))


def node_of_code(code: Code) -> str:
    """The node of a code; a name that is too long ends in a checksum."""
    name = code_node(code)
    if len(name) <= LONGEST_NAME:
        return name
    return f"{name[: LONGEST_NAME - 17]}/{hashlib.sha256(name.encode()).hexdigest()[:16]}"


def _nodes(knowledge: Knowledge, by: By) -> Iterator[Event]:
    for kind, words, shelf in (
        ("fault", "label", knowledge.faults),
        ("cause", "label", knowledge.causes),
        ("evidence", "question", knowledge.evidence),
        ("step", "label", knowledge.steps),
        ("quirk", "label", knowledge.quirks),
        ("source", "title", knowledge.sources),
    ):
        for name, each in shelf.items():
            yield node_event(f"{kind}/{name}", getattr(each, words), _attrs(each), by)
    for code in {node_of_code(each): each for each in knowledge.codes}.values():
        yield node_event(node_of_code(code), code.text, _attrs(code), by)
    for vendor in sorted({code.vendor for code in knowledge.codes}):
        yield node_event(f"vendor/{vendor}", vendor, {"status": STANDS}, by)
    for part in sorted({part for step in knowledge.steps.values() for part in step.parts}):
        yield node_event(f"part/{part}", part, {"status": STANDS}, by)


def _edges(knowledge: Knowledge, by: By) -> Iterator[Event]:
    for cause in knowledge.causes.values():
        yield from _of_cause(cause, by)
    for step in knowledge.steps.values():
        yield from _of_step(step, by)
    for quirk in knowledge.quirks.values():
        yield from (_edge(f"quirk/{quirk.id}", "likelier", f"cause/{each}", "", by) for each in quirk.causes)
    for code in {node_of_code(each): each for each in knowledge.codes}.values():
        node = node_of_code(code)
        yield _edge(node, "of_vendor", f"vendor/{code.vendor}", "", by)
        for means in code.means:
            attrs = {"relation": means.relation, "confidence": means.confidence}
            yield edge_event(Link(src=node, rel="maps_to", dst=f"fault/{means.fault}"), "", by, _stands(code) | attrs)


def _of_cause(cause: Cause, by: By) -> Iterator[Event]:
    link = Link(src=f"fault/{cause.fault}", rel="has_cause", dst=f"cause/{cause.id}", scope=_scope(cause.scope))
    yield edge_event(link, cause.prior, by, _stands(cause))
    for shown in cause.shows:
        link = Link(src=f"cause/{cause.id}", rel="shows", dst=f"evidence/{shown.evidence}", answer=shown.answer)
        yield edge_event(link, shown.grade, by, _stands(cause))


def _of_step(step: Step, by: By) -> Iterator[Event]:
    yield from (_edge(f"step/{step.id}", "answers", f"evidence/{each}", "", by) for each in step.answers)
    yield from (_edge(f"step/{step.id}", "needs", f"part/{each}", "", by) for each in step.parts)
    yield from (_edge(f"step/{step.id}", "fixes", f"cause/{each.cause}", each.grade, by) for each in step.fixes)


def _edge(src: str, rel: str, dst: str, grade: str, by: By) -> Event:
    return edge_event(Link(src=src, rel=rel, dst=dst), grade, by, {"status": STANDS})


def _stands(claim: Claim) -> dict[str, str]:
    return {"source": claim.source, "status": claim.status}


def _attrs(value: Any) -> dict[str, Any]:
    """What is said of a thing beside its name, its words and its edges; what was left empty is left out."""
    return {"status": STANDS} | {key: each for key, each in _plain(value).items() if key not in APART}


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        said = {each.name: getattr(value, each.name) for each in fields(value) if not _is_default(value, each)}
        return {key: _plain(each) for key, each in said.items()}
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, tuple) else value


def _is_default(value: Any, one: Any) -> bool:
    default = one.default_factory() if one.default_factory is not MISSING else one.default
    return bool(getattr(value, one.name) == default)


def _scope(scope: Scope) -> dict[str, str]:
    return {each.name: getattr(scope, each.name) for each in fields(scope) if getattr(scope, each.name)}


def _youngest(knowledge: Knowledge) -> str:
    """The date of the youngest claim or source, as written: 2024, 2024-05 or 2024-05-17."""
    claims: tuple[Mapping[Any, Any], ...] = (
        knowledge.faults,
        knowledge.causes,
        knowledge.evidence,
        knowledge.steps,
        knowledge.quirks,
    )
    dates = [each.dated for shelf in claims for each in shelf.values()]
    dates += [each.dated for each in knowledge.codes]
    dates += [each.dated for each in knowledge.sources.values()]
    return max(dates, default="")


def _milliseconds(dated: str) -> int:
    """The start of that day; 0 where no date is known or it cannot be read."""
    try:
        day = datetime.fromisoformat(f"{dated}{'-01-01'[len(dated) - 4 :]}" if len(dated) < 10 else dated)
    except ValueError:
        return 0
    return max(0, int(day.replace(tzinfo=UTC).timestamp() * 1000))
