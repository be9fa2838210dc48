"""Apart: what cannot be told apart is said, with the one observation that would do it."""

from __future__ import annotations

from dataclasses import replace

import small_world as world
from hypothesis import given
from hypothesis import strategies as st

from chargelore.engine.case import Case
from chargelore.engine.diagnosing.diagnose import diagnose
from chargelore.engine.diagnosing.diagnosis import Diagnosis, Unasked
from chargelore.engine.triage import Found, as_json
from chargelore.kb.learned import NOTHING_LEARNED
from chargelore.kb.model import Cause, CauseId, Evidence, EvidenceId, Knowledge, Shows, Step, StepId

KNOWLEDGE = world.knowledge()
WORN = CauseId("worn-insulation")
LEAK = EvidenceId("leak-measured")


def diagnosed(case: Case, knowledge: Knowledge = KNOWLEDGE, unasked: tuple[Unasked, ...] = ()) -> Diagnosis:
    return diagnose(knowledge, NOTHING_LEARNED, case, unasked)


def with_causes(*causes: Cause) -> Knowledge:
    return replace(KNOWLEDGE, causes={**KNOWLEDGE.causes, **{each.id: each for each in causes}})


def twin(*shows: Shows) -> Cause:
    """A cause that shows what the cut cable shows over the wire, and more."""
    return replace(KNOWLEDGE.causes[world.CABLE], id=WORN, label="Insulation worn", shows=shows)


def test_a_code_alone_does_not_tell_causes_of_one_fault_apart_and_a_question_does() -> None:
    diagnosis = diagnosed(replace(world.case(faults=(world.TRIP,)), layers={"ocpp": None}))
    assert diagnosis.verdict == "ambiguous"
    assert diagnosis.apart is not None
    assert diagnosis.apart.causes == (world.WET, world.CABLE)
    assert diagnosis.apart.is_same_here
    assert diagnosis.apart.by is not None
    assert (diagnosis.apart.by.how, diagnosis.apart.by.step) == ("ask", world.ASK_RAIN)
    assert [(each.answer, each.cause) for each in diagnosis.apart.by.outcomes] == [
        ("yes", world.WET),
        ("no", world.CABLE),
    ]


def test_of_a_charger_that_said_nothing_it_is_not_said_that_it_reports_the_same() -> None:
    found = diagnosed(world.case(faults=(world.TRIP,))).apart
    assert found is not None
    assert not found.is_same_here


def test_what_splits_them_is_no_longer_asked_once_it_is_answered() -> None:
    diagnosis = diagnosed(world.case(faults=(world.TRIP,), answers={world.RAIN: "no", world.WHEN: "random"}))
    assert diagnosis.verdict == "diagnosed"
    assert diagnosis.apart is None


def test_a_cause_with_a_clear_lead_is_diagnosed_although_another_one_looks_the_same() -> None:
    rare = replace(twin(*KNOWLEDGE.causes[world.WET].shows), prior="never")
    assert diagnosed(world.case(world.AT_PLUG_IN), with_causes(rare)).verdict == "diagnosed"


def test_two_causes_that_nothing_tells_apart_are_said_to_be_so() -> None:
    same = twin(*KNOWLEDGE.causes[world.CABLE].shows)
    case = world.case(world.AT_PLUG_IN, answers={world.RAIN: "no", world.WHEN: "random"})
    found = diagnosed(case, with_causes(same)).apart
    assert found is not None
    assert set(found.causes) == {world.CABLE, WORN}
    assert found.by is None


def test_the_cheaper_of_two_observations_that_tell_the_same_is_named() -> None:
    near = EvidenceId("seen-from-outside")
    evidence = {each: Evidence(id=each, question=each, channel="measured") for each in (LEAK, near)}
    shows = tuple(Shows(evidence=each, grade="always") for each in evidence)
    steps = [
        Step(id=StepId(f"do-{each}"), kind="test", label="", minutes=minutes, where="at-charger", answers=(each,))
        for each, minutes in ((LEAK, 30), (near, 3))
    ]
    knowledge = with_causes(twin(*KNOWLEDGE.causes[world.CABLE].shows, *shows))
    knowledge = replace(
        knowledge,
        evidence={**knowledge.evidence, **evidence},
        steps={**knowledge.steps, **{each.id: each for each in steps}},
    )
    case = world.case(world.AT_PLUG_IN, answers={world.RAIN: "no", world.WHEN: "random"})
    found = diagnosed(case, knowledge).apart
    assert found is not None
    assert found.by is not None
    assert (found.by.how, found.by.evidence, found.by.minutes) == ("measure", near, 3)


def asking(*evidence: Evidence, wet: str, cut: str) -> Knowledge:
    """Knowledge in which these are the only questions, each with a step, and the two causes show them so often."""
    common = {world.WET: ("often", wet), world.CABLE: ("sometimes", cut)}
    causes = {
        name: replace(
            KNOWLEDGE.causes[name], prior=prior, shows=tuple(Shows(evidence=each.id, grade=grade) for each in evidence)
        )  # type: ignore[arg-type]  # plain words keep the call short
        for name, (prior, grade) in common.items()
    }
    steps = [
        Step(id=StepId(f"ask-{each.id}"), kind="question", label="", minutes=1, where="desk", answers=(each.id,))
        for each in evidence
    ]
    return replace(
        KNOWLEDGE, causes=causes, evidence={**KNOWLEDGE.evidence, **{each.id: each for each in evidence}},
        steps={each.id: each for each in steps},
    )  # fmt: skip


def test_a_question_whose_every_answer_leaves_the_same_cause_first_is_not_said_to_split() -> None:
    hint, telling = (Evidence(id=EvidenceId(each), question=each, channel="asked") for each in ("hint", "telling"))
    case = world.case(faults=(world.TRIP,))
    hinted = diagnosed(case, asking(hint, wet="sometimes", cut="never")).apart
    assert hinted is not None
    assert hinted.by is None
    split = diagnosed(case, asking(hint, telling, wet="always", cut="never")).apart
    assert split is not None
    assert split.by is not None
    assert len({each.cause for each in split.by.outcomes}) == 2


def test_what_was_answered_in_other_words_is_not_asked_again() -> None:
    one, other = (
        Evidence(id=EvidenceId(each), question=each, channel="asked", group="same") for each in ("one", "other")
    )
    knowledge = asking(one, other, wet="often", cut="never")
    before = diagnosed(world.case(faults=(world.TRIP,)), knowledge).apart
    assert before is not None
    assert before.by is not None
    after = diagnosed(world.case(faults=(world.TRIP,), answers={before.by.evidence: "??"}), knowledge).apart
    assert after is not None
    assert after.by is None


def test_a_signal_that_the_model_never_sends_is_named_with_its_proof_where_nothing_else_splits() -> None:
    knowledge = with_causes(
        replace(
            KNOWLEDGE.causes[world.WET], prior="sometimes", shows=(Shows(evidence=world.AT_PLUG_IN, grade="always"),)
        ),
        replace(KNOWLEDGE.causes[world.CABLE], shows=()),
    )
    case = replace(world.case(faults=(world.TRIP,)), layers={"ocpp": None})
    unasked = Unasked(symptom=world.AT_PLUG_IN, rule="r", why="this model never sent `status`")
    listening, deaf = diagnosed(case, knowledge).apart, diagnosed(case, knowledge, (unasked,)).apart
    assert listening is not None
    assert listening.by is not None
    assert (listening.by.how, listening.by.layer) == ("listen", "ocpp")
    assert deaf is not None
    assert deaf.is_same_here
    assert deaf.by is not None
    assert (deaf.by.how, deaf.by.why) == ("never-sent", unasked.why)


def test_no_fault_is_not_said_while_a_fault_is_as_likely() -> None:
    faults = {**KNOWLEDGE.faults, world.LINK: replace(KNOWLEDGE.faults[world.LINK], is_fault=False)}
    shows = (Shows(evidence=world.AT_PLUG_IN, grade="often"),)
    quiet = replace(KNOWLEDGE.causes[world.NAT], prior="often", shows=shows)
    alone = replace(KNOWLEDGE, faults=faults, causes={world.NAT: quiet})
    both = replace(alone, causes={**alone.causes, world.WET: replace(KNOWLEDGE.causes[world.WET], shows=shows)})
    assert diagnosed(world.case(world.AT_PLUG_IN), alone).verdict == "no-fault"
    assert diagnosed(world.case(world.AT_PLUG_IN), both).verdict == "ambiguous"


def test_a_first_place_that_is_less_likely_than_all_others_is_no_diagnosis() -> None:
    causes = [
        Cause(id=CauseId(f"c{number}"), fault=world.TRIP, label="", prior=prior)
        for number, prior in enumerate(("always", "often", "sometimes", "sometimes", "sometimes"))
    ]
    knowledge = replace(KNOWLEDGE, causes={each.id: each for each in causes})
    diagnosis = diagnosed(world.case(faults=(world.TRIP,)), knowledge)
    assert diagnosis.hypotheses[0].probability < 0.5
    assert diagnosis.verdict == "ambiguous"


def test_a_finding_that_would_change_the_first_place_does_so_once_it_is_made() -> None:
    case = world.case(faults=(world.TRIP,))
    before = diagnosed(case)
    turn = before.turns[0]
    after = diagnosed(replace(case, answers={turn.evidence: turn.answer}))
    assert turn.cause != before.hypotheses[0].cause
    assert (after.hypotheses[0].cause, after.hypotheses[0].probability) == (turn.cause, turn.probability)


def test_the_json_of_a_case_says_what_cannot_be_told_apart_and_what_would_turn_it() -> None:
    case = world.case(faults=(world.TRIP,))
    told = as_json(Found(case, diagnosed(case)))
    assert told["apart"]["causes"][0] == {"cause": world.WET, "label": "Water in plug"}  # type: ignore[index]  # JSON
    assert told["apart"]["splits_by"]["outcomes"][1]["answer"] == "no"  # type: ignore[index]  # JSON
    assert {each["evidence"] for each in told["turns"]} == {world.RAIN}  # type: ignore[attr-defined, index]  # JSON


symptoms = st.sets(st.sampled_from([world.AT_PLUG_IN, world.IDLE]))
answers = st.dictionaries(st.sampled_from([world.RAIN, world.WHEN]), st.sampled_from(["yes", "no", "plug-in", "??"]))
faults = st.sets(st.sampled_from([world.TRIP, world.LINK]))


@given(symptoms, answers, faults)
def test_every_turn_that_is_promised_comes_true_and_every_group_holds_the_first(
    seen: set, said: dict, told: set
) -> None:
    case = world.case(*sorted(seen), answers=said, faults=tuple(sorted(told)))
    diagnosis = diagnosed(case)
    first = diagnosis.hypotheses[0].cause if diagnosis.hypotheses else None
    assert (diagnosis.verdict == "ambiguous") <= (diagnosis.apart is not None)
    if diagnosis.apart is not None:
        assert diagnosis.apart.causes[0] == first
    for turn in diagnosis.turns:
        after = diagnosed(replace(case, answers={**case.answers, turn.evidence: turn.answer}))
        known = after.hypotheses and after.hypotheses[0].probability >= after.unknown
        assert (after.hypotheses[0].cause if known else None) == turn.cause
