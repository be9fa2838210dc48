"""Pairs: which causes a model reports in the same way, before any case."""

from __future__ import annotations

from dataclasses import replace

import small_world as world
from hearsay import WALL, sheet
from hypothesis import given
from hypothesis import strategies as st

from chargelore.engine.case import Charger
from chargelore.engine.grammar.rule import shipped as rules
from chargelore.engine.lookalikes.pairs import Lookalikes, faults_told, lookalikes
from chargelore.engine.lookalikes.reportable import Reportable, reportable
from chargelore.kb.learned import NOTHING_LEARNED, Learned, Tally
from chargelore.kb.load import shipped as shipped_knowledge
from chargelore.kb.model import EvidenceId, Knowledge, Shows

KNOWLEDGE = world.knowledge()
ACME = Charger(id="", vendor="Acme", model="Wall", firmware="2.1")
ALL = Reportable(frozenset({world.AT_PLUG_IN, world.IDLE}), {})


def found(can: Reportable = ALL, knowledge: Knowledge = KNOWLEDGE, learned: Learned = NOTHING_LEARNED) -> Lookalikes:
    return lookalikes(knowledge, learned, ACME, can, ("ocpp",))


def test_causes_that_a_model_reports_alike_are_a_pair_with_the_question_that_splits_them() -> None:
    (pair,) = found().pairs
    assert pair.causes == (world.WET, world.CABLE)
    assert pair.by is not None
    assert (pair.by.evidence, pair.by.step, pair.by.minutes) == (world.RAIN, world.ASK_RAIN, 1)


def test_a_signal_that_only_one_of_them_shows_parts_them_as_long_as_the_model_sends_it() -> None:
    shows = (*KNOWLEDGE.causes[world.CABLE].shows, Shows(evidence=world.IDLE, grade="always"))
    knowledge = replace(
        KNOWLEDGE,
        causes={**KNOWLEDGE.causes, world.CABLE: replace(KNOWLEDGE.causes[world.CABLE], shows=shows)},
    )
    deaf = Reportable(frozenset({world.AT_PLUG_IN}), {world.IDLE: "this model never sent any `heartbeat`"})
    assert found(knowledge=knowledge).pairs == ()
    assert [each.causes for each in found(deaf, knowledge).pairs] == [(world.WET, world.CABLE)]


def test_findings_can_part_what_its_authors_took_for_alike() -> None:
    yes = {(world.WET, world.AT_PLUG_IN, "yes"): Tally(yes=200, cases=200)}
    no = {(world.CABLE, world.AT_PLUG_IN, "yes"): Tally(no=200, cases=200)}
    assert found(learned=Learned(shown=yes | no, cases=400)).pairs == ()


def test_a_cause_out_of_scope_is_in_no_pair() -> None:
    assert found().causes == 3  # the quirk is one of firmware below 2


def test_where_nothing_splits_a_pair_it_says_so() -> None:
    same = replace(KNOWLEDGE.causes[world.WET], id=world.CABLE)
    (pair,) = found(knowledge=replace(KNOWLEDGE, causes={**KNOWLEDGE.causes, world.CABLE: same})).pairs
    assert pair.by is None


def test_a_code_of_the_maker_tells_faults_apart_and_that_of_another_does_not() -> None:
    assert faults_told(KNOWLEDGE, ACME) == {world.TRIP}
    assert faults_told(KNOWLEDGE, Charger(id="", vendor="Other")) == frozenset()


def test_what_a_model_never_sends_is_out_of_reach_with_its_proof() -> None:
    charger = Charger(id="", **WALL._asdict())
    known, unknown = reportable(rules(), charger, sheet({"start": 300, "status": 900})), reportable(rules(), charger)
    assert known.never.keys() == unknown.symptoms - known.symptoms
    assert "this model never sent any `meter`: 0 of 300 started transactions of 4 chargers" in known.never.values()


@given(st.sets(st.sampled_from(sorted(shipped_knowledge().evidence))), st.sampled_from(["Zaptec", "Alfen", ""]))
def test_the_more_a_model_reports_the_fewer_pairs_are_left(told: set[EvidenceId], vendor: str) -> None:
    charger, knowledge = Charger(id="", vendor=vendor), shipped_knowledge()
    half = frozenset(sorted(told)[::2])
    few, many = (
        lookalikes(knowledge, NOTHING_LEARNED, charger, Reportable(each, {}), ("ocpp", "csms", "modbus"))
        for each in (half, frozenset(told))
    )
    alike = {tuple(sorted(each.causes)) for each in few.pairs}
    kin = {tuple(sorted(each.causes)) for each in many.pairs if len(each.faults) == 1}
    assert kin <= alike
