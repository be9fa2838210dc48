"""Inference: symptoms of a case chain into conclusions; two engines behind one interface, chosen by what is there."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec

from chargelore.engine.infer.chain import Chain
from chargelore.engine.infer.fact import Fact, Inference
from chargelore.engine.rule import CaseRule

RUNNING = frozenset({"stable", "shadow"})


def best(rules: Sequence[CaseRule], statuses: frozenset[str] = RUNNING) -> Inference:
    """durable-rules in a child process where it can be had, the plain chainer elsewhere; both conclude the same."""
    running = tuple(rule for rule in rules if rule.status in statuses)
    if find_spec("durable_rules_engine") is None or not running:
        return Chain(running)
    from chargelore.engine.infer.child import Durable  # noqa: PLC0415  # only where the library is installed

    return Durable(running)


__all__ = ["Chain", "Fact", "Inference", "best"]
