"""What rules remember of one charger is bounded, whatever it says; the least valuable goes first, and it is told."""

from __future__ import annotations

import pickle
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moments import NOON, network, rule, run, signal, status

from chargelore.engine.grammar.rule import shipped
from chargelore.engine.matching import network as networks
from chargelore.engine.matching import relief
from chargelore.engine.matching.relief import MOST_KEPT, eased, size
from chargelore.engine.matching.strain import NO_STRAIN, sentences, together
from chargelore.engine.watch import Watch
from chargelore.kb.load import shipped as knowledge

OPERATORS = (
    "{count: a, at_least: 500, within: 1h}",
    "{rate: a, over: 1h, above: 400}",
    "{sequence: [a, b], within: 1h}",
    "{sustained: a, for: 1h}",
    "{absent: b, after: a, for: 1h}",
    "{changed: a.code}",
    "{all: [{count: a, at_least: 400, within: 1h}, {signal: b}], within: 1h}",
    "{any: [{sequence: [a, b], within: 1h}, {count: b, at_least: 400, within: 1h}]}",
)
BOTH = "{a: {kind: code}, b: {kind: stop}}"
MANY = tuple(rule(BOTH, when, name=f"r{one}-{place}") for one in range(4) for place, when in enumerate(OPERATORS))


def codes(number: int, first: int = 0, raw: str = "", places: int = 300) -> list:
    made = (
        signal(at / 10, "code", {"code": at}, connector=at % places, line=at) for at in range(first, first + number)
    )
    return [msgspec.structs.replace(each, raw=raw) for each in made]


def _bounded(monkeypatch: pytest.MonkeyPatch, most: int) -> int:
    monkeypatch.setattr(relief, "MOST_KEPT", most)
    return most


@pytest.fixture
def tight(monkeypatch: pytest.MonkeyPatch) -> int:
    """A bound that a short storm reaches."""
    return _bounded(monkeypatch, 1_000)


def test_a_storm_of_200_000_signals_leaves_the_windows_of_one_charger_bounded():
    compiled, state = network(rule(BOTH, "{sustained: a, for: 1h}")), networks.START
    for number in range(20):
        state, _ = run(compiled, codes(10_000, 10_000 * number, places=2), state)
        assert state.windows.kept <= 20
    assert len(pickle.dumps(state)) < 100_000


def test_rules_together_keep_no_more_than_the_bound_and_say_what_they_gave_up(tight):
    state, _ = run(network(*MANY), codes(600))
    kept = sum(size(each.when, state.windows.memories.get(f"{each.id}@{each.version}")) for each in MANY)
    assert tight // 2 < kept <= state.windows.kept <= tight
    assert sum(state.windows.evicted.values()) > 0


def test_a_rule_that_keeps_little_loses_nothing_to_one_that_keeps_much(tight):
    small = rule("{a: {kind: start}, b: {kind: code, code: 599}}", "{sequence: [a, b], within: 1h}", name="small")
    state, firings = run(network(*MANY, small), [signal(0, "start", connector=0), *codes(600)])
    assert [each.rule for each in firings if each.rule == "small"] == ["small"]
    assert f"small@{small.version}" not in state.windows.evicted


def test_long_texts_count_for_more():
    (one, *_) = MANY
    state, _ = run(network(one), codes(700, raw="x" * 65_536))
    held = state.windows.memories[f"{one.id}@{one.version}"][0]
    assert len(held) * 16 <= MOST_KEPT
    assert state.windows.evicted


@settings(max_examples=100, deadline=None)
@given(
    when=st.sampled_from(OPERATORS),
    story=st.lists(st.tuples(st.sampled_from(["code", "stop"]), st.integers(0, 4)), min_size=1, max_size=60),
)
def test_whatever_is_given_up_leaves_a_memory_that_goes_on(when, story):
    made = rule(BOTH, when)
    told = [signal(at, kind, {"code": at}, connector=place, line=at) for at, (kind, place) in enumerate(story)]
    state, _ = run(network(made), told)
    memory = state.windows.memories.get(f"r@{made.version}")
    while memory is not None:
        before, memory = size(made.when, memory), eased(made.when, memory)
        assert size(made.when, memory) < before or memory is None
        put = state.windows._replace(memories={f"r@{made.version}": memory} if memory else {})
        more = [signal(99, "code", {"code": 1}), signal(100, "stop")]
        again, _ = run(network(made), more, state._replace(windows=put))
        assert not again.windows.failed


def test_windows_that_are_over_go_before_any_that_are_open(monkeypatch):
    _bounded(monkeypatch, 40)
    old = rule("{a: {kind: start}, b: {kind: stop}}", "{sequence: [a, b], within: 10s}", name="old")
    new = rule("{a: {kind: code}}", "{count: a, at_least: 36, within: 1h}", name="new")
    starts = [signal(at, "start", connector=at, line=at) for at in range(30)]
    _, firings = run(network(old, new), [*starts, *(signal(600 + at, "code", line=at) for at in range(36))])
    assert [each.rule for each in firings] == ["new"]


def test_a_charger_with_an_id_of_ten_megabytes_is_kept_under_a_short_one_and_told_from_another():
    long = "x" * 10_000_000
    ids, fired = set(), set()
    for name in (long, long + "y"):
        state, firings = run(network(MANY[5]), [replace_charger(each, name) for each in codes(20)])
        assert len(pickle.dumps((state, firings))) < 100_000
        ids.add(state.charger.id)
        fired |= {each.id for each in firings}
    assert len(ids) == 2
    assert not fired or len(fired) == 2 * len({each.id for each in firings})
    with Watch(knowledge(), shipped()) as watch:
        watch.feed(replace_charger(status(0, "Faulted"), long))
        assert [len(name) < 200 for name in watch.chargers] == [True]
        assert all(len(case) < 300 for case in watch.cases)


def replace_charger(one, name):
    return msgspec.structs.replace(one, charger=name)


def test_a_clock_that_runs_backwards_leaves_windows_bounded_and_rules_alive():
    compiled = network(*MANY[: len(OPERATORS)])
    backwards = [signal(-at * 3_600 * 7, "code", {"code": at}, connector=1, line=at) for at in range(600)]
    state, _ = run(compiled, backwards)
    assert state.windows.kept <= MOST_KEPT
    assert not state.windows.failed
    _, firings = run(compiled, codes(550, places=1), networks.START._replace(charger=state.charger))
    assert firings


@pytest.mark.parametrize(
    ("kinds", "what"),
    [
        (lambda at: status(at, "Faulted", connector=at), "invented connectors"),
        (lambda at: signal(at, "code", {"code": f"E{at}", "vendor": f"v{at}"}, connector=at), "invented codes"),
        (lambda at: signal(at, "log", {"text": f"no pilot {at}"}), "words"),
    ],
)
def test_a_storm_of_one_charger_leaves_its_cases_bounded(kinds, what):
    with Watch(knowledge(), shipped()) as watch:
        for at in range(1_000):
            watch.feed(kinds(at))
        (post,) = watch._posts.values()
        assert len(watch.cases) <= 17, what
        assert len(post.status) <= 64
        assert all(len(each.codes) <= 500 and len(each.words) <= 400 for each in watch.cases.values())


def test_what_rules_had_to_do_without_is_told_in_sentences(tight):
    assert list(sentences(NO_STRAIN)) == []
    state, _ = run(network(*MANY), codes(600))
    broken = network(replace(MANY[0], when=object()))
    failed, _ = run(broken, codes(1))
    posts = [(state.windows.evicted, state.windows.failed), (failed.windows.evicted, failed.windows.failed)]
    strains = [replace(NO_STRAIN, late=1, evicted=evicted, failed=failed) for evicted, failed in posts]
    said = list(sentences(together(strains)))
    assert said[0].startswith("2 signals came too late")
    assert "to keep memory bounded" in said[1]
    assert "the other rules went on" in said[2]
    assert together(strains) == together(reversed(strains))
    assert NOON
