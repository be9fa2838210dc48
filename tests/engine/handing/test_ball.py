"""Who holds the ball: no minute of a case is lost or counted twice, whoever's clock is wrong."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from case_events import NOON, answered, at, closed, escalated, found, handed, logs, minutes, opened, said, stamp, told
from hypothesis import given
from hypothesis import strategies as st

from chargelore.engine.handing.ball import Ball, ball, holdings, waiting
from chargelore.engine.handing.life import Life, lives
from chargelore.kb.answer import Signature
from chargelore.kb.casebook import Opened, Words
from chargelore.kb.events import Event, event
from chargelore.kb.finding import Finding, body_of, finding_of
from chargelore.kb.model import FaultId

NOTHING = timedelta()
TO_NOBODY = {"note": "to nobody", "opened_at": NOON.isoformat()}


def one(*events: Event, now: float = 1000) -> Life:
    (life,) = lives(events, at(now))
    return life


def held(life: Life, now: float = 1000) -> dict[str, float]:
    return {party: span / timedelta(minutes=1) for party, span in waiting(holdings(life, at(now))).items()}


def open_ball(life: Life, now: float = 1000, shown: tuple[str, ...] = ()) -> Ball:
    found = ball(life, at(now), shown)
    assert found is not None
    return found


@given(logs, minutes, st.randoms(use_true_random=False))
def test_what_the_parties_waited_sums_to_the_life_whatever_order_it_is_told_in(
    log: list[Event], now: int, chance: random.Random
) -> None:
    (life,) = lives(log, at(now))
    spans = holdings(life, at(now))
    assert life.began is not None
    end = min(life.ended, at(now)) if life.ended else at(now)
    assert sum(waiting(spans).values(), NOTHING) == end - life.began
    assert all(each.span >= NOTHING for each in spans)
    chance.shuffle(log)
    assert lives([*log, *log], at(now)) == (life,)


@given(logs, minutes, minutes, minutes)
def test_parts_of_the_time_sum_to_the_whole(log: list[Event], now: int, begin: int, middle: int) -> None:
    (life,) = lives(log, at(now))
    spans, cut = holdings(life, at(now)), at(middle)
    before, after, whole = waiting(spans, None, cut), waiting(spans, cut), waiting(spans)
    assert {each: before[each] + after[each] for each in whole} == whole
    assert all(NOTHING <= each <= whole[party] for party, each in waiting(spans, at(begin), cut).items())


def test_whoever_has_it_waits_from_the_hand_over_on() -> None:
    life = one(opened(0), handed("utility", 30, giver="site-host"), handed("evse-oem", 90), now=100)
    assert held(life, 100) == {"site-host": 30, "utility": 60, "evse-oem": 10}
    assert open_ball(life, 100).holder == "evse-oem"
    assert open_ball(life, 100).since == at(90)


def test_where_nobody_says_otherwise_the_operator_has_it() -> None:
    assert held(one(opened(0), now=10), 10) == {"cso": 10}


def test_handed_to_those_who_have_it_they_go_on_waiting() -> None:
    life = one(opened(0), handed("utility", 10), handed("utility", 50))
    assert open_ball(life).since == at(10)


@pytest.mark.parametrize(
    ("event", "mark"),
    [
        (handed("utility", 1100), "told for the future"),
        (handed("utility", 20, at_time=at(300).isoformat()), "told for later than it was written"),
        (handed("utility", 20, at_time=at(-300).isoformat()), "told for a time before the case began"),
        (handed("utility", -500), "told for a time before the case began"),
        (handed("utility", 20, at_time="soon"), "gives a time that cannot be read"),
        (handed("utility", 60, giver="driver"), "is by driver, while evse-oem had it"),
        (event("handed", "CP-7-1", TO_NOBODY, stamp=stamp(5), author="a"), "cannot be read"),
    ],
)  # fmt: skip
def test_a_record_that_cannot_be_so_is_marked_and_no_time_is_negative(event: Event, mark: str) -> None:
    life = one(opened(0), handed("evse-oem", 10), event)
    assert any(mark in each for each in life.marks)
    assert sum(held(life).values()) == 1000


def test_a_hand_over_after_the_end_changes_nothing() -> None:
    life = one(opened(0), found(40), handed("utility", 50))
    assert held(life) == {"cso": 40}
    assert "comes after the end" in life.marks[0]
    assert ball(life, at(1000)) is None


def test_a_charger_whose_clock_was_never_set_counts_from_the_book() -> None:
    entry = Opened(opened_at="1970-01-01T00:03:00+00:00")
    life = one(told(entry, 5))
    assert life.began == at(5)
    assert "not set" in life.marks[0]


def test_a_case_of_the_future_counts_from_the_book() -> None:
    life = one(told(Opened(opened_at=at(5000).isoformat()), 5))
    assert life.began == at(5)
    assert "opens in the future" in life.marks[0]


def test_the_first_words_stay_the_first_and_the_case_begins_with_them() -> None:
    first = said("it buzzed, then [red]dark[/]", 5, at_time=at(-20).isoformat())
    life = one(opened(0), said("the RCD of the site tripped", 6, by="site-host", at_time=at(-40).isoformat()), first)
    assert [each.text for each in life.words] == ["it buzzed, then [red]dark[/]", "the RCD of the site tripped"]
    assert life.began == at(-20)


def test_words_of_long_ago_do_not_move_the_begin() -> None:
    life = one(opened(0), said("it was always so", 5, at_time="2019-01-01T00:00:00+00:00"))
    assert life.began == NOON
    assert "a time long before" in life.marks[0]


def test_two_troubles_of_one_name_are_two_cases() -> None:
    events = [opened(0), opened(9000), handed("utility", 9100, opened=9000), found(9200)]
    first, second = lives(events, at(9300))
    assert (first.ended, first.held_by) == (None, "cso")
    assert (second.ended, second.held_by) == (at(9200), "utility")


@pytest.mark.parametrize("opening", [0, 9000])
def test_a_finding_ends_the_trouble_that_it_is_of_and_no_other(opening: float) -> None:
    events = [opened(0), opened(9000), found(9200, opened=opening)]
    ended = {life.key.opened_at: life.ended for life in lives(events, at(9300))}
    assert ended == {NOON.isoformat(): None, at(9000).isoformat(): None} | {at(opening).isoformat(): at(9200)}


def test_a_finding_of_a_trouble_that_nobody_entered_ends_no_other() -> None:
    first, second = lives([opened(0), found(9200, opened=9000)], at(9300))
    assert (first.ended, second.ended) == (None, at(9200))


def test_a_finding_keeps_what_it_says_of_when_its_case_opened_also_that_it_says_nothing() -> None:
    for since in (None, "", NOON.isoformat()):
        told_of = Finding(case="CP-7-1", fault=FaultId("trip"), opened_at=since)
        assert finding_of(body_of(told_of)) == told_of


def test_a_finding_goes_to_the_trouble_of_its_own_store() -> None:
    other = Words(text="far away", opened_at=at(10).isoformat())
    events = [opened(0), told(other, 20, replica="s"), found(30)]
    ends = {life.key.opened_at: life.ended for life in lives(events, at(100))}
    assert ends == {NOON.isoformat(): at(30), at(10).isoformat(): None}


def test_a_layer_that_somebody_showed_since_is_no_longer_missing() -> None:
    life = one(opened(0))
    assert open_ball(life).unshown == ("modbus", "grid", "field")
    assert open_ball(life).telling == ("grid",)
    assert open_ball(life, shown=("grid",)).unshown == ("modbus", "field")
    assert open_ball(one(opened(0), said("dark", 1)), shown=("grid",)).unshown == ("modbus",)


def test_a_verdict_ends_it_like_a_finding() -> None:
    life = one(opened(0), closed(70, "no-fault"))
    assert (life.ended, life.ended_by, life.diagnosed) == (at(70), "no-fault", at(70))
    assert one(opened(0), closed(70, "given-up")).diagnosed is None


def test_entries_survive_the_way_through_the_log() -> None:
    words = Words(text="=cmd()", by="driver", opened_at=NOON.isoformat())
    assert one(told(words, 0)).words[0].text == "=cmd()"


def test_what_the_maker_answers_is_the_diagnosis_of_all_cases_of_that_signature() -> None:
    asked = [opened(0), opened(0, case="CP-9-1"), escalated(30), escalated(40, case="CP-9-1")]
    first, second = lives([*asked, answered(90)], at(100))
    assert (first.diagnosed, first.cause) == (second.diagnosed, second.cause) == (at(90), "wet")
    other = Signature(vendor="Acme", codes=("Acme 7",))
    assert {life.diagnosed for life in lives([*asked, answered(90, "CP-5-1", other)], at(100))} == {None}


def test_an_answer_to_a_case_that_is_not_on_the_book_opens_none() -> None:
    assert lives([answered(90)], at(100)) == ()
