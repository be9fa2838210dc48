"""A charger whose clock is wrong, and what it told days late, are told beside the cases, calmly and once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from shell import chargelore

MORNING = datetime(2026, 3, 9, 8, tzinfo=UTC)


def iso(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def frames(ahead: timedelta, csms: timedelta) -> Iterator[tuple[datetime, str, list[object]]]:
    """Two hours of heartbeats and states; every fourth state is three days old and was queued."""
    for number in range(24):
        at = MORNING + timedelta(minutes=5 * number)
        yield at, "<-", [2, f"beat-{number:04}", "Heartbeat", {}]
        yield at + timedelta(seconds=1), "->", [3, f"beat-{number:04}", {"currentTime": iso(at + csms)}]
        at += timedelta(minutes=1)
        happened = at - timedelta(days=3, minutes=7 * number) if number % 4 == 3 else at
        state = {"connectorId": 1, "errorCode": "NoError", "status": "Available", "timestamp": iso(happened + ahead)}
        yield at, "<-", [2, f"state-{number:04}", "StatusNotification", state]
        yield at + timedelta(seconds=1), "->", [3, f"state-{number:04}", {}]


def log(folder: Path, ahead: timedelta, csms: timedelta = timedelta()) -> Path:
    """A log of one charger whose clock, and whose management system's, are ahead by so much."""
    told = frames(ahead, csms)
    file = folder / "charger.log"
    file.write_text("".join(f"{iso(at)} INFO ocpp: CP-7 {way} {json.dumps(frame)}\n" for at, way, frame in told))
    return file


@pytest.mark.parametrize(
    ("ahead", "csms", "sentence"),
    [
        (timedelta(hours=2), timedelta(), "clock is 2 h ahead of the log: it seems to write local time as UTC"),
        (timedelta(minutes=-7), timedelta(), "the charger's clock is 7 min behind the log"),
        (timedelta(), timedelta(seconds=90), "the management system's clock is 1 min 29 s ahead of the log"),
        (timedelta(hours=1), timedelta(hours=1), "the log is 1 h behind what charger and management system say"),
    ],
)  # fmt: skip
def test_a_wrong_clock_is_one_calm_line(tmp_path: Path, ahead: timedelta, csms: timedelta, sentence: str) -> None:
    said = chargelore("triage", log(tmp_path, ahead, csms), "--format", "table")
    told = [line for line in said.out.splitlines() if line.startswith("  CP-7: ")]
    assert len(told) == 1
    assert sentence in told[0]
    assert "6 messages had been queued, the oldest for 3 days 2 h" in told[0]


def test_the_json_tells_each_clock_in_figures(tmp_path: Path) -> None:
    clocks = chargelore("triage", log(tmp_path, timedelta(hours=-5)), "--format", "json").json["clocks"]
    charger, csms = clocks
    assert (charger["charger"], charger["clock"], charger["looks"]) == ("CP-7", "charger", "time-zone")
    assert (charger["ahead_s"], charger["pairs"], charger["queued"]) == (-18_000.0, 24, 6)
    assert charger["oldest_s"] == pytest.approx(timedelta(days=3, minutes=161).total_seconds())
    assert (csms["clock"], csms["looks"], csms["ahead_s"]) == ("csms", "right", -1.0)


def test_clocks_that_are_right_are_no_news(tmp_path: Path) -> None:
    file = log(tmp_path, timedelta())
    file.write_text("".join(line for line in file.read_text().splitlines(keepends=True) if "beat-" in line))
    assert "clock is" not in chargelore("triage", file, "--format", "table").out
    (csms,) = chargelore("triage", file, "--format", "json").json["clocks"]
    assert csms["looks"] == "right"


def test_a_log_without_times_of_its_own_says_nothing_of_clocks(tmp_path: Path) -> None:
    file = log(tmp_path, timedelta(hours=2))
    bare = [line.partition("CP-7 ")[2] for line in file.read_text().splitlines(keepends=True)]
    file.write_text("".join(f"CP-7 {line}" for line in bare))
    assert chargelore("triage", file, "--format", "json").json["clocks"] == []


def test_two_logs_of_one_charger_whose_clocks_differ_are_put_on_one_clock(tmp_path: Path) -> None:
    logs = []
    for name, behind in (("proxy.log", timedelta()), ("backend.log", timedelta(hours=1))):
        told = [(at - behind, way, frame) for at, way, frame in frames(timedelta(), timedelta())]
        logs.append(tmp_path / name)
        logs[-1].write_text(
            "".join(f"{iso(at)} INFO ocpp: CP-7 {way} {json.dumps(frame)}\n" for at, way, frame in told)
        )
    places = tmp_path / "places.yaml"
    places.write_text("chargers: {CP-7: {site: depot}}\n")
    said = chargelore("triage", *logs, "--places", places, "--format", "json")
    first, second = (json.loads(line) for line in said.out.splitlines())
    assert "moved_s" not in first["input"]
    assert second["input"]["moved_s"] == 3_600.0
    assert (first["clocks"][0]["looks"], first["clocks"][0]["pairs"]) == ("right", 24)
    table = chargelore("triage", *logs, "--places", places, "--format", "table")
    assert "its clock is 1 h behind that of the file before it" in table.out


def test_a_fault_of_three_days_ago_is_told_as_what_it_is(tmp_path: Path) -> None:
    """It was queued while the charger was offline; today all is well."""
    happened = MORNING - timedelta(days=3)
    fault = {"connectorId": 1, "errorCode": "GroundFailure", "status": "Faulted", "timestamp": iso(happened)}
    told = [
        *frames(timedelta(), timedelta()),
        (MORNING + timedelta(hours=3), "<-", [2, "late-0001", "StatusNotification", fault]),
    ]
    file = tmp_path / "charger.log"
    file.write_text("".join(f"{iso(at)} INFO ocpp: CP-7 {way} {json.dumps(frame)}\n" for at, way, frame in told))
    (case,) = chargelore("triage", file, "--format", "json").json["cases"]
    assert case["opened_at"] == happened.isoformat()
    assert [each["fault"] for each in case["codes"]] == ["ground-fault-trip"]


def test_a_clock_that_was_never_set_explains_why_no_certificate_is_valid(tmp_path: Path) -> None:
    state = {"connectorId": 1, "errorCode": "NoError", "status": "Available"}
    states = [[2, f"s-{n}", "StatusNotification", {**state, "timestamp": f"1970-01-01T00:0{n}:00Z"}] for n in range(4)]
    times = [iso(MORNING + timedelta(minutes=number)) for number in range(5)]
    lines = [f"{at} INFO ocpp: CP-7 <- {json.dumps(each)}" for at, each in zip(times, states, strict=False)]
    lines.append(f"{times[-1]} ERROR tls: CP-7 verify error:num=9:certificate is not yet valid")
    file = tmp_path / "charger.log"
    file.write_text("\n".join(lines) + "\n")
    (case,) = chargelore("triage", file, "--format", "json").json["cases"]
    assert case["hypotheses"][0]["cause"] == "tls-fails-while-clock-unset"
    assert "clock-at-epoch" in case["symptoms"]


@pytest.mark.parametrize(
    ("ahead", "symptom"),
    [(timedelta(hours=2), "charger-clock-in-local-time"), (timedelta(minutes=-7), "charger-clock-off")],
)
def test_a_wrong_clock_is_a_symptom_with_causes(tmp_path: Path, ahead: timedelta, symptom: str) -> None:
    (case,) = chargelore("triage", log(tmp_path, ahead), "--format", "json").json["cases"]
    assert symptom in case["symptoms"]
    assert case["hypotheses"][0]["fault"] == "clock-not-synchronised"
