"""`chargelore finding`: a person without a screen says what a case turned out to be, and the store keeps it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from site_log import boot, site_log, trips

from chargelore.engine.handing.life import lives
from chargelore.kb.errors import UseError
from chargelore.kb.finding import Finding
from chargelore.kb.fold import in_order, live, told
from chargelore.kb.languages import said as call
from chargelore.kb.load import shipped
from chargelore.kb.model import CauseId, EvidenceId, StepId
from chargelore.kb.store import Store
from chargelore.tui.cli.knowing.ids import ids
from chargelore.tui.cli.troubles.finding import record

DRY = ("--cause", "water-in-coupler", "--fixed-by", "dry-and-clean-coupler")


@pytest.fixture
def log(tmp_path: Path) -> Path:
    file = tmp_path / "cp1.log"
    file.write_text(site_log([boot(0), *trips(600)], begin=datetime(2026, 5, 1, 8, tzinfo=UTC)))
    return file


def said(*arguments: object) -> Result:
    return CliRunner().invoke(record, [*map(str, arguments), "--format", "json"], standalone_mode=False)


def kept() -> list[Finding]:
    with Store.open() as store:
        alive, _ = live(in_order(store.events()), store.owners)
    return [each.counted.finding for each in told(alive)]


def test_a_finding_holds_what_was_heard_answered_done_and_found(log: Path) -> None:
    done = said("CP-1-1", "--log", log, "--seen", "says-wet=yes", "--did", "look-into-plug", *DRY, "--minutes", 40)
    assert done.return_value == 0
    [found] = kept()
    assert (found.cause, found.fault, found.fixed_by) == (
        "water-in-coupler",
        "ground-fault-trip",
        "dry-and-clean-coupler",
    )
    assert found.codes == ("GroundFailure",)
    assert (found.evidence["says-wet"], found.evidence["ground-fault-at-plug-in"]) == ("yes", "yes")
    assert [(each.id, each.worked) for each in found.steps] == [
        ("look-into-plug", False),
        ("dry-and-clean-coupler", True),
    ]
    assert found.minutes == 40


def test_it_says_on_which_charger_and_connector_it_was_and_when_it_was_fixed(log: Path) -> None:
    said("CP-1-1", "--log", log, *DRY, "--at", "2026-05-04T10:30")
    [found] = kept()
    assert (found.charger.id, found.connector, found.fixed_at) == ("CP-1", 1, "2026-05-04T10:30:00+00:00")


def test_a_late_finding_on_an_old_log_closes_the_case_of_that_log(tmp_path: Path) -> None:
    logs = {month: tmp_path / f"{month}.log" for month in (5, 6)}
    for month, file in logs.items():
        file.write_text(site_log([boot(0), *trips(600)], begin=datetime(2026, month, 1, 8, tzinfo=UTC)))
    said("CP-1-1", "--log", logs[5], "--cause", "water-in-coupler")
    said("CP-1-1", "--log", logs[6], "--cause", "unknown")
    said("CP-1-1", "--log", logs[5], *DRY)
    with Store.open() as store:
        may, june = lives(store.casebook(), datetime.now(UTC))
    assert (may.key.opened_at[:7], may.ended_by) == ("2026-05", "finding")
    assert (june.key.opened_at[:7], june.ended) == ("2026-06", None)


def test_the_same_finding_four_times_teaches_as_one(log: Path) -> None:
    taught = []
    for _ in range(4):
        said("CP-1-1", "--log", log, *DRY)
        with Store.open() as store:
            taught.append(store.learned())
    assert taught[0].cases == 1
    assert taught[1:] == taught[:1] * 3


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_cause_and_steps_go_by_what_they_are_called_too(log: Path, language: str) -> None:
    known = shipped()
    cause, cure = known.causes[CauseId("water-in-coupler")], known.steps[StepId("dry-and-clean-coupler")]
    look = known.steps[StepId("look-into-plug")]
    name = {each.id: call(each, language) for each in (cause, cure, look)}
    said("CP-1-1", "--log", log, "--cause", name[cause.id].upper(), "--fixed-by", name[cure.id], "--did", name[look.id])
    [found] = kept()
    assert (found.cause, found.fixed_by, found.steps[0].id) == (cause.id, cure.id, look.id)


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_question_is_answered_as_it_is_asked(log: Path, language: str) -> None:
    asked = call(shipped().evidence[EvidenceId("says-wet")], language)
    said("CP-1-1", "--log", log, "--seen", f"{asked} = yes", "--seen", "breaker found=tripped")
    [found] = kept()
    assert (found.evidence["says-wet"], found.evidence["breaker-found"]) == ("yes", "tripped")


def test_what_is_no_cause_names_a_command_that_lists_causes(log: Path) -> None:
    refused = said("CP-1-1", "--log", log, "--cause", "qqqqqq").exception
    assert isinstance(refused, UseError)
    assert "`chargelore kb ids WORDS`" in refused.mend
    listed = CliRunner().invoke(ids, ["water", "coupler", "--format", "json"], standalone_mode=False)
    assert ("cause", "water-in-coupler") in [(each["kind"], each["id"]) for each in json.loads(listed.output)["found"]]
    assert CliRunner().invoke(ids, ["qqqqqq"], standalone_mode=False).return_value == 1


def test_a_finding_with_nothing_in_it_is_none(log: Path) -> None:
    for words in (("CP-1-1", "--log", log), (case_seen("the RCD trips"), "--seen", "the RCD trips")):
        assert "nothing was found" in str(said(*words).exception)
    assert kept() == []


def test_what_cured_did_not_fail_to_help(log: Path) -> None:
    refused = said("CP-1-1", "--log", log, *DRY, "--did", "dry-and-clean-coupler").exception
    assert "helped, and did not help" in str(refused)
    assert kept() == []


def test_what_is_seen_only_in_the_future_teaches_nothing(log: Path) -> None:
    words = "2099-01-01 10:00 the RCD trips"
    for name, given in ((case_seen(words), ()), ("CP-1-2", ("--log", log))):
        assert "is still to come" in str(said(name, *given, "--seen", words, *DRY).exception)
    assert kept() == []


@pytest.mark.parametrize("when", ["25:99", "2026-13-45", "2026-02-30 10:00", "31.13.2026 08:00", "10:61"])
def test_a_time_that_is_none_is_not_taken_for_words(when: str) -> None:
    assert "is no time" in str(said("?", "--seen", f"{when} the RCD trips", *DRY).exception)


def test_numbers_in_words_are_no_times() -> None:
    for words in ("1:1 mapping of cables is wrong", "3 cars trip the RCD", "2026-05-01 was when the RCD tripped"):
        assert case_seen(words).startswith("charger-")


def case_seen(*words: str) -> str:
    """The case that the words open, as the complaint about a wrong name offers it."""
    refused = said("?", *(each for text in words for each in ("--seen", text)), *DRY)
    assert isinstance(refused.exception, UseError)
    return refused.exception.mend.removeprefix("name one of ")


def test_troubles_that_are_told_in_words_alone_are_cases_of_their_own() -> None:
    smell, trip = "burnt smell at the socket", "the RCD trips"
    names = [case_seen(each) for each in (smell, trip, f"@CP-9 {smell}", f"@CP-9 {trip}", f"2026-05-01 10:00 {trip}")]
    assert len({*names}) == len(names)
    for name, words in zip(names, (smell, trip), strict=False):
        assert said(name, "--seen", words, "--cause", "unknown").return_value == 0
    with Store.open() as store:
        assert [each.words[0].text for each in lives(store.casebook(), datetime.now(UTC))] == [smell, trip]


def test_the_same_words_are_the_same_case_also_with_answers_beside_them() -> None:
    assert case_seen("The RCD  trips") == case_seen("the rcd trips", "says-wet=yes")


def test_a_case_is_named_by_the_time_when_it_opened_too(log: Path) -> None:
    assert said("CP-1-1@2026-05-01", "--log", log, *DRY).return_value == 0
    assert isinstance(said("CP-1-1@2026-06-01", "--log", log, *DRY).exception, UseError)


@pytest.mark.parametrize("typed", ["yesterday", "2999-01-01"])
def test_a_fix_at_no_time_or_in_the_future_is_refused(log: Path, typed: str) -> None:
    refused = said("CP-1-1", "--log", log, *DRY, "--at", typed)
    assert isinstance(refused.exception, UseError)
    assert typed in str(refused.exception)
    assert kept() == []


def test_a_charger_whose_clock_is_ahead_does_not_forbid_to_say_when_it_was_fixed(tmp_path: Path) -> None:
    ahead = tmp_path / "ahead.log"
    ahead.write_text(site_log([boot(0), *trips(600)], begin=datetime.now(UTC) + timedelta(days=300)))
    assert said("CP-1-1", "--log", ahead, *DRY, "--at", "2026-05-04").return_value == 0


def test_it_can_be_taken_back_by_the_name_that_it_prints(log: Path) -> None:
    event: dict[str, Any] = json.loads(said("CP-1-1", "--log", log, *DRY).output)
    with Store.open() as store:
        assert [each.id for each in store.events("finding")] == [event["event"]]


def test_a_cause_that_no_suspect_is_comes_with_its_own_fault(log: Path) -> None:
    said("CP-1-1", "--log", log, "--cause", "clock-battery-empty")
    assert [each.fault for each in kept()] == ["clock-not-synchronised"]


def test_what_no_id_stands_for_is_kept_in_words_that_name_nobody(log: Path) -> None:
    words = ("--cause", "a mouse lived in it, says olga@example.com", "--fixed-by", "moved the mouse out")
    said("CP-1-1", "--log", log, *words, "--note", "card 04A1B2C3D4E5F6")
    [found] = kept()
    assert found.cause.startswith("not listed: a mouse lived in it")
    assert found.fixed_by == "moved the mouse out"
    assert "olga@" not in found.cause
    assert "04A1B2C3D4E5F6" not in found.note


def test_nothing_known_and_nothing_done_is_a_finding_too(log: Path) -> None:
    said("CP-1-1", "--log", log, "--cause", "unknown")
    assert [(each.cause, each.fixed_by) for each in kept()] == [("unknown", "")]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("CP-1-1", "--cause", "water-in-couplr"), "did you mean water-in-coupler?"),
        (("CP-1-1", "--fixed-by", "dry"), "dry is no step"),
        (("CP-1-1", "--did", "moved the mouse"), "is no step"),
        (("CP-1-1", "--cause", ""), "nothing is no cause"),
        (("CP-9-1",), "name one of CP-1-1"),
        (("CP-1-1", "--note", "x" * 5000), "longer than"),
        (("CP-1-1", "--at", "2999-01-01"), "is still to come"),
        (("CP-1-1", "--at", "yesterday"), "is no date"),
        (("CP-1-1", *DRY, "--at", "2025-05-04"), "opened at 2026-05-01"),
    ],
    ids=[
        "slip in a cause",
        "slip in a step",
        "words for a step that failed",
        "no cause",
        "no such case",
        "long note",
        "the future",
        "no time",
        "fixed before it broke",
    ],
)
def test_a_slip_is_refused_with_a_cure_and_nothing_is_kept(log: Path, arguments: tuple[str, ...], says: str) -> None:
    refused = said(*arguments, "--log", log)
    assert isinstance(refused.exception, UseError)
    assert says in str(refused.exception)
    assert kept() == []


def test_without_a_log_or_anything_seen_it_says_what_to_give() -> None:
    refused = said("CP-1-1")
    assert "name its log" in str(refused.exception)
