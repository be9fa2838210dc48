"""Backtest: what rules said on recordings whose cause somebody confirmed later; the same watch as in production.

A rule is `right` when it fired and the confirmed cause shows its symptom, `wrong` when it fired and spoke only for
other causes of that fault or the cause never shows it, `useless` when it fired and had nothing to say on it, `missed`
when the cause often shows the symptom, its layer was in view and the rule stayed silent. A case rule is right when it
concludes the cause, and misses nothing: what it lacked, its signal rules have missed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from chargelore.engine.case import Case
from chargelore.engine.grammar.rule import AnyRule, Rules, SignalRule
from chargelore.engine.proving.judge import FEWEST, grade_of, judged
from chargelore.engine.read import Reading
from chargelore.engine.watch import Watch
from chargelore.kb.model import Cause, CauseId, Grade, Knowledge, Layer

Verdict = Literal["right", "wrong", "useless", "missed"]
MONTH = timedelta(days=30)
SHOWS_OFTEN: frozenset[Grade] = frozenset({"often", "always"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What rules and diagnosis made of one recording. `cause` is None for a healthy one.

    `fired` counts firings and conclusions by rule, in a case or not; `opened` counts cases; `place` is the confirmed
    cause's among the hypotheses, from 1, None when it is not among them; `months` are charger-months of recording;
    `placed` tells whether two chargers were heard that are known to stand together.
    """

    name: str
    cause: CauseId | None
    fired: Mapping[str, int] = field(default_factory=dict)
    layers: frozenset[Layer] = frozenset()
    place: int | None = None
    opened: int = 0
    months: float = 0.0
    placed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How often one rule was right, wrong, useless and silent, and how often it fired on healthy chargers."""

    rule: str
    version: str
    right: int = 0
    wrong: int = 0
    useless: int = 0
    missed: int = 0
    noise: int = 0
    healthy: int = 0
    months: float = 0.0

    @property
    def judged(self) -> int:
        """The recordings that say something of the rule."""
        return self.right + self.wrong + self.missed

    @property
    def precision(self) -> float | None:
        """The share of its firings that spoke for the cause; None where too few say so."""
        fired = self.right + self.wrong
        return self.right / fired if fired >= FEWEST else None

    @property
    def recall(self) -> float | None:
        """The share of its causes that it noticed; None where too few say so."""
        due = self.right + self.missed
        return self.right / due if due >= FEWEST else None

    @property
    def noise_per_month(self) -> float | None:
        """Firings on healthy chargers in a charger-month; None of too few recordings, or of less than one month."""
        return self.noise / self.months if self.healthy >= FEWEST and self.months >= 1 else None


def hear(name: str, cause: CauseId | None, reading: Reading, watch: Watch) -> Heard:
    """Play a recording to a fresh watch."""
    for charger in reading.introduced:
        watch.identify(charger)
    for signal in reading:
        watch.feed(signal)
    watch.end()
    cases = tuple(watch.cases.values())
    return Heard(
        name=name,
        cause=cause,
        fired=watch.fired + Counter(end.rule for case in cases for end in case.conclusions),
        layers=frozenset(layer for case in cases for layer in case.layers),
        place=_place(cause, cases, watch),
        opened=len(cases),
        months=_months(reading) * max(1, len(watch.chargers)),
        placed=watch.is_placed,
    )


def _place(cause: CauseId | None, cases: Iterable[Case], watch: Watch) -> int | None:
    """The best place of the cause in any case of the recording."""
    ranked = [[each.cause for each in watch.diagnosis(case.id).hypotheses] for case in cases]
    return min((causes.index(cause) + 1 for causes in ranked if cause in causes), default=None)


def _months(reading: Reading) -> float:
    if reading.first_at is None or reading.last_at is None:
        return 0.0
    return (reading.last_at - reading.first_at) / MONTH


def scores(rules: Rules, heard: Iterable[Heard], knowledge: Knowledge) -> tuple[Score, ...]:
    """The score of every rule, signal rules first, in their order."""
    recordings = tuple(heard)
    return tuple(_score(rule, recordings, knowledge) for rule in rules.every)


def _score(rule: AnyRule, recordings: tuple[Heard, ...], knowledge: Knowledge) -> Score:
    told = Counter(verdict(rule, each, knowledge) for each in recordings)
    healthy = [each for each in recordings if each.cause is None]
    return Score(
        rule=rule.id,
        version=rule.version,
        right=told["right"],
        wrong=told["wrong"],
        useless=told["useless"],
        missed=told["missed"],
        noise=sum(each.fired.get(rule.id, 0) for each in healthy),
        healthy=len(healthy),
        months=sum(each.months for each in healthy),
    )


def verdict(rule: AnyRule, heard: Heard, knowledge: Knowledge) -> Verdict | None:
    """What a recording says of a rule: one that speaks on a healthy charger is wrong. None when it says nothing."""
    if heard.cause is None:
        return "wrong" if rule.id in heard.fired else None
    cause = knowledge.causes.get(heard.cause)
    if cause is None:
        return None
    if rule.id in heard.fired:
        return judged(rule, cause, knowledge)
    return "missed" if isinstance(rule, SignalRule) and _was_due(rule, cause, heard, knowledge) else None


def _was_due(rule: SignalRule, cause: Cause, heard: Heard, knowledge: Knowledge) -> bool:
    """Whether the cause often shows the symptom, and its layer was in view."""
    if rule.across and not heard.placed:
        return False
    evidence = knowledge.evidence.get(rule.symptom)
    in_view = evidence is not None and (evidence.layer is None or evidence.layer in heard.layers)
    return in_view and grade_of(rule.symptom, cause) in SHOWS_OFTEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What became of the recordings when the rules changed: names of those that are the same, fixed and worse."""

    same: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()
    worse: tuple[str, ...] = ()

    def __str__(self) -> str:
        """`41 cases same, 2 fixed, 1 worse: case 17`."""
        named = f": {', '.join(self.worse)}" if self.worse else ""
        cases = "case" if len(self.same) == 1 else "cases"
        return f"{len(self.same)} {cases} same, {len(self.fixed)} fixed, {len(self.worse)} worse{named}"


def difference(before: Iterable[Heard], after: Iterable[Heard]) -> Difference:
    """Compare two runs over the same recordings: fixed is what has its cause in the first place now and had not."""
    then = {each.name: _is_first(each) for each in before}
    now = {each.name: _is_first(each) for each in after}
    both = [name for name in then if name in now]
    return Difference(
        same=tuple(name for name in both if then[name] == now[name]),
        fixed=tuple(name for name in both if now[name] and not then[name]),
        worse=tuple(name for name in both if then[name] and not now[name]),
    )


def _is_first(heard: Heard) -> bool:
    """A healthy recording is right when it opens no case."""
    return heard.place == 1 if heard.cause is not None else not heard.opened
