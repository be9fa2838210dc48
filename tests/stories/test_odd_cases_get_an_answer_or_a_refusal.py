"""Whatever a case, an author or a reviewer brings along: a clear answer or a refusal, and nothing is ever certain."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from shell import Said, chargelore
from site_log import boot, site_log, trips

from chargelore.kb.finding import Finding, Machine
from chargelore.kb.model import FaultId
from chargelore.kb.store import Store

WET = Finding(
    case="CP-8-1", fault=FaultId("ground-fault-trip"), cause="water-in-coupler", charger=Machine(vendor="Mennekes")
)
VEHICLE = "vehicle-leaks-smooth-dc"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return written(tmp_path, site_log([boot(0), *trips(600)]))


def written(folder: Path, text: str) -> Path:
    file = folder / "cp1.log"
    file.write_text(text)
    return file


def diagnosed(*arguments: object) -> list[dict[str, Any]]:
    """The cases, none of which is certain or has a chance that is none."""
    said = chargelore("triage", *map(str, arguments), "--format", "json")
    assert (said.code, "Traceback" in said.err) == (1, False), said.err
    cases: list[dict[str, Any]] = [case for line in said.out.splitlines() for case in strictly(line)["cases"]]
    for case in cases:
        chances = [each["probability"] for each in case["hypotheses"]]
        assert all(0 < each <= 0.97 for each in chances)
        assert 0 < case["unknown"] < 1
        assert case["verdict"] in {"diagnosed", "ambiguous", "unknown", "escalate"}
    return cases


def strictly(line: str) -> Any:
    """JSON as others read it: NaN and Infinity are none."""

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    return json.loads(line, parse_constant=refuse)


def chances(case: dict[str, Any]) -> dict[str, float]:
    return {each["cause"]: each["probability"] for each in case["hypotheses"]}


def refused(said: Said, *words: str) -> None:
    assert said.code == 2
    assert "Traceback" not in said.err
    assert all(word in said.err for word in words), said.err


def test_what_a_person_says_and_denies_at_once_is_told_and_moves_nothing(log: Path) -> None:
    seen = ("--seen", "plug-wet-inside=yes", "--seen", "plug-wet-inside=no")
    assert [chances(each) for each in diagnosed(log, *seen)] == [chances(each) for each in diagnosed(log)]
    said = chargelore("triage", str(log), *seen, "--format", "json")
    assert "plug-wet-inside is answered yes and no: it counts as not known" in said.err


def test_a_person_who_contradicts_the_charger_is_heard_and_the_charger_stays_a_reason(log: Path) -> None:
    [case] = diagnosed(log, "--seen", "ground-fault-at-plug-in=no")
    [wet] = [each for each in case["hypotheses"] if each["cause"] == "water-in-coupler"]
    assert "ground-fault-at-plug-in" in {each["evidence"] for each in wet["against"]}
    assert "fault:ground-fault-trip" in {each["evidence"] for each in wet["because"]}


def test_ten_thousand_messages_of_one_fault_prove_little_more_than_a_few(tmp_path: Path) -> None:
    again = [each for minute in range(5_000) for each in trips(600 + 60 * minute)[:2]]
    [many] = diagnosed(written(tmp_path, site_log([boot(0), *again])))
    [few] = diagnosed(written(tmp_path, site_log([boot(0), *again[:10]])))
    assert many["codes"][0]["times"] >= 5_000
    assert many["hypotheses"][0]["probability"] < few["hypotheses"][0]["probability"] + 0.3


def test_a_log_from_the_end_of_time_is_read_like_any_other(tmp_path: Path) -> None:
    late = datetime(9998, 12, 31, 23, tzinfo=UTC)
    [then] = diagnosed(written(tmp_path, site_log([boot(0), *trips(60)], begin=late)))
    [now] = diagnosed(written(tmp_path, site_log([boot(0), *trips(60)])))
    assert chances(then) == chances(now)


def test_what_was_seen_years_after_the_log_is_another_case(tmp_path: Path) -> None:
    old = written(tmp_path, site_log([boot(0), *trips(600)], begin=datetime(2021, 5, 1, 8, tzinfo=UTC)))
    first, second = diagnosed(old, "--seen", "2024-01-01 10:00 water runs out of the plug")
    [alone] = diagnosed(old)
    assert chances(first) == chances(alone)
    assert second["opened_at"] == "2024-01-01T10:00:00+00:00"


def test_what_is_to_be_seen_in_the_future_is_refused(log: Path) -> None:
    refused(chargelore("triage", str(log), "--seen", "2999-01-01 10:00 water runs out of the plug"), "still to come")


def recorded_at(place: Path, now: datetime, cause: str = WET.cause) -> Path:
    """A store of a colleague whose clock shows that time."""
    with Store.open(place, now=lambda: now) as store:
        store.record_finding(Finding(case=WET.case, fault=WET.fault, cause=cause, charger=WET.charger))
    return place


def test_a_colleague_whose_clock_is_days_ahead_is_refused_whole_and_told_how_to_mend_it(
    tmp_path: Path, log: Path
) -> None:
    early = recorded_at(tmp_path / "early.db", datetime.now(UTC) + timedelta(days=3))
    [before] = diagnosed(log)
    refused(chargelore("kb", "merge", early), "more than a day in the future", "set the clock")
    [after] = diagnosed(log)
    assert chances(after) == chances(before)


def test_a_colleague_whose_clock_is_hours_or_years_off_counts_like_any_other(tmp_path: Path, log: Path) -> None:
    now = datetime.now(UTC)
    counted = []
    for place, clock in enumerate((now, now + timedelta(hours=9), datetime(1999, 1, 1, tzinfo=UTC))):
        other = recorded_at(tmp_path / f"{place}.db", clock)
        mine = tmp_path / f"mine-{place}.db"
        assert chargelore("kb", "merge", other, "--db", mine).code == 0
        [case] = diagnosed(log, "--db", mine)
        counted.append(chances(case))
    assert counted[0] == counted[1] == counted[2]


def test_a_cause_that_is_rejected_leaves_its_open_case_with_an_answer_and_can_be_found_no_more(log: Path) -> None:
    assert chargelore("finding", "CP-1-1", "--log", log, "--cause", "water-in-coupler").code == 0
    assert chargelore("kb", "review", "cause/water-in-coupler", "--reject").code == 0
    [case] = diagnosed(log)
    assert "water-in-coupler" not in chances(case)
    assert case["next"]
    refused(
        chargelore("finding", "CP-1-1", "--log", log, "--cause", "water-in-coupler"),
        "water-in-coupler was given up",
        "nothing stands in its place",
    )


def test_a_cause_that_got_a_successor_is_found_under_its_name(log: Path) -> None:
    rejected = chargelore("kb", "review", "cause/water-in-coupler", "--reject", "--replaced-by", f"cause/{VEHICLE}")
    assert rejected.code == 0
    said = chargelore("finding", "CP-1-1", "--log", log, "--cause", "water-in-coupler", "--format", "json")
    assert said.json["cause"] == VEHICLE


def test_replacing_in_a_circle_is_refused_with_the_way_round(log: Path) -> None:
    chargelore("kb", "review", "cause/water-in-coupler", "--reject", "--replaced-by", f"cause/{VEHICLE}")
    back = chargelore("kb", "review", f"cause/{VEHICLE}", "--reject", "--replaced-by", "cause/water-in-coupler")
    refused(back, "in a circle", f"cause/{VEHICLE} -> cause/water-in-coupler -> cause/{VEHICLE}")
    assert VEHICLE in chances(diagnosed(log, "--seen", "trips-with-any-vehicle=no")[0])


def test_two_reviewers_who_replace_each_way_round_leave_an_answer(tmp_path: Path, log: Path) -> None:
    ways = (("water-in-coupler", VEHICLE), (VEHICLE, "water-in-coupler"))
    stores = [tmp_path / "one.db", tmp_path / "two.db"]
    for place, (gone, heir) in zip(stores, ways, strict=True):
        said = chargelore(
            "kb", "review", f"cause/{gone}", "--reject", "--replaced-by", f"cause/{heir}", "--db", place
        )  # fmt: skip
        assert said.code == 0
    assert chargelore("kb", "merge", stores[1], "--db", stores[0]).code == 0
    [case] = diagnosed(log, "--db", stores[0])
    assert not {"water-in-coupler", VEHICLE} & chances(case).keys()


def test_a_finding_on_a_charger_that_nobody_has_seen_counts_and_one_on_no_case_is_refused(tmp_path: Path) -> None:
    log = written(tmp_path, site_log([boot(0, "Never Heard Of", "X-1", "?"), *trips(600)], charger="NEW-1"))
    [before] = diagnosed(log)
    assert chargelore("finding", "NEW-1-1", "--log", log, "--cause", VEHICLE).code == 0
    [after] = diagnosed(log)
    assert chances(after)[VEHICLE] > chances(before).get(VEHICLE, 0)
    refused(chargelore("finding", "NEW-9-1", "--log", log, "--cause", VEHICLE), "there is no case NEW-9-1", "NEW-1-1")
