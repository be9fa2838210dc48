"""`chargelore hand`, `report ball` and `report metrics` from the chair of whoever keeps cases moving."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner, Result

from chargelore.engine.handing.life import lives
from chargelore.engine.read import read
from chargelore.engine.signal import Signal
from chargelore.engine.sources.clock import utc_now
from chargelore.kb.casebook import Handed, Opened, Whose, entry_event
from chargelore.kb.clock import Stamp
from chargelore.kb.errors import ChargeloreError, UseError
from chargelore.kb.events import finding_event, retract_event
from chargelore.kb.finding import Finding
from chargelore.kb.kept import KeptSignal
from chargelore.kb.model import FaultId
from chargelore.kb.store import Store
from chargelore.tui.booking import put
from chargelore.tui.cli.reporting.report import report
from chargelore.tui.cli.troubles.hand import LONGEST, _recorded, _Told, hand
from chargelore.tui.cli.wire.keeping import Keeper
from chargelore.tui.live import knowledge, live_watch
from chargelore.tui.parties import PARTIES, called, party_of

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
TRIP = FaultId("ground-fault-trip")


def line(second: int, action: str, payload: dict[str, Any]) -> str:
    at = NOON + timedelta(seconds=second)
    return (
        f"{at:%Y-%m-%d %H:%M:%S},000 INFO ocpp CP-7: receive message {json.dumps([2, f'm{second}', action, payload])}"
    )


def status(second: int, error: str, word: str) -> str:
    return line(second, "StatusNotification", {"connectorId": 1, "errorCode": error, "status": word})


@pytest.fixture(name="log")
def _log(tmp_path: Path) -> Path:
    boot = line(0, "BootNotification", {"chargePointVendor": "Acme", "chargePointModel": "One"})
    file = tmp_path / "charger.log"
    lines = [boot, status(5, "NoError", "Preparing"), status(12, "GroundFailure", "Faulted")]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def run(*arguments: object) -> Result:
    words = list(map(str, arguments))
    command = report if words[0] == "report" else hand
    return CliRunner().invoke(command, words[1:] if command is report else words, standalone_mode=False)


def told(*arguments: object) -> Any:
    result = run(*arguments, "--format", "json")
    assert result.exception is None, result.exception
    return json.loads(result.output)


def refused(*arguments: object) -> ChargeloreError:
    error = run(*arguments).exception
    assert isinstance(error, UseError)
    assert error.mend
    return error


def test_a_case_of_a_log_comes_on_the_book_and_says_who_has_it_and_who_should(log: Path) -> None:
    one = told("CP-7-1", "--log", log)
    assert (one["holder"], one["since"]) == ("cso", (NOON + timedelta(seconds=12)).isoformat())
    assert one["proposed"]["party"] == "cso"
    assert one["proposed"]["because"]
    assert re.search(r"should have it: .* \(\d+ in \d+\): ", run("CP-7-1", "--log", log, "--format", "table").output)
    assert {"grid", "vehicle", "field"} <= {*one["unshown"]}
    assert told("CP-7-1")["name"] == one["name"] == "CP-7-1@2026-05-04T12:00"
    with Store.open() as store:
        assert len(store.casebook()) == 1  # the same log says nothing new
    told("CP-7-1", "--log", log)
    with Store.open() as store:
        assert len(store.casebook()) == 1


def test_a_hand_over_says_from_whom_to_whom_and_with_which_note(log: Path) -> None:
    told("CP-7-1", "--log", log)
    one = told("CP-7-1", "--to", "manufacturer", "--note", "which board revision?", "--at", "2026-05-05T12:00:12")
    (step,) = one["hands"]
    assert (step["from"], step["to"], step["note"]) == ("cso", "evse-oem", "which board revision?")
    assert one["by_party_min"]["cso"] == 24 * 60
    (case,) = told("report", "ball")["cases"]
    assert case["holder"] == "evse-oem"
    assert not told("report", "ball", "--holder", "utility")["cases"]


def test_of_several_who_hand_a_case_over_at_once_one_does_and_the_others_are_told(log: Path, tmp_path: Path) -> None:
    told("CP-7-1", "--log", log)
    start = Barrier(4)
    giving = _Told(
        to=party_of("manufacturer"), giver=None, by=None, note="which board?", said="", over="", at=""
    )  # fmt: skip

    def gives() -> str:
        with Store.open() as store:
            (life,) = lives(store.casebook(), utc_now())
            start.wait(60)
            try:
                return _recorded(store, life, giving).held_by
            except UseError as error:
                return error.what

    with ThreadPoolExecutor(4) as pool:
        found = Counter(each.result() for each in [pool.submit(gives) for _ in range(4)])
    assert found == {"evse-oem": 1, f"the {called(giving.to)} has it already": 3}


def test_several_who_enter_a_case_at_once_enter_it_once(log: Path) -> None:
    start = Barrier(4)
    with live_watch() as watch:
        for signal in read(log, {}):
            watch.feed(signal)
        case, found = watch.case("CP-7-1"), watch.diagnosis("CP-7-1")

    def enters() -> None:
        with Store.open() as store:
            start.wait(60)
            put(store, case, found, knowledge(), utc_now())

    with ThreadPoolExecutor(4) as pool:
        for each in [pool.submit(enters) for _ in range(4)]:
            each.result()
    with Store.open() as store:
        assert len(store.casebook()) == 1


def test_the_first_words_stand_first_and_later_ones_behind(log: Path) -> None:
    told("CP-7-1", "--log", log)
    run("CP-7-1", "--said", "[red]it buzzed[/red], card 04A1B2C3D4E5F6 was not read", "--by", "driver")
    one = told("CP-7-1", "--said", "the breaker was off", "--by", "site owner")
    assert one["first_words"]["text"].startswith("[red]it buzzed[/red], card idTag:")
    assert [each["by"] for each in one["words"]] == ["driver", "site-host"]
    table = run("CP-7-1", "--format", "table").output.splitlines()
    assert table[1].strip().startswith("first words, driver: “[red]it buzzed[/red]")
    assert "field" not in one["unshown"]


def test_what_a_person_saw_at_the_charger_are_the_first_words(tmp_path: Path) -> None:
    note = "The LED is red since the storm."
    status = [2, "a", "StatusNotification", {"connectorId": 1, "errorCode": "GroundFailure", "status": "Faulted"}]
    case = {
        "id": "CP-9",
        "note": note,
        "signals": [{"ts": "2026-05-04T12:00:00Z", "channel": "ocpp.cp", "raw": status}],
    }
    file = tmp_path / "storm.case.json"
    file.write_text(json.dumps(case), encoding="utf-8")
    assert told("CP-9-1", "--log", file)["first_words"]["text"] == note


def test_a_case_that_a_watch_remembers_needs_no_log(log: Path) -> None:
    with live_watch() as watch:
        for signal in read(log, {}):
            watch.feed(signal)
        Keeper(watch, "tap", lambda: NOON).keeps()
        assert set(watch.cases) == {"CP-7-1"}
    assert told("CP-7-1")["charger"]["model"] == "One"


def test_a_layer_that_a_watch_heard_since_is_no_longer_missing(log: Path) -> None:

    assert "grid" in told("CP-7-1", "--log", log)["unshown"]
    at = NOON + timedelta(hours=1)
    one = Signal(layer="grid", kind="supply", charger="CP-7", at=at, fields={"voltage": 201.0})
    body = msgspec.json.encode(msgspec.structs.replace(one, raw="")).decode()
    with Store.open() as store:
        store.keep_signals([KeptSignal("run", 1, 0, at, at, "CP-7", None, "grid", "supply", body, "")])
    (case,) = told("report", "ball")["cases"]
    assert "grid" not in case["unshown"]


def test_what_cannot_be_done_is_refused_with_a_mend(log: Path) -> None:
    assert "no case CP-8-1 is known" in refused("CP-8-1").what
    assert "CP-7-1" in refused("CP-8-1", "--log", log).mend
    told("CP-7-1", "--log", log)
    assert "no party" in refused("CP-7-1", "--to", "bank", "--note", "n").what
    assert "why it is handed over" in refused("CP-7-1", "--to", "utility").what
    assert "has it already" in refused("CP-7-1", "--to", "operator", "--note", "n").what
    assert "still to come" in refused("CP-7-1", "--to", "utility", "--note", "n", "--at", "2999-01-01").what
    assert "began at" in refused("CP-7-1", "--to", "utility", "--note", "n", "--at", "2020-01-01").what
    assert "no date" in refused("CP-7-1", "--to", "utility", "--note", "n", "--at", "soon").what
    assert "longer than" in refused("CP-7-1", "--said", "x" * (LONGEST + 1)).what
    assert "--from needs" in refused("CP-7-1", "--from", "driver").what
    assert "--by needs" in refused("CP-7-1", "--by", "driver").what
    assert "later than the end" in refused("report", "metrics", "--since", "2026-02-01", "--until", "2026-01-01").what
    with Store.open() as store:
        assert len(store.casebook()) == 1  # nothing of all this was recorded


def test_a_case_that_is_over_is_handed_to_nobody_until_that_is_taken_back(log: Path) -> None:
    told("CP-7-1", "--log", log)
    assert told("CP-7-1", "--over", "no-fault", "--note", "the vehicle leaks")["over"]["by"] == "no-fault"
    assert "revert" in refused("CP-7-1", "--to", "utility", "--note", "n").mend
    with Store.open() as store:
        end = store.casebook()[-1]
        store.record(retract_event(end.id, "too early", stamp=store.stamp(), author=store.author))
    assert told("CP-7-1", "--to", "utility", "--note", "n")["holder"] == "utility"


def test_two_troubles_of_one_name_have_to_be_told_apart(log: Path, tmp_path: Path) -> None:
    told("CP-7-1", "--log", log)
    later = tmp_path / "later.log"
    later.write_text(log.read_text(encoding="utf-8").replace("2026-05-04", "2026-06-09"), encoding="utf-8")
    told("CP-7-1", "--log", later)
    assert "CP-7-1@2026-06-09T12:00" in refused("CP-7-1").mend
    assert told("CP-7-1@2026-06-09")["opened_at"].startswith("2026-06-09")


def filled(store: Store, cases: int, minutes: int = 40) -> None:
    """So many cases, each diagnosed now, so many minutes after it opened."""
    began = datetime.now(UTC) - timedelta(minutes=minutes)
    for number in range(cases):
        store.record_entry(
            f"CP-{number}-1", Opened(opened_at=began.isoformat(), charger=Whose(id=f"CP-{number}"), fault=TRIP)
        )
        found = Finding(case=f"CP-{number}-1", fault=TRIP, cause="wet", fixed_by="dry")
        store.record(finding_event(found, stamp=store.stamp(), author="ann"))


def test_metrics_say_how_many_cases_stand_behind_each_figure() -> None:
    with Store.open() as store:
        filled(store, 5)
    one = told("report", "metrics")
    assert one["minutes_to_diagnosis"]["n"] == 5
    assert 40 <= one["minutes_to_diagnosis"]["median"] < 45
    assert one["without_maker"] == {"some": 5, "n": 5, "share": 1.0}
    assert one["reopened"] == {"some": 0, "n": 0, "share": None, "too_fresh": 5}
    table = run("report", "metrics", "--format", "table").output
    assert "solved without the maker: 100 % (5 of 5 cases)" in table
    assert (
        "came back within 14 days: not told (0 of 0 cases; too few, fewer than 5 cases; 5 more too fresh"
        in " ".join(table.split())
    )
    assert told("report", "metrics", "--until", "2020-01-01")["cases"] == 0


def test_a_long_way_to_a_diagnosis_is_told_in_days_and_counted_in_minutes() -> None:
    with Store.open() as store:
        filled(store, 5, minutes=5 * 24 * 60)
    assert "minutes to diagnosis, median: 5 days (5 cases)" in run("report", "metrics", "--format", "table").output
    assert told("report", "metrics")["minutes_to_diagnosis"]["median"] >= 5 * 24 * 60


def test_markdown_and_csv_hold_hostile_text_as_text(log: Path) -> None:
    told("CP-7-1", "--log", log)
    run("CP-7-1", "--said", "=HYPERLINK(1) | <b>dark</b>\x1b[31m", "--by", "driver")
    markdown = run("report", "ball", "--format", "markdown").output
    assert "=HYPERLINK(1) \\| \\<b\\>dark\\</b\\> |" in markdown
    (row,) = csv.DictReader(io.StringIO(run("report", "ball", "--format", "csv").output))
    assert row["first_words"] == "'=HYPERLINK(1) | <b>dark</b>"
    assert list(csv.DictReader(io.StringIO(run("report", "metrics", "--format", "csv").output)))
    assert "| waiting, operator |" in run("report", "metrics", "--format", "markdown").output


def test_every_line_fits_80_columns(log: Path) -> None:
    told("CP-7-1", "--log", log)
    run("CP-7-1", "--said", "word " * 300, "--by", "driver")
    run("CP-7-1", "--to", "back-end provider", "--note", "n" * 500)
    for said in (("CP-7-1",), ("report", "ball"), ("report", "metrics")):
        assert max(map(len, run(*said, "--format", "table").output.splitlines())) <= 80


def test_empty_reports_say_what_to_do_in_80_columns() -> None:
    said = run("report", "ball", "--format", "table").output
    assert "chargelore hand" in said
    assert max(map(len, said.splitlines())) <= 80
    assert told("report", "ball")["cases"] == []
    assert told("report", "metrics")["cases"] == 0


def test_an_author_with_a_clock_ahead_is_marked_and_no_time_is_negative(log: Path) -> None:
    told("CP-7-1", "--log", log)
    opened_at = told("CP-7-1")["opened_at"]
    ahead = Stamp(int((datetime.now(UTC) + timedelta(hours=9)).timestamp() * 1000), 0, "far")
    handed = Handed(to="utility", note="n", opened_at=opened_at)
    with Store.open() as store:
        store.merge([entry_event("CP-7-1", handed, stamp=ahead, author="bob")])
    one = told("CP-7-1")
    assert "told for the future" in one["marks"][0]
    assert all(each >= 0 for each in one["by_party_min"].values())


@pytest.mark.parametrize("party", PARTIES)
def test_every_party_is_found_by_its_id_and_by_its_name(party: str) -> None:
    assert party_of(party) == party_of(called(party).upper()) == party
    assert called("of-2031") == "of 2031"


def test_once_the_cause_is_named_the_suspects_of_before_propose_nobody(log: Path) -> None:
    told("CP-7-1", "--log", log)
    with Store.open() as store:
        store.record_finding(Finding(case="CP-7-1", fault=TRIP, cause="water-in-coupler"))
    assert told("CP-7-1")["proposed"]["party"] is None
    assert "its cause is named" in run("CP-7-1", "--format", "table").output
    assert told("report", "ball")["cases"][0]["proposed"]["party"] is None


@pytest.mark.parametrize(
    "openings",
    [
        ("", "2026-05-04T12:00:00+00:00", "2099-01-01T00:00:00+00:00"),
        ("", "2026-05-04T12:00:00+00:00"),
        ("2026-05-04T12:00:00+00:00", "2026-05-04T12:00:30+00:00", "2026-05-04T18:00:00+00:00"),
    ],
)
def test_where_a_name_may_be_any_of_several_cases_each_name_that_is_offered_means_one(
    openings: tuple[str, ...],
) -> None:
    with Store.open() as store:
        for each in openings:
            store.record_entry("CP-7-1", Opened(opened_at=each))
    refused = run("CP-7-1").exception
    assert isinstance(refused, UseError)
    names = refused.mend.removeprefix("name one of ").split(", ")
    assert sorted(told(name)["opened_at"] or "" for name in names) == sorted(openings)


@pytest.mark.parametrize("words", [("--note", "asks which board"), ("--at", "2026-05-04T13:00")])
def test_what_would_be_kept_with_nothing_is_refused_and_not_dropped(log: Path, words: tuple[str, str]) -> None:
    told("CP-7-1", "--log", log)
    assert "needs --to" in str(run("CP-7-1", *words).exception)
