"""A rule judged on a screen by recordings whose cause was confirmed, and by what the store kept before findings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from plugged_in import CHARGES, RULE, TRIPS
from screens import LARGE, SMALL, Here, app, press, row, sees, trip

from chargelore.engine.proving.backtest import Score
from chargelore.engine.read import read
from chargelore.engine.relay.journal import Record
from chargelore.engine.relay.mover import rows_of
from chargelore.kb.finding import Finding, Machine
from chargelore.kb.load import shipped
from chargelore.kb.store import Store
from chargelore.tui.lines.backtest import shares
from chargelore.tui.rulebook import heard_of
from chargelore.tui.screens.backtest import BacktestPage
from chargelore.tui.screens.reading import Reading
from chargelore.tui.screens.rules import RulesPage

HUGE = (200, 60)


@pytest.fixture
def recordings(tmp_path: Path) -> Path:
    """Two that tripped, of which one was something else, and two that charged."""
    folder = tmp_path / "recordings"
    folder.mkdir()
    causes = {"trips": "water-in-coupler", "again": "water-in-coupler", "charges": "healthy", "gone": "healthy"}
    for name in causes:
        (folder / f"{name}.log").write_text(TRIPS if name in ("trips", "again") else CHARGES)
    (folder / "confirmed.csv").write_text("file,cause\n" + "".join(f"{n}.log,{c}\n" for n, c in causes.items()))
    return folder


async def opened(pilot: Here, tmp_path: Path) -> None:
    made = tmp_path / "rules"
    made.mkdir(exist_ok=True)
    (made / "wet.yaml").write_text(RULE.format(name="wet", status="draft", within="1m"))
    pilot.app.desk.known = pilot.app.desk.knowledge = shipped()
    await pilot.app.push_screen(RulesPage(pilot.app.desk, "", made))
    await sees(pilot, "wet", "Fewer than 5 findings")
    await press(pilot, "B")
    assert isinstance(pilot.app.screen, BacktestPage)


async def typed(pilot: Here, folder: Path) -> None:
    await press(pilot, "shift+tab")
    pilot.app.screen.query_one("#takes-typed").value = str(folder)
    await press(pilot, "enter")


@pytest.mark.parametrize("size", [SMALL, LARGE, HUGE])
async def test_a_rule_is_judged_by_recordings_whatever_its_state(
    tmp_path: Path, recordings: Path, size: tuple[int, int]
) -> None:
    async with app(tmp_path).run_test(size=size) as pilot:
        await opened(pilot, tmp_path)
        await typed(pilot, recordings)
        await sees(pilot, "4 recorded, fired 2 times: ✓ 2 right  ✗ 0 wrong  – 0 missed", "Enter on a recording")
        assert "Fewer than 5 recordings judge it" in await sees(pilot, "no share is told")
        assert "✓ right" in row(pilot, "trips.log")
        assert "silent" in row(pilot, "charges.log")


async def test_enter_on_a_recording_says_why_the_rule_fired_there(tmp_path: Path, recordings: Path) -> None:
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        await opened(pilot, tmp_path)
        await typed(pilot, recordings)
        await sees(pilot, "Enter on a recording")
        await press(pilot, "enter")
        await sees(pilot, "It fired once.", "GroundFailure")
        assert isinstance(pilot.app.screen, Reading)


async def test_what_cannot_be_read_is_told_beside_the_others(tmp_path: Path, recordings: Path) -> None:
    (recordings / "gone.log").write_bytes(b"\x00\x01\x02" * 50)
    async with app(tmp_path).run_test(size=HUGE) as pilot:
        await opened(pilot, tmp_path)
        await typed(pilot, recordings)
        await sees(pilot, "✓ 2 right", "not read")
        await typed(pilot, tmp_path / "nowhere")
        await sees(pilot, "confirmed.csv", "cannot be read")


async def test_without_recordings_the_store_tells_by_what_it_kept_before_a_finding(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    log.write_text(TRIPS)
    at = datetime(2024, 5, 1, 12, tzinfo=UTC)
    with Store.open(tmp_path / "events.db") as store:
        signals = tuple(replace(each, charger="CP-1") for each in read(log))
        store.keep_signals([each for n, one in enumerate(signals) for each in
                            rows_of(Record(run="r", seq=n, at=at, signals=(one,)))])  # fmt: skip
        store.record_finding(Finding(
            case="CP-1-1", fault="ground-fault-trip", cause="water-in-coupler", charger=Machine(id="CP-1"),
            fixed_at=(at + timedelta(hours=1)).isoformat(),
        ))  # fmt: skip
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        await opened(pilot, tmp_path)
        await sees(pilot, "1 recorded, fired 1 times: ✓ 1 right", "CP-1-1")


async def test_an_empty_store_says_what_the_backtest_needs(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=SMALL) as pilot:
        await opened(pilot, tmp_path)
        await sees(pilot, "Nothing is here to judge it by", "name a folder of recordings")


async def test_escape_stops_a_backtest_and_what_was_found_stays(tmp_path: Path, recordings: Path) -> None:
    lines = "".join(f"{n}.log,healthy\n" for n in range(4_000))
    for n in range(4_000):
        (recordings / f"{n}.log").symlink_to(recordings / "charges.log")
    (recordings / "confirmed.csv").write_text("file,cause\n" + lines)
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        await opened(pilot, tmp_path)
        await typed(pilot, recordings)
        await sees(pilot, "left; esc stops it")
        await press(pilot, "escape")
        await sees(pilot, "Stopped. R works it out anew.")
        assert isinstance(pilot.app.screen, BacktestPage)
        assert 0 < len(pilot.app.screen.found) < 4_000
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, RulesPage)


def test_a_share_is_told_once_five_recordings_say_so() -> None:
    assert "no share" in str(shares(Score(rule="wet", version="1", right=4)))
    assert "80%" in str(shares(Score(rule="wet", version="1", right=4, wrong=1)))


def test_the_cases_of_90_days_in_which_a_rule_spoke_are_counted_once(tmp_path: Path) -> None:
    with Store.open(tmp_path / "events.db") as store:
        for case in ("a", "a", "b"):
            store.record_finding(Finding(case=case, fault="ground-fault-trip", rules=("wet@1", "dry@2")))
        now = datetime.now(UTC)
        assert heard_of(store, (), now).fires == {"wet": 2, "dry": 2}
        assert heard_of(store, (), now + timedelta(days=91)).fires == {}
        assert sum(heard_of(store, [trip("CP-1")], now).fires.values()) > 4
