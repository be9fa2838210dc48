"""What a charger queued while it was offline is history: placed when it happened, marked, and never taken for now."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import moments
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from ocpp_schemas import event, notify, valid

from chargelore.engine.clocks import backlog
from chargelore.engine.decode.frame import decode_frame
from chargelore.engine.grammar.rule import shipped as rules
from chargelore.engine.matching.network import START
from chargelore.engine.signal import QUEUED, Signal
from chargelore.engine.watch import Watch
from chargelore.kb.load import shipped as knowledge

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
VERSIONS = ("1.6", "2.0.1", "2.1")


def said(
    status: str, heard: float, happened: float, *, ahead: float = 0.0, version: str = "1.6", error: str = "NoError"
) -> tuple[Signal, ...]:
    """A status that is heard and happened so many seconds after noon, dated by a clock that is ahead by so much."""
    dated = (NOON + timedelta(seconds=happened + ahead)).isoformat()
    payload: dict[str, object] = {"connectorId": 1, "status": status, "errorCode": error, "timestamp": dated}
    if version != "1.6":
        payload = {"evseId": 1, "connectorId": 1, "connectorStatus": status, "timestamp": dated}
    frame = json.dumps([2, f"m{heard}-{happened}", "StatusNotification", valid("StatusNotification", payload, version)])
    at = NOON + timedelta(seconds=heard)
    return decode_frame(frame, direction="charger", version=version, charger="CP-1", at=at, line=int(heard) + 1)


def placed(told: Iterable[Signal]) -> list[Signal]:
    state, out = backlog.START, list[Signal]()
    for signal in told:
        state, each = backlog.step(state, signal)
        out.append(each)
    return out


def live(number: int = 3, ahead: float = 0.0, version: str = "1.6") -> list[Signal]:
    return [each for n in range(number) for each in said("Available", 60.0 * n, 60.0 * n, ahead=ahead, version=version)]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("ahead", [0.0, 7_200.0, -430.0])
def test_what_waited_comes_out_when_it_happened_whatever_the_clock_of_the_charger(version: str, ahead: float) -> None:
    queue = said("Reserved", 9_000, 600, ahead=ahead, version=version)
    *now, late = placed([*live(ahead=ahead, version=version), *queue])
    assert late.at == NOON + timedelta(seconds=600)
    assert QUEUED in late.marks
    assert f"heard {(NOON + timedelta(seconds=9_000)).isoformat()}" in late.marks
    assert now == live(ahead=ahead, version=version)


def test_the_codes_of_a_queued_message_go_with_it() -> None:
    _, _, _, status, code = placed([*live(), *said("Faulted", 9_000, 600, error="GroundFailure")])
    assert (code.kind, code.at, code.at) == ("code", status.at, NOON + timedelta(seconds=600))
    assert QUEUED in code.marks


def test_the_events_of_one_queued_message_each_have_their_time() -> None:
    told = [event("RCD", "Tripped", number=n, more={"timestamp": f"2026-03-09T12:0{n}:00Z"}) for n in (1, 2)]
    frame = [2, "e", "NotifyEvent", notify(*told)]
    heard = decode_frame(frame, direction="charger", charger="CP-1", at=NOON + timedelta(hours=3), line=99)
    out = placed([*live(version="2.0.1"), *heard])[3:]
    assert [(each.kind, each.at) for each in out] == [
        (kind, NOON + timedelta(minutes=minute)) for minute in (1, 2) for kind in ("event", "code")
    ]


def test_a_clock_that_was_set_back_is_no_queue_for_long() -> None:
    ahead = live(3, ahead=7_200.0)
    after = [each for n in range(3, 12) for each in said("Available", 60.0 * n, 60.0 * n)]
    out = placed([*ahead, *after])
    assert [QUEUED in each.marks for each in out[-6:]] == [False] * 6
    assert out[-6:] == after[-6:]


def test_a_burst_of_old_messages_is_a_queue_though_they_agree_with_each_other() -> None:
    burst = [each for n in range(20) for each in said("Charging", 9_000 + n, 600 + n)]
    assert all(QUEUED in each.marks for each in placed([*live(), *burst])[3:])


def test_the_first_message_of_all_is_believed_as_nothing_is_known_of_the_clock() -> None:
    assert placed(said("Available", 0, -86_400)) == list(said("Available", 0, -86_400))


@pytest.mark.parametrize("dated", ["1970-01-01T00:10:00Z", "2000-01-01T00:10:00Z"])
def test_a_date_of_a_clock_that_nobody_set_is_marked_and_moves_nothing(dated: str) -> None:
    payload = {"connectorId": 1, "status": "Available", "errorCode": "NoError", "timestamp": dated}
    signals = decode_frame([2, "1", "StatusNotification", payload], direction="charger", at=NOON, line=1)
    (out,) = placed(signals)
    assert (out.at, backlog.UNSET in out.marks, QUEUED in out.marks) == (NOON, True, False)


@pytest.mark.parametrize("version", ["2.0.1", "2.1"])
def test_a_station_that_says_itself_that_it_was_offline_is_believed(version: str) -> None:
    payload = valid("TransactionEvent", {
        "eventType": "Started", "timestamp": "1970-01-01T00:10:00Z", "triggerReason": "CablePluggedIn", "seqNo": 0,
        "offline": True, "transactionInfo": {"transactionId": "t1"}, "evse": {"id": 1},
    }, version)  # fmt: skip
    frame = [2, "t", "TransactionEvent", payload]
    (out,) = placed(decode_frame(frame, direction="charger", version=version, at=NOON, line=1))
    assert (out.at, QUEUED in out.marks) == (NOON, True)


@given(
    st.lists(st.tuples(st.floats(0, 86_400), st.floats(-90_000, 90_000)), max_size=40),
    st.floats(-1e6, 1e6, allow_nan=False),
)
def test_nothing_is_lost_invented_or_put_later_than_it_was_told(times: list[tuple[float, float]], ahead: float) -> None:
    told = [each for heard, waited in sorted(times) for each in said("Available", heard, heard - waited, ahead=ahead)]
    out = placed(told)
    assert [each.fields for each in out] == [each.fields for each in told]
    for before, after in zip(told, out, strict=True):
        assert after.at is not None
        assert before.at is not None
        assert after.at <= before.at
        assert (after.at < before.at) <= (QUEUED in after.marks)


def history(at: float, kind: str, word: str = "", **fields: str) -> Signal:
    """A signal of so many seconds after noon, told much later."""
    said = {**fields, **({"status": word} if word else {})}
    return replace(moments.signal(at, kind, said, connector=1), marks=(QUEUED,))


def fired(signals: str, when: str, *told: Signal) -> list[float]:
    """When a rule fired, in seconds after noon, on signals of which the last is one of nine hours later."""
    _, found = moments.run(moments.network(moments.rule(signals, when)), [*told, moments.beat(32_400)])
    return [(each.at - moments.NOON).total_seconds() for each in found if each.at is not None]


NOW = moments.beat(9_000)


def test_history_begins_no_wait_and_no_standing_run_and_is_no_change() -> None:
    prepared = (NOW, history(600, "status", "Preparing"))
    assert fired("{a: {kind: status}, b: {kind: start}}", "{absent: b, after: a, for: 5m}", *prepared) == []
    assert fired("{a: {kind: status, status: Preparing}}", "{sustained: a, for: 5m}", *prepared) == []
    boots = (moments.signal(8_000, "boot", {"firmware": "2"}), history(600, "boot", firmware="1"))
    assert fired("{a: {kind: boot}}", "{changed: a.firmware}", *boots) == []


def test_history_ends_nothing_that_stands_now() -> None:
    stands = moments.status(9_000, "Faulted"), history(600, "status", "Available")
    assert fired("{a: {kind: status, status: Faulted}}", "{sustained: a, for: 5m}", *stands) == [9_300]


def test_what_a_wait_of_then_was_answered_by_is_found_in_history() -> None:
    """The answer happened in time, though it was told after something newer."""
    asked = moments.status(500, "Preparing"), history(600, "start")
    rule = "{a: {kind: status, status: Preparing}, b: {kind: start}}", "{absent: b, after: a, for: 5m, same: charger}"
    assert fired(*rule, *asked) == []
    assert fired(*rule, asked[0]) == [800]


def test_three_faults_of_three_days_that_are_told_in_one_second_are_no_three_in_ten_minutes() -> None:
    told = [history(-86_400.0 * day, "status", "Faulted") for day in (3, 2, 1)]
    count = "{a: {kind: status, status: Faulted}}", "{count: a, at_least: 3, within: 10m}"
    assert fired(*count, NOW, *told) == []
    assert fired(*count, NOW, *(history(600.0 + n, "status", "Faulted") for n in range(3))) == [602]


def test_history_joins_history_in_its_order_and_never_the_present() -> None:
    both = "{a: {kind: start}, b: {kind: stop}}"
    assert fired(both, "{sequence: [a, b], within: 1m}", NOW, history(600, "start"), history(630, "stop")) == [630]
    now = moments.signal(9_001, "stop", connector=1)
    assert fired(both, "{all: [{signal: a}, {signal: b}], within: 1m}", now, history(600, "start")) == []
    assert fired(both, "{all: [{signal: a}, {signal: b}], within: 1m}", history(600, "start"), now) == []


def test_time_does_not_go_back_for_history() -> None:
    network, state = moments.network(moments.rule("{a: {kind: start}}", "{signal: a}")), START
    for each in (NOW, *(history(-86_400.0 * day, "start") for day in (9, 8, 7, 6))):
        state, _ = network.step(state, each)
    assert state.last_at == NOW.at
    assert state.strays == 0


@pytest.mark.parametrize("version", ["1.6", "2.0.1", "2.1"])
def test_trouble_of_days_ago_is_a_case_of_its_own_beside_that_of_today(version: str) -> None:
    told = [*live(version=version), *trouble(7_200, 7_200, version), *trouble(7_230, -200_000, version)]
    with Watch(knowledge(), rules()) as watch:
        for each in told:
            watch.feed(each)
        cases = sorted(watch.cases.values(), key=lambda each: each.opened_at or NOON)
        assert [each.opened_at for each in cases] == [
            NOON + timedelta(seconds=-200_000),
            NOON + timedelta(seconds=7_200),
        ]
        assert watch.chargers["CP-1"].last_at == NOON + timedelta(seconds=7_200)
        assert watch.feed(trouble(7_300, 7_300, version)[-1]) == {cases[1].id}


def trouble(heard: float, happened: float, version: str) -> tuple[Signal, ...]:
    if version == "1.6":
        return said("Faulted", heard, happened, error="GroundFailure")
    dated = (NOON + timedelta(seconds=happened)).isoformat()
    payload = notify(event("RCD", "Tripped", number=int(heard), more={"timestamp": dated}), version=version)
    at = NOON + timedelta(seconds=heard)
    frame = json.dumps([2, f"e{heard}", "NotifyEvent", payload])
    return decode_frame(frame, direction="charger", version=version, charger="CP-1", at=at, line=int(heard) + 1)
