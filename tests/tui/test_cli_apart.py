"""`chargelore report apart` from the chair of whoever listens to chargers: what looks the same, in four formats."""

from __future__ import annotations

import csv
import io
import json

import pytest
from click.testing import CliRunner, Result
from hearsay import WALL, report

from chargelore.engine.heard.reportability import Sheet
from chargelore.kb.errors import UseError
from chargelore.kb.load import shipped
from chargelore.kb.store import Store
from chargelore.tui.cli.reporting.report import report as command
from chargelore.tui.live import remember


def said(*arguments: object) -> Result:
    return CliRunner().invoke(command, ["apart", *map(str, arguments)], standalone_mode=False)


def pairs(*arguments: object) -> list[dict]:
    (one,) = json.loads(said("--format", "json", *arguments).output)["reports"]
    return one["pairs"]


@pytest.fixture
def _learned() -> None:
    with Store.open() as store:
        remember(store, Sheet(models={WALL: report({"meter": 1240, "meter.power": 1240, "start": 120})}))


def test_a_table_says_what_looks_the_same_and_fits_eighty_columns() -> None:
    lines = said("--format", "table", "--vendor", "Zaptec", "--model", "Go").output.splitlines()
    assert lines[0].startswith("Zaptec Go: ")
    assert max(map(len, lines)) <= 80
    assert any(line.strip().startswith(("ask:", "measure:", "listen")) for line in lines)
    assert lines[-2].startswith("  and ")
    assert lines[-2].endswith(f"--most {len(pairs('--vendor', 'Zaptec', '--model', 'Go'))}")


def test_every_pair_is_of_known_causes_and_its_split_of_known_evidence() -> None:
    knowledge, found = shipped(), pairs()
    assert found
    for each in found:
        assert {one["cause"] for one in each["causes"]} <= knowledge.causes.keys()
        assert each["splits_by"] is None or each["splits_by"]["evidence"] in knowledge.evidence


def test_whoever_listens_to_more_layers_has_fewer_pairs_left() -> None:
    narrow, wide = pairs("--layer", "ocpp"), pairs("--layer", "ocpp", "--layer", "modbus", "--layer", "vehicle")
    assert 0 < len(wide) < len(narrow)


@pytest.mark.usefixtures("_learned")
def test_each_model_that_was_heard_has_its_own_pairs_and_a_proof_of_what_it_never_sends() -> None:
    (one,) = json.loads(said("--format", "json").output)["reports"]
    assert (one["vendor"], one["model"], one["firmware"]) == tuple(WALL)
    assert one["never"] > 0
    assert f"{one['never']} symptoms out of its reach" in said("--format", "table").output.replace("\n ", "")
    (other,) = json.loads(said("--format", "json", "--vendor", "Zaptec").output)["reports"]
    assert (other["vendor"], other["never"]) == ("Zaptec", 0)


def test_the_csv_has_a_row_for_each_pair() -> None:
    rows = list(csv.DictReader(io.StringIO(said("--format", "csv").output)))
    assert [(row["cause"], row["looks_like"]) for row in rows] == [
        tuple(one["cause"] for one in each["causes"]) for each in pairs()
    ]
    assert all(row["how"] for row in rows)


def test_markdown_is_a_table_that_no_name_can_break() -> None:
    lines = said("--format", "markdown", "--vendor", "A|B\x1b[31m").output.splitlines()
    assert "\x1b" not in lines[0]
    assert lines[4] == "| Fault | Cause | Looks like | What splits them |"
    rows = lines[6:-1]
    assert all(row.startswith("| ") and row.replace("\\|", "").count("|") == 5 for row in rows)


@pytest.mark.parametrize(
    ("words", "missing"),
    [
        (("--firmware", "1"), "--vendor and --model"),
        (("--vendor", "Zaptec", "--firmware", "1"), "with --model"),
        (("--model", "Go"), "with --vendor"),
    ],
)
def test_a_firmware_or_a_model_of_nobody_is_refused_with_what_must_be_named_beside_it(
    words: tuple[str, ...], missing: str
) -> None:
    result = said(*words)
    assert isinstance(result.exception, UseError)
    assert missing in result.exception.mend
