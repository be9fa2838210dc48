"""What case rules mean, told by the plain chainer."""

from __future__ import annotations

from chargelore.engine.grammar.rule import CaseRule, Need
from chargelore.engine.grammar.rulefile import Conclude, Status
from chargelore.engine.infer import Chain, best
from chargelore.engine.infer.fact import Fact
from chargelore.kb.model import CauseId, EvidenceId

WET, TRIP, HEAT, STORM = (EvidenceId(each) for each in ("wet", "trip", "heat", "storm"))


def rule(name: str, needs: list[Need], end: Conclude, status: Status = "stable") -> CaseRule:
    return CaseRule(
        id=name,
        needs=tuple(needs),
        conclude=end,
        why="",
        status=status,
        author="x",
        examples=(),
        version="1",
        place="test",
    )


def anywhere(symptom: EvidenceId) -> Need:
    return Need(symptom=symptom)


def same(symptom: EvidenceId) -> Need:
    return Need(symptom=symptom, same_connector=True)


CAUSE = Conclude(cause=CauseId("water"))


def names(rules: list[CaseRule], facts: list[Fact]) -> list[str]:
    return [conclusion.rule for conclusion in Chain(rules).conclude(facts)]


def test_a_rule_holds_when_all_its_symptoms_are_there_on_whatever_connector() -> None:
    rules = [rule("r", [anywhere(WET), anywhere(TRIP)], CAUSE)]
    assert names(rules, [Fact(WET, 1), Fact(TRIP, 2)]) == ["r"]
    assert names(rules, [Fact(WET, 1)]) == []


def test_a_symptom_marked_same_connector_is_joined_to_the_first() -> None:
    rules = [rule("r", [anywhere(WET), same(TRIP)], CAUSE)]
    assert names(rules, [Fact(WET, 1), Fact(TRIP, 2)]) == []
    assert names(rules, [Fact(WET, 2), Fact(TRIP, 2)]) == ["r"]


def test_what_speaks_for_the_whole_charger_speaks_for_each_connector() -> None:
    rules = [rule("r", [anywhere(WET), same(TRIP)], CAUSE)]
    assert names(rules, [Fact(WET), Fact(TRIP, 2)]) == ["r"]
    assert names(rules, [Fact(WET, 0), Fact(TRIP, None)]) == ["r"]


def test_conclusions_chain_and_keep_their_connector() -> None:
    rules = [
        rule("first", [anywhere(WET), same(TRIP)], Conclude(symptom=STORM)),
        rule("second", [anywhere(STORM), same(HEAT)], CAUSE),
    ]
    facts = [Fact(WET, 1), Fact(TRIP, 1)]
    assert names(rules, [*facts, Fact(HEAT, 1)]) == ["first", "second"]
    assert names(rules, [*facts, Fact(HEAT, 2)]) == ["first"]


def test_rules_that_conclude_each_other_come_to_an_end() -> None:
    rules = [
        rule("there", [anywhere(WET)], Conclude(symptom=TRIP)),
        rule("back", [anywhere(TRIP)], Conclude(symptom=WET)),
    ]
    assert names(rules, [Fact(WET, 1)]) == ["back", "there"]


def test_drafts_conclude_nothing() -> None:
    inference = best([rule("r", [anywhere(WET)], CAUSE, status="draft")])
    assert inference.conclude([Fact(WET)]) == ()
    inference.close()
