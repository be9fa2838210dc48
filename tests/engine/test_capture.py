"""Captures: what went over the wire is read by tshark where it is installed; where not, a sentence says so."""

from __future__ import annotations

import contextlib
import gzip
import io
import shutil
from pathlib import Path

import captures
import log_lines
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chargelore.engine.read import Reading, read
from chargelore.kb.errors import InputError

needs_tshark = pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed here")
TALK = captures.pcap(
    [
        *captures.ocpp_packets(zip(log_lines.FROM_CHARGER, log_lines.FRAMES, strict=True)),
        *captures.modbus_packets(),
    ]
)


def opened(content: bytes) -> Reading:
    return read(io.BytesIO(content))


@needs_tshark
def test_a_conversation_is_read_with_charger_sender_and_time() -> None:
    reading = opened(TALK)
    found = list(reading)
    frames = [each for each in found if each.fields.get("uid")]
    assert (reading.format, reading.frames, reading.unreadable) == ("capture", 6, 0)
    assert [each.fields["uid"] for each in frames] == list(log_lines.UIDS)
    assert {each.charger for each in frames} == {"CP-A"}
    assert [each.fields["from"] == "charger" for each in frames] == list(log_lines.FROM_CHARGER)
    assert found[0].kind == "connected"
    assert found[0].at is not None
    assert (found[0].at.year, found[0].at.hour) == (2031, 10)


@needs_tshark
def test_modbus_in_a_capture_is_read_with_its_exceptions() -> None:
    readings = [each for each in opened(TALK) if each.layer == "modbus"]
    assert [each.fields["function"] for each in readings] == ["read holding registers"] * 4
    assert readings[-1].fields["meaning"] == "illegal data address"


@needs_tshark
def test_a_packed_capture_and_a_file_read_the_same(tmp_path: Path) -> None:
    path = tmp_path / "-n.pcapng"
    path.write_bytes(gzip.compress(TALK))
    assert list(read(path)) == list(opened(TALK))


@needs_tshark
@settings(max_examples=4, deadline=None)
@given(cut=st.integers(24, len(TALK)))
def test_a_capture_that_was_cut_off_gives_what_is_there_or_says_so(cut: int) -> None:
    found = []
    with contextlib.suppress(InputError):
        found = list(opened(TALK[:cut]))
    assert {each.fields["uid"] for each in found if each.fields.get("uid")} <= set(log_lines.UIDS)


def test_without_tshark_a_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(InputError, match="tshark") as caught:
        list(opened(TALK))
    assert "install tshark" in caught.value.mend


@needs_tshark
def test_the_end_that_is_missing_is_counted_and_shown() -> None:
    reading = opened(TALK[:-7])
    assert list(reading)
    assert (reading.frames, reading.unreadable) == (6, 1)
    assert "too early" in str(reading.samples[0].fields["why"])
