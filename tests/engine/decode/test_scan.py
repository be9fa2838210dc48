"""Frames are found wherever they hide; nothing that is no frame is taken for one."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chargelore.engine.decode.scan import messages_in

CALL = '[2,"19","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Available"}]'
RESULT = '[3,"19",{"currentTime":"2031-05-01T10:00:00Z"}]'
ERROR = '[4,"19","NotSupported","no such thing",{}]'
FRAMES = st.sampled_from([CALL, RESULT, ERROR])
WORDS = st.text(alphabet=st.characters(blacklist_characters="[]{}\"'\\.", blacklist_categories=("Cs",)), max_size=30)


def types(text: str) -> list[int]:
    return [found.message.type for found in messages_in(text)]


def marks(text: str) -> tuple[str, ...]:
    return next(messages_in(text)).message.marks


@given(WORDS, FRAMES, WORDS)
def test_a_frame_is_found_between_any_words(before: str, frame: str, after: str) -> None:
    (found,) = messages_in(before + frame + after)
    assert found.message.raw == frame
    assert found.message.marks == ()


@given(st.lists(FRAMES, min_size=2, max_size=5))
def test_glued_frames_are_as_many_as_were_glued(frames: list[str]) -> None:
    assert [found.message.raw for found in messages_in("".join(frames))] == frames


@given(FRAMES, st.data())
def test_a_frame_cut_anywhere_is_one_marked_frame_or_none(frame: str, data: st.DataObject) -> None:
    found = list(messages_in(frame[: data.draw(st.integers(0, len(frame) - 1))]))
    assert len(found) <= 1
    assert all(set(each.message.marks) & {"cut", "off-spec"} for each in found)
    assert all(each.message.uid == "19"[: len(each.message.uid)] for each in found)


@given(st.data())
def test_a_cut_frame_does_not_swallow_the_next(data: st.DataObject) -> None:
    cut = CALL[: data.draw(st.integers(30, len(CALL) - 1))]
    assert types(f"{cut} {RESULT}")[-1] == 3


@given(st.text())
def test_any_text_can_be_searched(text: str) -> None:
    list(messages_in(text))


@given(st.lists(st.integers() | st.floats(allow_nan=False) | st.text(max_size=3), max_size=6))
def test_lists_of_values_are_no_frames(values: list[object]) -> None:
    assert all(found.message.type in (3, 4, 5) for found in messages_in(json.dumps(values)))


@pytest.mark.parametrize(
    "text",
    [
        "phases [2, 3, 4]",
        "limits [3, 16, 32]",
        "[2] [3] [4]",
        '["2", "3", "4"]',
        "charge voltages: [236 253 253]V",
        "[2, 3",
    ],
)
def test_lists_in_a_log_are_no_frames(text: str) -> None:
    assert types(text) == []


def test_several_escaped_frames_in_one_text_are_all_found() -> None:
    escaped = [each.replace('"', '\\"') for each in (CALL, RESULT)]
    text = "log VALUES (1,'" + "'),(2,'".join(escaped) + "');"
    assert types(text) == [2, 3]


def test_frames_inside_a_json_text_are_unescaped() -> None:
    (found,) = messages_in(json.dumps({"message": CALL, "n": 1}))
    assert found.message.action == "StatusNotification"
    assert found.message.payload["connectorId"] == 1


def test_a_frame_quoted_inside_a_frame_belongs_to_the_outer_one() -> None:
    outer = json.dumps([2, "7", "DataTransfer", {"vendorId": "x", "data": CALL}])
    assert types(outer) == [2]


def test_a_python_frame_with_a_numeric_id_and_an_extra_action_is_read_with_marks() -> None:
    (found,) = messages_in("sent [3, 4711, 'StartTransactionResponse', {'transactionId': 7}]")
    assert found.message.uid == "4711"
    assert found.message.action == "StartTransaction"
    assert found.message.payload == {"transactionId": 7}
    assert set(found.message.marks) == {"python-literal", "numeric-id", "extra-element"}


def test_an_error_without_details_is_off_spec() -> None:
    assert "short" in marks('[4,"19","NotSupported","no such thing"]')


def test_an_elided_middle_keeps_head_and_the_last_values() -> None:
    (found,) = messages_in('< TEXT \'[2,"5f1c","Heart...": "abc","imsi": ""}]\' [211 bytes]')
    assert found.message.action == "Heartbeat"
    assert found.message.payload["imsi"] == ""
    assert found.message.marks == ("elided",)


def test_an_elision_at_the_end_is_a_cut_frame() -> None:
    (found,) = messages_in('Received: [2, "135", "BootNotification",...')
    assert found.message.action == "BootNotification"
    assert {"cut", "elided"} <= set(found.message.marks)


def test_dots_in_a_text_elide_nothing() -> None:
    assert marks('[4,"19","InternalError","please wait...",{}]') == ()


@pytest.mark.parametrize(
    "bomb", ["[" * 100_000, '[2,"1",' * 20_000, '[2,"1","' + "\\" * 100_000, '[2,"1",' + "9" * 100_000]
)
def test_hostile_texts_end_quickly(bomb: str) -> None:
    list(messages_in(bomb))
