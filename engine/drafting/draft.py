"""Draft: the YAML of a rule that was learned, with what it was learned from and what a person must fill in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from chargelore.engine.drafting.candidate import Candidate
from chargelore.engine.drafting.examples import just_in_time, matching, near_misses, written
from chargelore.engine.drafting.learning import Learned
from chargelore.engine.drafting.session import Session
from chargelore.engine.grammar.rule import SignalRule, rule_in
from chargelore.engine.grammar.rulefile import Example, SignalRuleFile
from chargelore.engine.grammar.ruletext import LONGEST_LINE, comment, flow
from chargelore.kb.errors import RuleError
from chargelore.kb.model import CHANCE, Cause, EvidenceId, Knowledge, Shows
from chargelore.kb.yamlfile import parse

LONGEST_TITLE = 100
MOST_NEAR_MISSES = 3
AUTHOR = "your name"
REMARKS: Mapping[str, str] = {
    "title": "say in one sentence what a technician sees",
    "author": "who answers for it",
}
ORDER = ("id", "title", "status", "since", "author", "source", "applies_to", "signals", "when", "symptom", "limits",
         "examples")  # fmt: skip
_NO_ID = re.compile(r"[^a-z0-9]+")
_WORD = re.compile(r"[a-z]{3,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What a draft is made from: the cause, the sessions on each side, and the day (ISO 8601, may be empty)."""

    cause: Cause
    positives: Sequence[Session]
    healthy: Sequence[Session]
    others: Sequence[Session] = ()
    since: str = ""


def rule_id(cause: Cause, taken: Iterable[str]) -> str:
    """An id that no rule has yet."""
    known, stem = set(taken), f"{_NO_ID.sub('-', cause.id.lower()).strip('-') or 'draft'}-seen"
    numbers = (stem, *(f"{stem}-{number}" for number in range(2, len(known) + 3)))
    return next(each for each in numbers if each not in known)


def drafted(name: str, learned: Learned, material: Material, knowledge: Knowledge) -> str:
    """The file of a rule that was learned. RuleError should it not read back as what was meant."""
    assert learned.best is not None  # noqa: S101  # who asks has looked
    symptoms = _symptoms(material.cause, learned.best, knowledge)
    body = _body(name, learned, material, symptoms[0].evidence if symptoms else EvidenceId(name))
    remarks = {**REMARKS, "symptom": _of_symptom(symptoms)}
    lines = [*(f"# {comment(each)}" for each in _told(learned, material)), *_keys(body, remarks)]
    text = "\n".join(lines) + "\n"
    if parse(Path(f"{name}.yaml"), RuleError, text).value != body:
        raise RuleError("the draft does not read back as it was meant", where=f"{name}.yaml", mend="please report it")
    return text


def _body(name: str, learned: Learned, material: Material, symptom: EvidenceId) -> dict[str, Any]:
    assert learned.best is not None  # noqa: S101  # as above
    body = learned.best.body(name)
    body["title"] = _title(learned.best.says)
    more = {"author": AUTHOR, "source": "own", "since": material.since, "symptom": symptom}
    known = {each.name for each in fields(SignalRuleFile)}
    body |= {key: value for key, value in more.items() if value and key in known}
    body["limits"] = " ".join(limits(learned, material))
    body["examples"] = [written(each) for each in examples(learned.best.rule(name), learned, material)]
    return {key: body[key] for key in ORDER if key in body}


def _title(says: str) -> str:
    title = says[:1].upper() + says[1:]
    return title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1].rstrip() + "…"


def limits(learned: Learned, material: Material) -> Iterator[str]:
    """What the rule was learned from and where it is known to fail, in sentences."""
    cases, well = _many(len(material.positives), "case"), _many(len(material.healthy), "healthy session")
    weak = "Weak: learned" if learned.is_weak else "Learned"
    yield f"{weak} from {cases} and {well}; what else it fires on is unknown."
    if learned.missed:
        yield f"It misses {len(learned.missed)} of the {cases}."
    yield from _one_sided(material)
    if learned.strangers:
        yield f"It also fires on {_many(len(learned.strangers), 'recording')} of other causes."


def _one_sided(material: Material) -> Iterator[str]:
    """Where the cases are more alike than their cause makes them."""
    chargers = {signal.charger for each in material.positives for signal in each.signals} - {""}
    if len(material.positives) > 1 and len(chargers) == 1:
        yield "All cases are of one charger."
    here, there = ({maker for each in side for maker in each.makers} for side in (material.positives, material.healthy))
    if here and there and not here & there:
        yield "No healthy session is of a maker of the cases."


def examples(rule: SignalRule, learned: Learned, material: Material) -> Iterator[Example]:
    """A match from the cases and up to two near misses."""
    caught = [each for each in material.positives if each.name in learned.caught]
    kept = matching(rule, caught, "as in a confirmed case")
    if kept is None:
        raise RuleError("no short example can be made of the evidence", where=rule.id, mend="write the rule by hand")
    yield kept
    yield from just_in_time(rule, kept)
    seen: dict[str, str] = {}
    for each in near_misses(rule, [*material.healthy, *material.others], kept):
        if len(seen) < MOST_NEAR_MISSES and each.name not in seen and str(each.given) not in seen.values():
            seen[each.name] = str(each.given)
            yield each


def _symptoms(cause: Cause, best: Candidate, knowledge: Knowledge) -> list[Shows]:
    """The evidence that the cause shows and a rule can detect, what shares words with it and is shown often first."""
    said = set(_WORD.findall(f"{best.says} {' '.join(best.signals)}".lower()))
    fit = [
        each
        for each in cause.shows
        if each.answer == "yes" and each.grade != "never" and each.evidence in knowledge.evidence
    ]
    return sorted(fit, key=lambda each: (-_likeness(each, said, knowledge), each.evidence))


def _likeness(shows: Shows, said: set[str], knowledge: Knowledge) -> float:
    evidence = knowledge.evidence[shows.evidence]
    shared = said & set(_WORD.findall(f"{evidence.id} {evidence.question}".lower()))
    return len(shared) + CHANCE[shows.grade] + (evidence.channel == "signal") * 2


def _of_symptom(symptoms: Sequence[Shows]) -> str:
    others = ", ".join(each.evidence for each in symptoms[1:4])
    return f"the nearest that the cause shows; or {others}" if others else "check that this is what is meant"


def _told(learned: Learned, material: Material) -> Iterator[str]:
    """What a reader of the draft must know first."""
    cases, well = len(material.positives), len(material.healthy)
    yield f"A draft, learned from {_many(cases, 'confirmed case')} of {material.cause.id} against"
    yield f"{_many(well, 'healthy session')} and {_many(len(material.others), 'recording')} of other causes."
    yield from held_out(learned)
    for each in learned.others:
        yield f"This separates them too: {each.says}."
    yield "Left to do: look at each key with a remark, name what it cannot see in `limits`, and add near misses."


def held_out(learned: Learned) -> Iterator[str]:
    """How the rules did that were learned without some of the sessions."""
    held = learned.held
    tried, quiet = len(held.caught) + len(held.missed), len(held.quiet) + len(held.alarmed)
    if not tried:
        yield "WEAK: one case is no proof; nothing could be held out to try it on."
    else:
        yield f"Learned without each case in turn, {len(held.caught)} of {tried} were caught all the same."
    if not quiet:
        yield "WEAK: one healthy session is little to compare with."
    else:
        yield f"Learned without some of the healthy in turn, {len(held.alarmed)} of {quiet} raised an alarm."


def _keys(body: Mapping[str, Any], remarks: Mapping[str, str]) -> Iterator[str]:
    for key, value in body.items():
        if key in ("signals", "examples"):
            yield f"{key}:"
            yield from _entries(value)
        else:
            remark = f"  # {comment(remarks[key])}" if key in remarks else ""
            yield f"{key}: {flow(value)}{remark}"


def _entries(value: Mapping[str, Any] | Sequence[Any]) -> Iterator[str]:
    """Signals one a line; an example on one line where it fits, else with its signals one a line."""
    if isinstance(value, Mapping):
        yield from (f"  {flow(name)}: {flow(each)}" for name, each in value.items())
        return
    for each in value:
        if len(line := f"  - {flow(each)}") <= LONGEST_LINE:
            yield line
            continue
        yield f"  - name: {flow(each['name'])}"
        yield f"    expect: {flow(each['expect'])}"
        yield "    given:"
        yield from (f"      - {flow(moment)}" for moment in each["given"])


def _many(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def read_back(name: str, text: str) -> SignalRule:
    """The rule that a draft's text holds."""
    made = rule_in(parse(Path(f"{name}.yaml"), RuleError, text))
    assert isinstance(made, SignalRule)  # noqa: S101  # it was one when it was written
    return made
