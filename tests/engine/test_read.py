"""Reading: any log, any size, any damage ends in signals, marked records or one clear sentence."""

from __future__ import annotations

import io
import random
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import log_lines
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chargelore.engine.decode import dialogue
from chargelore.engine.decode.logs.wrapping import uncoloured
from chargelore.engine.read import Reading, read
from chargelore.engine.signal import KINDS, Signal
from chargelore.kb.errors import InputError

FORMATS = st.sampled_from(sorted(log_lines.LOGS))


def opened(text: str | bytes) -> Reading:
    return read(io.BytesIO(text if isinstance(text, bytes) else text.encode()))


def signals(text: str | bytes) -> list[Signal]:
    return list(opened(text))


def log(name: str) -> str:
    return "\n".join(log_lines.LOGS[name]) + "\n"


def uids(read_signals: list[Signal]) -> list[str]:
    return [str(each.fields["uid"]) for each in read_signals if "uid" in each.fields]


def joined(read_signals: list[Signal]) -> list[Signal]:
    state, out = dialogue.START, []
    for signal in read_signals:
        state, told = dialogue.step(state, signal)
        out += told
    return out


@pytest.mark.parametrize("name", sorted(log_lines.LOGS))
def test_every_format_is_known_by_its_content_and_gives_all_its_frames(name: str) -> None:
    reading = opened(log(name))
    found = list(reading)
    assert reading.format == name
    assert uids(found) == list(log_lines.UIDS)
    assert (reading.frames, reading.unreadable) == (6, 0)


@pytest.mark.parametrize("name", sorted(log_lines.LOGS))
def test_in_every_format_answers_know_requests_and_who_answered(name: str) -> None:
    answers = [each for each in joined(signals(log(name))) if each.kind == "answer"]
    assert [(each.fields["action"], each.fields["from"]) for each in answers] == [
        ("BootNotification", "csms"),
        ("StatusNotification", "csms"),
        ("SetChargingProfile", "charger"),
    ]


@pytest.mark.parametrize("name", sorted(set(log_lines.LOGS) - {"smart-evse", "python-log", "raw-json", "esp-idf"}))
def test_in_every_format_with_times_a_frame_has_the_time_of_its_line(name: str) -> None:
    found = [each for each in signals(log(name)) if each.kind == "command"]
    assert found[0].at is not None
    assert (found[0].at.month, found[0].at.hour, found[0].at.second) == (5, 10, 4)


@pytest.mark.parametrize("name", ["home-assistant", "evcc", "steve", "iobroker", "python-log", "structured"])
def test_a_line_that_names_its_charger_gives_it_to_the_frame(name: str) -> None:
    assert {each.charger for each in signals(log(name))} == {"CP-A"}


def test_a_charger_that_nobody_names_goes_by_its_serial_number() -> None:
    assert {each.charger for each in signals(log("raw-json"))} == {"serial:SN-9"}


@pytest.mark.parametrize("carrier", sorted(log_lines.CARRIERS))
@pytest.mark.parametrize("name", ["home-assistant", "evcc", "micro-ocpp", "alfen", "raw-json"])
def test_what_carries_a_log_does_not_hide_it(name: str, carrier: str) -> None:
    text = "\n".join(log_lines.CARRIERS[carrier] + line for line in log_lines.LOGS[name])
    reading = opened(text)
    assert uids(list(reading)) == list(log_lines.UIDS)
    assert reading.format == name


@given(FORMATS, st.data())
def test_a_log_cut_anywhere_invents_no_frame(name: str, data: st.DataObject) -> None:
    text = log(name)
    found = signals(text[: data.draw(st.integers(60, len(text)))])
    assert all(uid in log_lines.UIDS or uid == "m" for uid in uids(found))
    whole = [uid for uid in uids(found) if uid != "m"]
    assert whole == list(log_lines.UIDS)[: len(whole)]


@given(FORMATS, st.integers(0, 4))
def test_two_lines_glued_together_lose_no_frame(name: str, index: int) -> None:
    lines = list(log_lines.LOGS[name])
    if name == "alfen":  # gluing the middles of wrapped frames makes one frame of two
        return
    lines[index : index + 2] = [lines[index] + lines[index + 1]]
    assert uids(signals("\n".join(lines))) == list(log_lines.UIDS)


@given(FORMATS)
def test_frames_printed_twice_by_two_loggers_count_once_as_signals(name: str) -> None:
    if name in ("alfen", "esp-idf"):
        return
    doubled = [copy for line in log_lines.LOGS[name] for copy in (line, line.replace("{", "{", 1) + " ")]
    by_line = opened("\n".join(doubled))
    found = list(by_line)
    if "no-time" not in found[0].marks and "payload-time" not in found[0].marks:
        assert len(uids(found)) == 6
        assert (by_line.frames, by_line.repeated) == (12, 6)


def test_of_an_elided_and_a_full_print_the_full_one_is_kept() -> None:
    trace = "2031-05-01 10:00:00.101 DEBUG (MainThread) [websockets.server] "
    text = "\n".join(
        [
            f"{trace}< TEXT '{log_lines.BOOT[:40]}...\"4.1.0\"}}]' [200 bytes]",
            f"2031-05-01 10:00:00.102 INFO (MainThread) [ocpp] CP-A: receive message {log_lines.BOOT}",
        ]
    )
    (boot,) = (each for each in signals(text) if each.kind == "boot")
    assert (boot.fields["vendor"], boot.marks, boot.charger) == ("Volta", (), "CP-A")


@given(st.lists(FORMATS, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_lines_of_many_formats_shuffled_together_give_their_frames(names: list[str], order: random.Random) -> None:
    lines = [line for name in names for line in log_lines.LOGS[name] if name != "alfen"]
    order.shuffle(lines)
    found = uids(signals("\n".join([*lines, "end"])))
    assert set(found) <= set(log_lines.UIDS)
    assert len(found) <= len(lines)


@given(st.binary(max_size=600))
def test_any_bytes_are_read_or_refused_in_a_sentence(content: bytes) -> None:
    found, refusal = [], ""
    try:
        found = signals(content)
    except InputError as error:
        refusal = str(error)
    assert found or refusal or not uncoloured(content.decode("latin-1")).strip()
    assert all(each.kind in KINDS for each in found)


@given(st.text(alphabet="[]{}\"'\\:,.0123456789abT \n\tZ-", max_size=400))
def test_any_heap_of_log_like_characters_is_read(text: str) -> None:
    if text.strip():
        signals("log\n" + text)


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xef\xbb\xbf"])
def test_an_empty_input_is_refused_in_a_sentence(content: bytes) -> None:
    with pytest.raises(InputError, match="empty"):
        opened(content)


@pytest.mark.parametrize("content", [b"\x1f\x8b\x08\x00rest", b"PK\x03\x04rest", bytes(range(256)) * 40])
def test_what_is_no_text_is_refused_with_a_cure(content: bytes) -> None:
    with pytest.raises(InputError) as caught:
        opened(content)
    assert caught.value.mend


def test_a_file_that_is_not_there_is_refused_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nowhere"):
        read(tmp_path / "nowhere.log")


def test_a_file_and_a_stream_read_the_same(tmp_path: Path) -> None:
    path = tmp_path / "any name at all"
    path.write_text(log("evcc"))
    assert list(read(path)) == signals(log("evcc"))


def test_invalid_utf_8_is_read_as_latin_and_marked() -> None:
    found = signals("2031-05-01 10:00:00 Gerät gestört\n".encode("latin-1"))
    assert found[0].fields["text"] == "Gerät gestört"
    assert "not-utf-8" in found[0].marks


def test_utf_16_as_windows_writes_it_is_read() -> None:
    assert uids(signals(log("evcc").encode("utf-16"))) == list(log_lines.UIDS)


def test_lines_of_junk_in_a_log_are_kept_and_counted() -> None:
    reading = opened(log("evcc").encode() + b"\x00\x01\x02\x03\x04\x05\n" + log("evcc").encode().replace(b'"m', b'"n'))
    found = list(reading)
    assert reading.unreadable == 1
    assert reading.frames == 12
    assert [each.line for each in found if each.kind == "unreadable"] == [7]


def test_twenty_megabytes_in_one_line_are_read_in_marked_pieces_with_all_frames() -> None:
    frame = b'[2,"%d","Heartbeat",{}], '
    line = b"[" + b"".join(frame % number for number in range(2_000)) + b" " * 20_000_000 + b"]"
    reading = opened(line)
    found = list(reading)
    assert reading.frames == 2_000
    assert {each.line for each in found} == {1}
    assert "cut" in found[0].marks


def test_a_long_log_is_read_in_flat_memory() -> None:
    line = b'2031-05-01 10:00:00.349 INFO (MainThread) [ocpp] CP-A: send [3,"%d",{}]\n'
    chunk = b"".join(line % number for number in range(500))

    class Endless(io.RawIOBase):
        left = 40

        def read(self, size: int = -1) -> bytes:
            self.left -= size != 0
            return chunk if self.left >= 0 else b""

    reading = read(Endless())  # type: ignore[arg-type]  # a raw stream reads like a buffered one here
    iterator: Iterator[Signal] = iter(reading)
    next(iterator)
    tracemalloc.start()
    count = sum(1 for _ in iterator)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert reading.frames + 0 == count + 1 + reading.repeated
    assert peak < 12_000_000


@pytest.mark.parametrize("bomb", ["[" * 100_000, '[2,"1",' + '{"a":' * 100_000, '[2,"1",' * 5_000])
def test_deep_nesting_ends_in_records(bomb: str) -> None:
    assert signals(f"2031-05-01 10:00:00 {bomb}\n")


def test_a_newest_first_log_is_turned_round() -> None:
    lines = [f"2031-05-01 10:00:0{9 - second}.000 DEBUG (MainThread) [x] step {9 - second}" for second in range(10)]
    times = [each.at for each in signals("\n".join(lines))]
    assert times == sorted(times, key=str)


def test_a_frame_printed_over_many_lines_is_one_frame() -> None:
    text = '2031-05-01 10:00:00 received [\n  2,\n  "m1",\n  "Heartbeat",\n  {\n  }\n]\n2031-05-01 10:00:01 next\n'
    found = signals(text)
    assert [each.kind for each in found] == ["heartbeat", "log"]


def test_a_frame_wrapped_by_a_terminal_is_one_frame() -> None:
    line = f"2031-05-01 10:00:00 recv {log_lines.PROFILE}"
    text = "\n".join(line[at : at + 80] for at in range(0, len(line), 80))
    (command,) = signals(text + "\n2031-05-01 10:00:01 done\n")[:-1]
    assert command.fields["csChargingProfiles.chargingSchedule.chargingSchedulePeriod.limit"] == 6


def test_a_cut_frame_does_not_swallow_the_lines_behind_it() -> None:
    text = f"10:00:00.100 recv {log_lines.PROFILE[:90]}\nTraceback (most recent call last):\n  File x, line 1\n"
    assert [each.kind for each in signals(text)] == ["command", "log", "log"]


def test_json_printed_over_many_lines_is_one_reading() -> None:
    text = '[keba  ] TRACE 2031/05/01 10:00:00 recv from box {\n"ID": "2",\n"State": 4,\n"Error1": 80\n}\n'
    reading, code = signals(text)
    assert (reading.kind, reading.fields["State"]) == ("reading", 4)
    assert (code.kind, code.fields["code"], code.fields["channel"]) == ("code", "80", "api:Error1")


def test_an_error_beside_a_frame_keeps_its_words() -> None:
    text = '2031-05-01 10:00:00.000 ERROR (MainThread) [x] Failed on \'[2,"m1","Heartbeat",{}]\': no handler found\n'
    frame, said = signals(text)
    assert (frame.kind, said.kind, said.fields["level"]) == ("heartbeat", "log", "error")
    assert "no handler found" in str(said.fields["text"])


def test_a_socket_that_opens_and_closes_is_told_once_each() -> None:
    text = (
        "2031-05-01 10:00:00.000 INFO (MainThread) [server] connection open\n"
        "2031-05-01 10:00:00.100 INFO (MainThread) [x] charger CP-A connected\n"
        "2031-05-01 10:09:00.000 DEBUG (MainThread) [x] Connection closed to 'CP-A'\n"
        "2031-05-01 10:09:00.001 INFO (MainThread) [x] Charger CP-A disconnected from 0.0.0.0:9000\n"
        "2031-05-01 10:10:00.000 INFO (MainThread) [x] vehicle disconnected\n"
    )
    kinds = [each.kind for each in signals(text) if each.kind != "log"]
    assert kinds == ["connected", "disconnected"]


def test_requests_told_in_prose_are_signals_where_there_are_no_frames() -> None:
    text = (
        "Sun Aug  6 08:32:00 2031 | Received SetChargingProfile(connectorId:1 stackLevel:3 TxProfile)\n"
        "Sun Aug  6 08:32:00 2031 | Sent SetChargingProfileConf: Rejected (limit is below 6 A)\n"
    )
    told = [each for each in signals(text) if "told" in each.marks]
    assert [each.kind for each in told] == ["command", "answer"]
    assert (told[0].connector, told[1].fields["status"]) == (1, "Rejected")
    assert told[1].fields["description"] == "limit is below 6 A"


@settings(max_examples=10)
@given(st.integers(1, 5))
def test_time_and_counters_tell_what_was_read(copies: int) -> None:
    reading = opened(log("evcc") * copies)
    assert reading.first_at is None
    list(reading)
    assert reading.first_at is not None
    assert reading.last_at is not None
    assert reading.first_at <= reading.last_at
    assert reading.frames == 6 * copies


@pytest.mark.parametrize(
    "text",
    [
        '10:00:00;CP01;IN;"[2,""m1"",""Heartbeat"",{""x"":1}]"',
        "10:00:00 recv [2,&quot;m1&quot;,&quot;Heartbeat&quot;,{}]",
        "10:00:00 recv [2,“m1”,“Heartbeat”,{}]",
        '{"a":"{\\"msg\\":\\"[2,\\\\\\"m1\\\\\\",\\\\\\"Heartbeat\\\\\\",{}]\\"}"}',
        'recv [2,\n "m1",\n "Heartbeat",\n {}\n]',
        '[\n {\n  "ts": "2031-01-01T10:00:00Z",\n  "message": [\n   2,\n   "m1",\n   "Heartbeat",\n   {}\n  ]\n }\n]',
    ],
)
def test_tables_web_pages_and_printed_objects_do_not_hide_a_frame(text: str) -> None:
    (signal,) = (each for each in signals(f"begin\n{text}\nend\n") if each.layer == "ocpp")
    assert (signal.kind, signal.fields["uid"]) == ("heartbeat", "m1")


def test_a_line_before_a_bare_frame_says_who_sent_it() -> None:
    text = '2031-01-01T10:00:00Z: CentralSystem>ChargePoint Answer\n[\n 3,\n "m1",\n {}\n]\n'
    assert signals(text)[-1].fields["from"] == "csms"


def test_times_since_power_on_and_time_alone_are_marked() -> None:
    assert "no-date" in signals("I (1000) a: x\nI (2000) a: y\n")[0].marks
    assert "no-date" in signals("10:00:00.100 x\n10:00:01.200 y\n")[0].marks


def test_frames_give_the_day_to_a_log_that_has_only_times() -> None:
    text = '10:00:00.100 recv [2,"m1","StatusNotification",{"status":"Available","timestamp":"2031-05-01T08:00:00Z"}]\n'
    (status,) = signals(text)
    assert status.at is not None
    assert (status.at.year, status.at.month, status.at.day, status.marks) == (2031, 5, 1, ("payload-date",))


def test_two_chargers_may_say_the_same_with_the_same_id() -> None:
    line = '[ocpp  ] TRACE 2031/05/01 10:00:00 recv {}: [2,"1","Heartbeat",{{}}]'
    reading = opened("\n".join(line.format(name) for name in ("CP-A", "CP-B", "CP-A", "CP-B")))
    assert [each.charger for each in reading] == ["CP-A", "CP-B"]
    assert (reading.frames, reading.repeated) == (4, 2)
