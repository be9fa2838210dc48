"""Rule: what senior engineers write in YAML, as frozen values; loading tells file, line, key and cure."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from chargelore.engine.grammar.circle import circle
from chargelore.engine.grammar.condition import Pattern
from chargelore.engine.grammar.operators import When, shared
from chargelore.engine.grammar.parameter import Chosen, Parameter, Value, bindings, bound, check_references, parameters
from chargelore.engine.grammar.rulefile import (
    Across,
    CaseRuleFile,
    Conclude,
    Example,
    RuleScope,
    SignalRuleFile,
    Status,
    check_life,
    check_scope,
    connectors_in,
)
from chargelore.engine.grammar.ruleparts import patterns
from chargelore.engine.grammar.rulewhen import when
from chargelore.kb.cache import cached
from chargelore.kb.errors import RuleError, RulesError
from chargelore.kb.model import EvidenceId
from chargelore.kb.yamlfile import Document, checked, parse

SHIPPED = Path(__file__).parents[2] / "rules"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalRule:
    """Signals in time make one symptom. `version` is the author's number and a hash of what decides: `2.1f3a9c0d`.

    `since` is the day on which the rule entered its status, None where nobody wrote it.
    `patterns` and `when` hold the defaults of its parameters; `variants` are the same rule with other values, told by
    `chosen`. A rule over a site or feeder (`across`) is heard charger by charger as its parts, told by `part`.
    """

    id: str
    title: str
    status: Status
    author: str
    source: str
    applies_to: RuleScope
    patterns: Mapping[str, Pattern]
    when: When
    symptom: EvidenceId
    examples: tuple[Example, ...]
    version: str
    place: str
    limits: str = ""
    replaced_by: str = ""
    reason: str = ""
    since: date | None = None
    across: Across = ""
    parameters: tuple[Parameter, ...] = ()
    chosen: Chosen = ()
    variants: tuple[SignalRule, ...] = ()
    part: str = ""

    @property
    def key(self) -> str:
        """Under which name its memory of a charger is kept: that of a changed rule, part or value is another one."""
        values = f"~{'.'.join(map(str, self.chosen))}" if any(self.chosen) else ""
        return f"{self.id}@{self.version}{self.part}{values}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A symptom that a case rule needs; `same_connector` joins it to the others by equality."""

    symptom: EvidenceId
    same_connector: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRule:
    """Symptoms together speak for a cause, or amount to a further symptom."""

    id: str
    needs: tuple[Need, ...]
    conclude: Conclude
    why: str
    status: Status
    author: str
    examples: tuple[Example, ...]
    version: str
    place: str
    limits: str = ""
    replaced_by: str = ""
    reason: str = ""
    since: date | None = None


AnyRule = SignalRule | CaseRule


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rules:
    """All rules of a folder."""

    signal_rules: tuple[SignalRule, ...] = ()
    case_rules: tuple[CaseRule, ...] = ()

    @property
    def every(self) -> tuple[AnyRule, ...]:
        """Signal rules, then case rules."""
        return (*self.signal_rules, *self.case_rules)

    @classmethod
    def of(cls, some: Iterable[AnyRule]) -> Rules:
        """These rules, each among those of its kind, in their order."""
        every = tuple(some)
        return cls(
            signal_rules=tuple(each for each in every if isinstance(each, SignalRule)),
            case_rules=tuple(each for each in every if isinstance(each, CaseRule)),
        )


LARGEST = 100_000  # bytes of one file
DECIDES = (
    "id",
    "applies_to",
    "parameters",
    "signals",
    "across",
    "when",
    "symptom",
    "all",
    "conclude",
)  # all other keys are words
MOST_FACTS = 8  # what durable-rules joins soundly
OPEN_CIRCLE = "a symptom that proves itself is no evidence; let one rule of the circle conclude something else"


@lru_cache(maxsize=1)
def shipped() -> Rules:
    """The rules that ship with the program; parsed once per change of their files."""
    return cached(SHIPPED, load_rules)


def load_rules(folder: Path = SHIPPED) -> Rules:
    """Every rule below a folder, or the one in a file.

    RuleError with file, line, key and cure for each file that is wrong, and where there is no rule at all.
    """
    files = [folder] if folder.is_file() else sorted(existing(folder).rglob("*.yaml"))
    _refuse_unread(folder)
    if not files:
        raise RuleError("holds no rules", where=str(folder), mend="rules are files named *.yaml")
    rules = _all_read(files)
    _refuse_twins(rules)
    case_rules = tuple(rule for rule in rules if isinstance(rule, CaseRule))
    if round_trip := circling(case_rules):
        raise RuleError(told_of_circle(round_trip), where=round_trip[0].place, mend=OPEN_CIRCLE)
    return Rules(
        signal_rules=tuple(rule for rule in rules if isinstance(rule, SignalRule)),
        case_rules=case_rules,
    )


def _all_read(files: Iterable[Path]) -> list[SignalRule | CaseRule]:
    """The rule of each file; what is wrong is told of all files at once."""
    rules: list[SignalRule | CaseRule] = []
    wrong: list[RuleError] = []
    for file in files:
        try:
            rules.append(rule_file(file))
        except RuleError as error:
            wrong.append(error)
    if wrong:
        raise wrong[0] if len(wrong) == 1 else RulesError(wrong)
    return rules


def circling(rules: Iterable[CaseRule]) -> tuple[CaseRule, ...]:
    """Case rules that prove each other, in order; empty where there are none. Deprecated ones prove nothing."""
    known = {rule.id: rule for rule in rules if rule.status != "deprecated"}
    steps = ((rule.id, (need.symptom for need in rule.needs), rule.conclude.symptom) for rule in known.values())
    return tuple(known[name] for name in circle(steps))


def told_of_circle(round_trip: Sequence[CaseRule]) -> str:
    """What is wrong with rules that prove each other."""
    names = [rule.id for rule in round_trip]
    return f"concludes what it needs itself, by way of other rules: {' -> '.join((*names, names[0]))}"


def existing(folder: Path) -> Path:
    """The folder, or a RuleError when it is none."""
    if not folder.is_dir():
        raise RuleError("is not there", where=str(folder), mend="name a folder of rules")
    return folder


def _refuse_unread(folder: Path) -> None:
    """A rule that nobody reads looks like one that never fires."""
    for inner, _, names in os.walk(folder, onerror=_refuse_closed):
        for name in sorted(names):
            if name.endswith((".yml", ".YML", ".YAML")):
                raise RuleError("would not be read here", where=str(Path(inner, name)), mend="end it in .yaml")


def _refuse_closed(error: OSError) -> None:
    if isinstance(error, PermissionError):
        what = f"cannot be read ({error.strerror})"
        raise RuleError(what, where=str(error.filename), mend="check its rights") from error


def _refuse_twins(rules: list[SignalRule | CaseRule]) -> None:
    places: dict[str, str] = {}
    for rule in rules:
        if rule.id in places:
            raise RuleError(
                f"the id {rule.id} is used twice", where=rule.place, mend=f"the other stands at {places[rule.id]}"
            )
        places[rule.id] = rule.place


def rule_file(file: Path) -> SignalRule | CaseRule:
    """The rule in a file; RuleError with file, line, key and cure."""
    return rule_in(parse(_bounded(file), RuleError))


def _bounded(file: Path) -> Path:
    if file.is_file() and file.stat().st_size > LARGEST:
        raise RuleError(f"is larger than {LARGEST} bytes", where=str(file), mend="one file holds one rule")
    return file


def rule_in(document: Document) -> SignalRule | CaseRule:
    """The rule that a file holds; its id is the file's name."""
    if not isinstance(document.value, dict):
        raise RuleError("holds no rule", where=document.place(), mend="begin with `id:`")
    made = _case_rule(document) if "all" in document.value else _signal_rule(document)
    if made.id != document.file.stem:
        raise RuleError(
            f"the id {made.id} is not the file's name", where=document.place(("id",)), mend="make them the same"
        )
    return made


def _signal_rule(document: Document) -> SignalRule:
    written: SignalRuleFile = checked(SignalRuleFile, document.value, document, (), RuleError)
    check_scope(written.applies_to, document, ("applies_to",))
    for place, example in enumerate(written.examples):
        for name, who in example.chargers.items():
            connectors_in(who.connectors, document, ("examples", place, "chargers", name, "connectors"))
    check_life(written, document)
    known = parameters(written.parameters, document)
    check_references(known, written.signals, written.when, document)
    made = (_bound(written, chosen, values, document) for chosen, values in bindings(known))
    first, *others = (replace(each, parameters=known) for each in made)
    for each in others if first.across else ():
        _refuse_span_by_model(first.when, each.when, document)
    return replace(first, variants=tuple(others))


def _refuse_span_by_model(default: When, other: When, document: Document) -> None:
    """Over several chargers of several models nobody could say whose value holds."""
    if shared(default) != shared(other):
        what = "a span or count over several chargers goes by model"
        mend = "use the parameter inside `chargers:`, where it belongs to one charger"
        raise RuleError(what, where=document.place(("when",)), mend=mend)


def _bound(written: SignalRuleFile, chosen: Chosen, values: Mapping[str, Value], document: Document) -> SignalRule:
    """The rule with these values of its parameters."""
    known = patterns(bound(written.signals, values), document)
    return SignalRule(
        id=written.id,
        title=written.title,
        status=written.status,
        author=written.author,
        source=written.source,
        applies_to=written.applies_to,
        patterns=known,
        when=when(bound(written.when, values), known, document, across=bool(written.across)),
        symptom=EvidenceId(written.symptom or written.id),
        examples=written.examples,
        version=_version(written.version, document.value),
        since=date.fromisoformat(written.since) if written.since else None,
        place=document.place(),
        limits=written.limits,
        replaced_by=written.replaced_by,
        reason=written.reason,
        across=written.across,
        chosen=chosen,
    )


def _case_rule(document: Document) -> CaseRule:
    written: CaseRuleFile = checked(CaseRuleFile, document.value, document, (), RuleError)
    check_life(written, document)
    needs = tuple(_needs(written, document))
    if not 1 <= len(needs) <= MOST_FACTS:
        raise RuleError(f"joins {len(needs)} symptoms", where=document.place(("all",)), mend=f"join 1 to {MOST_FACTS}")
    if len({need.symptom for need in needs}) < len(needs):
        raise RuleError("names a symptom twice", where=document.place(("all",)), mend="name each symptom once")
    if (written.conclude.cause is None) == (written.conclude.symptom is None):
        raise RuleError(
            "must conclude one thing", where=document.place(("conclude",)), mend="name `cause` or `symptom`"
        )
    if written.conclude.symptom in {need.symptom for need in needs}:
        where = document.place(("conclude", "symptom"))
        raise RuleError("concludes what it needs itself", where=where, mend="conclude a symptom of its own")
    return CaseRule(
        id=written.id,
        needs=needs,
        conclude=written.conclude,
        why=written.why,
        status=written.status,
        author=written.author,
        examples=written.examples,
        version=_version(written.version, document.value),
        since=date.fromisoformat(written.since) if written.since else None,
        place=document.place(),
        limits=written.limits,
        replaced_by=written.replaced_by,
        reason=written.reason,
    )


def _needs(written: CaseRuleFile, document: Document) -> Iterator[Need]:
    for place, item in enumerate(written.all):
        if isinstance(item, str) and item:
            yield Need(symptom=EvidenceId(item))
        elif isinstance(item, dict) and _is_need(item):
            yield Need(symptom=EvidenceId(item["symptom"]), same_connector="same" in item)
        else:
            mend = (
                "write a symptom or `{symptom: name, same: connector}`; order, counts and absence go into signal rules"
            )
            raise RuleError("is no symptom", where=document.place(("all", place)), mend=mend)


def _is_need(item: dict[str, Any]) -> bool:
    return (
        set(item) <= {"symptom", "same"}
        and isinstance(item.get("symptom"), str)
        and item.get("same", "connector") == "connector"
    )


def _version(number: int, value: Mapping[str, Any]) -> str:
    """Words, examples and the stage of its life may change without making another rule of it."""
    content = json.dumps([(key, value[key]) for key in DECIDES if key in value], sort_keys=True, default=str)
    return f"{number}.{hashlib.sha256(content.encode()).hexdigest()[:8]}"
