"""`chargelore report telemetry`: a list that one can take to a maker, in five formats, harmless in each."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hearsay import report as heard
from telling_world import BOARD, CABLE, TELLING, knowledge

from chargelore.engine.case import Charger
from chargelore.engine.heard.reportability import Model, Sheet
from chargelore.engine.telemetry.asking import Ask, Asked, Lacking
from chargelore.engine.telemetry.predicted import Effort
from chargelore.engine.telemetry.saving import Range, Saving
from chargelore.engine.telemetry.walk import Bill
from chargelore.kb.errors import UseError
from chargelore.kb.finding import Finding, Machine
from chargelore.kb.load import shipped
from chargelore.kb.signalfamilies import SignalFamily
from chargelore.kb.store import Store
from chargelore.tui.asklist.words import AskList, number
from chargelore.tui.cli.reporting.report import report as command
from chargelore.tui.cli.reporting.telemetry import TEXTS
from chargelore.tui.live import remember

HOSTILE = "=Evil<script>alert(1)</script>\x1b[31m|`*\u202e"
WALL = Model("Acme", "Wall", "2.1")


def ask(label: str, mean: float, doubt: float, *, place: int = 1, tied: bool = False) -> Ask:
    each = Range(mean, mean - doubt, mean + doubt)
    family = SignalFamily(id=label, label=label, ask=f"Send {label}.", evidence=(TELLING,))
    return Ask(
        family=family, signals=(TELLING,), saving=Saving(each, Range(0.01, -0.02, 0.04)), place=place, is_tied=tied,
        is_sure=mean > doubt, apart=((BOARD, CABLE),) * 5, has={"sent": (HOSTILE,), "register": (), "code": ()},
    )  # fmt: skip


def told(*asks: Ask) -> AskList:
    charger = Charger(id="", vendor=HOSTILE, model="Wall")
    one = Asked(
        charger=charger, findings=12, today=Bill(212.4, 0.31), asks=asks, sent=("Lock",), useless=("Door",),
    )  # fmt: skip
    left = (Lacking(charger=replace(charger, model="Post"), findings=3, lacks="findings"),)
    return AskList(knowledge(), (one,), left, Effort())


LIST = told(
    ask("Pilot voltage, its duty cycle and every state that it ever had", 12.4, 3, tied=True),
    ask(HOSTILE, 11.0, 4, tied=True),
    ask("Door", 0.2, 0.5, place=3),
)


class Page(HTMLParser):
    """What a browser would make of it."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


@pytest.mark.parametrize("form", TEXTS)
def test_no_format_lets_through_what_a_charger_calls_itself(form: str) -> None:
    text = TEXTS[form](LIST)
    assert "\x1b" not in text.replace("\\u001b", "")
    if form in ("html", "markdown"):
        assert "<script>" not in text
    if form != "json":
        assert "\u202e" not in text


def test_the_page_is_sound_runs_nothing_and_fetches_nothing() -> None:
    page = Page()
    page.feed(TEXTS["html"](LIST))
    assert "svg" in page.tags
    assert not {"script", "img", "link", "iframe", "object", "a"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name in ("src", "href", "style") or name.startswith("on")]
    assert "@media print" in TEXTS["html"](LIST)


def test_the_chart_has_a_bar_and_a_line_for_each_family_inside_its_frame() -> None:
    page = TEXTS["html"](LIST)
    svg = page[page.index("<svg") : page.index("</svg>")]
    assert svg.count("<rect") == 3
    assert svg.count('class="bar doubtful"') == 1
    numbers = [float(part.split('"')[1]) for part in svg.replace("x1=", "\0").replace("x2=", "\0").split("\0")[1:]]
    assert all(0 <= each <= 900 for each in numbers)


def test_the_table_is_no_wider_than_eighty_columns() -> None:
    text = TEXTS["table"](LIST)
    assert max(map(len, text.splitlines())) <= 80
    assert "1= Pilot voltage" in text
    assert "1,240 (940 to 1,540)" in text
    assert "may save nothing" in text
    assert "fewer than 5 findings" in text
    assert "3 findings" not in text


def test_ties_are_called_ties_in_every_format() -> None:
    assert "1=" in TEXTS["html"](LIST)
    assert "| 1= | Pilot" in TEXTS["markdown"](LIST)
    rows = list(csv.DictReader(io.StringIO(TEXTS["csv"](LIST))))
    assert [(each["place"], each["tied"]) for each in rows] == [("1", "True"), ("1", "True"), ("3", "False")]
    assert all(each["vendor"].startswith("'=") for each in rows)
    (model,) = json.loads(TEXTS["json"](LIST))["models"]
    assert [each["tied"] for each in model["asks"]] == [True, True, False]
    assert model["asks"][0]["saves"]["minutes"] == {"mean": 1240.0, "low": 940.0, "high": 1540.0}


def test_a_model_that_lacks_nothing_worth_asking_for_has_a_page_without_a_chart() -> None:
    assert "<svg" not in TEXTS["html"](told())
    assert "sends already: Lock" in TEXTS["table"](told())


@pytest.mark.parametrize(("value", "said"), [(-0.2, "0"), (1234.5, "1,234"), (-17.6, "\u221218"), (0.0, "0")])
def test_numbers_read_as_a_person_writes_them(value: float, said: str) -> None:
    assert number(value, 0) == said


def said(*arguments: object) -> Result:
    return CliRunner().invoke(command, ["telemetry", *map(str, arguments)], standalone_mode=False)


def _listed(*arguments: object) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(said("--format", "json", "--replays", 20, *arguments).output)
    return found


def test_an_empty_store_is_told_what_the_list_needs() -> None:
    for form in ("table", "markdown", "html"):
        text = " ".join(said("--format", form).output.replace("\\", "").split())
        assert "Nothing can be said yet." in text
        assert "five findings with a cause" in text
    assert _listed()["models"] == []


@pytest.fixture
def _met() -> None:
    told_of = heard({"meter": 1240, "meter.power": 1240, "start": 220, "status": 900, "boot": 9, "boot.reason": 9})
    with Store.open() as store:
        remember(store, Sheet(models={WALL: replace(told_of, layers={"ocpp": None})}))
        for vendor, count in (("ACME", 6), ("Quiet", 7), ("Few", 2)):
            for number, cause in zip(
                range(count), sorted(shipped().causes.values(), key=lambda each: each.id), strict=False
            ):
                machine = Machine(vendor=vendor, model="Wall")
                store.record_finding(
                    Finding(case=f"{vendor}-{number}", fault=cause.fault, cause=cause.id, charger=machine)
                )


@pytest.mark.usefixtures("_met")
def test_models_with_enough_behind_them_are_told_of_and_the_others_left_out(tmp_path: Path) -> None:
    found = _listed()
    (model,) = found["models"]
    assert (model["vendor"], model["model"], model["findings"]) == ("Acme", "Wall", 6)
    assert model["sent"] == ["Control voltage and the reason of the last restart"]
    assert {each["vendor"]: each["needs"] for each in found["left_out"]} == {"Quiet": "heard", "Few": "findings"}
    assert found == _listed("--vendor", "acme") | {"left_out": found["left_out"]}
    file = tmp_path / "ask.html"
    done = said("--vendor", "acme", "--replays", 20, "--format", "html", "--out", file)
    assert done.exit_code == 0
    assert file.read_text(encoding="utf-8").startswith("<!doctype html>")


@pytest.mark.usefixtures("_met")
def test_findings_before_a_day_can_be_left_out() -> None:
    tomorrow = (datetime.now(UTC) + timedelta(days=2)).date()
    later = _listed("--since", tomorrow, "--vendor", "Acme")
    assert later["models"] == []
    assert later["left_out"] == [{"vendor": "Acme", "model": "Wall", "needs": "findings"}]


def test_a_day_that_is_none_and_a_folder_that_is_not_there_are_bad_use(tmp_path: Path) -> None:
    with pytest.raises(UseError, match="no date"):
        raise_of(said("--since", "yesterday"))
    with pytest.raises(UseError, match="cannot write"):
        raise_of(said("--out", tmp_path / "nowhere" / "ask.html"))


def raise_of(result: Result) -> None:
    assert result.exception is not None
    raise result.exception
