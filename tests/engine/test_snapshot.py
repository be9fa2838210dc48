"""A watch may stop anywhere: the next goes on where it was, loses nothing, tells nothing twice, and guesses nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from live import BEGIN, boot, frame, status
from moments import rule, signal

from chargelore.engine.grammar.rule import Rules, shipped
from chargelore.engine.matching.late import USUAL
from chargelore.engine.triage import as_json, found
from chargelore.engine.watch import Watch
from chargelore.kb.errors import EngineError
from chargelore.kb.load import shipped as knowledge

WORDS = st.sampled_from(["Available", "Preparing", "Charging", "Faulted", "Finishing", "Unavailable"])
ERRORS = st.sampled_from(["NoError", "NoError", "GroundFailure", "HighTemperature", "OtherError"])
said = st.tuples(WORDS, ERRORS, st.sampled_from([0, 1, 2]), st.sampled_from(["CP-1", "CP-2"]), st.integers(0, 90))


def watch() -> Watch:
    return Watch(knowledge(), shipped(), lateness=USUAL, inference="chain")


def told(one: Watch) -> list[object]:
    return [as_json(each) for each in found(one)]


@settings(max_examples=25, deadline=None)
@given(st.lists(said, max_size=30), st.integers(0, 30))
def test_a_watch_that_stopped_anywhere_finds_what_one_that_never_stopped_finds(story, cut):
    after, signals = 0, [each for who in ("CP-1", "CP-2") for each in boot(charger=who)]
    for word, error, connector, who, pause in story:
        after += pause
        signals += status(word, error, connector=connector, after=after, charger=who)
    with watch() as straight, watch() as first, watch() as second:
        for each in signals:
            straight.feed(each)
        for each in signals[:cut]:
            first.feed(each)
        second.resume(first.snapshot(BEGIN), BEGIN)
        assert told(second) == told(first)
        for each in signals[cut:]:
            second.feed(each)
        straight.end()
        second.end()
        assert told(second) == told(straight)
        assert second.cases == straight.cases


STAYS = rule("{a: {kind: start}, b: {kind: stop}}", "{absent: b, after: a, for: 5m}", name="stays")
COUNTS = rule("{a: {kind: start}}", "{count: a, at_least: 2, within: 1h}", name="counts")


def fired(pause: timedelta) -> tuple[list[str], int]:
    """What two rules say when nobody listened between two starts."""
    rules = Rules(signal_rules=(STAYS, COUNTS))
    with Watch(knowledge(), rules) as first, Watch(knowledge(), rules) as second:
        first.feed(signal(0, "start", connector=1))
        at = signal(1, "start").at
        resumed = second.resume(first.snapshot(at), at + pause)
        second.feed(signal(400 + pause.total_seconds(), "start", connector=1))
        return sorted(second.fired), resumed.unjudged


def test_after_a_short_break_what_stayed_away_is_told():
    assert fired(timedelta(seconds=30)) == (["counts", "stays"], 0)


def test_after_a_long_break_nothing_is_concluded_from_what_nobody_could_hear():
    assert fired(timedelta(minutes=20)) == (["counts"], 1)


def test_requests_that_were_open_before_a_long_break_are_not_called_unanswered():
    with watch() as first, watch() as second:
        for each in frame("Heartbeat", {}):
            first.feed(each)
        second.resume(first.snapshot(BEGIN), BEGIN + timedelta(hours=1))
        assert not next(iter(second._posts.values())).talk.waiting


def test_rules_that_are_gone_leave_nothing_behind():
    with (
        Watch(knowledge(), Rules(signal_rules=(STAYS, COUNTS))) as first,
        Watch(knowledge(), Rules(signal_rules=(COUNTS,))) as second,
    ):
        first.feed(signal(0, "start", connector=1))
        second.resume(first.snapshot(BEGIN), BEGIN)
        (post,) = second._posts.values()
        assert [key.split("@")[0] for key in post.rules.windows.memories] == ["counts"]
        assert post.rules.windows.kept == 1
        assert post.rules.windows.next_due is None


@pytest.mark.parametrize("text", ["", "{", "null", '{"layout": 1}'])
def test_a_snapshot_that_cannot_be_read_leaves_the_watch_as_new(text):
    with watch() as one:
        with pytest.raises(EngineError):
            one.resume(text, BEGIN)
        assert not one.chargers
