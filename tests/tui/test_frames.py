"""The timeline of a charger is read page by page, and shows exactly what one long list would."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from fake_watch import signal as said_by
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from screens import SMALL, app, press, sees, trip, until

from chargelore.engine.relay.kept import row_of
from chargelore.engine.signal import Signal
from chargelore.kb.errors import StoreError
from chargelore.kb.store import Store
from chargelore.tui.filter import terms
from chargelore.tui.frames import reels as taping
from chargelore.tui.frames import source as paging
from chargelore.tui.frames import view as viewing
from chargelore.tui.frames.reels import Reels
from chargelore.tui.frames.sifting import Sifted, Sifting
from chargelore.tui.frames.source import Kept
from chargelore.tui.frames.view import KEPT_PAGES, PAGE, Frames
from chargelore.tui.lines.jumps import ahead

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
NAMES = count()
SMALL_PAGE = 7
slow = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "frames.db") as opened:
        yield opened


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages so small that a few signals fill many."""
    for module in (paging, viewing, taping):
        monkeypatch.setattr(module, "PAGE", SMALL_PAGE)
    monkeypatch.setattr(taping, "AT_HAND", 2 * SMALL_PAGE)


def signal(n: int, charger: str = "CP-1") -> Signal:
    kind, fields = ("fault", {"fault": "ground-fault-trip"}) if n % 97 == 96 else ("meter", {"power": n})
    at = NOON + timedelta(seconds=n)
    return Signal(layer="ocpp", kind=kind, charger=charger, connector=1, at=at, fields=fields, raw=f"frame {n}")


def keep(store: Store, signals: Iterable[Signal], run: str = "run") -> None:
    store.keep_signals(row_of(each, (run, n, 0), each.at or NOON) for n, each in enumerate(signals))


@slow
@given(size=st.integers(0, 120), more=st.integers(0, 40), jumps=st.lists(st.integers(0, 10_000), max_size=30))
@pytest.mark.usefixtures("small_pages")
def test_any_jump_in_a_list_of_any_size_shows_the_row_of_the_whole_list(
    store: Store, size: int, more: int, jumps: list[int]
) -> None:
    charger = f"CP-{next(NAMES)}"
    whole = [signal(n, charger) for n in range(size + more)]
    keep(store, whole[:size], charger)
    frames = Frames(Kept(store, charger))
    before = frames.now()
    assert len(before) == size
    assert [before[each % size] for each in jumps if size] == [whole[each % size] for each in jumps if size]
    keep(store, whole, charger)
    after = frames.now()
    assert [after[each % len(whole)] for each in jumps if whole] == [
        whole[each % len(whole)] for each in jumps if whole
    ]
    assert list(before) == whole[:size]
    assert list(after) == whole
    assert list(after[-3:]) == whole[-3:]


@slow
@given(before=st.integers(0, 30), sizes=st.lists(st.integers(0, 60), max_size=4), jumps=st.lists(st.integers(0, 999)))
@pytest.mark.usefixtures("small_pages")
def test_a_reel_gives_back_all_it_took_in_order(before: int, sizes: list[int], jumps: list[int]) -> None:
    reels, whole = Reels(), [signal(n) for n in range(before)]
    reels.begins("CP-1", whole)
    reel = reels.reel("CP-1")
    assert reel is not None
    frames = Frames(reel)
    for size in sizes:
        new = [signal(len(whole) + n) for n in range(size)]
        for each in new:
            reels.takes(each)
        whole += new
        view = frames.now()
        assert len(view) == len(whole)
        assert [view[each % len(whole)] for each in jumps if whole] == [
            whole[each % len(whole)] for each in jumps if whole
        ]
    assert list(frames.now()) == whole
    reels.close()


@pytest.mark.usefixtures("small_pages")
def test_chargers_share_the_reels_and_nobody_hears_of_the_others() -> None:
    reels = Reels()
    for charger in ("CP-1", "CP-2"):
        reels.begins(charger, ())
    for n in range(100):
        reels.takes(signal(n, f"CP-{n % 3}"))
    for which in (1, 2):
        assert list(Frames(reels.reel(f"CP-{which}")).now()) == [signal(n, f"CP-{which}") for n in range(which, 100, 3)]
    assert reels.reel("CP-0") is None
    reels.ends("CP-1")
    assert reels.reel("CP-1") is None
    reels.close()


@pytest.mark.usefixtures("small_pages")
def test_what_cannot_be_written_down_leaves_the_rest_in_place() -> None:
    reels = Reels()
    reels.begins("CP-1", ())
    whole = [signal(n) for n in range(50)]
    whole[3] = Signal(layer="ocpp", kind="log", charger="CP-1", fields={"text": "half \ud800 a pair"})
    for each in whole:
        reels.takes(each)
    view = Frames(reels.reel("CP-1")).now()
    assert view[3].kind == "unreadable"
    assert [*view[:3], *view[4:]] == [*whole[:3], *whole[4:]]
    reels.close()


@pytest.mark.usefixtures("small_pages")
def test_on_a_full_disk_the_list_says_where_something_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*_: object) -> None:
        raise StoreError("the disk is full", mend="make room")

    monkeypatch.setattr(Store, "keep_signals", refuses)
    reels = Reels()
    reels.begins("CP-1", ())
    for n in range(50):
        reels.takes(signal(n))
    view = Frames(reels.reel("CP-1")).now()
    assert len(view) == 50
    assert "no room on the disk" in str(view[0].fields["why"])
    assert view[49] == signal(49)
    reels.close()


def test_the_reels_leave_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = tmp_path / "disk"
    here.mkdir()
    monkeypatch.setattr(taping.tempfile, "tempdir", str(here))
    reels = Reels()
    reels.begins("CP-1", (signal(n) for n in range(taping.AT_HAND)))
    for n in range(2 * PAGE):
        reels.takes(signal(n))
    assert list(here.iterdir())
    reels.close()
    assert list(here.iterdir()) == []


def test_only_a_few_pages_are_in_memory(store: Store) -> None:
    keep(store, (signal(n) for n in range(12 * PAGE)))
    frames = Frames(Kept(store, "CP-1"))
    view = frames.now()
    assert [view[n] for n in range(0, len(view), PAGE)] == [signal(n) for n in range(0, 12 * PAGE, PAGE)]
    assert len(frames._pages) == KEPT_PAGES


@pytest.mark.usefixtures("small_pages")
def test_what_the_store_let_go_of_is_gone_from_the_next_look(store: Store) -> None:
    keep(store, (signal(n) for n in range(60)))
    frames = Frames(Kept(store, "CP-1"))
    assert len(frames.now()) == 60
    store.let_go_of_signals(NOON + timedelta(seconds=25), 1000)
    assert list(frames.now()) == [signal(n) for n in range(25, 60)]


def test_a_lost_store_is_told_in_the_rows_and_raises_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(store, (signal(n) for n in range(20)))
    view = Frames(Kept(store, "CP-1")).now()

    def lost(*_: object) -> None:
        raise StoreError("the store is away", mend="bring it back")

    monkeypatch.setattr(Store, "page_of_signals", lost)
    assert "the store is away" in str(view[3].fields["why"])
    monkeypatch.undo()
    assert view[3] == signal(3)


@given(st.lists(st.integers(1, 30), max_size=8), st.integers(1, 9))
def test_a_filter_that_looks_bit_by_bit_finds_what_one_look_would(grown: list[int], most: int) -> None:
    sifting: Sifting[int] = Sifting(terms("!7 text:1"), lambda n: {"text": str(n)})
    rows: list[int] = []
    for size in grown:
        rows += range(len(rows), len(rows) + size)
        sifting.goes_on(rows, most)
    while sifting.goes_on(rows, most):
        pass
    expected = [n for n in rows if "1" in str(n) and "7" not in str(n)]
    assert list(Sifted(rows, sifting.hits)) == expected
    assert [sifting.next(n, 1) for n in rows] == [next((h for h in expected if h > n), None) for n in rows]


async def test_a_case_of_fifty_thousand_signals_in_the_store_opens_at_its_end_and_jumps(tmp_path: Path) -> None:
    here = app(tmp_path, [trip("CP-1", [signal(0)])])
    keep(here.desk.store, (signal(n) for n in range(50_000)))
    async with here.run_test(size=(120, 40)) as pilot:
        await press(pilot, "enter")
        await sees(pilot, "Timeline, UTC · 50,000")
        timeline = pilot.app.screen.timeline
        await press(pilot, "shift+tab")
        timeline.table.focus()
        await until(pilot, lambda: timeline.table.cursor == 49_999)
        faults = [n for n in range(50_000) if n % 97 == 96]
        await press(pilot, "E")
        await until(pilot, lambda: timeline.table.cursor == faults[-1])
        await press(pilot, "g", "e")
        await until(pilot, lambda: timeline.table.cursor == faults[0])
        assert timeline.table.current == signal(96)
        await press(pilot, "g", "u")
        await sees(pilot, "No further bookmark or evidence that way")
        await press(pilot, "slash", *"kind:fault", "enter")
        await sees(pilot, f"{len(faults):,} of 50,000")
        assert list(timeline.table.rows) == [signal(n) for n in faults]


async def test_a_live_case_keeps_more_than_memory_holds(tmp_path: Path) -> None:
    async with app(tmp_path, []).run_test(size=SMALL) as pilot:
        desk = pilot.app.desk
        desk.feed(said_by("CP-1", 0, "fault"))
        said = [signal(n) for n in range(3_000)]
        for each in said:
            desk.feed(each)
            desk.watch.listener(each)  # a real watch tells the reels itself
        before = len(desk.watch.case("CP-1-1").signals)
        await sees(pilot, "CP-1 #2", "1 case")  # the case, and not yet only its charger
        await press(pilot, "g", "enter")
        await sees(pilot, f"Timeline, UTC · {before + 3_000:,}")
        assert list(pilot.app.screen.timeline.rows)[before:] == said


def test_the_next_fault_is_the_same_in_pages_and_in_a_list(store: Store) -> None:
    whole = [signal(n) for n in range(1_500)]
    keep(store, whole)
    view = Frames(Kept(store, "CP-1")).now()
    for what in ("fault", "gap", "warning", "same"):
        for place in (0, 96, 97, 700, 1499):
            assert ahead(view, place, 1, what) == ahead(whole, place, 1, what)
            assert ahead(view, place, -1, what) == ahead(whole, place, -1, what)
