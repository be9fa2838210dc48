"""A draft comes back as it was typed; a broken one is as good as none."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chargelore.kb.errors import StoreError
from chargelore.tui.drafts import Drafts
from chargelore.tui.finding import Filled

TEXT = st.text(alphabet=st.characters(exclude_categories=("Cs",)))
DRAFT = Filled(cause="wet-plug", fixed_by="dry-the-plug", note="gland")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(TEXT, TEXT, st.booleans())
def test_a_draft_comes_back_as_it_was_typed(tmp_path: Path, case: str, note: str, needed: bool) -> None:
    typed = Filled(cause="c", fixed_by="f", note=note, needed_maker=needed)
    Drafts(tmp_path).save(case, typed)
    assert Drafts(tmp_path).load(case) == typed


@pytest.mark.parametrize("broken", [b"", b"{", b"[]", b'{"cause": "c"}', b"\xff\xfe", b'"' * 9])
def test_a_broken_draft_is_no_draft(tmp_path: Path, broken: bytes) -> None:
    drafts = Drafts(tmp_path)
    drafts.save("a", DRAFT)
    next(tmp_path.iterdir()).write_bytes(broken)
    assert drafts.load("a") is None


def test_a_name_that_is_no_file_name_has_its_draft_too(tmp_path: Path) -> None:
    drafts = Drafts(tmp_path / "new")
    for case in ("../../etc/passwd", "a/b", "x" * 5000, "nul\x00", "\ud800"):
        drafts.save(case, DRAFT)
        assert drafts.load(case) == DRAFT
        drafts.forget(case)
        assert drafts.load(case) is None


def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="cannot be written"):
        Drafts(tmp_path / "file").save("a", DRAFT)
