"""Splitting: any frames, cut anywhere, come out as they went in; any bytes are taken without complaint or growth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rawwire import framed
from websockets.frames import Frame

from chargelore.engine.sources import splitting
from chargelore.engine.sources.hearing import Ear
from chargelore.engine.sources.splitting import Endless, Manners, Piece, Splitter, farewell, goodbye

MASKS = st.one_of(st.just(b""), st.binary(min_size=4, max_size=4))
FRAMES = st.lists(st.tuples(st.integers(0, 255), st.one_of(st.binary(max_size=200), st.just(b"x" * 70_000)), MASKS))


def cut(data: bytes, places: Iterable[int]) -> Iterator[bytes]:
    """The bytes in pieces."""
    begin = 0
    for place in sorted(each % (len(data) + 1) for each in places):
        yield data[begin:place]
        begin = place
    yield data[begin:]


def split(parts: Iterable[bytes]) -> list[Piece]:
    splitter, found = Splitter(), list[Piece]()
    for part in parts:
        splitter.takes(part)
        while piece := splitter.next():
            found.append(piece)
    return found


@given(FRAMES, st.lists(st.integers(0, 10**6), max_size=20))
def test_frames_cut_anywhere_come_out_as_they_went_in(
    frames: list[tuple[int, bytes, bytes]], places: list[int]
) -> None:
    wire = b"".join(framed(first, data, mask=mask) for first, data, mask in frames)
    expected = [Piece(first, bool(mask), data, len(data)) for first, data, mask in frames]
    assert split(cut(wire, places)) == expected


@given(st.binary(max_size=400), st.lists(st.integers(0, 400), max_size=9), st.booleans())
def test_any_bytes_are_taken_and_judged(data: bytes, places: list[int], is_masking: bool) -> None:
    manners = Manners(is_masking)
    with suppress(Endless):
        for piece in split(cut(data, places)):
            assert all(reason for reason in manners.oddities(piece))


@pytest.mark.parametrize("mask", [b"", b"\x09\x08\x07\x06"])
def test_of_a_long_frame_only_the_beginning_is_kept(monkeypatch: pytest.MonkeyPatch, mask: bytes) -> None:
    monkeypatch.setattr(splitting, "LONGEST", 10)
    (piece, after) = split(cut(framed(0x81, b"0123456789abcdef", mask=mask) + framed(0x89, mask=mask), range(0, 40, 3)))
    assert (piece.data, piece.length) == (b"0123456789a", 16)
    assert after.opcode == splitting.PING


@given(st.text(max_size=20), st.lists(st.integers(0, 80), max_size=5))
def test_text_in_fragments_is_no_offence(text: str, places: list[int]) -> None:
    parts = list(cut(text.encode(), places))
    manners = Manners(is_masking=True)
    for at, part in enumerate(parts):
        first = (0x80 if at == len(parts) - 1 else 0) | (0 if at else 1)
        assert list(manners.oddities(Piece(first, True, part, len(part)))) == []


def test_what_comes_after_a_close_is_odd() -> None:
    manners = Manners(is_masking=False)
    assert list(manners.oddities(Piece(0x88, False, b"\x03\xe8bye", 5))) == []
    assert list(manners.oddities(Piece(0x81, False, b"", 0))) == ["after-close"]


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"", (1005, "")), (b"\x03", (1002, "")), (b"\x03\xe8", (1000, "")), (b"\x0f\xa0so\xff", (4000, "so\ufffd"))],
)
def test_a_close_is_read_as_far_as_it_goes(data: bytes, said: tuple[int, str]) -> None:
    assert farewell(data) == said


@pytest.mark.parametrize("is_masked", [True, False])
def test_our_own_goodbye_is_a_close_without_fault(is_masked: bool) -> None:
    (piece,) = split([goodbye(1001, is_masked=is_masked)])
    assert list(Manners(is_masked).oddities(piece)) == []
    assert farewell(piece.data) == (1001, "")


class Notes:
    """Writes down what a side is told; a whole text as the frame that it is."""

    def __init__(self) -> None:
        self.told: list[object] = []

    def text(self, payload: bytes) -> None:
        self.told.append((0x81, payload))

    def frame(self, piece: Piece, frame: Frame | None) -> None:
        del frame  # the piece says it all
        self.told.append((piece.first, piece.data))

    def odd(self, reason: str, piece: Piece) -> None:
        self.told.append((reason, piece.length))

    def fails(self, error: Exception) -> None:
        raise error


def heard(parts: Iterable[bytes], *, is_masking: bool) -> list[object]:
    notes = Notes()
    ear = Ear(notes, is_masking=is_masking)
    for part in parts:
        if not ear.hears(part):
            ear.works(None)
    return notes.told


USUAL = st.tuples(st.just(0x81), st.one_of(st.text(max_size=40).map(str.encode), st.just(b"x" * 200)), MASKS)
ANY = st.tuples(st.sampled_from([0x01, 0x80, 0x81, 0x82, 0x88, 0x89, 0xC1]), st.binary(max_size=150), MASKS)


@given(st.lists(st.one_of(USUAL, ANY), max_size=12), st.lists(st.integers(0, 10**6), max_size=9), st.booleans())
def test_the_short_way_hears_what_the_long_one_hears(
    frames: list[tuple[int, bytes, bytes]], places: list[int], is_masking: bool
) -> None:
    wires = [framed(first, data, mask=mask) for first, data, mask in frames]
    wire = b"".join(wires)
    the_long_way = heard((wire[:1], wire[1:]), is_masking=is_masking)
    assert heard(wires, is_masking=is_masking) == the_long_way
    assert heard(cut(wire, places), is_masking=is_masking) == the_long_way
