"""All keys on one page: for a wall, a colleague, or the documents."""

from __future__ import annotations

from pathlib import Path

from shell import chargelore

from chargelore.tui.keys.every import every
from chargelore.tui.keys.sheet import cheat_sheet


def test_every_action_has_a_place_on_the_sheet() -> None:
    sheet = cheat_sheet({})
    names = [str(each.id) for each in every()]
    assert [name for name in names if f"`{name}`" not in sheet and not name[-1].isdigit()] == []


def test_keys_stand_as_people_write_them_and_numbers_share_a_line() -> None:
    sheet = cheat_sheet({"case.why": "f5,x"})
    assert "| `/` | Filter | `listing.filter` |" in sheet
    assert "| `F5` `x` | Why | `case.why` |" in sheet
    assert "| `1` … `5` | Answer | `case.answer-1` … `case.answer-5` |" in sheet


def test_what_would_end_a_cell_goes_by_its_name() -> None:
    assert "| `vertical_line` | Why | `case.why` |" in cheat_sheet({"case.why": "vertical_line"})


def test_the_sheet_holds_ones_own_keys_and_what_is_wrong_with_them_is_told(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "keys.yaml").write_text("case.why: f5\ncase.wy: x\n", encoding="utf-8")
    told = chargelore("keys", "--format", "markdown")
    assert told.code == 2
    assert "| `F5` | Why | `case.why` |" in told.out
    assert "did you mean case.why?" in told.err
