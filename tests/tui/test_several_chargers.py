"""A log of several chargers: each is told from the others by its name, and where none is, that is told as a doubt."""

from __future__ import annotations

from pathlib import Path

import pytest
from escalations import ran as chargelore


def _boots(*lines: str) -> str:
    boot = '[2,"{n}","BootNotification",{{"chargePointVendor":"{maker}","chargePointModel":"One"}}]'
    fault = '[2,"{n}9","StatusNotification",{{"connectorId":1,"status":"Faulted","errorCode":"GroundFailure"}}]'
    said = [(each, maker, form) for form in (boot, fault) for each, maker in zip(lines, ("KEBA", "Alfen"), strict=True)]
    heads = enumerate(said, 1)
    return "".join(f"2026-05-01T08:00:0{n}Z {who}{form.format(n=n, maker=maker)}\n" for n, (who, maker, form) in heads)


@pytest.mark.parametrize("word", ["sent", "received", "recv", "->"])
def test_chargers_of_names_without_a_digit_are_told_apart_by_them(tmp_path: Path, word: str) -> None:
    file = tmp_path / "two.log"
    file.write_text(_boots(f"KA-MITTE {word} ", f"KA-SUED {word} "))
    told = chargelore("triage", file, "--format", "csv")
    assert [name in told.out for name in ("KA-MITTE-1", "KA-SUED-1", "charger-1")] == [True, True, False]
    assert "several chargers" not in told.err


def test_two_makers_under_one_name_are_told_as_a_doubt(tmp_path: Path) -> None:
    file = tmp_path / "two.log"
    for head in ("", "CP-1 sent "):
        file.write_text(_boots(head, head))
        told = chargelore("triage", file, "--format", "csv")
        assert "introduces itself as KEBA and as Alfen: these may be several chargers" in told.err
