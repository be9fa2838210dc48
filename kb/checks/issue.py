"""Issue: one complaint of a reviewer about one entry, with a code and a fix."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from chargelore.kb.model import Knowledge


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One complaint about one entry."""

    code: str
    subject: str
    what: str
    fix: str


Check = Callable[[Knowledge], Iterator[Issue]]
