"""Child: durable-rules behind the common interface, in a process of its own: crash, restart, replay, quarantine."""

from __future__ import annotations

import json
import select
import subprocess
import sys
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from chargelore.engine.firing import Conclusion
from chargelore.engine.infer.chain import Chain
from chargelore.engine.infer.envelope import written
from chargelore.engine.infer.fact import Fact, concluded, places, spread
from chargelore.engine.rule import CaseRule
from chargelore.kb.model import EvidenceId

PROGRAM = Path(__file__).with_name("durable.py")
PATIENCE = 20.0  # seconds for one case; a healthy one takes a millisecond, and a hanging child ends itself before
TRIES = 2
MOST_QUARANTINED = 1_000


class Durable:
    """Case rules in durable-rules. A case that crashes the child twice goes to the plain chainer instead.

    `restarts`, `quarantined` and `troubles` say what went wrong, for the screen. Lives as long as a watch; the child
    starts with the first case that any rule could hold in, and ends with its parent. `program` is what the child runs.
    """

    def __init__(self, rules: Sequence[CaseRule], program: Path = PROGRAM) -> None:
        self._rules = tuple(rules)
        self._by_first: dict[EvidenceId, list[frozenset[EvidenceId]]] = defaultdict(list)
        for rule in rules:
            self._by_first[rule.needs[0].symptom].append(frozenset(need.symptom for need in rule.needs))
        self._written, self._program = written(rules), program
        self._chain = Chain(rules)
        self._child: subprocess.Popen[bytes] | None = None
        self._answered = False
        self.restarts = 0
        self.troubles: tuple[str, ...] = ()
        self.quarantined: frozenset[frozenset[Fact]] = frozenset()

    @property
    def pid(self) -> int | None:
        """The process id of the child, None while it does not run."""
        return self._child.pid if self._child else None

    def conclude(self, facts: Sequence[Fact]) -> tuple[Conclusion, ...]:
        """Every conclusion that the facts allow, chained until nothing new comes, by the id of the rule."""
        if not self._may_hold({fact.symptom for fact in facts}):
            return ()
        asked = frozenset(facts)
        held = None if self._is_hopeless() or asked in self.quarantined else self._asked(asked)
        if held is None:
            self._set_aside(asked)
            return self._chain.conclude(facts)
        rules = sorted((self._rules[number] for number in held), key=lambda rule: rule.id)
        return tuple(concluded(rule) for rule in rules)

    def close(self) -> None:
        """End the child."""
        child, self._child = self._child, None
        if child is None:
            return
        with suppress(OSError):
            if child.stdin:
                child.stdin.close()
        try:
            child.wait(timeout=2)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        if child.stdout:
            child.stdout.close()

    def _may_hold(self, symptoms: set[EvidenceId]) -> bool:
        """Whether any rule has all it needs, the start of every chain: asked for each case, so by the first need."""
        return any(needs <= symptoms for symptom in symptoms for needs in self._by_first.get(symptom, ()))

    def _is_hopeless(self) -> bool:
        """The child never came up: the library is there but does not run here."""
        return not self._answered and self.restarts >= TRIES

    def _set_aside(self, facts: frozenset[Fact]) -> None:
        if self._is_hopeless():
            self.troubles = ("durable-rules does not start here; the plain chainer does its work",)
        elif facts not in self.quarantined and len(self.quarantined) < MOST_QUARANTINED:
            self.quarantined |= {facts}
            said = f"durable-rules crashed {TRIES} times on a case of {len(facts)} symptoms; the plain chainer took it"
            self.troubles = (*self.troubles, said)

    def _asked(self, facts: frozenset[Fact]) -> list[int] | None:
        """The numbers of the rules that hold, by the child; None when it crashed on these facts every time."""
        connectors = places(facts)
        numbers = self._written.numbers
        known = [(numbers[symptom], place) for symptom, place in spread(facts, connectors) if symptom in numbers]
        for _ in range(TRIES):
            try:
                held: list[int] = self._exchanged({"facts": known, "places": connectors})
            except (OSError, ValueError):
                self.restarts += 1
                self._ended()
            else:
                return held
        return None

    def _exchanged(self, question: object) -> Any:
        """One question to the child, and its answer. OSError or ValueError when it does not live to give one."""
        child = self._child or self._started()
        return _exchange(child, question)

    def _started(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-I", str(self._program)]
        child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # noqa: S603  # ours
        self._child = child
        _exchange(child, self._written.sets)
        self._answered = True
        return child

    def _ended(self) -> None:
        """Let go of a child that crashed or hangs."""
        if self._child is not None:
            self._child.kill()
        with suppress(OSError):
            self.close()


def _exchange(child: subprocess.Popen[bytes], question: object) -> Any:
    assert child.stdin is not None  # noqa: S101  # both are pipes by construction
    assert child.stdout is not None  # noqa: S101
    child.stdin.write(json.dumps(question).encode() + b"\n")
    child.stdin.flush()
    ready, _, _ = select.select([child.stdout], [], [], PATIENCE)
    return json.loads(child.stdout.readline() if ready else b"")
