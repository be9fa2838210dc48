"""Labels order who may see what; pseudonyms stand for names without giving them away."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from chargelore.kb.errors import StoreError
from chargelore.kb.label import LABELS, author, local_key, may_go, pseudonym, strictest


def test_a_whole_is_as_secret_as_its_most_secret_part() -> None:
    assert strictest("GREEN", "RED", "CLEAR") == "RED"
    assert strictest() == "CLEAR"


def test_a_label_goes_to_its_own_audience_and_to_closer_ones() -> None:
    assert may_go("GREEN", "AMBER")
    assert not may_go("AMBER+STRICT", "AMBER")
    assert all(may_go(label, "RED") for label in LABELS)


def test_one_machine_keeps_one_key_for_its_owner_alone(tmp_path: Path) -> None:
    key = local_key(tmp_path / "new")
    assert key == local_key(tmp_path / "new")
    assert key != local_key(tmp_path / "other")
    assert stat.S_IMODE((tmp_path / "new" / "pseudonym.key").stat().st_mode) == 0o600
    assert [file.name for file in (tmp_path / "new").iterdir()] == ["pseudonym.key"]


def test_a_damaged_key_is_told_and_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "pseudonym.key").write_bytes(b"short")
    with pytest.raises(StoreError, match="damaged"):
        local_key(tmp_path)
    assert (tmp_path / "pseudonym.key").read_bytes() == b"short"


def test_a_key_that_cannot_be_kept_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be"):
        local_key(tmp_path / "file" / "home")


def test_a_pseudonym_is_the_same_here_and_another_elsewhere() -> None:
    assert pseudonym(b"a" * 32, "SN-0815 ") == pseudonym(b"a" * 32, "sn-0815")
    assert pseudonym(b"a" * 32, "SN-0815") != pseudonym(b"b" * 32, "SN-0815")
    assert pseudonym(b"a" * 32, "") == ""


def test_the_author_can_be_named_where_many_share_a_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHARGELORE_AUTHOR", "ann")
    ann = author(tmp_path)
    monkeypatch.setenv("CHARGELORE_AUTHOR", "bob")
    assert author(tmp_path) != ann
    assert "ann" not in ann
