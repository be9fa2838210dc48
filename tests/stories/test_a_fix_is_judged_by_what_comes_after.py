"""Whoever records a fix need not come back to say whether it held: the charger does, in a later log or on the wire."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from live import status
from peers import csms, echo
from screens import SMALL, press, sees
from shell import chargelore
from watching import ended, line_of, watching
from websockets.asyncio.client import connect

from chargelore.engine.grammar.rule import load_rules
from chargelore.engine.watch import Watch
from chargelore.kb.events import Event
from chargelore.kb.finding import Finding, Machine
from chargelore.kb.load import shipped
from chargelore.kb.model import CauseId, FaultId, StepId
from chargelore.kb.store import Store
from chargelore.tui.app import Chargelore
from chargelore.tui.desk import Desk
from chargelore.tui.drafts import Drafts

FIXED = datetime(2026, 5, 4, 10, tzinfo=UTC)
TRIP, WET = FaultId("ground-fault-trip"), CauseId("water-in-coupler")
FIX = StepId("dry-and-clean-coupler")


def recorded(at: datetime = FIXED, charger: str = "CP-A") -> Event:
    told = Finding(
        case=f"{charger}-1", fault=TRIP, cause=WET, charger=Machine(id=charger), fixed_by=FIX, connector=1,
        fixed_at=at.isoformat(),
    )  # fmt: skip
    with Store.open() as store:
        return store.record_finding(told)


def verdicts() -> list[Event]:
    with Store.open() as store:
        return list(store.events("held"))


def fault() -> list[list[object]]:
    return [[2, "f", "StatusNotification", {"connectorId": 1, "errorCode": "GroundFailure", "status": "Faulted"}]]


def visit(number: int) -> list[list[object]]:
    """What a charger and its management system say of one customer, in turn."""
    start = {"connectorId": 1, "idTag": "A1", "meterStart": 100}
    stop = {"transactionId": number, "meterStop": 9100, "reason": "Local"}
    return [
        [2, f"s{number}", "StartTransaction", start],
        [3, f"s{number}", {"transactionId": number, "idTagInfo": {"status": "Accepted"}}],
        [2, f"e{number}", "StopTransaction", stop],
        [3, f"e{number}", {}],
    ]


def log(file: Path, *days: tuple[float, list[list[object]]], charger: str = "CP-A") -> Path:
    """A log of Home Assistant: what was said so many days after the fix, ten minutes apart."""
    lines = []
    for day, frames in days:
        for minute, frame in enumerate(frames):
            at = FIXED + timedelta(days=day, minutes=10 * minute)
            word = "receive message" if frame[0] == 2 else "send"
            lines.append(f"{at:%Y-%m-%d %H:%M:%S}.100 INFO (MainThread) [ocpp] {charger}: {word} {json.dumps(frame)}\n")
    file.write_text("".join(lines))
    return file


def fixes(*files: Path, more: tuple[str, ...] = ()) -> list[Any]:
    """What `triage` says of fixes, by file."""
    said = chargelore("triage", *files, "--format", "json", *more)
    assert "Traceback" not in said.err
    return [json.loads(line)["fixes"] for line in said.out.splitlines()]


def test_a_later_log_in_which_all_went_well_shows_that_a_fix_held_and_the_store_learns_it_once(tmp_path: Path) -> None:
    one = recorded()
    file = log(tmp_path / "later.log", *((day, visit(day)) for day in (1, 2, 3)))
    [[told]] = fixes(file)
    assert (told["finding"], told["verdict"], told["sessions"]) == (one.id, "held", 3)
    assert fixes(file) == [[told]]
    [held] = verdicts()
    assert (held.subject, held.body["held"], len(held.body["sessions"])) == (one.id, True, 3)
    with Store.open() as store:
        assert store.learned().causes[TRIP, WET].yes == 1.0


def test_a_later_log_in_which_the_fault_is_back_counts_against_the_fix(tmp_path: Path) -> None:
    one = recorded()
    file = log(tmp_path / "later.log", (2, fault()))
    table = chargelore("triage", file, "--format", "table").out
    assert "CP-A, connector 1: the fix of 2026-05-04 (ground fault trip) did not hold" in table
    [[told]] = fixes(file)
    assert (told["verdict"], told["back"]["at"]) == ("came back", "2026-05-06T10:00:00.100000+00:00")
    [gone] = verdicts()
    assert (gone.subject, gone.body["held"], gone.body["days"]) == (one.id, False, 2)
    with Store.open() as store:
        learned = store.learned()
    assert learned.causes[TRIP, WET].yes == 0
    assert learned.fixed[FIX, WET].no == 1.0


def test_a_log_of_good_sessions_does_not_clear_a_fix_that_another_log_proved_not_to_hold(tmp_path: Path) -> None:
    recorded()
    assert fixes(log(tmp_path / "bad.log", (5, fault())))[0][0]["verdict"] == "came back"
    good = log(tmp_path / "good.log", *((day, visit(day)) for day in (1, 2, 3)))
    [[told]] = fixes(good)
    assert told["verdict"] == "came back"
    assert "the store has it that the fault came back" in chargelore("triage", good, "--format", "table").out


def test_a_fix_recorded_by_command_is_judged_by_the_next_log_and_changes_the_next_diagnosis(tmp_path: Path) -> None:
    plug_in = [2, "p", "StatusNotification", {"connectorId": 1, "errorCode": "NoError", "status": "Preparing"}]
    first = log(tmp_path / "first.log", (-0.1, [plug_in, *fault()]))
    typed = ("--cause", WET, "--fixed-by", FIX, "--at", FIXED.isoformat(), "--format", "json")
    done = chargelore("finding", "CP-A-1", "--log", first, *typed)
    assert done.code == 0, done.err
    assert fixes(first) == [[]]
    before = odds_of(first)
    [[told]] = fixes(log(tmp_path / "later.log", *((day, visit(day)) for day in (1, 2, 3))))
    assert (told["finding"], told["verdict"]) == (done.json["event"], "held")
    assert odds_of(first) > before


def odds_of(file: Path) -> float:
    """How likely `triage` thinks water in the coupler."""
    [case] = chargelore("triage", file, "--format", "json").json["cases"]
    return next(float(each["probability"]) for each in case["hypotheses"] if each["cause"] == WET)


def test_good_sessions_of_several_logs_add_up(tmp_path: Path) -> None:
    recorded()
    files = [log(tmp_path / f"{day}.log", (day, visit(day))) for day in (1, 2, 3)]
    assert [fixes(each)[0][0]["verdict"] for each in files] == ["open", "open", "held"]
    assert len(verdicts()) == 1


def test_eight_shards_judge_as_one_does(tmp_path: Path) -> None:
    recorded()
    recorded(charger="CP-B")
    both = tmp_path / "both.log"
    here = log(tmp_path / "a", *((day, visit(day)) for day in (1, 2, 3))).read_text()
    both.write_text(here + log(tmp_path / "b", (4, fault()), charger="CP-B").read_text())
    assert fixes(both, more=("--shards", "2")) == fixes(both)
    assert sorted(each.body["held"] for each in verdicts()) == [False, True]


def test_a_store_that_cannot_be_written_keeps_no_log_from_being_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded()
    (tmp_path / "home" / "events.db").chmod(0o400)
    told = fixes(log(tmp_path / "later.log", (2, fault())))
    assert told[0][0]["verdict"] == "came back"


async def test_a_watch_judges_fixes_as_it_listens_and_goes_on_where_it_stopped() -> None:
    """Two visits, then the watch is started again; the third visit decides. Then the fault is back all the same."""
    one = recorded(at=datetime.now(UTC) - timedelta(hours=1))
    async with csms(echo) as upstream:
        asked = ("--tap", "127.0.0.1:0", "--upstream", upstream)
        first = await listened(asked, [*visit(1), *visit(2)])
        assert verdicts() == []
        second = await listened(asked, visit(3))
        [held] = verdicts()
        third = await listened(asked, fault())
    assert "the fix" not in first
    assert "held: 3 good sessions since" in second
    assert (held.subject, held.body["held"]) == (one.id, True)
    assert "did not hold: the fault was back the same day" in third
    assert sorted(each.body["held"] for each in verdicts()) == [False, True]
    with Store.open() as store:
        assert store.learned().fixed[FIX, WET].no == 1.0


async def listened(asked: tuple[str, ...], frames: list[list[object]]) -> str:
    """What a watch says aside while a charger speaks. Only what the charger says: the stops name no connector."""
    async with watching(*asked) as process:
        said = ""
        while not (found := re.findall(r"ws://[\d.:]+", said)):
            said += await line_of(process.stderr)
        async with connect(f"{found[0]}/CP-A", subprotocols=None, proxy=None) as charger:
            for frame in frames:
                if frame[0] == 2:
                    await charger.send(json.dumps(frame))
                    await charger.recv()
        return said + await ended(process)


async def test_on_the_screens_a_fault_that_is_back_is_told_and_learned_at_once(tmp_path: Path) -> None:
    desk = Desk(shipped(), Watch(shipped(), load_rules()), Store.open(), Drafts(tmp_path / "drafts"))
    for second, word, error in ((0, "Preparing", "NoError"), (6, "Faulted", "GroundFailure")):
        for signal in status(word, error, after=second):
            desk.feed(signal)
    desk.changes()
    desk.work_out(10)
    app = Chargelore(desk)
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot, "enter", "r", "1", "1", "ctrl+s")
        for signal in status("Faulted", "GroundFailure", after=86_400):
            desk.feed(signal)
        desk.tick()
        app.beat()
        await pilot.pause()
        await sees(pilot, "did not hold")
    desk.watch.__exit__()
    [gone] = verdicts()
    [one] = desk.store.events("finding")
    assert (gone.subject, gone.body["held"], gone.body["days"]) == (one.id, False, 0)
    assert (one.body["charger"]["id"], one.body["connector"]) == ("CP-1", 1)
    assert [tally.yes for tally in desk.learned.causes.values()] == [0]
    desk.store.close()
