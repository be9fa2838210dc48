"""Child: durable-rules behind the common interface, in a process of its own: crash, restart, replay, quarantine."""

from __future__ import annotations

import json
import select
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from chargelore.engine.firing import Conclusion
from chargelore.engine.infer.chain import Chain, concluded
from chargelore.engine.infer.envelope import Written, written
from chargelore.engine.infer.fact import Fact
from chargelore.engine.rule import CaseRule

PROGRAM = Path(__file__).with_name("durable.py")
PATIENCE = 10.0  # seconds for one case; a healthy one takes less than a millisecond
TRIES = 2


class Durable:
    """Case rules in durable-rules. A case that crashes the child twice goes to the plain chainer instead.

    `restarts` and `quarantined` count what went wrong, for the screen. Lives as long as a watch; the child ends with it.
    """

    def __init__(self, rules: Sequence[CaseRule]) -> None:
        self._rules = {rule.id: rule for rule in rules}
        self._needs = [frozenset(need.symptom for need in rule.needs) for rule in rules]
        self._written: Written = written(rules)
        self._chain = Chain(rules)
        self._child: subprocess.Popen[bytes] | None = None
        self.restarts = 0
        self.quarantined: frozenset[frozenset[Fact]] = frozenset()

    @property
    def pid(self) -> int | None:
        """The process id of the child, None while it does not run."""
        return self._child.pid if self._child else None

    def conclude(self, facts: Sequence[Fact]) -> tuple[Conclusion, ...]:
        """Every conclusion that the facts allow, chained until nothing new comes."""
        asked = frozenset(facts)
        symptoms = frozenset(fact.symptom for fact in asked)
        if not any(needs <= symptoms for needs in self._needs):
            return ()
        held = None if asked in self.quarantined else self._asked(asked)
        if held is None:
            self.quarantined |= {asked}
            return self._chain.conclude(facts)
        return tuple(concluded(self._rules[rule]) for rule in sorted(held))

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

    def _asked(self, facts: frozenset[Fact]) -> list[str] | None:
        """The rules that hold, by the child; None when it crashed on these facts every time."""
        known = sorted((fact for fact in facts if fact.symptom in self._written.numbers), key=str)
        question = json.dumps({"facts": [self._written.fact(fact) for fact in known]}).encode() + b"\n"
        for _ in range(TRIES):
            try:
                return self._exchanged(question)
            except (OSError, ValueError):
                self.restarts += 1
                self._ended()
        return None

    def _exchanged(self, question: bytes) -> list[str]:
        child = self._child or self._started()
        assert child.stdin is not None  # noqa: S101  # both are pipes by construction
        assert child.stdout is not None  # noqa: S101
        child.stdin.write(question)
        child.stdin.flush()
        ready, _, _ = select.select([child.stdout], [], [], PATIENCE)
        answer: list[str] = json.loads(child.stdout.readline())["rules"] if ready else json.loads("")
        return answer

    def _started(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-I", str(PROGRAM)]
        child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # noqa: S603  # ours
        assert child.stdin is not None  # noqa: S101  # a pipe by construction
        self._child = child
        task = {"sets": self._written.sets, "derives": self._written.derives}
        child.stdin.write(json.dumps(task).encode() + b"\n")
        child.stdin.flush()
        return child

    def _ended(self) -> None:
        """Let go of a child that crashed or hangs."""
        if self._child is not None:
            self._child.kill()
        with suppress(OSError):
            self.close()
