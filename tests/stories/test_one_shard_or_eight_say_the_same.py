"""A log of many chargers may be dealt to several processes: the answer is the same to the byte, and so is a replay."""

from __future__ import annotations

from pathlib import Path

import pytest
from fleet_log import fleet_log
from shell import Said, chargelore


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("fleet") / "fleet.log"
    file.write_text(fleet_log(chargers=12, lines=600))
    return file


@pytest.fixture(scope="module")
def once(log: Path) -> Said:
    return chargelore("triage", log, "--format", "json")


def test_a_replay_with_one_shard_says_the_same_bytes(log: Path, once: Said) -> None:
    assert once.code == 1
    assert len({each["charger"]["id"] for each in once.json["cases"]}) > 6
    assert chargelore("triage", log, "--format", "json", "--shards", "1").out == once.out


def test_eight_shards_say_the_same_bytes_twice(log: Path, once: Said) -> None:
    for _ in range(2):
        said = chargelore("triage", log, "--format", "json", "--shards", "8")
        assert (said.code, said.out, said.err) == (once.code, once.out, "")


def test_the_plain_chainer_says_the_same_bytes_as_the_child_of_inference(log: Path, once: Said) -> None:
    assert chargelore("triage", log, "--format", "json", "--inference", "chain").out == once.out


def test_chargers_of_one_site_are_judged_together_in_any_number_of_shards(log: Path, tmp_path: Path) -> None:
    places = tmp_path / "places.yaml"
    stands = "".join(f"  CP-{number}: {{site: s{number % 3}, feeder: A}}\n" for number in range(11))
    places.write_text(f"chargers:\n{stands}")
    arguments = ("triage", log, "--format", "json", "--places", places)
    alone = chargelore(*arguments)
    assert any("feeder" in str(each) or "site" in str(each) for each in alone.json["cases"])
    assert chargelore(*arguments, "--shards", "4").out == alone.out


def test_shards_read_stdin_like_a_file(log: Path, once: Said) -> None:
    said = chargelore("triage", "-", "--format", "json", "--shards", "2", stdin=log.read_bytes())
    assert said.json["cases"] == once.json["cases"]


def test_a_file_that_is_not_there_is_told_once_however_many_shards_wait_for_it(tmp_path: Path) -> None:
    said = chargelore("triage", tmp_path / "missing.log", "--shards", "8")
    assert said.code == 2
    assert len(said.err.strip().splitlines()) == 1
