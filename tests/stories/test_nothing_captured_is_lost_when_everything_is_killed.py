"""Whatever is killed around the tap: the wire brings what was sent, and the store has what passed, once."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from databases import NO_SERVER
from soak_proof import End, Ends, key, proof

ROOT = Path(__file__).parents[2]
SHORT = ("--chargers", "100", "--seconds", "40", "--every", "4", "--kills", "1")
ASKED, ANSWERED, MORE = ("2a", "00"), ("3a", "01"), ("2b", "02")
ALL = Counter(["2a", "3a", "2b"])


def test_a_soak_with_one_kill_of_each_loses_nothing_and_keeps_all_once() -> None:
    pytest.importorskip("pgserver", reason=NO_SERVER, exc_type=ImportError)
    soak = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / "soak.py"), *SHORT],
        capture_output=True,
        text=True,
        check=False,
    )
    assert soak.returncode == 0, soak.stdout + soak.stderr
    for each in ("engine", "store", "management system", "chargers"):
        assert f"kill -9 of the {each}" in soak.stdout


def judged(near: End, far: End, rows: Counter[str] = ALL) -> tuple[str, ...]:
    return proof(Ends({"1_1_1": near}, []), Ends({"1_1_1": far}, []), rows).wrong


def a_charger(**told: object) -> End:
    return End(**({"sent": [ASKED, MORE], "got": [ANSWERED], "code": "1000"} | told))  # type: ignore[arg-type]  # as in End


def a_csms(**told: object) -> End:
    return End(**({"sent": [ANSWERED], "got": [ASKED, MORE], "code": "1000"} | told))  # type: ignore[arg-type]  # as in End


def test_a_soak_that_lost_nothing_has_nothing_to_complain_about() -> None:
    assert judged(a_charger(), a_csms()) == ()


@pytest.mark.parametrize(
    "got",
    [
        pytest.param([MORE, ASKED], id="out of order"),
        pytest.param([MORE], id="one missing in between"),
        pytest.param([ASKED, ("2b", "ff")], id="altered"),
        pytest.param([ASKED, ASKED, MORE], id="twice"),
        pytest.param([ASKED, MORE, ("2c", "03")], id="never sent"),
    ],
)
def test_a_soak_sees_what_the_wire_did_wrong(got: list[tuple[str, str]]) -> None:
    for code in ("1000", "1006"):
        assert any("not the one that was sent" in each for each in judged(a_charger(code=code), a_csms(got=got)))


def test_a_soak_forgives_a_missing_end_only_where_the_line_was_cut() -> None:
    rows = Counter(["2a", "3a"])
    assert judged(a_charger(code=""), a_csms(got=[ASKED], code="1006"), rows) == ()
    assert any("1 of 2 frames are missing" in each for each in judged(a_charger(), a_csms(got=[ASKED]), rows))


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        (Counter(["2a", "3a"]), "1 frames passed and are not in the store: 2b"),
        (Counter(["2a", "3a", "2b", "2b"]), "1 frames are in the store more than once: 2b"),
        (Counter(["2a", "3a", "2b", "2x"]), "1 frames are in the store and were never sent: 2x"),
    ],
)
def test_a_soak_sees_what_the_store_lacks_or_has_too_often(rows: Counter[str], what: str) -> None:
    assert judged(a_charger(), a_csms(), rows) == (what,)


def test_a_frame_is_known_in_the_store_by_its_type_and_unique_id() -> None:
    assert key('[2,"17_1_1_0","Heartbeat",{}]') == "217_1_1_0"
    assert key("no frame") == "no frame"
