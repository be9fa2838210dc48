"""Trial: what rules on trial (`shadow`) say of a case, kept apart from all that anybody is shown. Pure.

A technician who has read an answer will find it. So a rule on trial runs live and is heard by nobody: it opens no case,
moves no cause and writes no word, until the person has said what it was; only then it is told, and judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from chargelore.engine.firing import Firing
from chargelore.engine.grammar.rule import Rules
from chargelore.engine.infer.chain import Chain
from chargelore.engine.infer.fact import Fact
from chargelore.kb.model import CauseId, EvidenceId, Grade

IN_FORCE = frozenset({"stable"})  # the rules whose answers count
ON_TRIAL = frozenset({"shadow"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What one rule on trial says of a case: a symptom that it saw, or a cause with a grade; never both."""

    rule: str
    version: str
    symptom: EvidenceId | None = None
    cause: CauseId | None = None
    grade: Grade = "often"


def parted(firings: Iterable[Firing]) -> tuple[list[Firing], list[Firing]]:
    """The firings that count, and those of rules on trial."""
    told: list[Firing] = []
    hidden: list[Firing] = []
    for firing in firings:
        (hidden if firing.trial else told).append(firing)
    return told, hidden


def trials(rules: Rules, facts: Sequence[Fact], hidden: Iterable[Firing]) -> tuple[Trial, ...]:
    """What the rules on trial say, signal rules first; their case rules build on each other and on what counts."""
    kept = tuple(hidden)
    fired = dict.fromkeys((each.rule, each.version, each.symptom) for each in kept)
    seen = [Trial(rule=name, version=version, symptom=symptom) for name, version, symptom in fired]
    on_trial = {rule.id for rule in rules.case_rules if rule.status in ON_TRIAL}
    if not on_trial:
        return tuple(seen)
    chain = Chain([rule for rule in rules.case_rules if rule.status in IN_FORCE | ON_TRIAL])
    known = list(dict.fromkeys((*facts, *(Fact(each.symptom, each.connector) for each in kept))))
    held = (each for each in chain.conclude(known) if each.rule in on_trial)
    ends = [
        Trial(rule=each.rule, version=each.version, symptom=each.symptom, cause=each.cause, grade=each.grade)
        for each in held
    ]
    return (*seen, *ends)


def promoted(rules: Rules) -> Rules:
    """The same rules, with those on trial as if they were stable: what would be said if they were believed."""
    return Rules(
        signal_rules=tuple(
            replace(each, status="stable") if each.status in ON_TRIAL else each for each in rules.signal_rules
        ),
        case_rules=tuple(
            replace(each, status="stable") if each.status in ON_TRIAL else each for each in rules.case_rules
        ),
    )


def named(rules: Rules) -> tuple[str, ...]:
    """The rules on trial, each `id@version`, in order."""
    return tuple(sorted(f"{each.id}@{each.version}" for each in rules.every if each.status in ON_TRIAL))
