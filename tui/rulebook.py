"""Rule book: the rules of a folder with what lint, findings and their files say of them; and rules put to a case."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from chargelore.engine.case import Case
from chargelore.engine.grammar.rule import AnyRule, Rules, load_rules, rule_file
from chargelore.engine.grammar.shelf import Shelf, looked
from chargelore.engine.lint import Beside, lint
from chargelore.engine.lint.issue import Issue
from chargelore.engine.proving.exercise import Outcome, exercise
from chargelore.engine.proving.scorecard import Rated, scorecard
from chargelore.engine.signal import Signal
from chargelore.engine.translate import ended_codes, fault_signals, in_namespace, seen_codes
from chargelore.kb.cache import cached
from chargelore.kb.clock import stamp_of
from chargelore.kb.codes import Codes
from chargelore.kb.errors import ChargeloreError, RuleError, UseError
from chargelore.kb.finding import Finding
from chargelore.kb.fold import in_order, live, told
from chargelore.kb.model import Knowledge
from chargelore.kb.store import Store

LATELY = timedelta(days=90)
INSTALLED = frozenset({"site-packages", "dist-packages"})


@dataclass(frozen=True, slots=True)
class Book:
    """The rules as they run, and why files cannot be read now, by the place of their rule."""

    rules: Rules
    broken: Mapping[str, str]
    issues: Mapping[str, tuple[Issue, ...]]
    rated: Mapping[str, Rated]

    @property
    def unread(self) -> Mapping[str, str]:
        """Why files cannot be read of which no rule is shown."""
        shown = {str(file_of(each)) for each in self.rules.every}
        return {file: why for file, why in self.broken.items() if file not in shown}


@dataclass(frozen=True, slots=True)
class Heard:
    """What the store says of rules: the findings that judge them, and in how many cases each spoke lately."""

    findings: tuple[Finding, ...] = ()
    fires: Mapping[str, int] = field(default_factory=dict)


def file_of(rule: AnyRule) -> Path:
    """The file in which a rule stands."""
    return Path(rule.place.rsplit(":", 1)[0])


def book_of(folder: Path, known: Knowledge, findings: tuple[Finding, ...], before: Book | None = None) -> Book:
    """Everything that is said of the rules below a folder; a broken file keeps no other rule from being shown.

    Its own rule stays as it was in the book `before`.
    """
    try:
        rules, broken = cached(folder, load_rules), dict[str, str]()
    except RuleError:
        shelf = looked(Shelf(folder))
        broken = {str(file): why for file, why in shelf.broken.items()}
        known_once = [each for each in (before.rules.every if before else ()) if str(file_of(each)) in broken]
        rules = _in_order((*shelf.rules.every, *known_once))
    return judged(rules, broken, known, findings)


def judged(rules: Rules, broken: Mapping[str, str], known: Knowledge, findings: tuple[Finding, ...]) -> Book:
    """The same rules with what lint and findings say of them now."""
    issues: defaultdict[str, list[Issue]] = defaultdict(list)
    verdicts = Counter(name for one in findings for name, said in one.blind.items() if said in ("right", "wrong"))
    beside = Beside(today=datetime.now(UTC).date(), verdicts=verdicts)
    for each in lint(rules, known, "hint", beside):
        issues[each.rule].append(each)
    rated = {each.rule.id: each for each in scorecard(rules, findings, known)}
    return Book(rules, broken, {name: tuple(some) for name, some in issues.items()}, rated)


def heard_of(store: Store, cases: Iterable[Case], now: datetime) -> Heard:
    """The findings whose fix was not undone, and the cases of 90 days in which each rule spoke: those with a finding,
    and those that are open. StoreError when they cannot be read.
    """
    alive, _ = live(in_order(store.events()), store.owners)
    every = tuple(told(alive))
    late = [each.counted.finding for each in every if now - stamp_of(each.event.hlc).at < LATELY]
    spoke = {(each.case, name.partition("@")[0]) for each in late for name in each.rules}
    open_ = (
        (case.id, {each.rule for each in case.firings} | {each.rule for each in case.conclusions}) for case in cases
    )
    spoke |= {(name, rule) for name, rules in open_ for rule in rules}
    findings = tuple(each.counted.finding for each in every if each.counted.held is not False)
    return Heard(findings, Counter(rule for _, rule in spoke))


def changed_on(rule: AnyRule) -> date | None:
    """The day on which the rule entered its state, else that of its file; None where there is none."""
    if rule.since is not None:
        return rule.since
    try:
        return datetime.fromtimestamp(file_of(rule).stat().st_mtime, UTC).date()
    except OSError:
        return None


def ran(rule: AnyRule) -> tuple[Outcome, ...]:
    """What came of each example of a rule. RuleError for an example that says nothing that can be played."""
    return tuple(exercise(Rules.of([rule])))


def as_rules_hear(case: Case, known: Knowledge) -> Iterator[Signal]:
    """The signals of a case, whose answers are joined already, with the codes beside the faults they stand for."""
    codes = Codes(known)
    for signal in case.signals:
        seen = seen_codes(signal, case.charger, codes) or ended_codes(signal, case.charger, codes)
        yield from (in_namespace(signal, case.charger, codes), *fault_signals(signal, seen))


def may_edit(file: Path) -> None:
    """UseError for a rule that came with an installed program: the next update would take the change away."""
    if INSTALLED & set(file.resolve().parts):
        mend = "copy the folder of rules, change it there and give it with --rules"
        raise UseError(f"{file.name} came with the program, and an update would undo the change", mend=mend)
    if not os.access(file, os.W_OK):
        raise UseError(f"{file} cannot be written", mend="check its rights")


def edited(file: Path) -> None:
    """Let the person change the file in $VISUAL or $EDITOR. UseError where that cannot be started or fails."""
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    mend = "set EDITOR to an editor that is here"
    try:
        done = subprocess.run([*shlex.split(editor), str(file)], check=False)  # noqa: S603  # the person's own editor
    except (OSError, ValueError) as error:
        raise UseError(f"the editor {editor} cannot be started", mend=mend) from error
    if done.returncode:
        raise UseError(f"the editor {editor} ended with {done.returncode}", mend="look at the file before you trust it")


def reread(book: Book, rule: AnyRule) -> Book:
    """The book after a file was changed: its rule read anew, or why that fails beside the rule as it was."""
    file = str(file_of(rule))
    broken = {place: why for place, why in book.broken.items() if place != file}
    try:
        new = rule_file(Path(file))
    except ChargeloreError as error:
        return replace(book, broken={**broken, file: str(error)})
    others = [each for each in book.rules.every if each.id != rule.id]
    return replace(book, rules=_in_order((*others, new)), broken=broken)


def _in_order(rules: Iterable[AnyRule]) -> Rules:
    """Sorted by their files."""
    return Rules.of(sorted(rules, key=lambda each: each.place))
