"""Rule file: the keys of a rule as an author writes them, before their parts are read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import Any, Literal

from chargelore.kb.errors import RuleError
from chargelore.kb.model import CauseId, EvidenceId, Grade, Scope, Written
from chargelore.kb.yamlfile import Document, Trail

Status = Literal["draft", "shadow", "stable", "deprecated"]
Expect = Literal["match", "no match"]
Across = Literal["", "site", "feeder"]

# Connector types as places files and scopes name them. `nacs` carries AC or DC, so it is in neither group.
AC = ("type1", "type2", "type3", "schuko", "cee", "gbt-ac", "domestic")
DC = ("ccs1", "ccs2", "chademo", "gbt-dc", "mcs", "pantograph")
PLUGS = (*AC, *DC, "nacs", "inductive", "other")
GROUPS = {"ac": frozenset(AC), "dc": frozenset(DC)}


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleScope(Scope):
    """To which chargers a rule, or a value of a parameter, applies: besides maker, model and firmware, where.

    `connector` is a type of connector, `ac` or `dc`, or a list of such; `site` and `feeder` are names of the places
    file, with `*` for anything.
    """

    connector: Any = ()
    site: str = ""
    feeder: str = ""

    @property
    def plugs(self) -> frozenset[str]:
        """The types of connector, groups spelt out; empty for all."""
        named = (self.connector,) if isinstance(self.connector, str) else self.connector
        return frozenset().union(*(GROUPS.get(each, frozenset({each})) for each in named))


ANYWHERE = RuleScope()


@dataclass(frozen=True, slots=True, kw_only=True)
class Introduced(Written):
    """A charger of an example: who it is and where it stands. Chargers of one example share a place unless they say."""

    vendor: str = ""
    model: str = ""
    firmware: str = ""
    site: str = ""
    feeder: str = ""
    connectors: Any = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Example(Written):
    """A short story and whether the rule must see its symptom in it.

    `fires` says how often, or when: a whole number, a span from the start of the story, or a list of spans.
    """

    name: str
    expect: Expect
    given: tuple[Any, ...]
    fires: int | str | tuple[str, ...] | None = None
    chargers: dict[str, Introduced] = field(default_factory=dict)


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
    applies_to: RuleScope = ANYWHERE
    parameters: dict[str, Any] = field(default_factory=dict)
    across: Across = ""
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


def check_scope(scope: RuleScope, document: Document, trail: Trail) -> None:
    """RuleError when the range of firmware versions cannot be read, or a type of connector is none."""
    if scope.firmware and not all(_BOUND.fullmatch(part.strip()) for part in scope.firmware.split(",")):
        what = f"{scope.firmware!r} is no range of versions"
        raise RuleError(what, where=document.place((*trail, "firmware")), mend="write `>=5.2,<6` or `5.2.1`")
    named = (scope.connector,) if isinstance(scope.connector, str) else scope.connector
    if not isinstance(named, list | tuple) or not all(isinstance(each, str) for each in named):
        what = f"`connector` is {scope.connector!r}"
        raise RuleError(what, where=document.place((*trail, "connector")), mend="write `ccs2`, or `[ccs2, chademo]`")
    for each in named:
        check_plug(each, (*GROUPS, *PLUGS), document, (*trail, "connector"))


def check_plug(word: object, known: tuple[str, ...], document: Document, trail: Trail) -> None:
    """RuleError when a word is no type of connector."""
    if word not in known:
        close = get_close_matches(str(word), known, n=1)
        mend = f"did you mean {close[0]}?" if close else f"use one of {', '.join(known)}"
        raise RuleError(f"{str(word)[:60]!r} is no type of connector", where=document.place(trail), mend=mend)


MOST_CONNECTORS = 99
EVERY_CONNECTOR = range(1, 11)  # `connectors: type2` stands for so many


def connectors_in(written: Any, document: Document, trail: Trail) -> tuple[tuple[int, str], ...]:
    """The type of each connector by its number, or one word for all. RuleError for anything else."""
    if isinstance(written, str):
        check_plug(written, PLUGS, document, trail)
    elif not isinstance(written, dict):
        if written:
            what, mend = "`connectors` holds no types", "write `{1: type2, 2: ccs2}`"
            raise RuleError(what, where=document.place(trail), mend=mend)
    else:
        for number, plug in written.items():
            _check_numbered(number, plug, document, (*trail, number))
    return connector_types(written)


def _check_numbered(number: Any, plug: Any, document: Document, trail: Trail) -> None:
    if not str(number).isdecimal() or not 1 <= int(number) <= MOST_CONNECTORS:
        what = f"{str(number)[:60]!r} is no connector"
        raise RuleError(what, where=document.place(trail), mend="write its number, from 1")
    check_plug(plug, PLUGS, document, trail)


def connector_types(written: Any) -> tuple[tuple[int, str], ...]:
    """What `connectors_in` found right, as it stands."""
    if isinstance(written, str):
        return tuple((number, written) for number in EVERY_CONNECTOR)
    return tuple((int(number), plug) for number, plug in written.items()) if isinstance(written, dict) else ()
