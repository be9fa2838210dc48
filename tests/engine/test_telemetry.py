"""Telemetry: what a signal would save is told from replayed troubles, with a doubt that covers what is not known."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hearsay import WALL, report, sheet
from hypothesis import given, settings
from hypothesis import strategies as st
from small_world import TRIP, WET
from small_world import knowledge as small_world
from telling_world import (
    ASKED,
    BOARD,
    CABLE,
    FAULT,
    IDLE,
    SHOWN,
    SMELL,
    SWAP_BOARD,
    SWAP_CABLE,
    TELLING,
    knowledge,
    learned,
)  # fmt: skip

from chargelore.engine.case import Charger
from chargelore.engine.grammar.rule import shipped as rules
from chargelore.engine.heard.reportability import Sheet
from chargelore.engine.reach import Reach
from chargelore.engine.telemetry.apart import told_apart
from chargelore.engine.telemetry.asking import Sheets, asked, enough, lacking, placed
from chargelore.engine.telemetry.belief import believed, chance_of, cure_worth, sign_chance
from chargelore.engine.telemetry.echo import echoes, lift
from chargelore.engine.telemetry.exposure import Exposure, exposure, new_of, sends, wishes
from chargelore.engine.telemetry.habit import habit_of
from chargelore.engine.telemetry.predicted import Effort, Predicted, predicted
from chargelore.engine.telemetry.saving import Range, Saving
from chargelore.engine.telemetry.walk import Start, bill, walk
from chargelore.kb.counts import UNLISTED
from chargelore.kb.finding import NOT_LISTED, Finding, Machine, StepTaken
from chargelore.kb.learned import NOTHING_LEARNED, Learned, Proof, Tally
from chargelore.kb.load import shipped
from chargelore.kb.model import EvidenceId, Knowledge, Shows
from chargelore.kb.signalfamilies import SignalFamily, signal_families

ACME = Charger(id="", vendor="Acme", model="Wall")
QUICK = Effort(replays=60, draws=12)
NOTHING = Range(0.0, 0.0, 0.0)
SEEN = frozenset({SHOWN})
FAMILIES = {"telling": frozenset({TELLING}), "idle": frozenset({IDLE}), "shown": SEEN}


def told(
    known: Knowledge | None = None, taught: Learned | None = None, charger: Charger = ACME, effort: Effort = QUICK
) -> Predicted:
    return predicted(
        known or knowledge(), taught or learned(), charger, seen=SEEN, families=FAMILIES, effort=effort
    )  # fmt: skip


def test_a_signal_that_tells_two_dear_repairs_apart_saves_minutes() -> None:
    found = told().savings["telling"]
    assert 10 < found.minutes.low < found.minutes.mean < found.minutes.high < 120


def test_what_is_shown_already_saves_nothing_at_all() -> None:
    assert told().savings["shown"] == Saving(NOTHING, NOTHING)


def test_a_signal_of_which_no_cause_says_anything_saves_nothing() -> None:
    assert told().savings["idle"] == Saving(NOTHING, NOTHING)


def test_the_cheaper_the_wrong_repair_the_less_is_saved() -> None:
    cheap, dear = (told(knowledge(minutes)).savings["telling"].minutes.mean for minutes in (10, 120))
    assert cheap < dear / 3


def test_the_same_arguments_give_the_same_numbers_and_another_seed_gives_others() -> None:
    assert told() == told()
    other = told(effort=replace(QUICK, seed="other"))
    assert other.savings["telling"] != told().savings["telling"]


def test_the_order_of_the_families_does_not_matter() -> None:
    turned = dict(reversed(FAMILIES.items()))
    found = predicted(knowledge(), learned(), ACME, seen=SEEN, families=turned, effort=QUICK)
    assert found == told()


def test_findings_narrow_the_interval() -> None:
    few, many = (told(taught=learned(cases)).savings["telling"].minutes for cases in (8.0, 400.0))
    assert many.high - many.low < few.high - few.low


def test_with_nothing_learned_the_authors_alone_are_believed_with_more_doubt() -> None:
    alone, taught = told(taught=NOTHING_LEARNED).savings["telling"].minutes, told().savings["telling"].minutes
    assert alone.high - alone.low > taught.high - taught.low


@settings(max_examples=10, deadline=None)
@given(st.permutations(["Acme", "Bolt", "Crane"]))
def test_what_a_maker_is_called_changes_nothing(names: list[str]) -> None:
    vendor = names[0]
    found = told(taught=learned(vendor=vendor), charger=Charger(id="", vendor=vendor, model="Wall"))
    assert found == told()


@settings(max_examples=25, deadline=None)
@given(
    cases=st.sampled_from((0.0, 0.5, 7.0, 90.0)),
    minutes=st.integers(0, 700),
    seed=st.text(max_size=5),
    hidden=st.sets(st.sampled_from((SHOWN, TELLING, IDLE, ASKED))),
)
def test_no_number_is_ever_nan_and_no_interval_turned_round(
    cases: float, minutes: int, seed: str, hidden: set[EvidenceId]
) -> None:
    found = predicted(
        knowledge(minutes), learned(cases), ACME, seen=SEEN - hidden, families={"some": frozenset(hidden)},
        effort=Effort(20, 5, seed),
    )  # fmt: skip
    for each in (found.savings["some"].minutes, found.savings["some"].handed_over):
        assert all(map(math.isfinite, (each.mean, each.low, each.high)))
        assert each.low <= each.mean <= each.high
    assert -1 <= found.savings["some"].handed_over.mean <= 1
    assert math.isfinite(found.today.minutes)


@settings(max_examples=15, deadline=None)
@given(st.sets(st.sampled_from((SHOWN, TELLING, IDLE))), st.text(max_size=3))
def test_signals_that_everybody_shows_save_nothing_whatever_they_are(signals: set[EvidenceId], seed: str) -> None:
    seen = frozenset({SHOWN, TELLING, IDLE})
    found = predicted(
        knowledge(), learned(), ACME, seen=seen, families={"some": frozenset(signals)}, effort=Effort(20, 3, seed)
    )
    assert found.savings["some"] == Saving(NOTHING, NOTHING)


def test_a_walk_takes_no_step_twice_and_ends_where_the_plan_hands_over() -> None:
    start = Start(ACME, {SHOWN: "yes"}, {FAULT: 0.9})
    steps = walk(knowledge(), learned(), start, {}, lambda _: 0.0)
    assert len(steps) == len(set(steps))
    assert {SWAP_BOARD, SWAP_CABLE} <= set(steps) <= {SWAP_BOARD, SWAP_CABLE, SMELL}


def test_a_bill_weighs_the_cure_in_instead_of_throwing_it() -> None:
    paid = bill(knowledge(), (SWAP_BOARD, SWAP_CABLE), lambda step: 0.5 if step == SWAP_BOARD else 0.0)
    assert paid.handed_over == 0.5
    assert paid.minutes == 125 + 0.5 * 125 + 0.5 * 600


def test_causes_that_only_the_new_signal_tells_apart_become_separable() -> None:
    held = believed(knowledge(), learned(), ACME)
    assert told_apart(held, SEEN, frozenset({TELLING})) in (((BOARD, CABLE),), ((CABLE, BOARD),))
    assert told_apart(held, SEEN, frozenset({IDLE})) == ()
    assert told_apart(held, frozenset({TELLING}), frozenset({TELLING})) == ()


def _saving(mean: float, doubt: float) -> Saving:
    each = Range(mean, mean - doubt, mean + doubt)
    return Saving(each, each)


def test_families_whose_intervals_overlap_with_the_best_are_tied_with_it() -> None:
    found = placed({"best": _saving(9, 1), "near": _saving(7.5, 1), "far": _saving(2, 1), "last": _saving(1, 0.5)})
    assert found == [("best", 1, True), ("near", 1, True), ("far", 3, True), ("last", 3, True)]
    assert placed({"one": _saving(9, 1), "other": _saving(2, 1)}) == [("one", 1, False), ("other", 2, False)]
    assert placed({}) == []


FAMILY = SignalFamily(id="telling", label="Leak", ask="Send it.", evidence=(TELLING,), items=("meter.temperature",))


def _exposed(items: dict[str, int], seen: frozenset[EvidenceId] = SEEN, charger: Charger = ACME) -> Exposure:
    return Exposure(charger, report(items), seen, {})


def _sheets(models: dict[Charger, Exposure | None], taught: Learned | None = None) -> Sheets:
    return Sheets(knowledge(), taught or learned(), (FAMILY,), models, QUICK)


def test_a_model_with_fewer_than_five_findings_is_left_out() -> None:
    made = _sheets({ACME: _exposed({})}, learned(4.0))
    assert enough(made) == []
    assert [each.lacks for each in lacking(made)] == ["findings"]


def test_a_model_of_which_nothing_was_heard_is_left_out() -> None:
    made = _sheets({ACME: None})
    assert [each.lacks for each in lacking(made)] == ["heard"]
    with pytest.raises(ValueError, match="nothing was heard"):
        asked(made, ACME)


def test_who_sends_it_today_is_named_and_whoever_sends_it_is_not_asked() -> None:
    bolt = Charger(id="", vendor="Bolt", model="Post")
    made = _sheets({ACME: _exposed({}), bolt: _exposed({"meter.temperature": 9}, charger=bolt)})
    (ask,) = asked(made, ACME).asks
    assert ask.has["sent"] == ("Bolt Post",)
    assert ask.signals == (TELLING,)
    assert ask.is_sure
    assert [each.charger.vendor for each in lacking(made)] == ["Bolt"]
    sending = _sheets({ACME: _exposed({"meter.temperature": 9})})
    assert asked(sending, ACME).asks == ()
    assert asked(sending, ACME).sent == ("Leak",)


def test_every_replayed_trouble_passes_whoever_watches() -> None:
    seen: list[Charger] = []

    def watching(charger, cases):  # type: ignore[no-untyped-def]  # a fake
        for each in cases:
            seen.append(charger)
            yield each

    asked(_sheets({ACME: _exposed({})}), ACME, watching)
    assert seen == [ACME] * QUICK.replays


def test_what_a_model_never_sends_hides_symptoms_and_becomes_a_wish() -> None:
    heard = sheet({"meter": 5_000, "meter.power": 5_000, "start": 900, "status": 900})
    heard = Sheet(models={WALL: replace(heard.models[WALL], layers={"ocpp": None})})
    one = exposure(shipped(), heard, Reach(rules(), heard), ACME)
    assert one is not None
    assert one.hidden
    assert not one.seen & set(one.hidden)
    wished = list(wishes(signal_families(), one))
    (meters,) = (each for each in wished if each.id == "meter")
    assert "meter.temperature" in meters.items
    assert set(new_of(one, meters)) == set(meters.evidence)
    assert "`" not in meters.label + meters.ask
    assert not sends(one, meters)
    asked_for = [each for family in wished for each in family.evidence]
    assert set(one.hidden) <= set(asked_for)


def test_of_a_model_that_was_never_heard_there_is_no_exposure() -> None:
    assert exposure(shipped(), Sheet(), Reach(rules()), ACME) is None


def _proofs(*codes: str) -> Learned:
    machine = Machine(vendor="Acme", model="Wall")
    found = (Finding(case="c", fault=TRIP, cause=WET, charger=machine, codes=(each,)) for each in codes)
    return Learned(proofs=tuple(Proof(each, 1.0) for each in found))


def test_codes_that_named_the_right_fault_are_believed_and_codes_that_nobody_mapped_tell_nothing() -> None:
    before = habit_of(small_world(), NOTHING_LEARNED)
    named, silent = habit_of(small_world(), _proofs(*["E7"] * 30)), habit_of(small_world(), _proofs(*["Q99"] * 30))
    assert named.right > before.right
    assert named.told > before.told > silent.told
    assert silent.right == before.right


def test_signs_that_repeat_one_another_come_less_true_in_the_replay() -> None:
    held = believed(knowledge(), learned(), ACME)
    alone, beside = (sign_chance(replace(held, temper=each), BOARD, TELLING, "yes") for each in (1.0, 0.5))
    assert sign_chance(held, CABLE, TELLING, "yes") < beside < alone


PROBED = EvidenceId("probe")  # a second sensor for what TELLING tells


def _with_probe() -> Knowledge:
    known = knowledge()
    probe = replace(known.evidence[TELLING], id=PROBED, question=PROBED)
    shows = Shows(evidence=PROBED, grade="always")
    board = replace(known.causes[BOARD], shows=(*known.causes[BOARD].shows, shows))
    return replace(known, evidence={**known.evidence, PROBED: probe}, causes={**known.causes, BOARD: board})


def _looked(*said: tuple[str, str]) -> Learned:
    """Findings in which both sensors were read."""
    machine, taught = Machine(vendor="Acme", model="Wall"), learned()
    shown = dict(taught.shown)
    for cause, yes in ((BOARD, 12.0), (CABLE, 2.0)):
        for name in (TELLING, PROBED):
            shown[cause, name, "yes"], shown[cause, name, "no"] = Tally(yes=yes, no=8.0), Tally(yes=8.0, no=yes)
    proofs = [
        Finding(case="c", fault=FAULT, cause=BOARD, charger=machine, evidence={TELLING: one, PROBED: other})
        for one, other in said
    ]
    return replace(taught, shown=shown, proofs=tuple(Proof(each, 1.0) for each in proofs))


SAME = (("yes", "yes"), ("no", "no")) * 30
CROSSED = (("yes", "yes"), ("yes", "no"), ("no", "yes"), ("no", "no")) * 15


def test_signs_that_always_came_together_are_an_echo_and_those_that_did_not_are_none() -> None:
    echo = echoes(believed(_with_probe(), _looked(*SAME), ACME))[PROBED]
    assert echo.of == TELLING
    assert echo.share > 0.85
    assert echo.doubt < 0.1
    assert PROBED not in echoes(believed(_with_probe(), _looked(*CROSSED), ACME))


def test_an_echo_of_what_is_shown_saves_less_than_a_sensor_that_sees_for_itself() -> None:
    same, crossed = (
        predicted(_with_probe(), _looked(*said), ACME, seen=SEEN | {TELLING}, families={"probe": frozenset({PROBED})},
                  effort=QUICK).savings["probe"].minutes
        for said in (SAME, CROSSED)
    )  # fmt: skip
    assert same.mean < crossed.mean / 2


def _alike() -> Knowledge:
    known = _with_probe()
    cable = replace(
        known.causes[CABLE], shows=tuple(Shows(evidence=each, grade="rarely") for each in (TELLING, PROBED))
    )
    return replace(known, causes={**known.causes, CABLE: cable})


def test_signs_that_nobody_saw_together_are_suspected_where_they_are_given_to_the_same_causes() -> None:
    echo = echoes(believed(_alike(), learned(), ACME))[PROBED]
    assert echo.of == TELLING
    assert echo.doubt > 0.2


def test_the_more_findings_saw_both_signs_the_smaller_is_the_doubt_of_an_echo() -> None:
    few, many = (echoes(believed(_alike(), _looked(*SAME[:count]), ACME))[PROBED] for count in (6, 60))
    assert many.doubt < few.doubt


@given(share=st.floats(0, 0.97), first=st.floats(0.01, 0.98), then=st.floats(0.01, 0.98))
def test_an_echo_changes_no_chance_of_either_sign_alone(share: float, first: float, then: float) -> None:
    for there, chance in ((True, first), (False, 1 - first)):
        rest = sum((then if other else 1 - then) * lift(share, first, then, (there, other)) for other in (True, False))
        assert chance * rest == pytest.approx(chance)


def test_a_cause_that_nobody_wrote_down_yields_to_a_step_as_often_as_findings_say() -> None:
    held = believed(knowledge(), learned(), ACME)
    machine = Machine(vendor="Acme", model="Wall")
    found = Finding(case="c", fault=FAULT, cause=f"{NOT_LISTED}: a mouse", charger=machine,
                    steps=(StepTaken(id=SWAP_BOARD, worked=False),))  # fmt: skip
    vain = replace(learned(), proofs=(Proof(found, 1.0),) * 20)
    before, after = (
        chance_of(cure_worth(each, SWAP_BOARD, UNLISTED)) for each in (held, believed(knowledge(), vain, ACME))
    )
    assert 0 < after < before < 1
