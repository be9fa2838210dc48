"""Child: durable-rules behind the common interface, in a process of its own: crash, restart, replay, quarantine."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from chargelore.engine.firing import Conclusion
from chargelore.engine.grammar.rule import CaseRule
from chargelore.engine.infer.chain import Chain
from chargelore.engine.infer.envelope import written
from chargelore.engine.infer.fact import Fact, Placed, concluded, places, spread
from chargelore.engine.infer.pipe import Pipe
from chargelore.engine.infer.standing import Standing
from chargelore.kb.model import EvidenceId

PROGRAM = Path(__file__).with_name("durable.py")
PATIENCE = 5.0  # seconds for one case; a healthy one takes a millisecond, and a child that hangs ends itself before
PATIENCE_AT_START = 30.0  # seconds; 10,000 rules are read in less than one
IN_WORDS = {"ended by SIGALRM": "gave no answer in time"}  # the alarm that a child sets itself for each case
TRIES = 2
MOST_SET_ASIDE = 200  # cases remembered as too much for the child
MOST_REMEMBERED = 1_000  # answers
MOST_IN_A_ROW = 5  # cases set aside one after the other: then it is not the cases
MOST_PLACED = 2_000  # symptoms times connectors of one case; each costs the child some 8 KB

Asked = frozenset[tuple[int, int]]  # a case as the child is asked about it: numbers of symptoms and of connectors


class Durable:
    """Case rules in durable-rules. A case that crashes the child twice goes to the plain chainer, however it grows.

    `standing` says what went wrong, for the screen. Lives as long as a watch; the child starts with the first case that
    any rule could hold in, and ends with its parent. `program` is what the child runs. RuleError for a rule outside the
    envelope.
    """

    def __init__(self, rules: Sequence[CaseRule], program: Path | None = None) -> None:
        self._rules = tuple(rules)
        self._written, self._program = written(rules), program or PROGRAM
        self._by_first: dict[EvidenceId, list[frozenset[EvidenceId]]] = defaultdict(list)
        for rule in rules:
            self._by_first[rule.needs[0].symptom].append(frozenset(need.symptom for need in rule.needs))
        self._chain = Chain(rules)
        self._pipe: Pipe | None = None
        self._set_aside: list[Asked] = []
        self._answers: dict[tuple[Asked, int], list[int]] = {}
        self._has_run, self._in_a_row = False, 0
        self.standing = Standing("durable")

    @property
    def pid(self) -> int | None:
        """The process id of the child, None while it does not run."""
        return self._pipe.pid if self._pipe else None

    def conclude(self, facts: Sequence[Fact]) -> tuple[Conclusion, ...]:
        """Every conclusion that the facts allow, chained until nothing new comes, by the id of the rule."""
        if not self._may_hold({fact.symptom for fact in facts}):
            return ()
        connectors = places(facts)
        asked = self._in_numbers(spread(facts, connectors), connectors)
        held = self._answers.get((asked, len(connectors)))
        if held is None and self._can_carry(asked):
            held = self._answer(asked, len(connectors))
        if held is None:
            return self._chain.conclude(facts)
        rules = sorted((self._rules[number] for number in held), key=lambda rule: rule.id)
        return tuple(concluded(rule) for rule in rules)

    def close(self) -> None:
        """End the child."""
        pipe, self._pipe = self._pipe, None
        if pipe is not None:
            pipe.end()

    def _may_hold(self, symptoms: set[EvidenceId]) -> bool:
        """Whether any rule has all it needs, the start of every chain: asked for each case, so by the first need."""
        return any(needs <= symptoms for symptom in symptoms for needs in self._by_first.get(symptom, ()))

    def _in_numbers(self, placed: Sequence[Placed], connectors: Sequence[int]) -> Asked:
        """What a charger says its connectors are called stays here: the child sees small numbers alone."""
        numbers, place_of = self._written.numbers, {place: number for number, place in enumerate(connectors)}
        return frozenset((numbers[symptom], place_of[place]) for symptom, place in placed if symptom in numbers)

    def _can_carry(self, asked: Asked) -> bool:
        """Whether the child may be asked; a case that only grew from one that crashed it would crash it again."""
        if self.standing.is_given_up or len(asked) > MOST_PLACED:
            return False
        return not any(each <= asked for each in self._set_aside)

    def _answer(self, asked: Asked, connectors: int) -> list[int] | None:
        """The numbers of the rules that hold, by the child; None when it crashed on these facts every time."""
        question = {"facts": sorted(asked), "places": list(range(connectors))}
        for _ in range(TRIES):
            try:
                held: list[int] = self._running().asked(question, PATIENCE)
            except (OSError, ValueError) as error:
                self._crashed(error)
            else:
                self._in_a_row = 0
                self._remembers((asked, connectors), held)
                return held
        self._sets_aside(asked)
        return None

    def _remembers(self, case: tuple[Asked, int], held: list[int]) -> None:
        """Chargers of one site fail alike, and of what a case gains most concerns no rule: the same is asked often."""
        if len(self._answers) >= MOST_REMEMBERED:
            del self._answers[next(iter(self._answers))]
        self._answers[case] = held

    def _running(self) -> Pipe:
        """The child; started, and told the rules, where there is none."""
        if self._pipe is None:
            self._pipe = Pipe(self._program)
            self._pipe.asked(self._written.sets, PATIENCE_AT_START)
            self._has_run = True
        return self._pipe

    def _crashed(self, error: Exception) -> None:
        """Let go of a child that crashed, hangs or talks nonsense; the next question starts another."""
        pipe, self._pipe = self._pipe, None
        ended = pipe.killed() if pipe else str(error)
        why = IN_WORDS.get(ended, ended) if isinstance(error, ConnectionError) else str(error)
        self.standing = replace(self.standing, restarts=self.standing.restarts + 1, why=why)

    def _sets_aside(self, asked: Asked) -> None:
        self._in_a_row += 1
        self._set_aside = [*self._set_aside[1 - MOST_SET_ASIDE :], asked]
        self.standing = replace(
            self.standing,
            set_aside=self.standing.set_aside + 1,
            is_given_up=not self._has_run or self._in_a_row >= MOST_IN_A_ROW,
        )
