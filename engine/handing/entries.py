"""Entries: what was told of a trouble, read from its events, each with the time that it claims."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from chargelore.kb.answer import Answer, Escalation, answer_of, escalation_of
from chargelore.kb.casebook import Closed, Entry, Handed, Words, entry_of
from chargelore.kb.clock import stamp_of
from chargelore.kb.errors import InputError
from chargelore.kb.events import ANSWERED, ESCALATED, FINDING, Event
from chargelore.kb.finding import Finding
from chargelore.kb.fold import read_finding


@dataclass(frozen=True, slots=True)
class Told:
    """An entry of a case with its event, and when it happened as far as that can be."""

    event: Event
    entry: Entry | Finding | Escalation | Answer
    at: datetime


def entries(some: Iterable[Event], marks: list[str]) -> Iterator[Told]:
    """What the events of a trouble say, each with the time that it claims; what cannot be read is marked."""
    for each in some:
        try:
            entry = READERS.get(each.kind, entry_of)(each)
        except InputError:
            entry = None
        if entry is None:
            marks.append(f"the {each.kind} {each.id} cannot be read by this version")
        else:
            yield Told(each, entry, _claimed(each, entry, marks))


READERS: Mapping[str, Callable[[Event], Entry | Finding | Escalation | Answer | None]] = {
    FINDING: read_finding,
    ESCALATED: lambda one: escalation_of(one.body),
    ANSWERED: lambda one: answer_of(one.body, one.id),
}


def _claimed(one: Event, entry: Entry | Finding | Escalation | Answer, marks: list[str]) -> datetime:
    """The time that an entry gives itself, else that of its writing."""
    written = stamp_of(one.hlc).at
    text = entry.at if isinstance(entry, Words | Handed | Closed) else ""
    given = time_in(text)
    if text and given is None:
        marks.append(f"the {one.kind} {one.id} gives a time that cannot be read")
    return given or written


def time_in(text: str) -> datetime | None:
    """The time that a text says; UTC where it names no zone; None where it says none."""
    try:
        read = datetime.fromisoformat(text)
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
