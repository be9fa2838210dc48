"""`chargelore kb proposals` from a reviewer's chair: what findings show, and what becomes of it."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

from chargelore.kb.clock import Stamp
from chargelore.kb.errors import InputError, UseError
from chargelore.kb.events import finding_event
from chargelore.kb.finding import Finding
from chargelore.kb.history import sentence_of
from chargelore.kb.load import shipped
from chargelore.kb.model import CauseId, EvidenceId
from chargelore.kb.store import Store
from chargelore.tui.cli.knowing.kbproposals import proposed
from chargelore.tui.live import laid_over

CAUSE = CauseId("water-in-coupler")


@pytest.fixture
def sign() -> EvidenceId:
    """Something that nobody says of water in a coupler."""
    known = shipped()
    spoken = {each.evidence for each in known.causes[CAUSE].shows}
    return next(name for name, each in known.evidence.items() if name not in spoken and each.answers == ("yes", "no"))


@pytest.fixture(autouse=True)
def _recorded(sign: EvidenceId) -> None:
    """Ten people found water, each with the sign; seventy others found nothing, without it."""
    with Store.open() as store:
        store.merge(_told(number, sign, "yes" if number < 10 else "no") for number in range(80))


def _told(number: int, sign: EvidenceId, answer: str) -> Any:
    known = shipped().causes[CAUSE]
    found = Finding(
        case=f"case-{number}", fault=known.fault, cause=CAUSE if answer == "yes" else "unknown", evidence={sign: answer}
    )
    return finding_event(found, stamp=Stamp(1_770_000_000_000 + number, 0, "r"), author=f"author-{number}")


def said(*arguments: str) -> Result:
    return CliRunner().invoke(proposed, arguments, standalone_mode=False)


def listed() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(said("--format", "json").output)["proposals"]
    return rows


def test_a_proposal_says_what_speaks_for_it_and_by_how_many(sign: EvidenceId) -> None:
    [row] = listed()
    assert (row["src"], row["rel"], row["dst"], row["answer"]) == (f"cause/{CAUSE}", "shows", f"evidence/{sign}", "yes")
    assert (row["lift"], row["n"], row["authors"], row["houses"], row["grade"]) == (8.0, 10, "10+", 1, "often")
    [cells] = csv.DictReader(io.StringIO(said("--format", "csv").output))
    assert cells["link"] == row["link"]
    table = said("--format", "table").output
    assert shipped().causes[CAUSE].label in table
    assert said("--format", "table").return_value == 1


def test_what_is_accepted_is_part_of_the_knowledge_and_can_be_taken_back(sign: EvidenceId) -> None:
    [row] = listed()
    done = json.loads(said(row["link"], "--accept", "--grade", "sometimes", "--format", "json").output)
    with Store.open() as store:
        [shows] = [each for each in laid_over(store).causes[CAUSE].shows if each.evidence == sign]
        assert (shows.answer, shows.grade) == ("yes", "sometimes")
        edge, review = (each for each in store.events("edge", "review"))
        assert [edge.id, review.id] == done["events"]
        assert edge.body["attrs"]["proposed"] == {"lift": "8.0", "n": 10, "authors": 10, "houses": 1}
    assert listed() == []
    assert said("--format", "table").return_value == 0


def test_what_is_declined_is_not_asked_again_and_changes_nothing(sign: EvidenceId) -> None:
    [row] = listed()
    said(row["link"], "--decline", "--reason", "it rains a lot here")
    assert listed() == []
    with Store.open() as store:
        assert sign not in {each.evidence for each in laid_over(store).causes[CAUSE].shows}
        [event] = store.events("declined")
        assert sentence_of(event) == "declined what 10 cases proposed: it rains a lot here"
        store.merge(_told(number, sign, "yes") for number in range(100, 110))
    assert [each["n"] for each in listed()] == [20]


def test_only_a_reviewer_judges(monkeypatch: pytest.MonkeyPatch) -> None:
    [row] = listed()
    monkeypatch.setenv("CHARGELORE_AUTHOR", "somebody else")
    for verdict in ("--accept", "--decline"):
        result = CliRunner().invoke(proposed, [row["link"], verdict])
        assert isinstance(result.exception, InputError)
    assert len(listed()) == 1


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        (("--accept",), UseError),
        (("edge/x",), UseError),
        (("edge/x", "--accept", "--decline"), UseError),
        (("edge/x", "--accept"), InputError),
    ],
)
def test_what_cannot_be_meant_is_refused(arguments: tuple[str, ...], kind: type[Exception]) -> None:
    result = CliRunner().invoke(proposed, arguments)
    assert isinstance(result.exception, kind)
