"""The review queue: what waits for a person, what each would change, and a decision that changes the next diagnosis."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import nullcontext
from pathlib import Path

import pytest
import small_world
from screens import LARGE, SMALL, Here, app, press, sees

from chargelore.engine.grammar.rule import Rules
from chargelore.kb.clock import Stamp
from chargelore.kb.events import DECLINED, DISPUTE, EDGE, RETRACT, REVIEW, Event, finding_event, gap_event
from chargelore.kb.finding import Finding
from chargelore.kb.statement import By, Link, dispute_event, edge_event, node_event, set_event
from chargelore.kb.store import Store
from chargelore.tui.lines.review import Item
from chargelore.tui.reviewing.effect import can_tell
from chargelore.tui.screens.decide import AcceptPage, ReasonPage
from chargelore.tui.screens.review import ReviewPage

HUGE = (200, 60)
SIGN = small_world.IDLE  # nobody says it of water in the plug
PROPOSED = "“Water in plug” shows “Drops when idle”"
OTHER = "somebodyelseab23"


def told(number: int, *, is_wet: bool) -> Event:
    answers = {SIGN: "yes" if is_wet else "no"}
    found = Finding(
        case=f"case-{number}",
        fault=small_world.TRIP,
        cause=small_world.WET if is_wet else small_world.CABLE,
        evidence=answers,
    )
    return finding_event(found, stamp=Stamp(1_770_000_000_000 + number, 0, "r"), author=f"author-{number}")


def by(number: int) -> By:
    return By(OTHER, Stamp(1_771_000_000_000 + number, 0, "r"))


def recorded(folder: Path, events: Iterable[Event] = (), wet: int = 10, others: int = 30) -> None:
    """Ours is the store; ten people found water in the plug with the sign, thirty a cut cable without it."""
    with Store.open(folder / "events.db") as store:
        store.take_back("nothing", "so that the store is ours")
        store.merge([told(each, is_wet=each < wet) for each in range(wet + others)])
        store.merge(events)


def kinds(folder: Path) -> list[str]:
    with Store.open(folder / "events.db") as store:
        return [each.kind for each in store.events(EDGE, REVIEW, DECLINED, DISPUTE, RETRACT)][1:]


async def opened(pilot: Here) -> ReviewPage:
    page = ReviewPage(pilot.app.desk, Rules())
    await pilot.app.push_screen(page)
    await settled(pilot)
    return page


async def settled(pilot: Here) -> None:
    """The queue is read and the effect of the thing under the cursor known, as far as there is one."""
    page = next(each for each in pilot.app.screen_stack if isinstance(each, ReviewPage))
    await pilot.pause()
    for _ in range(1_500):
        row = page.listing.table.current
        one = row.one if isinstance(row, Item) else None
        is_reading = any(each.group == "queue" and not each.is_finished for each in pilot.app.workers)
        if page.is_read and not is_reading and (one is None or not can_tell(one) or one.key in page.effects):
            break
        await pilot.pause(0.02)
    await pilot.pause()


@pytest.mark.parametrize("size", [SMALL, LARGE, HUGE])
async def test_a_link_that_findings_show_waits_with_what_speaks_for_it(tmp_path: Path, size: tuple[int, int]) -> None:
    recorded(tmp_path)
    async with app(tmp_path).run_test(size=size) as pilot:
        await opened(pilot)
        await sees(pilot, "Links that findings propose · 1")
        for said in ("- before", "+ after", "10 cases show it", "same, "):
            await sees(pilot, said)


@pytest.mark.parametrize("size", [SMALL, LARGE, HUGE])
async def test_an_empty_queue_says_what_comes_there(tmp_path: Path, size: tuple[int, int]) -> None:
    async with app(tmp_path).run_test(size=size) as pilot:
        await opened(pilot)
        await press(pilot, "enter", "d", "plus")
        await sees(pilot, "Nothing waits for a decision")


async def test_an_accepted_link_changes_the_next_diagnosis_and_undo_takes_it_back(tmp_path: Path) -> None:
    recorded(tmp_path)
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        page, desk = await opened(pilot), pilot.app.desk
        desk.answer("CP-1-1", SIGN, "yes")
        before = chance(pilot)
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, AcceptPage)
        await press(pilot, "enter")
        assert kinds(tmp_path) == []  # the key that came here decides nothing
        await press(pilot, "y")
        await settled(pilot)
        assert kinds(tmp_path) == [EDGE, REVIEW]
        [edge] = desk.store.events(EDGE)
        assert edge.body["attrs"]["proposed"] == {"lift": "4.0", "n": 10, "authors": 10, "houses": 1}
        after = chance(pilot)
        assert after > before
        assert page.found == ()
        await press(pilot, "z")
        await settled(pilot)
        assert chance(pilot) == before
        assert [each.kind for each in page.found] == ["proposal"]
        await press(pilot, "Z")
        assert chance(pilot) == after


def chance(pilot: Here) -> float:
    pilot.app.desk.changes()
    found = pilot.app.desk.diagnosis("CP-1-1").hypotheses
    return next(each.probability for each in found if each.cause == small_world.WET)


async def test_the_cases_that_would_change_are_those_that_do(tmp_path: Path) -> None:
    recorded(tmp_path)
    async with app(tmp_path).run_test(size=HUGE) as pilot:
        page = await opened(pilot)
        await sees(pilot, "same, ")
        [found] = page.effects.values()
        assert len(found.changes) == 40
        assert all(
            each.became != "worse" for each in found.changes if each.after and each.after.confirmed == "wet-plug"
        )
        await sees(pilot, str(found))


async def test_declining_needs_a_reason_and_is_undone(tmp_path: Path) -> None:
    recorded(tmp_path)
    async with app(tmp_path).run_test(size=SMALL) as pilot:
        page = await opened(pilot)
        await press(pilot, "d", "enter")
        assert isinstance(pilot.app.screen, ReasonPage)
        assert kinds(tmp_path) == []
        await press(pilot, *"chance", "enter")
        await settled(pilot)
        assert kinds(tmp_path) == [DECLINED]
        assert page.found == ()
        await press(pilot, "z")
        await settled(pilot)
        assert len(page.found) == 1


async def test_one_says_how_much_one_agrees_and_why(tmp_path: Path) -> None:
    recorded(tmp_path)
    async with app(tmp_path).run_test(size=HUGE) as pilot:
        await opened(pilot)
        await press(pilot, "minus", *"never", "space", *"seen", "enter")
        await settled(pilot)
        await sees(pilot, "never seen")
    with Store.open(tmp_path / "events.db") as store:
        [event] = store.events(DISPUTE)
    assert (event.body["position"], event.body["agreement"], event.body["reason"]) == ("disagree", -100, "never seen")


async def test_drafts_corrections_objections_and_gaps_of_others_wait_too(tmp_path: Path) -> None:
    link = Link(src="cause/cut-cable", rel="shows", dst=f"evidence/{SIGN}", answer="yes")
    said = (
        node_event("cause/mouse", "Mouse [red]in[/red] cabinet", {"fault": "ground-fault-trip"}, by(1)),
        edge_event(link, "often", by(2)),
        set_event("cause/wet-plug", {"label": "Wet plug"}, by(3)),
        dispute_event("cause/nat-timeout", "disagree", "not here", by(4)),
        gap_event("E99 blinks", {"vendor": "Acme"}, stamp=by(5).stamp, author=OTHER),
        gap_event("e99  blinks", {"vendor": "Acme"}, stamp=by(6).stamp, author=OTHER),
    )
    recorded(tmp_path, said, wet=0, others=0)
    async with app(tmp_path).run_test(size=HUGE) as pilot:
        page = await opened(pilot)
        assert [each.kind for each in page.found] == ["draft", "draft", "correction", "objection", "gap"]
        await sees(pilot, "Mouse [red]in[/red] cabinet", "“Cable cut” shows", "“NAT timeout”", "2× “e99 blinks” (Acme)")
        await press(pilot, "G")
        await sees(pilot, "+ after   `chargelore map` says what it means")
        await press(pilot, "d", *"noise", "enter")
        await settled(pilot)
        assert [each.kind for each in page.found] == ["draft", "draft", "correction", "objection"]


async def test_only_a_reviewer_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recorded(tmp_path)
    monkeypatch.setenv("CHARGELORE_AUTHOR", "somebody else")
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        await opened(pilot)
        await press(pilot, "enter", "y")
        await sees(pilot, "only a reviewer")
        assert kinds(tmp_path) == []


async def test_escape_stops_the_diagnosing_and_leaves_only_then(tmp_path: Path) -> None:
    recorded(tmp_path, wet=2_000, others=8_000)
    async with app(tmp_path, ()).run_test(size=LARGE) as pilot:
        page = ReviewPage(pilot.app.desk, Rules())
        await pilot.app.push_screen(page)
        for _ in range(3_000):
            if page.working is not None:
                break
            await pilot.pause(0.02)
        await press(pilot, "escape")
        assert pilot.app.screen is page
        assert "Stopped. R works it out anew." in await sees(pilot, "Stopped.")
        assert page.effects == {}
        await press(pilot, "escape")
        assert pilot.app.screen is not page
        await pilot.app.workers.wait_for_complete()


async def test_ten_thousand_gaps_are_listed_and_filtered(tmp_path: Path) -> None:
    gaps = [gap_event(f"code {n}", {}, stamp=by(n).stamp, author=OTHER) for n in range(10_000)]
    recorded(tmp_path, gaps, wet=0, others=0)
    async with app(tmp_path).run_test(size=SMALL) as pilot:
        page = await opened(pilot)
        assert len(page.found) == 10_000
        await press(pilot, "slash", *"9999", "enter")
        await sees(pilot, "1 of 10,000")


def as_editor(monkeypatch: pytest.MonkeyPatch, folder: Path, old: str, new: str) -> None:
    """An editor that replaces these words in the file that it is given."""
    script = folder / "editor.py"
    change = f"file.write_text(file.read_text().replace({old!r}, {new!r}))"
    script.write_text(f"import sys, pathlib\nfile = pathlib.Path(sys.argv[1])\n{change}\n")
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", f"{sys.executable} {script}")


async def test_a_draft_is_edited_and_accepted_as_it_was_edited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recorded(tmp_path, [node_event("cause/mouse", "Mouse in cabinet", {"fault": small_world.TRIP}, by(1))], 0, 0)
    async with app(tmp_path).run_test(size=HUGE) as pilot:
        monkeypatch.setattr(pilot.app, "suspend", nullcontext)
        page = await opened(pilot)
        as_editor(monkeypatch, tmp_path, "label: Mouse in cabinet", "labell: Marten in cabinet")
        await press(pilot, "e")
        await sees(pilot, "what you wrote is kept", "labell is no field of this")
        as_editor(monkeypatch, tmp_path, "labell", "label")
        await press(pilot, "e")
        await sees(pilot, "- label: Mouse in cabinet", "+ label: Marten in cabinet")
        await press(pilot, "y")
        await settled(pilot)
        assert page.found == ()
        assert pilot.app.desk.known.causes["mouse"].label == "Marten in cabinet"
        assert list(tmp_path.glob("drafts/review-*")) == []
        await press(pilot, "z")
        await settled(pilot)
        assert pilot.app.desk.known.causes["mouse"].label == "Mouse in cabinet"
        assert len(page.found) == 1


async def test_a_proposed_link_is_accepted_with_another_grade(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recorded(tmp_path)
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        monkeypatch.setattr(pilot.app, "suspend", nullcontext)
        page = await opened(pilot)
        before = page.found[0].proposed
        assert before is not None
        as_editor(monkeypatch, tmp_path, f"grade: {before.grade}", "grade: always")
        await press(pilot, "e")
        await sees(pilot, "+ grade: always")
        await press(pilot, "y")
        await settled(pilot)
        links = pilot.app.desk.known.causes[small_world.WET].shows
        assert {each.grade for each in links if each.evidence == SIGN} == {"always"}


async def test_what_has_no_fields_is_not_edited(tmp_path: Path) -> None:
    recorded(tmp_path, [gap_event("E99", {}, stamp=by(5).stamp, author=OTHER)], 0, 0)
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        await opened(pilot)
        await press(pilot, "e")
        await sees(pilot, "nothing of this can be edited")
