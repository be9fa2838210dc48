"""How far clocks are off is found whatever was queued and whatever the order, and nothing is said without proof."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chargelore.engine.clocks import skew
from chargelore.engine.clocks.clockwords import Clocked, as_json, sentences, short, span
from chargelore.engine.clocks.skew import MOST, START, Skew, State, heard, skews
from chargelore.engine.decode.frame import decode_frame
from chargelore.engine.signal import Signal

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
HOUR, DAY = 3_600.0, 86_400.0


def dated(at: float, said: float, number: int = 0, /, **more: object) -> Signal:
    """What a charger told at a second, dated by its own clock."""
    written = (NOON + timedelta(seconds=said)).isoformat().replace("+00:00", "Z")
    return on_the_wire("StatusNotification", {"timestamp": written}, at, number or int(at * 1_000), **more)


def on_the_wire(action: str, payload: dict[str, object], at: float, number: int, /, **more: object) -> Signal:
    text = [2, f"charger-{number}", action, payload]
    told = decode_frame(text, direction="charger", charger="C1", at=NOON + timedelta(seconds=at), line=number)[0]
    return replace(told, **more)


def answered(at: float, said: float) -> Signal:
    """What a management system says the time is, as the dialogue hands it on."""
    fields = {
        "uid": "u",
        "action": "Heartbeat",
        "from": "csms",
        "currentTime": (NOON + timedelta(seconds=said)).isoformat(),
    }
    return Signal(layer="ocpp", kind="answer", charger="C1", at=NOON + timedelta(seconds=at), fields=fields)


def after(signals: Iterable[Signal]) -> State:
    state = START
    for signal in signals:
        state = heard(state, signal)
    return state


def clock(signals: Iterable[Signal], whose: str = "charger") -> Skew | None:
    return next((each for each in skews(after(signals)) if each.clock == whose), None)


def found(signals: Iterable[Signal], whose: str = "charger") -> Skew:
    known = clock(signals, whose)
    assert known is not None
    return known


def told(signals: Iterable[Signal]) -> str:
    return "; ".join(sentences(skews(after(signals))))


def live(ahead: float, times: int = 12, every: float = 300.0, begin: float = 0.0) -> list[Signal]:
    return [dated(begin + number * every, begin + number * every + ahead) for number in range(times)]


offsets = st.one_of(st.floats(-40, 40), st.floats(-50_000, 50_000), st.floats(-3e7, 3e7)).map(round)


@given(st.data(), offsets, st.integers(10, 400))
def test_a_constant_offset_is_found_whatever_was_queued_and_whatever_the_order(
    data: st.DataObject, ahead: int, pairs: int
) -> None:
    most = pairs * 3 // 10 if pairs <= MOST else 0
    waits = data.draw(st.lists(st.floats(90, 30 * DAY), max_size=most, unique=True))
    seconds = [number * 60.0 for number in range(pairs)]
    queued = data.draw(st.permutations(range(pairs)))[: len(waits)]
    wait = dict(zip(queued, waits, strict=True))
    heard_at = [(at, at + ahead - wait.get(number, 0.3)) for number, at in enumerate(seconds)]
    known = found([dated(at, said, number + 1) for number, (at, said) in enumerate(heard_at)])
    assert known.ahead == pytest.approx(ahead, abs=1.0)
    assert known.pairs == pairs
    assert (known.looks == "right") == (abs(known.ahead) <= skew.RIGHT)


@given(st.lists(st.tuples(st.floats(0, 1e6), st.floats(-1e9, 1e9)), max_size=300))
def test_whatever_is_said_memory_is_bounded_and_every_clock_can_be_told(said: list[tuple[float, float]]) -> None:
    state = after(dated(at, ahead, number + 1) for number, (at, ahead) in enumerate(said))
    assert len(state.charger.sample) <= MOST
    assert len(state.charger.ages) <= 2 * skew.MOST_AGES + 1
    for each in skews(state):
        assert each.pairs + each.unset <= len(said)
        assert each.spread is None or each.spread >= 0
        list(sentences([each]))


@given(st.integers(1, 2_000))
def test_however_many_messages_are_heard_all_of_their_time_is_in_the_sample(pairs: int) -> None:
    state = after(live(5, pairs, 60.0))
    seconds = [at for at, _ in state.charger.sample]
    assert len(seconds) <= MOST
    if seconds:
        assert seconds[-1] - seconds[0] >= (pairs - 2) * 60.0 * 0.95 - state.charger.every * 60.0


def test_two_live_messages_among_queued_ones_are_too_few() -> None:
    queue = [dated(n, n - 2 * DAY + 700 * n, n + 1) for n in range(1, 3)]
    assert skews(after([*queue, *live(-117, 2, begin=60.0)])) == ()


def test_below_three_pairs_nothing_is_said() -> None:
    assert skews(after(live(HOUR, 2))) == ()
    assert [each.pairs for each in skews(after(live(HOUR, 3)))] == [3]


@pytest.mark.parametrize("mark", ["no-time", "payload-time", "payload-date", "no-date", "excerpt"])
def test_a_source_without_a_time_of_its_own_says_nothing_rather_than_zero(mark: str) -> None:
    assert skews(after(dated(number, number, number + 1, marks=(mark,)) for number in range(9))) == ()
    assert skews(after(dated(number, number, number + 1, at=None) for number in range(9))) == ()


def test_a_source_that_itself_begins_in_1970_says_nothing_of_other_clocks() -> None:
    begin = datetime(1970, 1, 1, tzinfo=UTC)
    assert skews(after(dated(n, n, n + 1, at=begin + timedelta(seconds=n)) for n in range(9))) == ()


def test_only_what_the_charger_itself_dates_counts_as_its_clock() -> None:
    about = {"uid": "u", "from": "csms", "timestamp": "2026-03-09T15:00:00Z"}
    kinds = ("command", "answer", "unanswered", "orphan")
    signals = [Signal(layer="ocpp", kind=kind, at=NOON, fields=about, line=n) for n, kind in enumerate(kinds * 3)]
    assert skews(after(signals)) == ()
    given_up = [dated(n, n + HOUR, n + 1, kind="unanswered") for n in range(9)]
    assert skews(after(given_up)) == ()


def test_of_the_dates_of_one_message_the_latest_counts() -> None:
    def samples(at: float) -> list[Signal]:
        values = [
            {"timestamp": (NOON + timedelta(seconds=at - back)).isoformat(), "sampledValue": [{"value": "1"}]}
            for back in (900, 600, 300, 0)
        ]
        text = [2, f"charger-{at}", "MeterValues", {"connectorId": 1, "meterValue": values}]
        return list(decode_frame(text, direction="charger", at=NOON + timedelta(seconds=at), line=int(at) + 1))

    known = found(each for number in range(4) for each in samples(number * 900.0))
    assert (known.pairs, known.ahead, known.queued) == (4, 0.0, 0)


def test_times_without_a_zone_are_taken_for_utc_and_times_with_one_for_what_they_are() -> None:
    naive = [dated(n, n, n + 1, at=(NOON + timedelta(seconds=n)).replace(tzinfo=None)) for n in range(4)]
    assert found(naive).ahead == 0.0
    berlin = timezone(timedelta(hours=1))
    aware = [dated(n, n, n + 1, at=(NOON + timedelta(seconds=n)).astimezone(berlin)) for n in range(4)]
    assert found(aware).ahead == 0.0
    words = [
        on_the_wire("StatusNotification", {"timestamp": f"2026-03-09T13:00:0{n}+01:00"}, n, n + 1) for n in range(4)
    ]
    assert found(words).ahead == 0.0


@pytest.mark.parametrize(
    ("ahead", "looks", "words"),
    [
        (0.0, "right", ""),
        (-9.0, "right", ""),
        (420.0, "ahead", "the charger's clock is 7 min ahead of the log"),
        (-420.0, "behind", "the charger's clock is 7 min behind the log"),
        (7_201.0, "time-zone", "the charger's clock is 2 h ahead of the log: one of the two seems to write local time"),
        (-5 * HOUR, "time-zone", "the charger's clock is 5 h behind the log: one of the two"),
        (5.5 * HOUR, "time-zone", "the charger's clock is 5 h 30 min ahead of the log"),
        (-86_400.0 * 40, "behind", "the charger's clock is 40 days behind the log"),
    ],
)  # fmt: skip
def test_what_a_constant_offset_looks_like_is_told_in_a_sentence(ahead: float, looks: str, words: str) -> None:
    signals = live(ahead)
    assert found(signals).looks == looks
    assert told(signals).startswith(words)
    assert bool(told(signals)) == bool(words)


def test_the_management_system_tells_which_of_two_writes_local_time() -> None:
    right = [answered(n, n) for n in range(4)]
    assert told([*live(2 * HOUR), *right]) == (
        "the charger's clock is 2 h ahead of the log: it seems to write local time as UTC"
    )
    off = [answered(n, n + 2 * HOUR) for n in range(4)]
    said = "the log is 2 h behind what charger and management system say: it is in local time"
    assert told([*live(2 * HOUR), *off]) == said
    assert told([*live(0), *[answered(n, n + 90) for n in range(4)]]) == (
        "the management system's clock is 1 min 30 s ahead of the log"
    )


def test_a_clock_that_was_never_set_is_told_and_one_that_was_set_later_too() -> None:
    start = (datetime(1970, 1, 1, tzinfo=UTC) - NOON).total_seconds()
    unset = [dated(n, start + n, n + 1) for n in range(1, 6)]
    assert found(unset).looks == "never-set"
    assert found(unset).ahead is None
    assert told(unset) == "the charger's clock was never set: it dates its messages 1970"
    later = found([*unset, *live(0, begin=600.0)])
    assert (later.looks, later.unset, later.queued) == ("right", 5, 0)


def test_what_was_told_days_later_is_counted_with_the_age_of_the_oldest() -> None:
    queue = [dated(n, n - 3 * DAY + 120 * n, n + 1) for n in range(1, 5)]
    known = found([*queue, *live(HOUR * 2, begin=60.0)])
    assert (known.ahead, known.queued) == (2 * HOUR, 4)
    assert known.oldest == pytest.approx(3 * DAY + 2 * HOUR, abs=130)
    assert "4 messages had been queued, the oldest for 3 days 1 h" in told([*queue, *live(HOUR * 2, begin=60.0)])


def test_a_log_that_begins_with_more_queued_than_live_messages_still_finds_the_clock() -> None:
    queue = [dated(n, n - 2 * DAY + 700 * n, n + 1) for n in range(1, 21)]
    known = found([*queue, *live(0, times=10, begin=100.0)])
    assert (known.looks, known.queued) == ("right", 20)


@pytest.mark.parametrize(("before", "now"), [(HOUR, 2 * HOUR), (2 * HOUR, HOUR), (0.0, -HOUR), (420.0, 0.0)])
def test_a_clock_that_was_set_anew_is_told_as_it_is_now_and_as_it_was(before: float, now: float) -> None:
    signals = [*live(before), *live(now, begin=7_200.0)]
    known = found(signals)
    assert (known.was, known.ahead, known.queued) == (before, now, 0)
    assert "was set anew meanwhile" in told(signals)
    assert ("summer time" in told(signals)) == (abs(before - now) == HOUR)


@given(st.floats(20, 1_000), st.booleans())
def test_a_clock_that_drifts_is_told_with_its_pace(pace: float, is_slow: bool) -> None:
    pace = -pace if is_slow else pace
    signals = [dated(n * 1_800.0, n * 1_800.0 + pace * n / 48, n + 1) for n in range(96)]
    known = found(signals)
    assert known.looks == "drifts"
    assert known.drift == pytest.approx(pace, rel=0.05)
    assert known.ahead == pytest.approx(pace * 2 * 5 / 6, rel=0.1)
    assert ("loses" if is_slow else "gains") in told(signals)


def test_noise_is_no_drift() -> None:
    signals = [dated(n * 600.0, n * 600.0 + (n * 7 % 5), n + 1) for n in range(60)]
    assert found(signals).drift is None


def test_json_names_each_clock_and_the_short_form_fits_a_header() -> None:
    known = skews(after([*live(2 * HOUR), *[answered(n, n) for n in range(4)]]))
    charger, csms = as_json([Clocked("C1", known)])
    assert (charger["charger"], charger["clock"], charger["looks"], charger["ahead_s"]) == (
        "C1", "charger", "time-zone", 2 * HOUR,
    )  # fmt: skip
    assert (csms["clock"], csms["said"]) == ("csms", "the management system's clock agrees with the log")
    assert short(known) == "charger's clock 2 h ahead"
    assert short(skews(after(live(0)))) == ""


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "0.4 s"), (12, "12 s"), (420, "7 min"), (5_400, "1 h 30 min"), (86_400, "1 day"), (3_615, "1 h")],
)
def test_a_length_of_time_is_told_in_its_largest_units(seconds: float, words: str) -> None:
    assert span(seconds) == words


def test_each_clock_is_told_once() -> None:
    known = skews(after([*live(0), *[answered(n, n) for n in range(4)]]))
    assert [each.clock for each in known] == ["charger", "csms"]
