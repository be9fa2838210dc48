"""What a technician records on the screen is still there after a restart, and the next diagnosis makes use of it."""

from __future__ import annotations

from pathlib import Path

from live import status
from screens import SMALL, press, sees

from chargelore.engine.grammar.rule import load_rules
from chargelore.engine.watch import Watch
from chargelore.kb.load import shipped
from chargelore.kb.store import Store
from chargelore.tui.app import Chargelore
from chargelore.tui.desk import Desk
from chargelore.tui.drafts import Drafts


def started(home: Path) -> Chargelore:
    """The program as it starts, with its real knowledge, rules and store, and a charger that trips at plug-in."""
    desk = Desk(shipped(), Watch(shipped(), load_rules()), Store.open(home / "events.db"), Drafts(home / "drafts"))
    desk.relearn()
    for minute in (0, 5, 10):
        for second, word, error in (
            (0, "Preparing", "NoError"),
            (6, "Faulted", "GroundFailure"),
            (50, "Available", "NoError"),
        ):
            for signal in status(word, error, after=60 * minute + second):
                desk.feed(signal)
    desk.changes()
    desk.work_out(10)
    return Chargelore(desk)


def chances(app: Chargelore) -> dict[str, float]:
    """How likely each cause is in the only open case."""
    [case] = app.desk.cases
    return {each.cause: each.probability for each in app.desk.diagnosis(case).hypotheses}


async def test_a_finding_recorded_on_the_screen_changes_the_next_diagnosis_after_a_restart(tmp_path: Path) -> None:
    app = started(tmp_path)
    before = chances(app)
    first, second, *_ = before
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot, "enter", "r", "2", "1", "ctrl+s")  # it was the second suspect, and the first step cured it
        await sees(pilot, "Chargers without a case")
    app.desk.watch.__exit__()

    again = started(tmp_path)
    after = chances(again)
    again.desk.watch.__exit__()
    assert again.desk.learned.cases == 1
    assert after[second] > before[second]
    assert after[first] < before[first]


async def test_the_case_says_what_its_reasons_rest_on_once_a_finding_was_recorded(tmp_path: Path) -> None:
    app = started(tmp_path)
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot, "enter", "r", "1", "1", "ctrl+s")
    app.desk.watch.__exit__()
    again = started(tmp_path)
    async with again.run_test(size=SMALL) as pilot:
        await press(pilot, "enter", "x")
        await sees(pilot, "1 case")
    again.desk.watch.__exit__()
