"""Threads: which knowledge was written after reading which public thread, so that a score can leave it out.

`knowledge/threads/taught.yaml` is the ledger. What a document of a maker tells needs no mark: it has its source.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from chargelore.kb.errors import KnowledgeError
from chargelore.kb.model import Cause, CauseId, Knowledge, QuirkId
from chargelore.kb.yamlfile import checked, parse

LEDGER = Path(__file__).parent / "knowledge" / "threads" / "taught.yaml"
_ISSUE = re.compile(r"https?://[^/]+/([^/]+)/([^/]+)/(?:issues|discussions|pull)/(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Taught:
    """What one thread taught: whole quirks, causes and rules by id, and words of causes."""

    quirks: tuple[QuirkId, ...] = ()
    causes: tuple[CauseId, ...] = ()
    rules: tuple[str, ...] = ()
    words: Mapping[CauseId, tuple[str, ...]] = field(default_factory=dict)

    def has(self, kind: str, name: str) -> bool:
        """Whether it lists the id, or for `words` the `cause: phrase`."""
        if kind == "words":
            return name in {f"{cause}: {phrase}" for cause, phrases in self.words.items() for phrase in phrases}
        return name in getattr(self, kind)


@lru_cache(maxsize=1)
def taught() -> Mapping[str, Taught]:
    """The shipped ledger: thread to what it taught; KnowledgeError where it cannot be read."""
    document = parse(LEDGER, KnowledgeError)
    ledger: dict[str, Taught] = checked(dict[str, Taught], document.value or {}, document, (), KnowledgeError)
    return ledger


def thread_of(url: str) -> str:
    """The thread behind a web address, as in the ledger: `owner/repository#number`; the address where it is none."""
    found = _ISSUE.match(url)
    return f"{found[1]}/{found[2]}#{found[3]}" if found else url


def is_thread(name: str, threads: Collection[str]) -> bool:
    """Whether the name, `owner/repository#number` or `owner-number` or `repository-number`, is among the threads."""
    return name in threads or any(name in _short(thread) for thread in threads)


def _short(thread: str) -> tuple[str, ...]:
    place, _, number = thread.partition("#")
    return tuple(f"{part}-{number}" for part in place.split("/"))


def without(knowledge: Knowledge, lessons: Mapping[str, Taught], threads: Collection[str]) -> Knowledge:
    """The knowledge as it would be had nobody read these threads."""
    learned = [each for thread, each in lessons.items() if is_thread(thread, threads)]
    causes = {cause for each in learned for cause in each.causes}
    quirks = {quirk for each in learned for quirk in each.quirks}
    quirks |= {each.id for each in knowledge.quirks.values() if is_thread(each.thread, threads)}
    words: dict[CauseId, set[str]] = {}
    for lesson in learned:
        for cause, phrases in lesson.words.items():
            words.setdefault(cause, set()).update(phrases)
    kept = {
        each.id: _silenced(each, words.get(each.id, set()))
        for each in knowledge.causes.values()
        if each.id not in causes
    }
    left = {each.id: each for each in knowledge.quirks.values() if each.id not in quirks}
    return replace(knowledge, causes=kept, quirks=left)


def _silenced(cause: Cause, phrases: Collection[str]) -> Cause:
    return replace(cause, words=tuple(each for each in cause.words if each not in phrases)) if phrases else cause
