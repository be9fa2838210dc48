"""The network: the same signals give the same symptoms, whoever else speaks and whatever they say."""

from __future__ import annotations

import math
import pickle
from dataclasses import replace

import pytest
from drawn import ALL, RULES, plausible, scalars, signals
from hypothesis import given, settings
from hypothesis import strategies as st
from moments import NOON, beat, network, rule, run, seconds, signal, status
from msgspec import structs

from chargelore.engine.grammar.rule import Rules, load_rules
from chargelore.engine.matching.alpha import AlphaIndex
from chargelore.engine.matching.network import START, compile_rules, identified
from chargelore.engine.signal import KINDS


@settings(max_examples=60, deadline=None)
@given(st.lists(signals, max_size=40))
def test_any_signals_are_carried_and_a_replay_says_the_same(story):
    state, firings = run(ALL, story)
    again, same = run(ALL, pickle.loads(pickle.dumps(story)))  # noqa: S301  # our own bytes
    assert firings == same
    assert not state.windows.failed
    assert (state.charger, state.last_at, len(state.windows.memories)) == (
        again.charger, again.last_at, len(again.windows.memories),
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(plausible, max_size=60))
def test_chargers_do_not_hear_each_other(story):
    states = {"C1": START, "C2": START}
    together = []
    for each in story:
        states[each.charger], new = ALL.step(states[each.charger], each)
        together += new
    for name in states:
        _, alone = run(ALL, [each for each in story if each.charger == name])
        assert alone == [firing for firing in together if firing.charger == name]


@settings(max_examples=40, deadline=None)
@given(st.lists(plausible, max_size=40), st.integers(0, 40))
def test_a_state_that_was_put_away_goes_on_where_it_was(story, cut):
    _, straight = run(ALL, story)
    state, before = run(ALL, story[:cut])
    kept = pickle.loads(pickle.dumps(state))  # noqa: S301  # our own bytes
    _, after = run(ALL, story[cut:], kept)
    assert [*before, *after] == straight


@settings(max_examples=40, deadline=None)
@given(st.lists(plausible, max_size=40))
def test_a_step_leaves_the_state_it_was_given_alone(story):
    state = START
    for each in story:
        before = pickle.dumps(state)
        new, _ = ALL.step(state, each)
        assert pickle.dumps(state) == before
        state = new


@settings(max_examples=60, deadline=None)
@given(st.lists(plausible, max_size=60))
def test_rules_do_not_hear_each_other(story):
    _, together = run(ALL, story)
    for one in RULES:
        _, alone = run(network(one), story)
        assert [each.id for each in alone] == [each.id for each in together if each.rule == one.id]


@pytest.fixture(scope="module")
def shipped():
    rules = load_rules().signal_rules
    entries = [(number, pattern) for number, each in enumerate(rules) for pattern in each.patterns.values()]
    return AlphaIndex(entries), entries


SAID = st.sampled_from(["PE missing", "Der FI löst aus", "RCD TRIPS", "limit = 0 A", "Schütz", "ſtuck \u212a", "no cp"])


@settings(max_examples=150, deadline=None)
@given(
    kind=st.sampled_from(sorted(KINDS)),
    said=st.dictionaries(
        st.sampled_from(
            [
                "text",
                "status",
                "fault",
                "power",
                "current",
                "voltage",
                "temperature",
                "current.offered",
                "action",
                "reason",
            ]
        ),
        scalars | st.lists(SAID, max_size=4).map(" ".join) | st.sampled_from([-1, 0, 50.0, 230, 400, "12", " 7.5"]),
    ),
)
def test_the_index_finds_what_asking_every_pattern_would_find(shipped, kind, said):
    index, entries = shipped
    one = signal(0, kind, said, connector=1)
    asked = {}
    for number, pattern in entries:
        if pattern.matches(one):
            asked[number] = asked.get(number, frozenset()) | {pattern.name}
    assert index.matching(one) == asked


@given(st.integers(0, 400), st.sampled_from(["Faulted", "faulted", "Available"]))
def test_a_crowd_that_asks_for_one_value_is_told_apart_by_words(crowd, number, said):
    index, entries = crowd
    one = signal(0, "status", {"status": said, "info": f"see word{number}."}, connector=1)
    met = {number for number, pattern in entries if pattern.matches(one)}
    assert set(index.matching(one)) == met
    assert len(met) == (number < 300 and said.casefold() == "faulted")


@pytest.fixture(scope="module")
def crowd():
    texts = (f'{{a: {{kind: status, status: Faulted, info: {{matches: "word{at}\\\\b"}}}}}}' for at in range(300))
    entries = [(at, rule(text, "{signal: a}").patterns["a"]) for at, text in enumerate(texts)]
    return AlphaIndex(entries), entries


SCOPED = network(
    rule("{a: {kind: start}}", "{signal: a}", 'applies_to: {vendor: Acme, model: "Box*", firmware: ">=2,<3"}')
)


@pytest.mark.parametrize(
    ("vendor", "model", "firmware", "fires"),
    [
        ("ACME", "box 22", "2.4.1", True),
        ("Acme", "Box", "3.0", False),
        ("Acme", "Pole", "2.4", False),
        ("Other", "Box", "2.4", False),
        ("Acme", "Box", "", False),
        ("", "", "", False),
    ],
)
def test_a_rule_with_a_scope_speaks_only_of_chargers_known_to_be_inside(vendor, model, firmware, fires):
    boot = signal(0, "boot", {"vendor": vendor, "model": model, "firmware": firmware})
    assert bool(run(SCOPED, [boot, signal(1, "start")])[1]) is fires
    known = identified(START, vendor, model, firmware)
    assert bool(run(SCOPED, [signal(1, "start")], known)[1]) is fires


def test_a_boot_that_leaves_out_the_maker_does_not_forget_it():
    known = identified(START, "Acme", "Box", "1.9")
    assert run(SCOPED, [signal(0, "boot", {"firmware": "2.1"}), signal(1, "start")], known)[1]


def test_the_id_of_a_firing_is_made_of_rule_charger_and_signals():
    story = [signal(0, "boot", {"firmware": "1"}), signal(1, "boot", {"firmware": "2"})]
    (first,), (second,) = run(ALL, story)[1], run(ALL, story)[1]
    assert first.id == second.id
    others = [[structs.replace(each, charger="C9") for each in story], [story[0], signal(2, "boot", {"firmware": "2"})]]
    assert len({first.id, *(run(ALL, other)[1][0].id for other in others)}) == 3


def test_a_rule_that_fails_does_not_silence_the_others():
    broken, sound = (
        rule("{a: {kind: start}}", "{signal: a}", name="broken"),
        rule("{a: {kind: start}}", "{signal: a}", name="sound"),
    )
    compiled = network(replace(broken, when=object()), sound)  # type: ignore[arg-type]  # no operator at all
    state, firings = run(compiled, [signal(0, "start"), signal(1, "start")])
    assert [each.rule for each in firings] == ["sound", "sound"]
    assert [key.split("@")[0] for key in state.windows.failed] == ["broken"]


def test_what_unchanged_rules_remember_survives_a_reload_and_the_rest_is_dropped():
    one, gone = RULES[3], rule("{a: {kind: start}, b: {kind: stop}}", "{absent: b, after: a, for: 10s}", name="gone")
    state, _ = run(network(one, gone), [signal(0, "start")])
    _, firings = run(network(one), [beat(100)], state)
    assert [each.rule for each in firings] == ["four"]


def test_only_shadow_and_stable_rules_run():
    states = ("draft", "shadow", "stable", "deprecated")
    made = tuple(replace(rule("{a: {kind: start}}", "{signal: a}", name=each), status=each) for each in states)
    _, firings = run(compile_rules(Rules(signal_rules=made)), [signal(0, "start")])
    assert [each.rule for each in firings] == ["shadow", "stable"]


def test_memory_stays_small_when_a_charger_invents_connectors():
    state, _ = run(ALL, [status(number / 100, "Faulted", connector=number) for number in range(2_000)])
    state, _ = run(ALL, [signal(number, "fault", {"fault": "x"}, connector=number) for number in range(2_000)], state)
    state, _ = run(
        ALL, [signal(number, "boot", {"firmware": number}, connector=number) for number in range(2_000)], state
    )
    assert len(pickle.dumps(state)) < 500_000


def test_numbers_beyond_all_bounds_are_no_numbers():
    odd = [10**400, -(10**400), math.inf, math.nan, "1e999", "nan", "inf", "9" * 5_000, True]
    assert run(ALL, [signal(number, "meter", {"power": each}) for number, each in enumerate(odd)])[1] == []


def test_times_are_told_in_order_of_time():
    state, firings = run(ALL, [signal(0, "start"), signal(3, "start", connector=2), beat(100)])
    assert seconds(firings) == [15, 18]
    assert ALL.close(state, NOON.replace(hour=20))[1] == ()
