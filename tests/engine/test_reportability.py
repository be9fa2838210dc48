"""What chargers of a model ever said is counted in words of ours, in any order, and names nobody."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import reduce

import pytest
from hearsay import WALL, report
from hypothesis import given
from hypothesis import strategies as st
from moments import NOON, signal, status

from chargelore.engine.case import Charger
from chargelore.engine.heard.ear import Ear, heard
from chargelore.engine.heard.reportability import (
    FIELDS,
    ITEMS,
    MOST_CHARGERS,
    MOST_MODELS,
    NOTHING_HEARD,
    STALE,
    TOLD_ENOUGH,
    TROUBLE,
    Model,
    Sheet,
    items_of,
    merged,
    model_of,
    news,
    report_on,
)
from chargelore.engine.heard.reportbody import bodies_of, sheet_of
from chargelore.engine.heard.reported import reported
from chargelore.engine.signal import KINDS, Signal
from chargelore.kb.events import canonical

KEY = b"k" * 32
CHARGERS = tuple(
    Charger(id=f"SN-{number}", vendor=vendor, model="Wall", firmware=firmware)
    for number, (vendor, firmware) in enumerate([("Acme", "1"), ("Acme", "2"), ("Bolt", ""), ("", "")])
)
said = st.dictionaries(
    st.sampled_from(sorted({name for names in FIELDS.values() for name in names})) | st.text(max_size=8),
    st.none() | st.text(max_size=12) | st.integers() | st.sampled_from(["Charging", "PREPARING", "GetLog"]),
    max_size=6,
)
spoken = st.tuples(
    st.builds(
        Signal,
        layer=st.sampled_from(["ocpp", "modbus", "firmware"]),
        kind=st.sampled_from(sorted(KINDS)) | st.text(max_size=6),
        at=st.none() | st.integers(0, 10_000).map(lambda second: signal(second, "boot").at),
        fields=said,
    ),
    st.sampled_from(CHARGERS),
)


def sheet_from(story):
    ear = Ear(KEY)
    for each, charger in story:
        ear.takes(each, charger)
    return ear.sheet()


def test_a_signal_says_its_kind_its_fields_and_its_words():
    told = status(0, "charging")
    assert set(items_of(told)) == {"status", "status.status", "status.status=Charging"}
    broken = signal(0, "status", {"status": "Faulted", "errorCode": "GroundFailure", "info": ""})
    assert TROUBLE in set(items_of(broken))
    assert "status.info" not in set(items_of(broken))


@given(spoken)
def test_only_words_of_ours_are_counted(told):
    assert set(items_of(told[0])) <= ITEMS


@given(st.lists(spoken, max_size=25))
def test_an_ear_hears_what_the_fold_counts(story):
    folded = reduce(lambda sheet, each: heard(sheet, *each, KEY), story, NOTHING_HEARD)
    assert folded == sheet_from(story)


@given(st.lists(spoken, max_size=12), st.lists(spoken, max_size=12), st.lists(spoken, max_size=12))
def test_sheets_add_up_to_the_same_in_any_order_and_grouping(one, two, three):
    a, b, c = map(sheet_from, (one, two, three))
    assert merged(a, b) == merged(b, a)
    assert merged(merged(a, b), c) == merged(a, merged(b, c)) == sheet_from([*one, *two, *three])
    assert merged(a, NOTHING_HEARD) == a


@given(st.lists(spoken, max_size=25))
def test_what_is_kept_of_models_comes_back_as_it_was_and_is_the_body_of_an_event(story):
    sheet = sheet_from(story)
    bodies = [json.loads(canonical(body)) for _, body in bodies_of(sheet)]
    assert sheet_of(bodies).models == sheet.models
    assert sheet_of([*bodies[::-1], {}, {"charger": 1}, {"charger": {"vendor": "x"}}]).models == sheet.models


def test_no_name_of_a_charger_and_no_field_of_its_own_is_kept():
    secret = signal(0, "status", {"MaxMustermann": "x", "status": "SN-4711", "info": "SN-4711"}, charger="SN-4711")
    sheet = heard(NOTHING_HEARD, secret, Charger(id="SN-4711", vendor="Acme", model="Wall"), KEY)
    ((_, body),) = bodies_of(sheet)
    assert "4711" not in canonical(body)
    assert "Mustermann" not in canonical(body)


@pytest.mark.parametrize(
    "counts",
    [
        {"meter": [10**400, "1"]},
        {"meter": [True, "1"]},
        {"meter": [-1, "1"]},
        {"meter": [1, "zz"]},
        {"meter": [1, "0"]},
        {"meter": 5},
        {"made-up": [1, "1"]},
        ["meter"],
    ],
)
def test_a_body_that_somebody_made_up_counts_for_nothing(counts):
    body = {"charger": {"vendor": "a", "model": "b", "firmware": ""}, "counts": counts, "layers": {"moon": ""}}
    (report,) = sheet_of([body]).models.values()
    assert (report.counts, report.layers) == ({}, {})


def test_a_flood_of_models_and_chargers_stays_bounded():
    ear = Ear()
    for number in range(MOST_CHARGERS + 50):
        ear.takes(signal(0, "boot"), Charger(id=f"{number:06}", vendor="v", model=f"{number:06}" + "x" * 999))
    sheet = ear.sheet()
    assert (len(sheet.models), len(sheet.chargers)) == (MOST_MODELS, MOST_CHARGERS)
    assert min(sheet.models) == model_of(Charger(id="", vendor="v", model="000000" + "x" * 999))


def test_after_enough_only_what_is_new_is_news():
    at = NOON.replace(hour=13)
    known = Sheet(models={WALL: replace(report({"meter": TOLD_ENOUGH}), last_at=NOON)})
    again = Sheet(models={WALL: replace(report({"meter": 5}), last_at=at)})
    assert news(again, known) == NOTHING_HEARD
    assert news(again, NOTHING_HEARD) == again
    for told in (
        replace(report({"meter": 5, "meter.soc": 5}), last_at=at),
        replace(report({"meter": 5}, chargers=1 << 200), last_at=at),
        replace(report({"meter": 5}), last_at=NOON + STALE),
    ):
        assert news(Sheet(models={WALL: told}), known).models == {WALL: told}
    assert news(again, Sheet(models={WALL: replace(report({"meter": TOLD_ENOUGH - 1}), last_at=NOON)})) == again


def test_a_charger_is_counted_once_however_often_it_speaks():
    sheet = sheet_from([(signal(second, "heartbeat"), CHARGERS[0]) for second in range(50)])
    report = sheet.models[Model("Acme", "Wall", "1")]
    assert (report.times("heartbeat"), report.chargers(["heartbeat"])) == (50, 1)


def test_each_firmware_has_its_own_report_and_an_unknown_one_all_of_them():
    sheet = sheet_from([(signal(0, "boot"), CHARGERS[0]), (signal(0, "boot"), CHARGERS[1])])
    at_one = report_on(sheet, CHARGERS[0])
    at_any = report_on(sheet, Charger(id="x", vendor="Acme", model="Wall"))
    assert at_one is not None
    assert at_any is not None
    assert (at_one.times("boot"), at_any.times("boot")) == (1, 2)
    assert report_on(sheet, Charger(id="x", vendor="Acme", model="Wall", firmware="3")) is None
    assert report_on(sheet, Charger(id="x")) is None


def test_a_clock_that_is_not_set_is_no_time():
    old = signal(0, "boot")
    sheet = sheet_from([(Signal(layer="ocpp", kind="boot", at=old.at and old.at.replace(year=1970)), CHARGERS[0])])
    (report,) = sheet.models.values()
    assert (report.first_at, report.layers) == (None, {"ocpp": None})


def test_what_the_last_firmware_changed_is_told_where_silence_is_proven():
    def sessions(charger, fields, begin):
        return [
            (signal(begin + second, "meter", fields), Charger(id=f"{charger.id}{second % 4}", **about(charger)))
            for second in range(120)
        ]

    def about(charger):
        return {"vendor": charger.vendor, "model": charger.model, "firmware": charger.firmware}

    old, new = (
        sessions(CHARGERS[0], {"power": 1.0, "soc": 5}, 0),
        sessions(CHARGERS[1], {"power": 1, "voltage": 230}, 900),
    )
    first, second, *_ = reported(sheet_from([*old, *new]))
    assert first.change is None
    assert second.change is not None
    assert (second.change.since, second.change.new, second.change.gone) == ("1", ("meter.voltage",), ("meter.soc",))
    assert second.report.first_at == NOON.replace(minute=15)
