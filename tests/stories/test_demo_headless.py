"""The demo without a screen finds every scripted fault, says so, and ends by itself or at once when told to."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time

import pytest
from shell import Said, chargelore

from chargelore.engine.demo.faults import ROLES

PROGRAM = [sys.executable, "-c", "from chargelore.tui.cli import main; main()", "demo", "--headless"]


@pytest.fixture(scope="module")
def said() -> Said:
    return chargelore("demo", "--headless", "--speed", "max", "--format", "json")


def test_every_scripted_fault_is_found(said: Said) -> None:
    rows = {row["charger"]: row for row in map(json.loads, said.out.splitlines())}
    missed = {role.title for role in ROLES if role.expects and not rows[role.who.id]["found"]}
    assert missed == set()
    assert said.code == 0
    assert said.err == ""


def test_healthy_chargers_raise_no_case(said: Said) -> None:
    rows = map(json.loads, said.out.splitlines())
    assert [row["cases"] for row in rows if row["expected"] is None] == [[], []]


def test_each_found_fault_comes_with_reasons_and_a_next_step(said: Said) -> None:
    for row in map(json.loads, said.out.splitlines()):
        if row["expected"]:
            assert row["next"], row["title"]
            assert any(each["because"] for one in row["cases"] for each in one["hypotheses"]), row["title"]


def test_ctrl_c_ends_it_without_a_traceback() -> None:
    process = subprocess.Popen([*PROGRAM, "--speed", "1"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(4)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert "Traceback" not in err
    assert process.returncode == 130


@pytest.mark.parametrize("speed", ["0", "-1", "fast", "nan", "inf"])
def test_a_speed_that_is_none_is_told_in_a_sentence(speed: str) -> None:
    said = chargelore("demo", "--headless", "--speed", speed)
    assert said.code == 2
    assert "number above 0, or max" in said.err
    assert "Traceback" not in said.err
