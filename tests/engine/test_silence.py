"""That a model never sends something is said only where it had many occasions, on enough chargers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hearsay import report
from hypothesis import given
from hypothesis import strategies as st
from moments import NOON, rule

from chargelore.engine.heard.reportability import ITEMS, Report
from chargelore.engine.heard.silence import FEWEST, LONE, judged, silence, silences


def patterns(body: str):
    return rule(f"{{a: {body}}}", "{signal: a}").patterns


def test_a_field_that_no_meter_value_ever_held_is_never_sent():
    found = silence(report({"meter": 1240, "meter.power": 1240}), "meter.current.offered")
    assert str(found) == "this model never sent `current.offered`: 0 of 1,240 meter values of 4 chargers"


@pytest.mark.parametrize(("times", "chargers"), [(FEWEST - 1, 0b1111), (FEWEST, 0b11), (LONE * FEWEST, 0b1)])
def test_too_few_occasions_or_chargers_prove_nothing(times, chargers):
    assert silence(report({"meter": times}, chargers), "meter.soc") is None


def test_one_charger_proves_it_only_over_a_month_and_not_firmly():
    alone = replace(report({"meter": LONE * FEWEST}, 0b1), first_at=NOON, last_at=NOON + timedelta(days=30))
    found = silence(alone, "meter.soc")
    assert found is not None
    assert not found.is_firm
    assert silence(replace(alone, last_at=NOON + timedelta(days=29)), "meter.soc") is None


def test_a_kind_is_missed_only_where_it_was_called_for():
    assert silence(report({"heartbeat": 5000}), "meter") is None
    assert silence(report({"start": 120}), "meter") is not None
    assert silence(report({"start": 120, "meter": 1}), "meter") is None
    assert silence(report({"command": 500}), "diagnostics-status") is None
    assert silence(report({"command.action=GetLog": 20}), "diagnostics-status") is not None


def test_what_comes_only_with_trouble_is_missed_only_in_trouble():
    assert silence(report({"status": 9000}), "status.vendorErrorCode") is None
    assert silence(report({"status": 9000, "status.errorCode!=NoError": 30}), "status.vendorErrorCode") is not None


@pytest.mark.parametrize("item", ["fault", "security", "boot", "answer", "status.status=Faulted", "event.techCode"])
def test_of_what_is_rare_by_nature_nothing_is_said(item):
    assert silence(report(dict.fromkeys(ITEMS - {item}, 10**6)), item) is None


@given(st.dictionaries(st.sampled_from(sorted(ITEMS)), st.integers(1, 10**6)))
def test_what_was_heard_once_is_never_called_silent(times):
    heard = report(times)
    assert all(silence(heard, item) is None for item in times)
    assert all(silence(Report(), item) is None for item in judged())


def test_a_pattern_is_out_of_reach_by_its_kind_its_field_its_limit_or_its_word():
    meters = report({"meter": 500, "meter.current": 500, "start": 120})
    assert silences(meters, patterns("{kind: meter, temperature: {'>': 60 C}}"))
    assert silences(meters, patterns("{kind: meter, current: {'>': $current.offered}}"))
    assert not silences(meters, patterns("{kind: meter, current: {'>': 16 A}}"))
    assert not silences(meters, patterns("{kind: meter, temperature: {present: false}}"))
    assert silences(meters, patterns("{kind: transaction}"))
    assert not silences(meters, patterns("{kind: [start, transaction]}"))
    words = report({"status.status=Occupied": 200, "status": 200, "status.status": 200})
    assert silences(words, patterns("{kind: status, status: [Preparing, charging]}"))
    assert not silences(words, patterns("{kind: status, status: [Preparing, Faulted]}"))
    assert not silences(words, patterns("{kind: status, status: [Preparing, Occupied]}"))
