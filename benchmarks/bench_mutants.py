"""How many slips in shipped rules their own examples catch: operators, limits and windows are changed at random.

    python benchmarks/bench_mutants.py [mutants, default 1000] [seed, default 7]

Beside it the same mutants judged by the first match alone, which is what a rule without near misses would have.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from dataclasses import replace

from chargelore.engine.grammar.rule import load_rules
from chargelore.engine.proving.mutate import Mutant, mutants, survives


def main(most: int, seed: int) -> None:
    rules = [rule for rule in load_rules().signal_rules if rule.status == "stable"]
    every = [mutant for rule in rules for mutant in mutants(rule)]
    drawn = random.Random(seed).sample(every, min(most, len(every)))
    kinds = Counter(each.what for each in drawn)
    caught = Counter(each.what for each in drawn if not survives(each))
    alone = Counter(each.what for each in drawn if not survives(with_one_match(each)))
    print(f"{len(drawn)} of {len(every)} mutants of {len(rules)} rules, seed {seed}")
    for what, count in kinds.most_common():
        print(f"  {what:18} {caught[what]:4} of {count:4} caught; by a match alone {alone[what]:4}")
    share, bare = caught.total() / len(drawn), alone.total() / len(drawn)
    print(f"caught {share:.3f}; by a match alone {bare:.3f}; ratio {share / bare:.2f}")


def with_one_match(mutant: Mutant) -> Mutant:
    matches = tuple(each for each in mutant.rule.examples if each.expect == "match")[:1]
    return replace(mutant, rule=replace(mutant.rule, examples=matches))


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:3]]
    main(given[0] if given else 1000, given[1] if len(given) > 1 else 7)
