"""Inference: symptoms of a case chain into conclusions; two engines behind one interface, chosen by what is there."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec

from chargelore.engine.grammar.rule import CaseRule
from chargelore.engine.infer.chain import Chain
from chargelore.engine.infer.fact import Fact, Inference
from chargelore.engine.infer.pipe import WORKS_HERE
from chargelore.engine.infer.standing import Standing
from chargelore.kb.errors import UseError

RUNNING = frozenset({"stable", "shadow"})
CHOICES = ("auto", "durable", "chain")


def best(rules: Sequence[CaseRule], statuses: frozenset[str] = RUNNING, choice: str = "auto") -> Inference:
    """durable-rules in a child process where it can be had, the plain chainer elsewhere; both conclude the same.

    `choice` asks for one of them. UseError when it is not here, or there is no such engine.
    """
    running = tuple(rule for rule in rules if rule.status in statuses)
    if not _wants_durable(choice) or not running:
        return Chain(running)
    from chargelore.engine.infer.child import Durable  # noqa: PLC0415  # only where the library is installed

    return Durable(running)


def _wants_durable(choice: str) -> bool:
    if choice not in CHOICES:
        raise UseError(f"{choice} is no inference engine", mend=f"choose one of {', '.join(CHOICES)}")
    is_here = WORKS_HERE and find_spec("durable_rules_engine") is not None
    if choice == "durable" and not is_here:
        raise UseError("durable-rules is not installed here", mend="choose `auto` or `chain`; both conclude the same")
    return is_here and choice != "chain"


__all__ = ["CHOICES", "Chain", "Fact", "Inference", "Standing", "best"]
