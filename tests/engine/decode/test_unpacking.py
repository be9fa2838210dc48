"""Packed logs are unpacked in bounded memory, whole, cut or several in a row; bombs are refused."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tracemalloc
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chargelore.engine.decode.unpacking import HARMLESS, MAX_RATIO, unpacked
from chargelore.engine.read import read
from chargelore.kb.errors import InputError

LINE = b'2031-05-01 10:00:00.349 INFO (MainThread) [ocpp] CP-A: send [3,"%d",{}]\n'
TEXT = b"".join(LINE % number for number in range(500))
PACKERS = {"gzip": gzip.compress, "bzip2": bz2.compress, "xz": lzma.compress}

packed_anyhow = pytest.mark.parametrize("pack", PACKERS.values(), ids=PACKERS)


def chunks(content: bytes, size: int) -> Iterator[bytes]:
    return (content[at : at + size] for at in range(0, len(content), size))


@packed_anyhow
def test_a_packed_log_reads_like_the_log(pack: Callable[[bytes], bytes]) -> None:
    assert list(read(io.BytesIO(pack(TEXT)))) == list(read(io.BytesIO(TEXT)))


@packed_anyhow
@given(size=st.integers(6, 900), cut=st.integers(1, 499))
def test_pieces_in_a_row_come_out_in_a_row_however_they_arrive(
    pack: Callable[[bytes], bytes], size: int, cut: int
) -> None:
    row = pack(TEXT[: cut * 60]) + pack(TEXT[cut * 60 :])
    assert b"".join(unpacked(chunks(row, size))) == TEXT


@packed_anyhow
def test_what_was_cut_off_gives_what_is_there(pack: Callable[[bytes], bytes]) -> None:
    many = b"".join(LINE % (number * 7919) for number in range(60_000))
    packed = pack(many)
    got = b"".join(unpacked(chunks(packed[: len(packed) * 3 // 4], 10_000)))
    assert got
    assert many.startswith(got)


def test_padding_behind_a_packed_log_is_no_damage() -> None:
    assert b"".join(unpacked([gzip.compress(TEXT) + b"\0" * 512])) == TEXT


@packed_anyhow
def test_damage_is_told_in_a_sentence(pack: Callable[[bytes], bytes]) -> None:
    packed = bytearray(pack(TEXT))
    packed[len(packed) // 2 :] = b"\xff" * (len(packed) - len(packed) // 2)
    with pytest.raises(InputError, match="damaged"):
        list(unpacked([bytes(packed)]))


def test_packed_twice_is_refused_with_a_cure() -> None:
    with pytest.raises(InputError, match="gzip inside bzip2"):
        list(unpacked([bz2.compress(gzip.compress(TEXT))]))


def test_a_bomb_is_refused_before_it_fills_the_memory() -> None:
    packed = io.BytesIO()
    with gzip.open(packed, "wb") as out:
        for _ in range(HARMLESS // 1_000_000 + 200):
            out.write(b" " * 1_000_000)
    assert len(packed.getvalue()) * MAX_RATIO < HARMLESS + 200_000_000
    tracemalloc.start()
    with pytest.raises(InputError, match="unpack to more than"):
        for _ in unpacked(chunks(packed.getvalue(), 65_536)):
            pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 12_000_000


@given(st.binary(max_size=300))
def test_anything_that_is_not_packed_passes_unchanged(content: bytes) -> None:
    if not content.startswith((b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0")):
        assert b"".join(unpacked([content])) == content
