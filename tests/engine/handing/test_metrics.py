"""Metrics: how long, by whom, and how often again; each figure with the number of cases behind it."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from case_events import NOON, at, back, closed, found, handed, logs, minutes, opened, said
from hypothesis import given
from hypothesis import strategies as st

from chargelore.engine.handing.ball import waiting
from chargelore.engine.handing.life import lives
from chargelore.engine.handing.metrics import Metrics, metrics
from chargelore.kb.events import Event

DAY = 24 * 60
MINUTE = timedelta(minutes=1)


def of(events: list[Event], now: float = 100 * DAY, since: float | None = None, until: float | None = None) -> Metrics:
    bounds = [None if each is None else at(each) for each in (since, until)]
    return metrics(lives(events, at(now)), at(now), *bounds)


def solved(number: int, minutes: float, *, oem: bool = False, begin: float = 0, charger: str = "") -> list[Event]:
    case = f"CP-{number}-1"
    told = opened(begin, case=case, charger=charger or f"CP-{number}")
    return [told, found(begin + minutes, case=case, oem=oem)]


def several(*lengths: float) -> list[Event]:
    return [event for number, length in enumerate(lengths) for event in solved(number, length)]


@given(logs, minutes, st.randoms(use_true_random=False))
def test_the_figures_are_the_same_in_whatever_order_things_were_told(
    log: list[Event], now: int, chance: random.Random
) -> None:
    before = of(log, now)
    chance.shuffle(log)
    assert of(log, now) == before


@given(logs, minutes, minutes)
def test_waiting_in_two_halves_sums_to_the_whole(log: list[Event], now: int, cut: int) -> None:
    cut = min(cut, now)
    times = [
        {each.party: each.time for each in of(log, now, *span).waiting}
        for span in ((None, cut), (cut, None), (None, None))
    ]
    first, second, whole = times
    nothing = timedelta()
    assert {party: first.get(party, nothing) + second.get(party, nothing) for party in {*first, *second}} == whole


def test_minutes_to_the_diagnosis_have_a_median_a_ninetieth_percentile_and_a_number() -> None:
    told = of(several(10, 20, 30, 40, 500)).minutes
    assert (told.n, told.median, told.p90) == (5, 30, 500)


def test_below_five_cases_nothing_is_said() -> None:
    told = of(several(10, 20, 30, 40))
    assert (told.minutes.n, told.minutes.median) == (4, None)
    assert (told.without_maker.n, told.without_maker.value) == (4, None)
    assert told.waiting[0].share is None


def test_a_first_guess_that_was_given_up_is_no_diagnosis() -> None:
    (life,) = lives([opened(0), found(10, "cut", ""), found(30, "wet", ""), found(50, "wet")], at(60))
    assert (life.diagnosed, life.cause, life.ended) == (at(30), "wet", at(50))


def test_minutes_count_from_the_first_words_where_those_came_first() -> None:
    (life,) = lives([opened(0), said("dark", 1, at_time=at(-15).isoformat()), found(10)], at(60))
    assert life.diagnosed is not None
    assert life.began is not None
    assert (life.diagnosed - life.began) / MINUTE == 25


def test_a_case_that_the_maker_had_is_not_solved_without_them() -> None:
    told = [*several(1, 1, 1), *solved(8, 1, oem=True), *solved(9, 60), handed("evse-oem", 5, case="CP-9-1")]
    assert (of(told).without_maker.some, of(told).without_maker.n) == (3, 5)
    assert of(told).without_maker.value == 0.6


def test_waiting_is_counted_to_now_where_a_case_is_open_and_says_so() -> None:
    (one,) = of([opened(0)], 90).waiting
    assert (one.party, one.time / MINUTE, one.open_time / MINUTE, one.n, one.still) == ("cso", 90, 90, 1, 1)


def test_a_span_takes_of_each_case_what_lies_in_it() -> None:
    told = of([opened(0), handed("utility", 100), found(200)], since=50, until=150)
    assert {each.party: each.time / MINUTE for each in told.waiting} == {"cso": 50, "utility": 50}
    assert (told.cases, told.open, told.minutes.n) == (1, 1, 0)


def test_the_same_fault_on_the_same_connector_within_14_days_came_back() -> None:
    again = opened(3 * DAY, case="CP-0-2", charger="CP-0")
    late = opened(40 * DAY, case="CP-1-2", charger="CP-1")
    other = opened(3 * DAY, case="CP-99-1", charger="CP-99")
    told = of([*several(1, 1, 1, 1, 1), again, late, other])
    assert (told.reopened.some, told.reopened.n, told.unjudged) == (1, 5, 0)


def test_a_fix_that_was_judged_not_to_hold_came_back() -> None:
    events = solved(1, 5)
    told = of([*events, back(events[1], 30)], now=2 * DAY)
    assert (told.reopened.some, told.reopened.n, told.unjudged) == (1, 1, 0)


def test_a_repair_of_yesterday_is_not_judged_yet() -> None:
    told = of(solved(1, 5), now=DAY)
    assert (told.reopened.n, told.unjudged) == (0, 1)


@pytest.mark.parametrize("verdict", ["given-up", "duplicate"])
def test_a_case_that_was_given_up_is_not_solved(verdict: str) -> None:
    told = of([opened(0), closed(10, verdict)])
    assert (told.without_maker.n, told.minutes.n, told.open) == (0, 0, 0)


def test_a_finding_without_a_case_on_the_book_stands_in_no_figure_of_time() -> None:
    told = of([found(5)])
    assert (told.cases, told.undated, told.minutes.n, told.without_maker.n) == (1, 1, 0, 1)
    assert not told.waiting


def test_nothing_at_all_gives_figures_of_nothing() -> None:
    told = of([])
    assert (told.cases, told.minutes.median, told.without_maker.value, told.waiting) == (0, None, None, ())


def test_marked_records_are_counted() -> None:
    assert of([opened(0), handed("utility", 20, at_time=at(-5000).isoformat())]).odd == 1
    (life,) = lives([opened(0)], NOON)
    assert waiting([]) == {}
    assert not life.marks
