"""Rule file: the keys of a rule as an author writes them, before their parts are read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from chargelore.kb.errors import RuleError
from chargelore.kb.model import EVERYWHERE, CauseId, EvidenceId, Grade, Scope, Written
from chargelore.kb.yamlfile import Document

Status = Literal["draft", "shadow", "stable", "deprecated"]
Expect = Literal["match", "no match"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example(Written):
    """A short story and whether the rule must see its symptom in it.

    `fires` says how often, or when: a whole number, a span from the start of the story, or a list of spans.
    """

    name: str
    expect: Expect
    given: tuple[Any, ...]
    fires: int | str | tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclude(Written):
    """What a case rule says: a cause, or a further symptom."""

    cause: CauseId | None = None
    symptom: EvidenceId | None = None
    grade: Grade = "often"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalRuleFile(Written):
    """The keys of a signal rule as written."""

    id: str
    title: str
    signals: dict[str, Any]
    when: dict[str, Any]
    status: Status = "draft"
    since: str = ""
    version: int = 1
    author: str = ""
    source: str = ""
    limits: str = ""
    applies_to: Scope = EVERYWHERE
    symptom: str = ""
    examples: tuple[Example, ...] = ()
    replaced_by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRuleFile(Written):
    """The keys of a case rule as written."""

    id: str
    all: tuple[Any, ...]
    conclude: Conclude
    why: str = ""
    title: str = ""
    status: Status = "draft"
    since: str = ""
    version: int = 1
    author: str = ""
    source: str = ""
    limits: str = ""
    examples: tuple[Example, ...] = ()
    replaced_by: str = ""
    reason: str = ""


def check_life(written: SignalRuleFile | CaseRuleFile, document: Document) -> None:
    """RuleError when `since` is no day, or `version` no number from 1 up."""
    try:
        date.fromisoformat(written.since or "2000-01-01")
    except ValueError as error:
        where = document.place(("since",))
        raise RuleError(f"{written.since!r} is no day", where=where, mend="write `2026-05-04`") from error
    if written.version < 1:
        where = document.place(("version",))
        raise RuleError(f"{written.version} is no version", where=where, mend="begin with 1 and count up")


_BOUND = re.compile(r"(<=|>=|==|!=|<|>)?\s*[\w.+-]*\d[\w.+-]*")


def check_range(firmware: str, document: Document) -> None:
    """RuleError when a range of firmware versions cannot be read."""
    if firmware and not all(_BOUND.fullmatch(part.strip()) for part in firmware.split(",")):
        where = document.place(("applies_to", "firmware"))
        raise RuleError(f"{firmware!r} is no range of versions", where=where, mend="write `>=5.2,<6` or `5.2.1`")
