"""Times as logs write them, and a clock that only moves on."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chargelore.engine.decode.clock import STAMP, UPTIME, Clock, moment

WHEN = datetime(2031, 3, 14, 9, 5, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2031-03-14T09:05:07Z",
        "2031-03-14 09:05:07",
        "2031-03-14T10:05:07+01:00",
        "2031-03-14 04:05:07-0500",
        "2031/03/14 09:05:07",
        "14.03.2031 09:05:07",
        "14.03.2031-09:05:07",
        "14/Mar/2031:09:05:07 +0000",
        "Fri Mar 14 09:05:07 2031",
        "Mar 14, 2031 9:05:07 AM",
        "03/14/2031 09:05:07 AM",
        "14. März 2031 09:05:07",
        "14 Mrz 2031 09:05:07",
        "1931245507",
        "1931245507000",
        "1931245507.000",
    ],
)
def test_the_same_moment_in_many_notations(text: str) -> None:
    found = moment(text)
    assert found is not None
    assert found.at == WHEN
    assert STAMP.search(text) is not None


@pytest.mark.parametrize(
    "text", ["2031-03-14 09:05:07,250", "2031-03-14T09:05:07.25Z", "2031-03-14 09:05:07.250000000"]
)
def test_fractions_are_kept_however_they_are_written(text: str) -> None:
    found = moment(text)
    assert found is not None
    assert found.at.microsecond == 250_000


@pytest.mark.parametrize(
    "text", ["2031-13-14 09:05:07", "99:99:99", "Foo 14 09:05:07", "31.02.2031 10:00:00", "", "12"]
)
def test_what_is_no_time_is_none(text: str) -> None:
    assert moment(text) is None


@given(st.text(max_size=40))
def test_any_text_is_a_time_or_none(text: str) -> None:
    moment(text)


@given(st.from_regex(STAMP, fullmatch=True))
def test_whatever_looks_like_a_time_can_be_tried(text: str) -> None:
    moment(text)


def at(clock: Clock, text: str) -> tuple[datetime, tuple[str, ...]]:
    found = moment(text)
    assert found is not None
    return clock.at(found)


def test_a_time_of_day_alone_counts_from_1970() -> None:
    assert at(Clock(), "17:08:26.855") == (datetime(1970, 1, 1, 17, 8, 26, 855_000, tzinfo=UTC), ("no-date",))


def test_midnight_moves_a_time_of_day_on() -> None:
    clock = Clock()
    before, _ = at(clock, "23:59:58")
    after, _ = at(clock, "00:00:03")
    assert (after - before).total_seconds() == 5


def test_a_whole_date_earlier_in_the_log_gives_the_day() -> None:
    clock = Clock()
    at(clock, "2031-03-14 09:05:07")
    assert at(clock, "09:05:08,500") == (datetime(2031, 3, 14, 9, 5, 8, 500_000, tzinfo=UTC), ())


def test_new_year_moves_a_date_without_year_on() -> None:
    clock = Clock()
    before, marks = at(clock, "Dec 31 23:59:59")
    after, _ = at(clock, "Jan  1 00:00:01")
    assert (after - before).total_seconds() == 2
    assert marks == ("no-date",)


def test_the_leap_day_without_a_year_is_a_day() -> None:
    assert moment("Feb 29 10:00:00") is not None


def test_time_since_power_on_goes_beyond_a_day() -> None:
    assert at(Clock(), f"{UPTIME}90061500")[0] == datetime(1970, 1, 2, 1, 1, 1, 500_000, tzinfo=UTC)


def test_a_clock_that_was_not_set_is_marked() -> None:
    assert at(Clock(), "1970-01-01 00:03:00")[1] == ("1970",)
