"""Cache: what was read once is not parsed again, and a broken cache is as good as none."""

from __future__ import annotations

from pathlib import Path

import pytest

from chargelore.kb.cache import cached
from chargelore.kb.home import cache_folder


@pytest.fixture
def knowledge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CHARGELORE_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "words"
    folder.mkdir()
    (folder / "a.yaml").write_text("one")
    return folder


class Reader:
    """Counts how often it had to read."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, folder: Path) -> list[str]:
        self.times += 1
        return [file.read_text() for file in sorted(folder.glob("*.yaml"))]


def test_what_did_not_change_is_read_once(knowledge: Path) -> None:
    read = Reader()
    assert cached(knowledge, read) == cached(knowledge, read) == ["one"]
    assert read.times == 1


def test_a_changed_and_an_added_file_are_seen(knowledge: Path) -> None:
    read = Reader()
    cached(knowledge, read)
    (knowledge / "a.yaml").write_text("three")
    assert cached(knowledge, read) == ["three"]
    (knowledge / "b.yaml").write_text("four")
    assert cached(knowledge, read) == ["three", "four"]


def test_only_the_newest_state_is_kept(knowledge: Path) -> None:
    cached(knowledge, Reader())
    (knowledge / "a.yaml").write_text("three")
    cached(knowledge, Reader())
    assert len(list(cache_folder().iterdir())) == 1


@pytest.mark.parametrize("rubbish", [b"", b"no pickle", b"\x80\x05cnowhere\nnothing\n.", b"\x80\x05]q\x00("])
def test_a_broken_cache_is_read_anew_and_mended(knowledge: Path, rubbish: bytes) -> None:
    read = Reader()
    cached(knowledge, read)
    for kept in cache_folder().iterdir():
        kept.write_bytes(rubbish)
    assert cached(knowledge, read) == ["one"]
    assert cached(knowledge, read) == ["one"]
    assert read.times == 2


def test_no_place_for_a_cache_is_no_error(knowledge: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("CHARGELORE_CACHE", str(tmp_path / "file" / "cache"))
    assert cached(knowledge, Reader()) == ["one"]


def test_the_cache_follows_the_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("CHARGELORE_CACHE", raising=False)
    monkeypatch.setenv("CHARGELORE_HOME", str(tmp_path / "mine"))
    assert cache_folder() == tmp_path / "mine" / "cache"
