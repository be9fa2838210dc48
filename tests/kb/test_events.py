"""Events keep what was said, in one form, under a name that follows from it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chargelore.kb.clock import Stamp, next_stamp, stamp_of
from chargelore.kb.errors import InputError
from chargelore.kb.events import Event, event, finding_event, from_line, gap_event, in_time, sound, to_line
from chargelore.kb.finding import Finding, Machine, StepTaken, finding_of
from chargelore.kb.model import EvidenceId, FaultId, StepId

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
STAMP = Stamp(1_770_000_000_000, 0, "bench")

words = st.text(max_size=20)
plain_values = st.recursive(
    st.booleans() | st.integers() | words, lambda inner: st.lists(inner) | st.dictionaries(words, inner), max_leaves=8
)
bodies = st.dictionaries(words, plain_values, max_size=5)
stamps = st.builds(Stamp, st.integers(0, 9_999_999_999_999), st.integers(0, 99), st.sampled_from(["a", "b7"]))


@given(bodies, stamps, words)
def test_an_event_survives_the_way_to_another_store(body: dict[str, object], stamp: Stamp, author: str) -> None:
    sent = event("note", "cp-1", body, stamp=stamp, author=author)
    assert from_line(to_line(sent)) == sent


@given(st.text())
def test_any_line_is_an_event_or_is_refused(line: str) -> None:
    with pytest.raises(InputError):
        from_line(line)


@given(st.dictionaries(words, st.integers() | words, min_size=2, max_size=6))
def test_the_order_in_which_a_body_was_written_does_not_matter(body: dict[str, object]) -> None:
    turned = dict(reversed(body.items()))
    assert event("n", "s", body, stamp=STAMP, author="a").id == event("n", "s", turned, stamp=STAMP, author="a").id


def test_a_changed_event_is_refused() -> None:
    line = to_line(finding_event(Finding(case="c", fault=FaultId("f"), cause="rust"), stamp=STAMP, author="a"))
    with pytest.raises(InputError, match="changed after it was written"):
        from_line(line.replace("rust", "dust"))


@pytest.mark.parametrize("value", [1.5, None, b"x", {1: "a"}, float("nan"), {"deep": 0.1}])
def test_what_reads_differently_elsewhere_is_refused(value: object) -> None:
    with pytest.raises(InputError):
        event("note", "s", {"value": value}, stamp=STAMP, author="a")


def test_a_body_without_end_is_refused() -> None:
    deep: list[object] = []
    for _ in range(5_000):
        deep = [deep]
    for body in ({"text": "x" * 100_000}, {"deep": deep}):
        with pytest.raises(InputError):
            event("note", "s", body, stamp=STAMP, author="a")


def test_broken_text_of_a_charger_is_kept_in_a_form_that_every_store_can_hold() -> None:
    kept = event("note", "s\0", {"text": "half \ud83d pair"}, stamp=STAMP, author="a")
    assert "\0" not in kept.subject
    assert "\ud83d" not in kept.body["text"]
    assert sound(kept) == kept


def test_a_long_query_is_a_gap_with_a_short_name() -> None:
    gap = gap_event("E 77  " * 500, {"vendor": "Acme", "model": ""}, stamp=STAMP, author="a")
    assert len(gap.subject) <= 200
    assert "model" not in gap.body


told_words = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
steps = st.builds(StepTaken, id=told_words.map(StepId), worked=st.booleans(), minutes=st.integers(0, 99))
findings = st.builds(
    Finding,
    case=st.just("c"),
    fault=st.sampled_from(["trip", "loop", ""]).map(FaultId),
    cause=st.sampled_from(["unknown", "wet", "not listed: a mouse"]),
    charger=st.builds(Machine, vendor=told_words, firmware=told_words),
    codes=st.lists(told_words, max_size=3).map(tuple),
    evidence=st.dictionaries(st.sampled_from(["rain", "trip"]).map(EvidenceId), st.sampled_from(["yes", "no"])),
    steps=st.lists(steps).map(tuple),
    needed_oem=st.booleans(),
    minutes=st.integers(0, 600),
    note=told_words,
)


@given(findings)
def test_a_finding_is_read_back_as_it_was_given(finding: Finding) -> None:
    assert finding_of(finding_event(finding, stamp=STAMP, author="a").body) == finding


def test_a_finding_of_a_later_version_is_read_as_far_as_it_is_understood() -> None:
    read = finding_of({"case": "c", "fault": "f", "cause": "wet", "visits": 3})
    assert read.cause == "wet"


@given(bodies)
def test_any_body_is_a_finding_or_is_refused(body: dict[str, object]) -> None:
    with pytest.raises(InputError):
        finding_of(body)


moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001  # hypothesis wants naive bounds


@given(st.lists(moments, min_size=1, max_size=300))
def test_time_never_goes_back_whatever_the_wall_clock_does(walls: list[datetime]) -> None:
    last: Stamp | None = None
    for wall in walls:
        stamp = next_stamp(last, wall, "r")
        assert last is None or (stamp > last and str(stamp) > str(last))
        assert stamp.at >= wall.replace(microsecond=wall.microsecond // 1000 * 1000)
        last = stamp


def test_a_thousand_events_of_one_millisecond_have_an_order() -> None:
    last = None
    seen = []
    for _ in range(1_000):
        last = next_stamp(last, NOON, "r")
        seen.append(str(last))
    assert seen == sorted(set(seen))


@given(stamps)
def test_a_stamp_is_read_back_from_its_text(stamp: Stamp) -> None:
    assert stamp_of(str(stamp)) == stamp


@given(st.lists(stamps, max_size=10))
def test_the_text_of_stamps_sorts_as_the_stamps_do(many: list[Stamp]) -> None:
    assert sorted(map(str, many)) == [str(each) for each in sorted(many)]


def test_an_event_from_the_day_after_tomorrow_is_refused() -> None:
    def at(wall: datetime) -> Event:
        return event("note", "s", {}, stamp=next_stamp(None, wall, "r"), author="a")

    assert in_time(at(NOON + timedelta(hours=23)), NOON)
    with pytest.raises(InputError, match="future"):
        in_time(at(NOON + timedelta(hours=25)), NOON)


def test_an_event_line_with_a_wrong_time_or_type_is_refused() -> None:
    line = json.loads(to_line(event("note", "s", {}, stamp=STAMP, author="a")))
    for change in ({"hlc": "yesterday"}, {"author": 5}, {"body": []}, {"v": 1.5}, {"subject": "s" * 1_000}):
        with pytest.raises(InputError):
            from_line(json.dumps(line | change))
