"""Posterior: what the observations of a case do to the odds of each cause."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import small_world as world
from hypothesis import given
from hypothesis import strategies as st

from chargelore.engine.case import Case, Charger, SeenCode
from chargelore.engine.diagnosing.diagnose import diagnose
from chargelore.engine.diagnosing.diagnosis import Diagnosis, Unasked
from chargelore.engine.diagnosing.observed import ENOUGH_TO_MISS
from chargelore.engine.signal import Signal
from chargelore.kb.learned import NOTHING_LEARNED, Learned, Tally
from chargelore.kb.model import Grade, Knowledge

KNOWLEDGE = world.knowledge()
MUTE = SeenCode(code="OtherError", vendor="", text="", channel="", fault=None, relation=None)


def diagnosed(case: Case, learned: Learned = NOTHING_LEARNED) -> Diagnosis:
    return diagnose(KNOWLEDGE, learned, case)


def chances(diagnosis: Diagnosis) -> dict[str, float]:
    return {each.cause: each.probability for each in diagnosis.hypotheses}


def test_a_symptom_brings_the_causes_that_show_it_under_suspicion() -> None:
    assert set(chances(diagnosed(world.case(world.AT_PLUG_IN)))) == {world.WET, world.CABLE}


def test_the_cause_that_shows_it_more_often_comes_first() -> None:
    assert diagnosed(world.case(world.AT_PLUG_IN)).hypotheses[0].cause == world.WET


def test_a_no_counts_against_a_cause_and_stands_among_the_reasons() -> None:
    asked = world.case(world.AT_PLUG_IN, answers={world.RAIN: "no"})
    diagnosis = diagnosed(asked)
    assert chances(diagnosis)[world.WET] < chances(diagnosed(world.case(world.AT_PLUG_IN)))[world.WET]
    wet = next(each for each in diagnosis.hypotheses if each.cause == world.WET)
    assert [reason.evidence for reason in wet.against] == [world.RAIN]


def test_an_exclusive_answer_speaks_against_the_other_answers() -> None:
    random = chances(diagnosed(world.case(world.AT_PLUG_IN, answers={world.WHEN: "random"})))
    before = chances(diagnosed(world.case(world.AT_PLUG_IN)))
    assert random[world.CABLE] > before[world.CABLE]
    assert random[world.WET] < before[world.WET]


def test_what_was_not_looked_for_stays_unseen_and_weighs_nothing() -> None:
    diagnosis = diagnosed(world.case(world.AT_PLUG_IN))
    assert world.RAIN in diagnosis.hypotheses[0].unseen


def test_a_code_that_maps_to_the_fault_is_a_reason() -> None:
    diagnosis = diagnosed(world.case(faults=(world.TRIP,)))
    assert diagnosis.hypotheses[0].because[0].evidence == "fault:ground-fault-trip"


def leading(grade: Grade) -> Knowledge:
    """The small world, in which a link that is lost makes the protection trip that often."""
    link = replace(KNOWLEDGE.faults[world.LINK], leads_to={world.TRIP: grade})
    return replace(KNOWLEDGE, faults={**KNOWLEDGE.faults, world.LINK: link})


def test_a_fault_that_leads_to_the_reported_one_is_suspected_and_less_than_what_lies_right_behind_it() -> None:
    tripped = world.case(faults=(world.TRIP,))
    assert world.NAT not in chances(diagnosed(tripped))
    often, seldom = (diagnose(leading(grade), NOTHING_LEARNED, tripped) for grade in ("often", "rarely"))
    assert chances(often)[world.WET] > chances(often)[world.NAT] > chances(seldom)[world.NAT] > 0
    nat = next(each for each in often.hypotheses if each.cause == world.NAT)
    assert [reason.evidence for reason in nat.because] == ["fault:ground-fault-trip"]


def test_a_name_for_anything_says_less_than_a_name_of_its_own() -> None:
    vague = replace(KNOWLEDGE.faults[world.TRIP], leak="sometimes")
    said = diagnose(
        replace(KNOWLEDGE, faults={**KNOWLEDGE.faults, world.TRIP: vague}),
        NOTHING_LEARNED,
        world.case(world.IDLE, faults=(world.TRIP,)),
    )
    assert world.NAT in chances(said)
    assert world.NAT not in chances(diagnosed(world.case(world.IDLE, faults=(world.TRIP,))))


def test_the_unknown_is_never_left_out_and_never_certain() -> None:
    diagnosis = diagnosed(world.case(world.AT_PLUG_IN, answers={world.RAIN: "yes", world.WHEN: "plug-in"}))
    assert 0 < diagnosis.unknown < 1
    assert diagnosis.hypotheses[0].probability <= 0.97


def test_what_nothing_speaks_for_yet_is_not_called_unknown_here() -> None:
    mute = diagnosed(replace(world.case(), codes=(MUTE,)))
    assert mute.hypotheses == ()
    assert mute.is_untold
    assert mute.unlisted == pytest.approx(0.08, abs=0.01)  # as common as such causes are, and not sure


def test_a_code_that_comes_with_any_trouble_names_no_fault() -> None:
    vague = replace(KNOWLEDGE.faults[world.TRIP], leak="sometimes")
    known = replace(KNOWLEDGE, faults={**KNOWLEDGE.faults, world.TRIP: vague})
    found = diagnose(known, NOTHING_LEARNED, world.case(faults=(world.TRIP,)))
    assert 0 < found.unlisted < found.unknown


def test_where_a_code_names_a_fault_what_does_not_fit_is_unknown_here() -> None:
    named = diagnosed(world.case(faults=(world.TRIP,)))
    assert named.unlisted == named.unknown > 0
    assert not named.is_untold


def test_nothing_seen_is_unknown_as_that_nothing_is_wrong_has_to_be_found_too() -> None:
    assert diagnosed(world.case()).verdict == "unknown"


def test_words_alone_that_fit_nothing_are_unknown_and_not_no_fault() -> None:
    assert diagnosed(world.case(words=("zzz qqq",))).verdict == "unknown"


def test_a_quirk_of_another_maker_is_no_suspect_and_of_this_firmware_a_likelier_one() -> None:
    other = Charger(id="x", vendor="Other", firmware="1.0")
    old, new = (Charger(id="x", vendor="Acme", firmware=version) for version in ("1.9", "2.1"))
    assert world.QUIRK not in chances(diagnosed(world.case(world.IDLE, charger=other)))
    assert world.QUIRK not in chances(diagnosed(world.case(world.IDLE, charger=new)))
    assert diagnosed(world.case(world.IDLE, charger=old)).hypotheses[0].cause == world.QUIRK


def test_recorded_findings_move_the_first_place() -> None:
    found = Learned(causes={(world.TRIP, world.CABLE): Tally(yes=30, cases=30)}, cases=30)
    assert diagnosed(world.case(world.AT_PLUG_IN)).hypotheses[0].cause == world.WET
    assert diagnosed(world.case(world.AT_PLUG_IN), found).hypotheses[0].cause == world.CABLE


def test_the_party_of_the_cause_outweighs_the_party_of_its_fault() -> None:
    old = Charger(id="x", vendor="Acme", firmware="1.9")
    by_cause = {each.cause: each.responsible for each in diagnosed(world.case(world.IDLE, charger=old)).hypotheses}
    assert by_cause == {world.QUIRK: "evse-oem", world.NAT: "cso"}


symptoms = st.sets(st.sampled_from([world.AT_PLUG_IN, world.IDLE]))
answers = st.dictionaries(
    st.sampled_from([world.RAIN, world.WHEN]), st.sampled_from(["yes", "no", "plug-in", "load", "??"])
)
tallies = st.builds(Tally, yes=st.floats(0, 1e6), no=st.floats(0, 1e6))


@given(symptoms, answers, tallies)
def test_probabilities_are_probabilities_whatever_is_seen_or_counted(seen: set, said: dict, tally: Tally) -> None:
    learned = Learned(causes={(world.TRIP, world.WET): tally}, shown={(world.WET, world.RAIN, "yes"): tally})
    diagnosis = diagnosed(world.case(*sorted(seen), answers=said), learned)
    shares = [each.probability for each in diagnosis.hypotheses]
    assert all(math.isfinite(share) and 0 <= share <= 0.97 for share in shares)
    assert shares == sorted(shares, reverse=True)
    assert 0 < diagnosis.unknown <= 1
    assert sum(shares) + diagnosis.unknown <= 1.001


def test_what_a_model_cannot_tell_is_unseen_with_its_reason_and_weighs_nothing() -> None:
    beats = tuple(Signal(layer="ocpp", kind="heartbeat") for _ in range(ENOUGH_TO_MISS))
    quiet = replace(world.case(faults=(world.TRIP,)), signals=beats)
    unasked = Unasked(symptom=world.AT_PLUG_IN, rule="r", why="this model never sent `status`")
    missed, unknown = diagnosed(quiet), diagnose(KNOWLEDGE, NOTHING_LEARNED, quiet, (unasked,))
    assert [reason.evidence for reason in missed.hypotheses[0].against] == [world.AT_PLUG_IN]
    assert unknown.hypotheses[0].against == ()
    assert world.AT_PLUG_IN in unknown.hypotheses[0].unseen
    assert unknown.hypotheses[0].unasked == unknown.unasked == (unasked,)
    assert chances(unknown)[world.WET] > chances(missed)[world.WET]
    mute = tuple(replace(unasked, symptom=each) for each in (world.AT_PLUG_IN, world.IDLE))
    told_nothing = diagnose(KNOWLEDGE, NOTHING_LEARNED, quiet, mute)
    assert chances(told_nothing) == chances(diagnosed(world.case(faults=(world.TRIP,))))
