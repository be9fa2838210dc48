"""The one error family: each member says where, what, and how to mend it.

ChargeloreError
├── UseError          the command was typed or called wrongly
├── InputError        a log, a case file or a table cannot be read
├── KnowledgeError    the knowledge in YAML is wrong
├── RuleError         a rule in YAML is wrong
│   └── RulesError    several are
├── StoreError        the event store cannot be read or written
├── SourceError       a live connection (tap, Modbus) cannot be had
└── EngineError       the engine cannot go on, through nobody's input
"""

from __future__ import annotations

from collections.abc import Sequence

MOST_TOLD = 50  # of several errors that are told at once
LONGEST = 400  # characters of what is told of a wrong value; the rest is cut


class ChargeloreError(Exception):
    """What went wrong, where, and how to mend it; never raised itself, only its children."""

    def __init__(self, what: str, *, where: str = "", mend: str = "") -> None:
        super().__init__(what)
        self.what, self.where, self.mend = what, where, mend

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        cure = f" — {self.mend}" if self.mend else ""
        what = self.what if len(self.what) <= LONGEST else f"{self.what[:LONGEST]}…"
        return f"{place}{what}{cure}"

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuilt, (type(self), self.what, self.where, self.mend)


def _rebuilt(kind: type[ChargeloreError], what: str, where: str, mend: str) -> ChargeloreError:
    """Errors cross process borders whole, with their keywords."""
    return kind(what, where=where, mend=mend)


class UseError(ChargeloreError):
    """The command was typed or called wrongly."""


class InputError(ChargeloreError):
    """A log, a case file or a table cannot be read."""


class KnowledgeError(ChargeloreError):
    """The knowledge in YAML is wrong."""


class RuleError(ChargeloreError):
    """A rule in YAML is wrong."""


class RulesError(RuleError):
    """Several rules in YAML are wrong; each is told on a line of its own."""

    def __init__(self, each: Sequence[RuleError]) -> None:
        super().__init__(each[0].what, where=each[0].where, mend=each[0].mend)
        self.each = tuple(each)

    def __str__(self) -> str:
        more = len(self.each) - MOST_TOLD
        return "\n".join([*map(str, self.each[:MOST_TOLD]), *([f"and {more} more"] if more > 0 else [])])

    def __reduce__(self) -> tuple[object, ...]:
        return RulesError, (self.each,)


class StoreError(ChargeloreError):
    """The event store cannot be read or written."""


class SourceError(ChargeloreError):
    """A live connection cannot be had."""


class EngineError(ChargeloreError):
    """The engine cannot go on, through nobody's input."""
