"""History: who said what of a node or an edge, and who its fields, as they stand now, go back to. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chargelore.kb.escalations import unsound
from chargelore.kb.events import (
    ANSWER,
    ANSWERED,
    CHARGE,
    CLOSED,
    DECLINED,
    DISPUTE,
    EDGE,
    ESCALATED,
    FINDING,
    GAP,
    GRANT,
    HANDED,
    HEARD,
    HELD,
    MERGE,
    NODE,
    OPENED,
    PINNED,
    RETRACT,
    REVIEW,
    SET,
    TRIED,
    UNMERGE,
    WORDS,
    Event,
)
from chargelore.kb.fold import in_order
from chargelore.kb.project import project
from chargelore.kb.projection import Projection, plain

OF_A_SUBJECT = frozenset({NODE, EDGE, SET, REVIEW, DISPUTE})
NAMED_BY = {"fault": "fault", "cause": "cause"}
NOT_SAID = frozenset({"id", "author", "created", "updated", "event", "kind"})


@dataclass(frozen=True, slots=True)
class Blame:
    """A field as it stands, and the event that it goes back to."""

    field: str
    value: str
    event: Event


def history(log: Iterable[Event], base: Iterable[Event], subject: str) -> tuple[Event, ...]:
    """Everything about a node, its edges and what was said of those; or about one edge. In the order of time."""
    whole = in_order(log, base)
    subjects = {subject} | {each.subject for each in whole if each.kind == EDGE and subject in _ends(each)}
    found = {each.id for each in whole if each.subject in subjects or _names(each, subject)}
    more = found
    while more:
        more = {each.id for each in whole if each.subject in found and each.id not in found}
        found |= more
    return tuple(sorted((e for e in whole if e.id in found), key=lambda e: (e.hlc, e.kind != NODE, e.id)))


def blame(log: Iterable[Event], base: Sequence[Event], subject: str, *, owners: frozenset[str]) -> tuple[Blame, ...]:
    """Each field of a node or an edge with the event that it goes back to; a retraction where that brought it back.

    The events are folded one after the other, as they would have come in.
    """
    shipped = [each for each in base if each.subject == subject]
    known = {each.id for each in shipped}
    about = [each for each in history(log, shipped, subject) if each.id not in known]
    said = [each for each in about if each.kind == RETRACT or (each.subject == subject and each.kind in OF_A_SUBJECT)]
    rest = [*said, *(each for each in log if each.kind == GRANT)]
    since: dict[str, Blame] = {}
    so_far: list[Event] = []
    for each in (*shipped, *in_order(rest)):
        so_far.append(each)
        now = _fields(project(so_far, owners=owners, base=shipped), subject)
        kept = {name: old for name, old in since.items() if now.get(name) == old.value}
        since = {name: kept.get(name) or Blame(name, value, each) for name, value in now.items()}
    return tuple(since[name] for name in sorted(since))


def sentence_of(one: Event) -> str:
    """What an event says, in a few words."""
    return SENTENCES.get(one.kind, _unknown)(one.body)


def _ends(one: Event) -> tuple[Any, Any]:
    return one.body.get("src"), one.body.get("dst")


def _names(one: Event, subject: str) -> bool:
    """Whether a finding or an answer speaks of a node, or a merge leads to it."""
    if one.kind in {MERGE, UNMERGE}:
        return subject in {one.body.get("into"), one.body.get("from")}
    kind, _, name = subject.partition("/")
    if one.kind == ANSWERED:
        return (kind, name) in {("cause", one.body.get("cause")), ("step", one.body.get("resolution"))}
    if one.kind != FINDING:
        return False
    if kind in NAMED_BY:
        return bool(one.body.get(NAMED_BY[kind]) == name)
    asked, steps = one.body.get("evidence"), one.body.get("steps")
    if kind == "evidence":
        return isinstance(asked, Mapping) and name in asked
    taken = [each.get("id") for each in steps if isinstance(each, Mapping)] if isinstance(steps, list) else []
    return kind == "step" and name in {*taken, one.body.get("fixed_by")}


def _fields(whole: Projection, subject: str) -> dict[str, str]:
    found = whole.nodes.get(subject) or whole.edges.get(subject)
    if found is None:
        patch = whole.patches.get(subject)
        return {} if patch is None else _flat(plain(patch)["fields"]) | _flat({"status": patch.status})
    said = plain(found)
    return _flat({name: value for name, value in said.items() if name not in NOT_SAID | {"attrs"}}) | _flat(
        said["attrs"]
    )


def _flat(values: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: value if isinstance(value, str) else repr(value)
        for name, value in values.items()
        if value not in ("", {})
    }


def _unknown(body: Mapping[str, Any]) -> str:
    return f"something that this version does not know: {', '.join(sorted(body))}"


def _finding(body: Mapping[str, Any]) -> str:
    fixed = f", fixed by {body['fixed_by']}" if body.get("fixed_by") else ""
    return f"found {body.get('cause', '?')} behind {body.get('fault', '?')}{fixed}"


def _answered(body: Mapping[str, Any]) -> str:
    done = f", cured by {body['resolution']}" if body.get("resolution") else ""
    who, odd = body.get("said_by") or body.get("source") or "?", unsound(body)
    mark = f"; counts for nothing: {odd}" if odd else ""
    return f"the maker says it was {body.get('cause', '?')}{done} ({who}){mark}"


def _why(body: Mapping[str, Any]) -> str:
    return f": {body['reason']}" if body.get("reason") else ""


def _held(body: Mapping[str, Any]) -> str:
    if body.get("held") is True:
        sessions = body.get("sessions")
        told = f": {len(sessions)} good sessions" if isinstance(sessions, list) and sessions else ""
        return f"the fix held{told}"
    return "the fault came back" + (f" at {body['at']}: {body.get('sign', '')}" if body.get("at") else "")


def _heard(body: Mapping[str, Any]) -> str:
    counts = body.get("counts")
    return (
        f"heard what its chargers say: {len(counts) if isinstance(counts, Mapping) else 0} kinds of signal and fields"
    )


def _edge(body: Mapping[str, Any]) -> str:
    words = (body.get("src"), body.get("rel"), body.get("dst"), body.get("answer"), body.get("grade"))
    return "said: " + " ".join(str(word) for word in words if word)


SENTENCES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    NODE: lambda body: f"made it: {body.get('label', '')}",
    EDGE: _edge,
    SET: lambda body: "set " + ", ".join(f"{name} to {value!r}" for name, value in sorted(body.items())),
    REVIEW: lambda body: (
        f"says it is {body.get('status', '?')}" + (f", see {body['replaced_by']}" if body.get("replaced_by") else "")
    ),
    DISPUTE: lambda body: f"{body.get('position', '?')}s" + (f": {body['reason']}" if body.get("reason") else ""),
    MERGE: lambda body: f"says it is the same as {body.get('into', '?')}",
    UNMERGE: lambda body: f"says it is not the same as {body.get('from') or 'any other'}",
    RETRACT: lambda body: f"takes it back: {body.get('reason', '')}",
    GRANT: lambda body: f"makes it {body.get('role', '?')}",
    FINDING: _finding,
    GAP: lambda body: f"looked in vain for {body.get('words', '')}",
    HEARD: _heard,
    OPENED: lambda body: f"put it on the book, opened {body.get('opened_at') or 'at a time that nothing tells'}",
    WORDS: lambda body: f"{body.get('by') or 'somebody'} said: {body.get('text', '')}",
    HANDED: lambda body: f"handed it to {body.get('to', '?')}: {body.get('note', '')}",
    CLOSED: lambda body: f"says it is over, {body.get('verdict', '?')}: {body.get('note', '')}",
    ESCALATED: lambda body: f"handed the case to its maker: {body.get('question', '')}",
    ANSWERED: _answered,
    HELD: _held,
    DECLINED: lambda body: f"declined what {body.get('n', '?')} cases proposed" + _why(body),
    CHARGE: lambda body: f"charged well until {body.get('ended', '?')}",
    ANSWER: lambda body: f"answered {body.get('evidence', '?')}: {body.get('answer', '?')}",
    TRIED: lambda body: f"tried {body.get('step', '?')}, without help",
    PINNED: lambda body: (
        f"pinned as evidence: {body.get('says', '?')}" + (f" ({body['note']})" if body.get("note") else "")
    ),
}
