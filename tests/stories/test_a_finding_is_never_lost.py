"""Promise: what the program confirmed as recorded is there tomorrow, even when it was killed in the middle of work."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from itertools import islice
from pathlib import Path

import pytest

from chargelore.kb.finding import Finding
from chargelore.kb.model import CauseId, FaultId
from chargelore.kb.store import Store

RECORD_FOR_EVER = """
import sys
from itertools import count
from chargelore.kb.finding import Finding
from chargelore.kb.store import Store
with Store.open(sys.argv[1]) as store:
    for number in count():
        finding = Finding(case=f"case-{number}", fault="trip", cause="wet", note="n" * (number % 900))
        kept = store.record_finding(finding)
        print(kept.id, flush=True)
"""


def killed_after(place: Path, confirmed: int) -> list[str]:
    """Start a program that records for ever, kill it (-9) once so many are confirmed, and say all that it confirmed."""
    with subprocess.Popen(
        [sys.executable, "-c", RECORD_FOR_EVER, str(place)], stdout=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout is not None
        read = list(islice(program.stdout, confirmed))
        program.kill()
        rest = program.stdout.read().splitlines(keepends=True)
    return [line.strip() for line in (*read, *rest) if line.endswith("\n")]


@pytest.mark.parametrize("confirmed", [1, 7, 150])
def test_every_confirmed_finding_is_there_after_a_kill(tmp_path: Path, confirmed: int) -> None:
    place = tmp_path / "events.db"
    ids = killed_after(place, confirmed)
    with Store.open(place) as store:
        assert {*ids} <= {event.id for event in store.events()}
        assert store.damaged() == ()
        assert store.learned().causes[FaultId("trip"), CauseId("wet")].cases >= confirmed
        assert store.record_finding(Finding(case="the next day", fault=FaultId("trip")))
    with closing(sqlite3.connect(place, isolation_level=None)) as raw:
        assert raw.execute("pragma integrity_check").fetchone() == ("ok",)


def test_a_store_killed_again_and_again_loses_nothing(tmp_path: Path) -> None:
    place = tmp_path / "events.db"
    ids = [each for _ in range(3) for each in killed_after(place, 5)]
    with Store.open(place) as store:
        assert {*ids} <= {event.id for event in store.events()}
