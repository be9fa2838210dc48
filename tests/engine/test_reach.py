"""A watch that knows what a model never sends takes its silence for no symptom, and its symptom for no 'no'."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hearsay import WALL, sheet
from hypothesis import given, settings
from hypothesis import strategies as st
from live import frame, status
from moments import read, rule, signal

from chargelore.engine.case import Case, Charger
from chargelore.engine.grammar.rule import CaseRule, Rules
from chargelore.engine.grammar.rule import shipped as rules
from chargelore.engine.heard.ear import Ear, Hearing
from chargelore.engine.heard.reportability import NOTHING_HEARD, Model, Sheet
from chargelore.engine.places import Places, members
from chargelore.engine.proving.explain import explain, why_not
from chargelore.engine.reach import Reach
from chargelore.engine.scope import Spot
from chargelore.engine.signal import Signal
from chargelore.engine.triage import as_json, found
from chargelore.engine.truth import Truth
from chargelore.engine.watch import Watch
from chargelore.kb.load import shipped as knowledge
from chargelore.kb.model import EvidenceId

NO_METER = sheet({"start": 300, "status": 900})
METER = {"meterValue": [{"sampledValue": [{"value": "5"}]}]}


def story() -> Iterable[Signal]:
    """A session without a meter value, and half an hour and more after it a ground fault."""
    yield from frame(
        "BootNotification", {"chargePointVendor": "Acme", "chargePointModel": "Wall", "firmwareVersion": "2.1"}
    )
    yield from status("Charging", after=5)
    yield from frame("StartTransaction", {"connectorId": 1, "idTag": "x", "meterStart": 0}, after=6)
    for minute in range(40):
        yield from frame("Heartbeat", {}, after=60 * minute + 10)
    yield from status("Faulted", "GroundFailure", after=3000)


def triaged(known: Sheet, signals: Iterable[Signal], ear: Ear | None = None) -> list[dict]:
    with Watch(knowledge(), rules(), hearing=Hearing(known, ear)) as watch:
        for each in signals:
            watch.feed(each)
        watch.end()
        return [as_json(each) for each in found(watch)]


def test_what_a_model_never_sends_is_no_symptom_when_it_stays_away():
    (before,), (after,) = triaged(NOTHING_HEARD, story()), triaged(NO_METER, story())
    assert "says-values-missing" in before["symptoms"]
    assert "says-values-missing" not in after["symptoms"]
    (unknown,) = [each for each in after["unasked"] if each["rule"] == "meter-values-stay-away"]
    assert unknown["symptom"] == "says-values-missing"
    assert unknown["why"] == "this model never sent any `meter`: 0 of 300 started transactions of 4 chargers"


def test_another_model_or_firmware_is_not_excused():
    for model in (Model("Acme", "Wall", "2.2"), Model("Acme", "Post", "2.1")):
        (case,) = triaged(sheet({"start": 300, "status": 900}, model), story())
        assert "says-values-missing" in case["symptoms"]
        assert [each for each in case["unasked"] if "places file" not in each["why"]] == []


def test_a_charger_that_sends_it_here_disproves_at_once_that_its_model_never_does():
    begin, *rest = story()
    spoke = frame("MeterValues", {"connectorId": 2, **METER}, after=2)
    (case,) = triaged(NO_METER, [begin, *spoke, *rest])
    assert "says-values-missing" in case["symptoms"]


def test_what_cannot_be_asked_does_not_speak_against_a_cause():
    silent = sheet({"start": 300, "status": 900, "meter": 900, "meter.power": 900})
    (case,) = triaged(silent, story())
    unknown = {each["symptom"] for each in case["unasked"]}
    assert ("says-values-missing" in unknown, len(unknown) > 3) == (False, True)
    for each in case["hypotheses"]:
        assert unknown.isdisjoint(reason["evidence"] for reason in each["against"])
        assert {one["symptom"] for one in each["unasked"]} <= unknown & set(each["unseen"])


KNOWS_OTHERS = sheet({"start": 9000, "status": 9000, "meter": 9000}, Model("Bolt", "Post", "9"))
words = st.sampled_from(["Available", "Preparing", "Charging", "SuspendedEVSE", "Finishing", "Faulted"])
days = st.lists(
    st.tuples(words, st.integers(0, 3600)) | st.tuples(st.just("start"), st.integers(0, 3600)), min_size=1, max_size=12
)


def told(day: list[tuple[str, int]]) -> Iterable[Signal]:
    yield next(iter(story()))
    at = 0
    for number, (what, later) in enumerate(day):
        at += later
        if what == "start":
            yield from frame("StartTransaction", {"connectorId": 1, "idTag": "x", "meterStart": number}, after=at)
        else:
            yield from status(what, "GroundFailure" if what == "Faulted" else "NoError", after=at)


@settings(max_examples=25)
@given(days)
def test_a_sheet_that_knows_nothing_of_the_model_changes_nothing(day):
    signals = list(told(day))
    assert triaged(KNOWS_OTHERS, signals) == triaged(NOTHING_HEARD, signals)


@settings(max_examples=25)
@given(days)
def test_a_watch_hears_without_changing_what_it_finds(day):
    signals, ear = list(told(day)), Ear()
    assert triaged(NOTHING_HEARD, signals, ear) == triaged(NOTHING_HEARD, signals)
    assert ear.sheet().models[WALL].times("boot") == 1


HOT = rule("{hot: {kind: meter, temperature: {'>=': 60 C}}, a: {kind: start}}", "{sequence: [a, hot], within: 1h}")
COLD = sheet({"meter": 1240, "meter.power": 1240})
ME = Charger(id="C1", vendor="Acme", model="Wall", firmware="2.1")


def test_why_not_says_unknown_with_the_proof():
    asked = explain(HOT, [signal(0, "start"), signal(9, "meter", {"power": 7000}, line=4)], [ME], COLD)
    assert asked.truth is Truth.UNKNOWN
    assert list(why_not(asked))[1:] == [
        "It did not fire, and nobody can tell whether it should: it asks for what this model never sends.",
        "? `hot` cannot be met: this model never sent `temperature`: 0 of 1,240 meter values of 4 chargers.",
        "`hot` was never met; the nearest is meter in line 4:",
        "  ? temperature is not there; wanted >= 60.0",
    ]


def test_why_not_says_no_where_something_else_is_missing_too():
    asked = explain(HOT, [signal(9, "meter", {"power": 7000})], [ME], COLD)
    assert asked.truth is Truth.NO
    assert list(why_not(asked))[1].startswith("? `hot` cannot be met")


def test_why_not_tells_of_a_silence_that_proves_nothing():
    waits = rule("{a: {kind: start}, b: {kind: meter}}", "{absent: b, after: a, for: 5m}")
    signals = [signal(0, "start"), signal(600, "heartbeat")]
    asked = explain(waits, signals, [ME], NO_METER)
    assert (asked.fired, asked.withheld, asked.truth) == (0, 1, Truth.UNKNOWN)
    assert list(why_not(asked))[-1] == "What it waits for stayed away once; of this model that proves nothing."
    assert explain(waits, signals, [ME]).truth is Truth.YES


def test_in_a_log_of_two_models_one_that_sends_it_is_enough_to_ask():
    other = Charger(id="C2", vendor="Bolt", model="Post")
    asked = explain(HOT, [signal(0, "start"), signal(0, "start", charger="C2")], [ME, other], COLD)
    assert asked.truth is Truth.NO
    assert all(each.silence is None for each in asked.asked)


@pytest.mark.parametrize(("needs", "unknown"), [("[r]", {"r", "joined"}), ("[r, never-seen]", {"r"})])
def test_a_symptom_that_a_case_rule_joins_is_unknown_where_only_unknown_ones_are_missing(needs, unknown):
    joins = read(f"id: j\nall: {needs}\nconclude: {{symptom: joined}}\nwhy: So.\nauthor: a\nstatus: stable\n", "j")
    assert isinstance(joins, CaseRule)
    hot = rule("{hot: {kind: meter, temperature: {'>=': 60 C}}}", "{signal: hot}")
    reach = Reach(Rules(signal_rules=(hot,), case_rules=(joins,)), COLD)
    assert {each.symptom for each in reach.unasked(Case(id="c", charger=ME))} == {EvidenceId(each) for each in unknown}


@given(st.lists(st.sampled_from(["start", "meter", "heartbeat"]), max_size=12), st.integers(0, 12))
def test_a_case_that_grows_is_judged_as_if_it_were_seen_whole(kinds, place):
    reach = Reach(Rules(signal_rules=(HOT,)), COLD)
    signals = tuple(signal(second, kind) for second, kind in enumerate(kinds))
    reach.unasked(Case(id="c", charger=ME, signals=signals[:place]))
    whole = Case(
        id="c", charger=ME, signals=signals[max(0, len(signals) - 8) :], dropped_signals=max(0, len(signals) - 8)
    )
    grown = reach.unasked(whole)
    assert bool(grown) == ("start" in signals_seen(kinds, place))


def signals_seen(kinds: list[str], place: int) -> set[str]:
    """What a case told that was looked at once at `place` and once at its end, when it kept its last eight signals."""
    return {*kinds[:place], *kinds[max(0, len(kinds) - 8) :]}


def test_other_rules_keep_what_chargers_said():
    reach = Reach(Rules(signal_rules=(HOT,)), COLD)
    reach.takes(signal(0, "meter", {"temperature": 20}), ME)
    assert reach.silent(ME) == reach.over(Rules(signal_rules=(HOT,))).silent(ME) == {}


SITE = {name: Spot("depot", "f1") for name in ("C1", "C2")}
HERE = Places(exact=SITE, members=members(SITE), file="places.yaml")


def test_a_silence_that_two_chargers_of_a_feeder_share_proves_nothing_of_their_model() -> None:
    waits = rule("{a: {kind: start}, b: {kind: meter}}", "{absent: b, after: a, for: 5m}", "across: feeder\n")
    both = [ME, replace(ME, id="C2")]
    story = [signal(0, "start"), signal(600, "heartbeat"), signal(601, "heartbeat", charger="C2")]
    assert explain(waits, story, both, NOTHING_HEARD, HERE).fired > 0
    asked = explain(waits, story, both, NO_METER, HERE)
    assert (asked.fired, asked.truth, asked.withheld > 0) == (0, Truth.UNKNOWN, True)


def test_a_part_that_several_chargers_must_do_is_unknown_of_a_model_that_never_does_it() -> None:
    two = "{chargers: {signal: hot}, at_least: 2, within: 60s}"
    hot = rule("{hot: {kind: meter, temperature: {'>=': 60 C}}}", two, "across: feeder\n")
    assert explain(hot, [signal(0, "meter", {"power": 1})], [ME], COLD, HERE).truth is Truth.UNKNOWN
    assert explain(hot, [signal(0, "meter", {"power": 1})], [ME], NOTHING_HEARD, HERE).truth is Truth.NO


def test_a_firing_with_the_value_of_a_model_stands_on_what_was_said() -> None:
    made = rule(
        "{cold: {kind: meter, power: {'<': $limit}}, b: {kind: authorize}}",
        "{any: [{signal: cold}, {absent: b, after: cold, for: 1h}]}",
        "parameters: {limit: {default: 1 W, by: [{vendor: Acme, value: 9 W}]}}\n",
    )
    known = sheet({"start": 300, "meter": 900, "meter.power": 900})
    asked = explain(made, [signal(0, "meter", {"power": 5})], [ME], known)
    assert (asked.fired, asked.withheld) == (1, 0)
