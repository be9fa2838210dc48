"""Requests and answers find each other; what never got an answer is told once there is proof."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chargelore.engine.decode import dialogue
from chargelore.engine.decode.frame import decode_frame
from chargelore.engine.signal import Signal

START = datetime(2031, 5, 1, 10, tzinfo=UTC)
RESET = [2, "a", "Reset", {"type": "Hard"}]
HEARTBEAT = [2, "h", "Heartbeat", {}]


def heard(*frames: tuple[float, list[object]], close: bool = True) -> list[Signal]:
    """The signals after frames at so many seconds."""
    told = (
        signal
        for line, (seconds, frame) in enumerate(frames, 1)
        for signal in decode_frame(frame, charger="CP1", at=START + timedelta(seconds=seconds), line=line)
    )
    return talked(told, close=close)


def talked(signals: Iterable[Signal], *, close: bool = True) -> list[Signal]:
    state, out = dialogue.START, []
    for signal in signals:
        state, told = dialogue.step(state, signal)
        out += told
    return out + list(dialogue.close(state)[1]) if close else out


def kinds(signals: list[Signal]) -> list[str]:
    return [signal.kind for signal in signals]


def test_an_answer_knows_its_request() -> None:
    _, answer = heard((0, RESET), (1.5, [3, "a", {"status": "Rejected"}]))
    assert answer.kind == "answer"
    assert (answer.fields["action"], answer.fields["from"], answer.fields["status"]) == ("Reset", "charger", "Rejected")
    assert answer.fields["request.type"] == "Hard"
    assert answer.fields["latency"] == 1.5


def test_an_answer_belongs_to_the_connector_of_its_request() -> None:
    unlock = [2, "u", "UnlockConnector", {"connectorId": 2}]
    assert heard((0, unlock), (1, [3, "u", {"status": "UnlockFailed"}]))[1].connector == 2


def test_nothing_is_unanswered_across_a_gap_in_the_record() -> None:
    frames = ((0, RESET), (60, HEARTBEAT), (61, [3, "h", {"currentTime": "2031-05-01T10:01:01Z"}]))
    whole = [
        each
        for seconds, frame in frames
        for each in decode_frame(frame, charger="CP1", at=START + timedelta(seconds=seconds))
    ]
    opened = Signal(layer="ocpp", kind="connected", charger="CP1", at=START)
    gap = Signal(layer="ocpp", kind="lost", charger="CP1", at=START + timedelta(seconds=30), fields={"count": 3})
    assert "unanswered" in kinds(talked([opened, *whole]))
    assert "unanswered" not in kinds(talked([opened, whole[0], gap, *whole[1:]]))


def test_an_error_is_an_answer_too() -> None:
    _, answer = heard((0, RESET), (1, [4, "a", "NotSupported", "no", {}]))
    assert (answer.kind, answer.fields["error"], answer.fields["action"]) == ("answer", "NotSupported", "Reset")


def test_an_answer_without_request_is_an_orphan() -> None:
    assert kinds(heard((0, [3, "zz", {}]))) == ["orphan"]


def test_the_same_id_from_both_sides_is_two_dialogues() -> None:
    both = heard(
        (0, [2, "1", "Reset", {"type": "Soft"}]), (1, [2, "1", "Heartbeat", {}]), (2, [3, "1", {"currentTime": "x"}])
    )
    assert both[-1].fields["action"] == "Heartbeat"


def test_a_request_is_unanswered_when_later_frames_prove_it() -> None:
    signals = heard((0, RESET), (20, HEARTBEAT), (60, [2, "i", "Heartbeat", {}]))
    (missing,) = [each for each in signals if each.kind == "unanswered" and each.fields["action"] == "Reset"]
    assert missing.fields["type"] == "Hard"
    assert missing.fields["from"] == "csms"
    assert missing.fields["waited"] == 60


def test_a_log_of_one_side_proves_nothing_about_the_other() -> None:
    heartbeats = [(40.0 * number, [2, str(number), "Heartbeat", {}]) for number in range(9)]
    assert set(kinds(heard(*heartbeats))) == {"heartbeat"}


def test_on_the_wire_itself_both_sides_are_in_view() -> None:
    opened = Signal(layer="ocpp", kind="connected", charger="CP1", at=START)
    beats = [
        signal
        for number in range(3)
        for signal in decode_frame(
            [2, str(number), "Heartbeat", {}], at=START + timedelta(seconds=40 * number), line=number
        )
    ]
    assert kinds(talked([opened, *beats])) == [
        "connected",
        "heartbeat",
        "unanswered",
        "heartbeat",
        "unanswered",
        "heartbeat",
    ]


def test_the_end_of_a_log_proves_nothing() -> None:
    assert kinds(heard((0, RESET))) == ["command"]
    assert kinds(heard((0, RESET), (2, HEARTBEAT), (3, [3, "h", {}]))) == ["command", "heartbeat", "answer"]


def test_a_later_request_that_was_answered_proves_it_without_times() -> None:
    frames: list[list[object]] = [RESET, [2, "b", "ClearCache", {}], [3, "b", {"status": "Accepted"}]]
    signals = talked(s for line, frame in enumerate(frames) for s in decode_frame(frame, line=line))
    assert kinds(signals) == ["command", "command", "answer", "unanswered"]


def test_a_gap_of_hours_in_the_log_proves_nothing() -> None:
    assert kinds(heard((0, RESET), (7200, HEARTBEAT))) == ["command", "heartbeat"]


def test_a_status_with_its_codes_is_one_request() -> None:
    payload = {"connectorId": 1, "errorCode": "GroundFailure", "status": "Faulted"}
    signals = heard((0, [2, "s", "StatusNotification", payload]), (1, [3, "s", {}]))
    assert kinds(signals) == ["status", "code", "answer"]
    assert signals[-1].fields["request.status"] == "Faulted"


def test_texts_pass_untouched() -> None:
    line = Signal(layer="firmware", kind="log", fields={"text": "hello"})
    assert dialogue.step(dialogue.START, line) == (dialogue.START, (line,))


FRAMES = st.lists(
    st.one_of(
        st.builds(
            lambda uid, kind: [2, uid, kind, {}], st.sampled_from("abcd"), st.sampled_from(["Reset", "Heartbeat"])
        ),
        st.builds(lambda uid: [3, uid, {}], st.sampled_from("abcd")),
    ),
    max_size=40,
)


@given(FRAMES, st.integers(0, 100))
def test_no_signal_is_lost_and_the_state_stays_a_value(frames: list[list[object]], seconds: int) -> None:
    out = heard(*((index * seconds, frame) for index, frame in enumerate(frames)))
    assert len([each for each in out if each.kind != "unanswered"]) == len(frames)
    assert json.dumps([each.kind for each in out])


def test_memory_stays_bounded() -> None:
    state = dialogue.START
    for number in range(dialogue.MAX_WAITING * 3):
        for signal in decode_frame([2, str(number), "Reset", {}], line=number):
            state, _ = dialogue.step(state, signal)
    assert len(state.waiting) == dialogue.MAX_WAITING
