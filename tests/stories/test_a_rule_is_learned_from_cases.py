"""Three chargers trip at plug-in, somebody confirms why, and a rule learned from them knows the fourth."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from shell import chargelore

from chargelore.engine.demo.faults import ROLES
from chargelore.engine.demo.stage import Role
from chargelore.engine.demo.world import world
from chargelore.engine.signal import Signal

WET, REJECTED = "water-in-coupler", "smart-charging-unfinished-in-firmware"
TRIPPING, REJECTING, GOOD = ROLES[0], ROLES[2], ROLES[-1]


def told(roles: Mapping[str, Role]) -> dict[str, str]:
    """The log of each charger of a simulated site, as its management system would keep it."""
    heard: list[Signal] = []
    cast = [replace(role, who=replace(role.who, id=name)) for name, role in roles.items()]
    asyncio.run(world(math.inf, heard.append, roles=cast))
    logs: dict[str, dict[str, None]] = {name: {} for name in roles}
    for each in heard:
        if each.raw.startswith("[") and each.at is not None:
            logs[each.charger][f"{each.at:%Y-%m-%dT%H:%M:%S.%fZ} {each.charger} {each.raw}"] = None
    return {name: "\n".join(lines) + "\n" for name, lines in logs.items()}


def listed(folder: Path, logs: Mapping[str, str], causes: Mapping[str, str]) -> Path:
    folder.mkdir()
    for name, log in logs.items():
        (folder / f"{name}.log").write_text(log, encoding="utf-8")
    rows = [f"{name}.log,{cause}" for name, cause in causes.items()]
    (folder / "confirmed.csv").write_text("\n".join(["file,cause", *rows]) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def site() -> dict[str, str]:
    tripping = {f"TRIP-{n}": TRIPPING for n in "ABCD"}
    return told({**tripping, "REJECT-E": REJECTING, "GOOD-F": GOOD, "GOOD-G": GOOD})


def test_a_rule_learned_from_three_cases_is_right_about_the_fourth(site: dict[str, str], tmp_path: Path) -> None:
    known = {name: site[name] for name in ("TRIP-A", "TRIP-B", "TRIP-C", "REJECT-E", "GOOD-F")}
    causes = dict.fromkeys(("TRIP-A", "TRIP-B", "TRIP-C"), WET)
    folder = listed(tmp_path / "known", known, {**causes, "REJECT-E": REJECTED, "GOOD-F": "healthy"})
    (tmp_path / "rules").mkdir()
    draft = tmp_path / "rules" / "learned.yaml"

    made = chargelore("rules", "new", "--from", folder, "--cause", WET, "--out", draft)
    assert made.code == 0, made.err
    assert made.json["held_out"]["missed"] == []
    assert chargelore("rules", "test", tmp_path / "rules").json["failed"] == []
    assert chargelore("rules", "lint", tmp_path / "rules", "--least", "error").code == 0

    draft.write_text(draft.read_text().replace("status: draft", "status: stable"), encoding="utf-8")
    unseen = listed(
        tmp_path / "unseen",
        {name: site[name] for name in ("TRIP-D", "GOOD-G")},
        {"TRIP-D": WET, "GOOD-G": "healthy"},
    )
    judged = chargelore("rules", "backtest", tmp_path / "rules", unseen, "--jobs", "1").json
    (row,) = judged["rules"]
    assert (row["rule"], row["right"], row["wrong"], row["missed"]) == ("learned", 1, 0, 0)
    assert row["noise per month"] == ""


def test_healthy_chargers_alone_teach_nothing(site: dict[str, str], tmp_path: Path) -> None:
    logs = {name: site[name] for name in ("GOOD-F", "GOOD-G")}
    folder = listed(tmp_path / "alike", logs, {"GOOD-F": WET, "GOOD-G": "healthy"})
    refused = chargelore("rules", "new", "--from", folder)
    assert refused.code == 1
    assert refused.json["drafted"] is False
