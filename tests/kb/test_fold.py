"""What findings teach does not depend on the way they came; nobody can shout the others down."""

from __future__ import annotations

from math import sqrt
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chargelore.kb.clock import Stamp
from chargelore.kb.events import Event, event, finding_event, held_event, retract_event
from chargelore.kb.finding import Finding, Machine, StepTaken
from chargelore.kb.fold import COUNTED_PER_AUTHOR, UNLISTED, fold, told
from chargelore.kb.learned import NOTHING_LEARNED, Tally
from chargelore.kb.model import CauseId, EvidenceId, FaultId, StepId

TRIP, WET, RAIN, WHEN, DRY = FaultId("trip"), CauseId("wet"), EvidenceId("rain"), EvidenceId("when"), StepId("dry")


def stamp(ms: int, replica: str = "r") -> Stamp:
    return Stamp(1_770_000_000_000 + ms, 0, replica)


def finding(ms: int = 0, *, author: str = "ann", cause: str = WET, fixed_by: str = "", **evidence: str) -> Event:
    answers = {EvidenceId(key): value for key, value in evidence.items()}
    told = Finding(case=f"case-{ms}", fault=TRIP, cause=cause, evidence=answers, fixed_by=fixed_by)
    return finding_event(told, stamp=stamp(ms), author=author)


@st.composite
def logs(draw: st.DrawFn) -> list[Event]:
    """A log as people make it: findings, verdicts on some of them, some taken back, a few unreadable."""
    times, authors = st.integers(0, 50), st.sampled_from(["ann", "bob"])
    told = [
        finding(draw(times), author=draw(authors), cause=draw(st.sampled_from(["wet", "cut", "unknown"])), rain=answer)
        for answer in draw(st.lists(st.sampled_from(["yes", "no", "unknown"]), min_size=1, max_size=12))
    ]
    about = st.sampled_from(told)
    verdicts = [
        held_event(draw(about).id, held, by="auto", stamp=stamp(draw(times)), author="auto")
        for held in draw(st.lists(st.booleans(), max_size=5))
    ]
    backs = [
        retract_event(draw(about).id, "wrong", stamp=stamp(draw(times)), author=author)
        for author in draw(st.lists(authors, max_size=4))
    ]
    unread = event("finding", "s", {"case": 5}, stamp=stamp(1), author="x")
    later = event("of-2031", "s", {}, stamp=stamp(2), author="x")
    return [*told, *verdicts, *backs, unread, later]


@given(logs(), st.randoms())
def test_any_order_any_split_and_any_repetition_teach_the_same(log: list[Event], chance: object) -> None:
    shuffled = [*log, *log[: len(log) // 2]]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis calls its Random an object
    here, there = shuffled[::2], shuffled[1::2]
    assert repr(fold(shuffled)) == repr(fold([*there, *here])) == repr(fold(log))


@given(logs())
def test_counts_stay_between_nothing_and_the_number_of_cases(log: list[Event]) -> None:
    learned = fold(log)
    for tally in (*learned.causes.values(), *learned.shown.values(), *learned.fixed.values()):
        assert 0 <= tally.yes + tally.no <= tally.cases <= learned.cases
        assert 0 <= tally.held <= tally.cases


def on_one_case(ms: int, author: str = "ann", case: str = "CP-1-1", at: str = "2026-05-04T12:00", **told: Any) -> Event:
    found = Finding(case=case, fault=TRIP, charger=Machine(id="CP-1"), connector=1, opened_at=at, **told)
    return finding_event(found, stamp=stamp(ms), author=author)


def test_what_an_author_says_of_a_case_again_counts_as_one_case() -> None:
    again = [on_one_case(ms, cause=WET, case=f"CP-1-{ms}") for ms in range(4)]
    assert fold(again) == fold(again[-1:])
    assert fold(again).causes[TRIP, WET].cases == 1


def test_a_later_finding_of_an_author_stands_for_the_earlier_on_that_case_until_it_is_taken_back() -> None:
    first, second = on_one_case(0, cause=WET, fixed_by="dry"), on_one_case(1, cause="cut")
    assert set(fold([second, first]).causes) == {(TRIP, CauseId("cut"))}
    back = retract_event(second.id, "wrong", stamp=stamp(2), author="ann")
    assert set(fold([first, second, back]).causes) == {(TRIP, WET)}


def test_what_others_say_and_other_cases_of_that_name_count_on_their_own() -> None:
    log = [on_one_case(0), on_one_case(1, author="bob"), on_one_case(2, at="2026-06-04T12:00")]
    assert fold(log).cases == 3


def test_findings_of_old_that_do_not_say_of_which_case_they_are_count_as_they_did() -> None:
    old = [
        finding_event(Finding(case="CP-1-1", fault=TRIP, cause=WET), stamp=stamp(ms), author="ann") for ms in range(2)
    ]
    assert fold(old).causes[TRIP, WET].cases == 2
    assert round(fold(old).causes[TRIP, WET].yes, 6) == round(0.5 + 0.5 / sqrt(2), 6)


def test_a_finding_with_numbers_below_zero_counts_for_nothing() -> None:
    step = StepTaken(id=StepId("dry"), worked=True, minutes=-5)
    log = [on_one_case(0, minutes=-5), on_one_case(1, visits=-3), on_one_case(2, steps=(step,))]
    assert fold(log) == NOTHING_LEARNED


def test_what_rules_on_trial_had_said_stays_judged_by_the_first_finding() -> None:
    log = [on_one_case(0, cause="cut", blind={"wet": "wrong"}), on_one_case(1, cause=WET, blind={"wet": "right"})]
    assert [each.counted.finding.blind for each in told(log)] == [{"wet": "wrong"}]


def test_an_empty_log_teaches_nothing() -> None:
    assert fold([]) == NOTHING_LEARNED


def test_a_fix_that_held_counts_twice_as_much_as_one_not_yet_judged() -> None:
    first = finding()
    held = held_event(first.id, held=True, by="auto", stamp=stamp(9), author="auto")
    assert fold([first]).causes[TRIP, WET] == Tally(yes=0.5, cases=1)
    assert fold([first, held]).causes[TRIP, WET] == Tally(yes=1.0, cases=1, held=1)


def test_a_fix_that_did_not_hold_counts_nothing_for_its_cause_but_stays_a_case() -> None:
    first = finding()
    back_again = held_event(first.id, held=False, by="auto", stamp=stamp(9), author="auto")
    assert fold([first, back_again]).causes[TRIP, WET] == Tally(cases=1)


def test_a_step_after_which_the_fault_came_back_counts_against_it_as_much_as_one_that_held_counts_for_it() -> None:
    first, second = finding(1, fixed_by=DRY, rain="yes"), finding(2, author="bob", fixed_by=DRY, rain="yes")
    gone = held_event(first.id, held=False, by="auto", stamp=stamp(9), author="auto")
    held = held_event(second.id, held=True, by="auto", stamp=stamp(9), author="auto")
    learned = fold([first, second, gone, held])
    assert learned.fixed[DRY, WET] == Tally(yes=1.0, no=1.0, cases=2, held=1)
    assert learned.shown[WET, RAIN, "yes"] == Tally(yes=1.0, cases=2, held=1)


def test_of_several_verdicts_on_a_fix_the_worst_stands_until_it_is_taken_back() -> None:
    first = finding()
    verdicts = [held_event(first.id, held=ms != 15, by="auto", stamp=stamp(ms), author="auto") for ms in (10, 30, 15)]
    assert fold([first, *verdicts]).causes[TRIP, WET].yes == 0
    wrong = retract_event(verdicts[2].id, "another charger", stamp=stamp(40), author="auto")
    assert fold([first, *verdicts, wrong]).causes[TRIP, WET].yes == 1


def test_an_eager_author_counts_less_each_time_and_nothing_in_the_end() -> None:
    many = [finding(ms) for ms in range(60)]
    expected = sum(0.5 / sqrt(k) for k in range(1, COUNTED_PER_AUTHOR + 1))
    assert abs(fold(many).causes[TRIP, WET].yes - expected) < 1e-9
    assert fold(many).causes[TRIP, WET].cases == 60


def test_two_authors_count_as_two() -> None:
    assert fold([finding(1), finding(2, author="bob")]).causes[TRIP, WET].yes == 1.0


def test_an_author_takes_back_only_their_own_finding() -> None:
    first = finding()
    strangers = retract_event(first.id, "no", stamp=stamp(5), author="bob")
    own = retract_event(first.id, "typed wrongly", stamp=stamp(5), author="ann")
    assert fold([first, strangers]).cases == 1
    assert fold([first, own]) == NOTHING_LEARNED


def test_an_answer_speaks_against_the_other_answers() -> None:
    shown = fold([finding(1, rain="yes", when="load"), finding(2, author="bob", rain="no", when="plug-in")]).shown
    assert shown[WET, RAIN, "yes"] == Tally(yes=0.5, no=0.5, cases=2)
    assert shown[WET, RAIN, "no"] == Tally(yes=0.5, no=0.5, cases=2)
    assert shown[WET, WHEN, "load"] == Tally(yes=0.5, no=0.5, cases=2)


def test_what_nobody_looked_at_is_not_counted() -> None:
    assert not fold([finding(rain="unknown")]).shown


def test_a_cause_that_nobody_found_is_a_case_and_no_more() -> None:
    learned = fold([finding(cause="unknown", rain="yes", fixed_by=DRY)])
    assert (learned.cases, learned.causes, learned.shown, learned.fixed) == (1, {}, {}, {})


def test_a_cause_that_is_not_listed_counts_as_unlisted() -> None:
    assert fold([finding(cause="not listed: a mouse")]).causes == {(TRIP, UNLISTED): Tally(yes=0.5, cases=1)}


def test_steps_count_by_whether_they_worked_and_the_fix_once() -> None:
    steps = (StepTaken(id=StepId("reset"), worked=False, minutes=2), StepTaken(id=DRY, worked=True, minutes=9))
    told = Finding(case="c", fault=TRIP, cause=WET, steps=steps, fixed_by=DRY)
    fixed = fold([finding_event(told, stamp=stamp(1), author="ann")]).fixed
    assert fixed == {(DRY, WET): Tally(yes=0.5, cases=1), (StepId("reset"), WET): Tally(no=0.5, cases=1)}
