"""Real troubleshooting cases: the score, and the score without whatever was learned from the threads being judged.

    python benchmarks/bench_cases.py FOLDER [--audit]        (make bench-cases CASES_DIR=folder)

FOLDER holds one YAML file a case: source_url, charger, protocol, symptom_text, signals, domain, responsible, confirmed.
Each is triaged as `chargelore triage` would: its signals as text, the symptom as a note; signals found during the
diagnosis are left out. A hit is the right domain and the right responsible party, in the first hypothesis or the first
three. Cases whose cause was confirmed count.

The second score is over five folds: the threads of a fold are judged without the quirks, words, causes and rules that
`kb/knowledge/threads/taught.yaml` says they taught. The third is a lower bound: without every phrase of a cause and
every rule on free text that fits one thread of the fold and no other, wherever it came from. `--audit` lists what it
leaves out and the ledger does not: each is either marked there, or known from elsewhere.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from chargelore.engine.grammar.rule import Rules, SignalRule
from chargelore.engine.grammar.rule import shipped as shipped_rules
from chargelore.engine.read import read
from chargelore.engine.triage import Triaged, triaged
from chargelore.kb.load import shipped
from chargelore.kb.model import CauseId, Knowledge
from chargelore.kb.threads import Taught, is_thread, taught, thread_of, without
from chargelore.kb.words import tokens
from chargelore.tui.live import live_watch

FOLDS, MOST_LOST, SHOWN = 5, 0.10, 3
KEY = b"0" * 32
# what the cases call a domain or a party, and what the taxonomy may call it
DOMAINS: Mapping[str, frozenset[str]] = {
    name: frozenset(ours.split())
    for name, ours in {
        "connectivity": "connectivity", "authorization": "authorization-payment", "grid_power": "power-input",
        "ground_safety": "safety", "connector_cable": "connector", "thermal": "thermal", "metering": "metering",
        "power_electronics": "power-electronics", "vehicle_comm": "vehicle-communication vehicle", "csms": "backend",
        "firmware_config": "firmware-config", "installation": "installation",
    }.items()
}  # fmt: skip
PARTIES: Mapping[str, frozenset[str]] = {
    name: frozenset(ours.split())
    for name, ours in {
        "site_host": "site-host cso", "installer": "installer", "manufacturer": "evse-oem", "vehicle": "ev-oem",
        "network_operator": "cso network-provider utility", "driver": "driver", "csms": "csms-provider",
    }.items()
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Real:
    """A case as somebody told it in public, with the thread it was told in."""

    told: Mapping[str, Any]
    thread: str

    @property
    def is_confirmed(self) -> bool:
        return str(self.told.get("confirmed")) in {"yes", "True"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where the right answer stands among the hypotheses, from 0; None where it does not."""

    real: Real
    at: int | None


def main(arguments: list[str]) -> int:
    folders = [each for each in arguments if each and not each.startswith("--")]
    folder = Path(folders[0] if folders else os.environ.get("CASES_DIR", ""))
    cases = [_real(file) for file in sorted(folder.glob("*.yaml"))] if str(folder) != "." else []
    if not cases:
        print("no cases: name their folder, for instance `make bench-cases CASES_DIR=../cases`")
        return 0
    knowledge, rules = shipped(), shipped_rules()
    if "--audit" in arguments:
        return audit(cases, knowledge, rules)
    return told(cases, knowledge, rules)


def told(cases: list[Real], knowledge: Knowledge, rules: Rules) -> int:
    whole = [judged(each, knowledge, rules) for each in cases]
    with_all = row(f"all knowledge ({sum(each.is_confirmed for each in cases)} confirmed cases)", whole)
    left = list(left_out(cases, knowledge, rules, taught()))
    without_theirs = row("without what their threads taught", left)
    alone = lessons_of(unshared(cases, knowledge, rules))
    row("without all that fits them alone", list(left_out(cases, knowledge, rules, alone)))
    lost = [here.real.told["id"] for here, there in zip(whole, left, strict=True) if here.at != there.at]
    print(f"{len(lost)} cases stand elsewhere without it: {', '.join(lost) or 'none'}")
    is_kept = all(here - there <= MOST_LOST for here, there in zip(with_all, without_theirs, strict=True))
    print(f"{'' if is_kept else '! '}promised: no more than {MOST_LOST:.2f} lower")
    return int(not is_kept)


def row(name: str, places: list[Place]) -> tuple[float, float]:
    first, shown = shares(places)
    print(f"{name:44} top-1 {first:.2f}  top-3 {shown:.2f}", flush=True)
    return first, shown


def shares(places: list[Place]) -> tuple[float, float]:
    counted = [each for each in places if each.real.is_confirmed]
    first = sum(each.at == 0 for each in counted)
    shown = sum(each.at is not None and each.at < SHOWN for each in counted)
    return first / max(1, len(counted)), shown / max(1, len(counted))


def left_out(cases: list[Real], knowledge: Knowledge, rules: Rules, lessons: Mapping[str, Taught]) -> Iterator[Place]:
    """Every case, judged without what the threads of its fold taught; the order is that of the cases."""
    threads = sorted({each.thread for each in cases})
    fold_of = {thread: number % FOLDS for number, thread in enumerate(threads)}
    places: dict[str, Place] = {}
    for fold in range(FOLDS):
        theirs = frozenset(thread for thread in threads if fold_of[thread] == fold)
        known, heard = without(knowledge, lessons, theirs), rules_without(rules, lessons, theirs)
        places.update((each.told["id"], judged(each, known, heard)) for each in cases if each.thread in theirs)
    yield from (places[each.told["id"]] for each in cases)


def rules_without(rules: Rules, lessons: Mapping[str, Taught], threads: frozenset[str]) -> Rules:
    gone = {rule for thread, each in lessons.items() if is_thread(thread, threads) for rule in each.rules}
    return replace(
        rules,
        signal_rules=tuple(each for each in rules.signal_rules if each.id not in gone),
        case_rules=tuple(each for each in rules.case_rules if each.id not in gone),
    )


def _real(file: Path) -> Real:
    told = yaml.safe_load(file.read_text(encoding="utf-8"))
    return Real(told, thread_of(told.get("source_url") or told["id"]))


def judged(real: Real, knowledge: Knowledge, rules: Rules) -> Place:
    cases = triage_of(real, knowledge, rules).cases
    found = [each for case in cases for each in case.diagnosis.hypotheses]
    found.sort(key=lambda each: -each.probability)
    domains, parties = DOMAINS[real.told["domain"]], PARTIES[real.told["responsible"]]
    hits = (place for place, each in enumerate(found) if each.domain in domains and each.responsible in parties)
    return Place(real, next(hits, None))


def triage_of(real: Real, knowledge: Knowledge, rules: Rules) -> Triaged:
    with tempfile.NamedTemporaryFile("w", suffix=".case.json", encoding="utf-8") as file:
        json.dump(request(real.told), file, ensure_ascii=False, default=str)
        file.flush()
        with live_watch(rules=rules, known=knowledge, key=KEY, inference="chain") as watch:
            return triaged(read(Path(file.name)), watch)


def request(told: Mapping[str, Any]) -> dict[str, Any]:
    """The case as `triage` reads it."""
    kept = ("ts", "channel", "raw")
    return {
        "id": told["id"],
        "charger": {name: value for name, value in (told.get("charger") or {}).items() if value},
        "protocol": told.get("protocol"),
        "note": told.get("symptom_text") or "",
        "signals": [{name: each[name] for name in kept if each.get(name) is not None} for each in before(told)],
    }


def before(told: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    """The signals that were there before anybody began to look for the cause."""
    return (each for each in told.get("signals") or [] if each.get("stage") != "diagnosis")


# --- what may have come from one thread


def audit(cases: list[Real], knowledge: Knowledge, rules: Rules) -> int:
    """Words and rules that fit one thread alone, less what is marked already."""
    lessons = taught()
    for thread, kind, name in unshared(cases, knowledge, rules):
        marked = [each for told, each in lessons.items() if is_thread(told, frozenset({thread}))]
        if not any(each.has(kind, name) for each in marked):
            print(f"{thread}\t{kind}\t{name}")
    return 0


def unshared(cases: list[Real], knowledge: Knowledge, rules: Rules) -> list[tuple[str, str, str]]:
    """Thread, kind and name of every phrase and rule that fits that thread and no other."""
    texts = {each.thread: "" for each in cases}
    for each in cases:
        texts[each.thread] += f" {json.dumps(request(each.told), ensure_ascii=False, default=str)}".lower()
    return [*alone_in_words(texts, knowledge), *alone_in_rules(cases, texts, knowledge, rules)]


def lessons_of(found: Iterable[tuple[str, str, str]]) -> dict[str, Taught]:
    """The same as a ledger."""
    lessons: dict[str, Taught] = {}
    for thread, kind, name in found:
        so_far = lessons.setdefault(thread, Taught())
        if kind == "rules":
            lessons[thread] = replace(so_far, rules=(*so_far.rules, name))
        else:
            cause, _, phrase = name.partition(": ")
            words = {**so_far.words, CauseId(cause): (*so_far.words.get(CauseId(cause), ()), phrase)}
            lessons[thread] = replace(so_far, words=words)
    return lessons


def alone_in_words(texts: Mapping[str, str], knowledge: Knowledge) -> Iterator[tuple[str, str, str]]:
    """Phrases of a cause whose every word one thread has, one of them as the only thread."""
    spoken = {thread: set(tokens(text)) for thread, text in texts.items()}
    common = Counter(word for words in spoken.values() for word in words)
    for cause in knowledge.causes.values():
        for phrase in cause.words:
            wanted = set(tokens(phrase))
            for thread, words in spoken.items():
                if wanted and wanted <= words and any(common[word] == 1 for word in wanted):
                    yield thread, "words", f"{cause.id}: {phrase}"


def alone_in_rules(
    cases: list[Real], texts: Mapping[str, str], knowledge: Knowledge, rules: Rules
) -> Iterator[tuple[str, str, str]]:
    """Rules that look for text, speak in one thread alone, and whose text only that thread has."""
    spoke: dict[str, set[str]] = {}
    for each in cases:
        for found in triage_of(each, knowledge, rules).cases:
            for firing in found.case.firings:
                spoke.setdefault(firing.rule, set()).add(each.thread)
    by_id = {rule.id: rule for rule in rules.signal_rules}
    for name, threads in sorted(spoke.items()):
        only = next(iter(threads))
        literals = list(literals_of(by_id[name])) if name in by_id and len(threads) == 1 else []
        mine = [word for word in literals if [thread for thread, text in texts.items() if word in text] == [only]]
        if mine:
            yield only, "rules", name


def literals_of(rule: SignalRule) -> Iterator[str]:
    """The runs of letters that a rule looks for in free text."""
    for pattern in rule.patterns.values():
        for each in pattern.conditions:
            if each.op in {"contains", "matches", "startswith"}:
                yield from (word.lower() for word in re.findall(r"[A-Za-z][A-Za-z ]{3,}", str(each.limit)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
