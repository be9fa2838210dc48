"""Case inference: durable-rules in its child beside the plain chainer, on the same cases, at 50, 200 and 1,000 rules.

Cases are drawn: eight symptoms, most of the domain of one rule that holds, a fifth of the rules conclude a symptom that
others may need. Both engines must conclude the same. Microseconds of CPU a case, parent and child apart; then the
child's start, its memory, and how much that grew while it answered. A second table asks for the same cases as they grow
symptom by symptom, which is what a live watch does.
Run it as `python benchmarks/bench_infer.py [cases]`.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from chargelore.engine.grammar.rule import CaseRule, Need
from chargelore.engine.grammar.rulefile import Conclude
from chargelore.engine.infer import Chain, Fact
from chargelore.engine.infer.child import Durable
from chargelore.kb.model import CauseId, EvidenceId

SIZES = (50, 200, 1_000)
DOMAINS = 15
HEAD = f"{'':8}{'chain':>10}{'parent':>10}{'child':>10}{'held':>9}{'start ms':>10}{'MB':>6}{'grew MB':>9}"


def symptoms(size: int) -> list[list[EvidenceId]]:
    """The symptoms of each domain, one and a half for each rule."""
    each = max(4, size * 3 // (2 * DOMAINS))
    return [[EvidenceId(f"d{domain}-s{number}") for number in range(each)] for domain in range(DOMAINS)]


def world(dice: random.Random, size: int) -> list[CaseRule]:
    """So many rules over fifteen domains; one need in seven is of another domain."""
    known = symptoms(size)

    def one(number: int) -> CaseRule:
        home = number * DOMAINS // size
        drawn = [
            dice.choice(known[home if dice.random() < 0.85 else dice.randrange(DOMAINS)])
            for _ in range(dice.choice([2, 2, 3]))
        ]
        needs = [Need(symptom=each, same_connector=dice.random() < 0.2) for each in dict.fromkeys(drawn)]
        end = (
            Conclude(symptom=dice.choice(known[home])) if dice.random() < 0.2 else Conclude(cause=CauseId(f"c{number}"))
        )
        return CaseRule(
            id=f"r{number:04}", needs=tuple(needs), conclude=end, why="", status="stable", author="x", examples=(),
            version="1", place=f"rules/cases/d{home}/r{number:04}.yaml:1",
        )  # fmt: skip

    return [one(number) for number in range(size)]


def case(dice: random.Random, rules: Sequence[CaseRule], known: list[list[EvidenceId]]) -> list[Fact]:
    """Eight symptoms, among them all that one rule needs."""
    number = dice.randrange(len(rules))
    home = number * DOMAINS // len(rules)
    found = {need.symptom: None for need in rules[number].needs}
    while len(found) < 8:
        found[dice.choice(known[home if dice.random() < 0.6 else dice.randrange(DOMAINS)])] = None
    return [Fact(each, dice.choice([1, 1, 1, None])) for each in found]


def row(size: int, cases: int, *, is_growing: bool) -> str:
    """The figures of one size."""
    dice = random.Random(size)
    rules = world(dice, size)
    drawn = [case(dice, rules, symptoms(size)) for _ in range(cases)]
    asked = [each[:end] for each in drawn for end in range(1, 9)] if is_growing else drawn
    chain, durable = Chain(rules), Durable(rules)
    plain, expected = spent(chain, asked)
    begun = time.perf_counter()
    durable.conclude([Fact(need.symptom, 1) for need in rules[0].needs])
    start = time.perf_counter() - begun
    busy, memory = child_seconds(durable), megabytes(durable)
    parent, found = spent(durable, asked)
    child, grew = (child_seconds(durable) - busy) / len(asked) * 1e6, megabytes(durable) - memory
    durable.close()
    assert found == expected
    assert durable.standing.restarts == 0
    figures = f"{plain:>10.1f}{parent:>10.1f}{child:>10.1f}{sum(map(len, found)) / len(found):>9.2f}"
    return f"{size:>8,}{figures}{start * 1e3:>10.0f}{memory:>6.0f}{grew:>9.1f}"


def spent(engine: Chain | Durable, asked: Sequence[list[Fact]]) -> tuple[float, list[object]]:
    """Microseconds of our CPU for each case, and what was concluded."""
    begun = time.process_time()
    found: list[object] = [engine.conclude(each) for each in asked]
    return (time.process_time() - begun) / len(asked) * 1e6, found


def child_seconds(durable: Durable) -> float:
    """CPU seconds of the child so far."""
    return int(Path(f"/proc/{durable.pid}/schedstat").read_text().split()[0]) / 1e9


def megabytes(durable: Durable) -> float:
    """Memory that the child holds now."""
    lines = Path(f"/proc/{durable.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def main() -> None:
    """Both tables."""
    if find_spec("durable_rules_engine") is None or not Path("/proc/self/schedstat").exists():
        print("durable-rules cannot be had or measured here; the plain chainer serves")
        return
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    print(f"us of CPU a case, {cases:,} whole cases\n{HEAD}")
    for size in SIZES:
        print(row(size, cases, is_growing=False), flush=True)
    print(f"\nthe same cases as they grow, us of CPU a symptom\n{HEAD}")
    for size in SIZES:
        print(row(size, cases, is_growing=True), flush=True)


if __name__ == "__main__":
    main()
