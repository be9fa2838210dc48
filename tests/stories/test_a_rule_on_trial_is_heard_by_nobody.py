"""A rule on trial runs live and is heard by nobody, until the technician has said what it was."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from live import status
from moments import read
from screens import LARGE, Here, press, sees

from chargelore.engine.grammar.rule import AnyRule, CaseRule, Rules, SignalRule
from chargelore.engine.signal import Signal
from chargelore.engine.triage import as_json, found
from chargelore.engine.watch import Watch
from chargelore.kb.finding import Finding, finding_of
from chargelore.kb.load import shipped
from chargelore.kb.store import Store
from chargelore.tui.app import Chargelore
from chargelore.tui.cli.ledger import Ledger
from chargelore.tui.cli.troubles.triage import triage
from chargelore.tui.desk import Desk
from chargelore.tui.drafts import Drafts

SIGNAL_RULE = "id: {id}\ntitle: T\nauthor: a\nstatus: {status}\nsignals: {signals}\nwhen: {when}\nsymptom: {symptom}\n"
CASE_RULE = "id: {id}\nauthor: a\nstatus: {status}\nall: {all}\nconclude: {{cause: {cause}, grade: always}}\nwhy: W\n"
TRIP = "{a: {kind: status, errorCode: GroundFailure}}"
PLUG_IN = "{p: {kind: status, status: Preparing}, a: {kind: status, errorCode: GroundFailure}}"
STABLE = {
    "trips": SIGNAL_RULE.format(
        id="trips", status="stable", signals=TRIP, when="{signal: a}", symptom="ground-fault-repeats"
    ),
    "known": CASE_RULE.format(id="known", status="stable", all="[ground-fault-repeats]", cause="water-in-coupler"),
}
SHADOW = {
    "early": SIGNAL_RULE.format(
        id="early", status="shadow", signals=PLUG_IN, when="{sequence: [p, a], within: 30s}",
        symptom="ground-fault-at-plug-in",
    ),
    "loud": SIGNAL_RULE.format(
        id="loud", status="shadow", signals="{a: {kind: status}}", when="{signal: a}", symptom="wet-and-ground-fault"
    ),
    "waits": SIGNAL_RULE.format(
        id="waits", status="shadow", signals="{a: {kind: status}, b: {kind: boot}}",
        when="{absent: b, after: a, for: 5m}", symptom="ground-fault-under-load",
    ),
    "crowd": SIGNAL_RULE.format(
        id="crowd", status="shadow", signals=TRIP, symptom="ground-fault-under-load",
        when="{chargers: {signal: a}, at_least: 2, within: 1m}\nacross: site",
    ),
    **{
        f"greedy-{n}": SIGNAL_RULE.format(
            id=f"greedy-{n}", status="shadow", signals="{a: {kind: status}}",
            when=f"{{count: a, at_least: 500, within: {n + 1}d}}", symptom="ground-fault-under-load",
        )
        for n in range(20)
    },
    "leak": CASE_RULE.format(
        id="leak", status="shadow", all="[ground-fault-repeats, wet-and-ground-fault]", cause="gland-not-sealed"
    ),
}  # fmt: skip


def rules(**texts: str) -> Rules:
    made: list[AnyRule] = [read(text, name) for name, text in texts.items()]
    return Rules(
        signal_rules=tuple(each for each in made if isinstance(each, SignalRule)),
        case_rules=tuple(each for each in made if isinstance(each, CaseRule)),
    )


WITHOUT, WITH, BELIEVED = (
    rules(**STABLE), rules(**STABLE, **SHADOW),
    rules(**{name: text.replace("status: shadow", "status: stable") for name, text in {**STABLE, **SHADOW}.items()}),
)  # fmt: skip


def trip(minutes: Iterable[int] = (0, 5, 10)) -> list[Signal]:
    steps = ((0, "Preparing", "NoError"), (6, "Faulted", "GroundFailure"), (50, "Available", "NoError"))
    return [
        signal
        for minute in minutes
        for second, word, error in steps
        for signal in status(word, error, after=60 * minute + second)
    ]


@cache
def a_trip() -> tuple[Signal, ...]:
    return tuple(trip())


def told(which: Rules, signals: Iterable[Signal]) -> str:
    """All that a watch lets be known: which cases changed at each signal, the chargers, and each case as JSON."""
    with Watch(shipped(), which) as watch:
        changed = [sorted(watch.feed(signal)) for signal in signals]
        changed += [sorted(watch.tick(datetime(2026, 1, 5, 9, tzinfo=UTC))), sorted(watch.end())]
        known = [as_json(each) for each in found(watch)], str(watch.chargers), str(watch.cases)
        known += (str(watch.strain), str(watch.unplaced()), str(watch.standing))
    return json.dumps([changed, known], default=str)


def test_what_is_known_of_a_case_is_the_same_byte_by_byte() -> None:
    assert told(WITHOUT, a_trip()) == told(WITH, a_trip()) != told(BELIEVED, a_trip())


WORDS = st.sampled_from(["Preparing", "Charging", "Faulted", "Available"])
ERRORS = st.sampled_from(["NoError", "NoError", "GroundFailure"])
MOMENTS = st.lists(st.tuples(st.integers(0, 90_000), WORDS, ERRORS, st.integers(0, 2)), min_size=1, max_size=80)


@settings(max_examples=40)
@given(MOMENTS)
def test_nothing_leaks_whatever_comes_in_whatever_order(moments: list[tuple[int, str, str, int]]) -> None:
    signals = [
        signal
        for second, word, error, connector in moments
        for signal in status(word, error, connector=connector, after=second)
    ]
    assert told(WITHOUT, signals) == told(WITH, signals)


def test_a_rule_on_trial_opens_no_case_and_a_storm_of_it_pushes_nothing_out() -> None:
    quiet = [signal for n in range(450) for signal in status("Charging", after=n)]
    with Watch(shipped(), WITH) as watch:
        assert not any(watch.feed(signal) for signal in quiet)
        assert watch.fired["loud"] == 450
    assert told(WITHOUT, [*quiet, *a_trip()]) == told(WITH, [*quiet, *a_trip()])


def frames() -> str:
    lines = []
    for minute in (0, 5, 10):
        for second, word, error in ((0, "Preparing", "NoError"), (6, "Faulted", "GroundFailure")):
            at = (datetime(2026, 1, 5, 8, tzinfo=UTC) + timedelta(seconds=60 * minute + second)).isoformat()
            body = json.dumps({"connectorId": 1, "status": word, "errorCode": error, "timestamp": at})
            lines.append(f'{at} CP-1 [2,"{minute}{second}","StatusNotification",{body}]')
    return "\n".join(lines)


def folder_of(where: Path, texts: dict[str, str]) -> Path:
    where.mkdir()
    for name, text in texts.items():
        (where / f"{name}.yaml").write_text(text)
    return where


def printed(*arguments: object) -> tuple[str, object]:
    done = CliRunner().invoke(triage, [str(each) for each in arguments], standalone_mode=False)
    assert done.exception is None
    return done.output, done.return_value


@pytest.mark.parametrize("form", ["json", "table", "csv"])
def test_triage_prints_the_same_bytes_unless_the_trial_is_asked_for_and_named(tmp_path: Path, form: str) -> None:
    log = tmp_path / "charger.log"
    log.write_text(frames())
    plain = folder_of(tmp_path / "plain", STABLE)
    both = folder_of(tmp_path / "both", {**STABLE, **SHADOW})
    without, with_it, asked = (
        printed(log, "--format", form, "--rules", folder, *more)
        for folder, more in ((plain, ()), (both, ()), (both, ("--trial",)))
    )
    assert without == with_it
    assert asked[0] != without[0]
    assert "early@1." in asked[0]
    assert "early" not in with_it[0]


@pytest.mark.parametrize("form", ["json", "table", "csv"])
def test_a_live_watch_prints_the_same_lines_at_the_same_signals(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    def lines(which: Rules) -> list[str]:
        with Watch(shipped(), which) as watch:
            ledger = Ledger(watch, form)
            after = []
            for signal in a_trip():
                ledger.takes([signal], signal.at or datetime(2026, 1, 5, tzinfo=UTC))
                after.append(capsys.readouterr().out)
        return after

    assert lines(WITHOUT) == lines(WITH) != lines(BELIEVED)


def started(home: Path, which: Rules) -> Chargelore:
    desk = Desk(shipped(), Watch(shipped(), which), Store.open(home / "events.db"), Drafts(home / "drafts"))
    for signal in a_trip():
        desk.feed(signal)
    desk.changes()
    desk.work_out(10)
    return Chargelore(desk)


async def seen_on(home: Path, which: Rules) -> list[str]:
    """The bench, the case, why its first suspect is one, and the form, as a technician sees them."""
    home.mkdir()
    app, pages = started(home, which), []
    async with app.run_test(size=LARGE) as pilot:
        for title, *keys in (("Bench", "down"), ("Timeline", "enter"), ("Why", "x"), ("Save", "escape", "r")):
            await press(pilot, *keys)
            pages.append(await sees(pilot, title))
    app.desk.watch.__exit__()
    return pages


async def test_every_screen_is_the_same_before_a_cause_is_named(tmp_path: Path) -> None:
    assert await seen_on(tmp_path / "a", WITHOUT) == await seen_on(tmp_path / "b", WITH)


def recorded(home: Path) -> list[Finding]:
    with Store.open(home / "events.db") as store:
        return [finding_of(event.body) for event in store.events("finding")]


def notices(pilot: Here) -> str:
    return "\n".join(each.message for each in pilot.app._notifications)


async def test_once_a_cause_is_named_the_rule_is_told_and_its_verdict_is_kept(tmp_path: Path) -> None:
    app = started(tmp_path, WITH)
    async with app.run_test(size=LARGE) as pilot:
        await press(pilot, "enter", "r", "1", "1", "ctrl+s")
        said = notices(pilot)
        assert "early would have said “Does a ground fault trip within a minute of plug-in?”: right." in said
        assert "leak would have said" in said
    app.desk.watch.__exit__()
    [finding] = recorded(tmp_path)
    assert {name.split("@")[0]: verdict for name, verdict in finding.blind.items()} == {
        "early": "right", "loud": "right", "leak": "wrong", "waits": "wrong",
    }  # fmt: skip
    assert [name.split("@")[0] for name in finding.rules] == ["known", "trips"]


async def test_who_does_not_know_the_cause_is_told_nothing(tmp_path: Path) -> None:
    app = started(tmp_path, WITH)
    async with app.run_test(size=LARGE) as pilot:
        await press(pilot, "enter", "r", "7", "ctrl+s")
        assert "would have said" not in notices(pilot)
    app.desk.watch.__exit__()
    assert [(finding.cause, finding.blind) for finding in recorded(tmp_path)] == [("unknown", {})]


def test_what_was_told_once_is_blind_no_more(tmp_path: Path) -> None:
    app = started(tmp_path, WITH)
    [case_id] = app.desk.cases
    finding = Finding(case=case_id, fault="ground-fault-trip", cause="water-in-coupler")  # type: ignore[arg-type]  # ids
    first, second = app.desk.record(finding), app.desk.record(finding)
    app.desk.watch.__exit__()
    assert (len(first), second) == (4, ())
    assert [len(each.blind) for each in recorded(tmp_path)] == [4, 0]


def test_a_cause_that_is_not_in_the_knowledge_reveals_what_nobody_can_judge(tmp_path: Path) -> None:
    app = started(tmp_path, WITH)
    [case_id] = app.desk.cases
    told_now = app.desk.record(Finding(case=case_id, fault="ground-fault-trip", cause="not listed: a bee"))  # type: ignore[arg-type]  # as above
    app.desk.watch.__exit__()
    assert {each.verdict for each in told_now} == {"open"}


@pytest.mark.parametrize("form", ["json", "table", "csv"])
def test_a_live_watch_names_each_rule_with_its_version(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    with Watch(shipped(), WITHOUT) as watch:
        Ledger(watch, form).takes(a_trip(), datetime(2026, 1, 5, tzinfo=UTC))
    said_so = capsys.readouterr().out
    assert all(f"{rule.id}@{rule.version}" in said_so for rule in WITHOUT.every)


async def test_triage_and_the_reasons_on_the_screen_name_each_rule_with_its_version(tmp_path: Path) -> None:
    log = tmp_path / "charger.log"
    log.write_text(frames())
    [trips] = WITHOUT.signal_rules
    plain = folder_of(tmp_path / "plain", STABLE)
    for form in ("json", "table"):
        assert f"trips@{trips.version}" in printed(log, "--format", form, "--rules", plain)[0]
    pages = await seen_on(tmp_path / "a", WITHOUT)
    assert f"by the rule trips@{trips.version}" in pages[2]
