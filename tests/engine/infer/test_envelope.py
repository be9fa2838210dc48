"""Case rules are written for durable-rules in small sets of one fault domain, and never outside what it carries."""

from __future__ import annotations

import pytest

from chargelore.engine.grammar.rule import CaseRule, Need, load_rules
from chargelore.engine.grammar.rulefile import Conclude
from chargelore.engine.infer.envelope import MOST_RULES, domain, parted, written
from chargelore.kb.errors import RuleError
from chargelore.kb.model import CauseId, EvidenceId


def rule(number: int, where: str, *needs: str) -> CaseRule:
    return CaseRule(
        id=f"r{number}", needs=tuple(Need(symptom=EvidenceId(each)) for each in needs),
        conclude=Conclude(cause=CauseId("c")), why="", status="stable", author="x", examples=(), version="1",
        place=f"rules/cases/{where}/r{number}.yaml:1",
    )  # fmt: skip


def test_a_set_holds_rules_of_one_domain_and_few_of_them() -> None:
    rules = [rule(number, "safety" if number % 3 else "thermal", f"s{number}") for number in range(90)]
    sets = list(parted(rules))
    assert all(len({domain(each) for each in members.values()}) == 1 for members in sets)
    assert all(len(members) <= MOST_RULES <= 200 for members in sets)
    assert sorted(number for members in sets for number in members) == list(range(90))
    assert all(rules[number] is each for members in sets for number, each in members.items())


def test_rules_that_need_the_same_stand_in_one_set() -> None:
    rules = [rule(number, "safety", f"s{number % 2}") for number in range(2 * MOST_RULES)]
    assert [{each.needs for each in members.values()} for members in parted(rules)] == [
        {rules[0].needs},
        {rules[1].needs},
    ]


def test_every_shipped_rule_is_in_a_set_of_its_domain() -> None:
    rules = load_rules().case_rules
    sets = list(parted(rules))
    assert sum(map(len, sets)) == len(rules)
    assert len(sets) >= len({domain(each) for each in rules}) > 5


@pytest.mark.parametrize("needs", [(), tuple("abcdefghi")])
def test_a_rule_of_more_than_eight_symptoms_or_none_is_refused_with_its_place(needs: tuple[str, ...]) -> None:
    with pytest.raises(RuleError) as refused:
        written([rule(1, "safety", *needs)])
    assert refused.value.where == "rules/cases/safety/r1.yaml:1"
    assert refused.value.mend == "join 1 to 8"


def test_only_small_numbers_reach_the_library() -> None:
    hostile = ["$m", "sid", "\x00", "x" * 100_000]
    sets = written([rule(1, "safety", *hostile)]).sets
    assert not any(each in str(sets) for each in hostile if each != "$m")
    assert "'P" not in str(sets)
    assert all(f"A{number}" in str(sets) for number in range(4))
