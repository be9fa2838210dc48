"""Every `rules` command ends with 0 when all is well, 1 on findings, 2 on bad use or input, 3 on a mistake of ours."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from shell import chargelore

from chargelore.tui.cli import main
from chargelore.tui.cli.ruling.rules import rules

RULE = """\
id: wet
title: A ground fault within a minute of plug-in
status: stable
author: me
source: own
limits: none known
signals:
  plugged: {kind: status, status: Preparing}
  tripped: {kind: status, errorCode: GroundFailure}
when: {sequence: [plugged, tripped], within: 1m}
symptom: ground-fault-at-plug-in
examples:
  - {name: soon, expect: match, given: [{at: 0s, plugged: {}}, {at: 59s, tripped: {}}]}
  - {name: late, expect: no match, given: [{at: 0s, plugged: {}}, {at: 61s, tripped: {}}]}
  - {name: charging, expect: no match, given: [{at: 0s, plugged: {status: Charging}}, {at: 9s, tripped: {}}]}
  - {name: no trip, expect: no match, given: [{at: 0s, plugged: {}}, {at: 9s, tripped: {errorCode: NoError}}]}
"""


def frame(second: int, status: str, error: str = "NoError") -> str:
    at = f"2024-05-01T12:00:{second:02}Z"
    body = {"connectorId": 1, "status": status, "errorCode": error, "timestamp": at}
    return f'{at} CP-1 [2,"{second}","StatusNotification",{json.dumps(body)}]\n'


TRIPS = frame(0, "Available") + frame(1, "Preparing") + frame(9, "Faulted", "GroundFailure")
CHARGES = frame(0, "Available") + frame(1, "Preparing") + frame(9, "Charging")


@dataclass(frozen=True)
class Place:
    """A folder with good, failing, shaky and broken rules, logs, and all that nobody should hand to a command."""

    folder: Path

    def __call__(self, text: str) -> str:
        return text.replace("@", f"{self.folder}{os.sep}")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    here = tmp_path / "here"
    texts = {
        "good": RULE,
        "failing": RULE.replace("within: 1m", "within: 3s"),
        "shaky": RULE.replace("status: Preparing", "status: [Preparing]").replace("author: me\n", ""),
        "broken": RULE.replace("within: 1m", "within: ever"),
        "binary": "\x00\x01\x02",
        "twice": RULE + "id: wet\n",
        "odd": RULE.replace("at: 59s", "at: 0s..9s"),
    }
    for name, text in texts.items():
        (here / name).mkdir(parents=True)
        (here / name / "wet.yaml").write_text(text)
    (here / "empty").mkdir()
    (here / "dangling").mkdir()
    (here / "dangling" / "wet.yaml").symlink_to(here / "nowhere.yaml")
    (here / "charges.log").write_text(CHARGES)
    (here / "trips.log").write_text(TRIPS)
    (here / "noise.log").write_bytes(bytes(range(256)) * 40)
    _recorded(here / "recorded", "trips.log,water-in-coupler\ncharges.log,healthy\n")
    _recorded(here / "unlisted", "")
    _recorded(here / "mistaken", "trips.log,bad-luck\n")
    (here / "expected.yaml").write_text("wet: {right: 1}\n")
    (here / "more.yaml").write_text("wet: {right: 9}\n")
    (here / "unheard.yaml").write_text("nobody: {right: 9}\n")
    return Place(here)


def _recorded(folder: Path, listed: str) -> None:
    folder.mkdir()
    (folder / "trips.log").write_text(TRIPS)
    (folder / "charges.log").write_text(CHARGES)
    (folder / "confirmed.csv").write_text(f"file,cause\n{listed}")


ENDS = [
    ("test @good", 0),
    ("test @good/wet.yaml", 0),
    ("test -v @good --junit @junit.xml", 0),
    ("test @failing", 1),
    ("test @broken", 2),
    ("test @odd", 2),
    ("test @missing", 2),
    ("test @empty", 2),
    ("test @binary", 2),
    ("test @twice", 2),
    ("test @dangling", 2),
    ("test -", 2),
    ("test @good --junit @missing/junit.xml", 2),
    ("test @good --junit @good", 2),
    ("test @good --colour", 2),
    ("lint @good", 0),
    ("lint --list", 0),
    ("lint @shaky", 1),
    ("lint @good --least loud", 2),
    ("lint @good --today someday", 2),
    ("lint @broken", 2),
    ("lint @empty", 2),
    ("lint @good --against @missing", 2),
    ("lint @good --against no-such-revision", 2),
    ("mutate @good", 0),
    ("mutate @failing", 2),
    ("mutate @broken", 2),
    ("schema", 0),
    ("schema @good", 2),
    ("explain wet @trips.log --rules @good", 0),
    ("explain wet @charges.log --rules @good", 0),
    ("explain nobody @trips.log --rules @good", 2),
    ("explain wet @missing.log --rules @good", 2),
    ("explain wet @good --rules @good", 2),
    ("explain wet @trips.log --rules @broken", 2),
    ("explain wet", 2),
    ("why-not wet @trips.log --rules @good", 0),
    ("why-not wet @charges.log --rules @good", 1),
    ("why-not wet @noise.log --rules @good", 2),
    ("why-not nobody @trips.log --rules @good", 2),
    ("why-not wet @trips.log --rules @missing", 2),
    ("backtest @good @recorded --jobs 1", 0),
    ("backtest @good @recorded --jobs 1 --expect @expected.yaml", 0),
    ("backtest @good @recorded --jobs 1 --expect @more.yaml", 1),
    ("backtest @good @recorded --jobs 1 --expect @unheard.yaml", 2),
    ("backtest @good @recorded --jobs 1 --expect @missing.yaml", 2),
    ("backtest @good @recorded --jobs 1 --junit @missing/junit.xml", 2),
    ("backtest @good @recorded --jobs 0", 2),
    ("backtest @good @mistaken --jobs 1", 2),
    ("backtest @good @unlisted --jobs 1", 2),
    ("backtest @good @missing --jobs 1", 2),
    ("backtest @good @trips.log --jobs 1", 2),
    ("backtest @broken @recorded --jobs 1", 2),
    ("backtest @good", 2),
    ("diff @good @good @recorded --jobs 1", 0),
    ("diff @good @failing @recorded --jobs 1", 1),
    ("diff @good @missing @recorded --jobs 1", 2),
    ("diff @good @good @empty --jobs 1", 2),
    ("diff @good @good", 2),
    ("scorecard @good", 0),
    ("scorecard @missing", 2),
    ("scorecard @good --db nonsense://x", 2),
    ("new --from @missing --cause water-in-coupler", 2),
    ("", 2),
    ("sing", 2),
]  # fmt: skip


ELSEWHERE = {"new", "tune"}  # their ends need recordings, and are tried where these are


def ended(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """The code with which the command line ends in this very process."""
    monkeypatch.setattr(sys, "argv", ["chargelore", "rules", *arguments])
    with pytest.raises(SystemExit) as end:
        main()
    assert isinstance(end.value.code, int)
    return end.value.code


@pytest.mark.parametrize(("arguments", "code"), ENDS)
def test_each_end_has_its_code_and_bad_input_its_sentence(
    place: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: str, code: int
) -> None:
    assert ended(monkeypatch, *map(place, arguments.split())) == code
    said = capsys.readouterr()
    assert "Traceback" not in said.err + said.out
    if code == 2:
        assert said.err.strip()
        assert not said.out.strip()


def test_every_command_is_tried_with_good_and_with_bad_input() -> None:
    for name in rules.commands.keys() - ELSEWHERE:
        assert {code for arguments, code in ENDS if arguments.split()[:1] == [name]} >= {0, 2}, name


@pytest.mark.parametrize("command", ["test", "lint", "mutate", "backtest", "explain", "scorecard"])
def test_a_mistake_of_ours_is_one_calm_line_and_how_to_report_it(
    place: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    with_slip(monkeypatch, rules.commands[command].callback)
    monkeypatch.delenv("CHARGELORE_DEBUG", raising=False)
    more = {"backtest": ("@good", "@recorded"), "explain": ("wet", "@trips.log")}.get(command, ("@good",))
    assert ended(monkeypatch, command, *map(place, more)) == 3
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "KeyError" in said
    assert "please report it" in said


def with_slip(monkeypatch: pytest.MonkeyPatch, callback: Callable[..., object] | None) -> None:
    """The command stumbles over a key, wherever it begins to work."""

    def stumbles(*_: object, **__: object) -> None:
        raise KeyError("a slip of ours\nin two lines")

    assert callback is not None
    names = ("load_rules", "recordings", "_told", "opened")
    for name in names:
        if name in callback.__globals__:
            monkeypatch.setitem(callback.__globals__, name, stumbles)


def test_who_asks_for_it_gets_the_traceback(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    with_slip(monkeypatch, rules.commands["lint"].callback)
    monkeypatch.setenv("CHARGELORE_DEBUG", "1")
    monkeypatch.setattr(sys, "argv", ["chargelore", "rules", "lint", place("@good")])
    with pytest.raises(KeyError):
        main()


@pytest.mark.parametrize(("arguments", "code"), [ENDS[0], ENDS[3], ENDS[4]])
def test_a_process_ends_with_the_same_code(place: Place, arguments: str, code: int) -> None:
    assert chargelore("rules", *map(place, arguments.split())).code == code


def test_a_log_comes_through_a_pipe(place: Place) -> None:
    said = chargelore("rules", "why-not", "wet", "-", "--rules", place("@good"), stdin=TRIPS.encode())
    assert said.code == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_bad_input(place: Place) -> None:
    (place.folder / "good" / "wet.yaml").chmod(0)
    assert chargelore("rules", "test", place("@good")).code == 2
