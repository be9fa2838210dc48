"""The terminal rings when a case opens, for whoever asked for it, once for each, and never obeys a charger's name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fake_watch import signal
from hypothesis import given
from hypothesis import strategies as st
from screens import SMALL, app, commanded, press, sees, until

from chargelore.tui.ringing import Ringer, notification
from chargelore.tui.session import load


def test_each_case_rings_once_and_several_at_once_ring_together() -> None:
    ringer = Ringer(is_on=True)
    assert ringer.hears({"A-1": "A"}) == "Case opened: A"
    assert ringer.hears({"A-1": "A"}) == ""
    assert ringer.hears({"A-1": "A", "B-1": "B", "C-1": "C"}) == "Case opened: B +1"


def test_what_opened_before_somebody_asked_for_the_bell_is_not_rung_for() -> None:
    ringer = Ringer(is_on=False)
    assert ringer.hears({"A-1": "A"}) == ""
    ringer.is_on = True
    assert ringer.hears({"A-1": "A"}) == ""


@given(st.text())
def test_a_name_cannot_end_the_notification_or_begin_another(name: str) -> None:
    told = notification(Ringer(is_on=True).hears({"1": name}))
    assert told.startswith("\x07\x1b]9;")
    assert [letter for letter in told[4:-1] if not letter.isprintable()] == []


async def test_the_bell_is_turned_on_in_the_palette_is_kept_and_rings_while_the_screens_are_held(
    tmp_path: Path, monkeypatch: Any
) -> None:
    one = app(tmp_path, (), folder=tmp_path)
    async with one.run_test(size=SMALL) as pilot:
        written: list[str] = []
        monkeypatch.setattr(one._driver, "write", written.append)
        one.desk.feed(signal("CP-1", 9, "fault"))
        await sees(pilot, "CP-1 #2")
        assert not any("CP-1" in each for each in written)
        await commanded(pilot, "ctrl+p", *"bell")
        await sees(pilot, "The terminal rings when a case opens.")
        await press(pilot, "equals_sign")
        one.desk.feed(signal("CP-2", 9, "fault"))
        await until(pilot, lambda: notification("Case opened: CP-2") in written)
    assert load(tmp_path / "session.json").bell
