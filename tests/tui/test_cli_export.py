"""`chargelore kb export` and `kb diff`: whole folders or none, and exit codes that a script can trust."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from chargelore.kb.errors import ChargeloreError, InputError, UseError
from chargelore.kb.release import MANIFEST
from chargelore.tui.cli.knowing.folder import write_folder
from chargelore.tui.cli.knowing.kb import kb

OLD = """\
sources: [{id: own, title: Own, licence: Apache-2.0}]
faults:
  - {id: trip, label: Trips, domain: safety, definition: It trips., responsible: [cso]}
  - {id: gone, label: Goes, domain: safety, definition: It goes., responsible: [cso]}
"""
NEW = OLD.replace("Trips", "Trips now").replace(OLD.splitlines()[-1] + "\n", "")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHARGELORE_HOME", str(tmp_path / "home"))


def run(*arguments: object) -> Result:
    return CliRunner().invoke(kb, [str(each) for each in arguments], standalone_mode=False, catch_exceptions=False)


def knowledge(tmp_path: Path, name: str, text: str) -> Path:
    place = tmp_path / name
    place.mkdir()
    (place / "all.yaml").write_text(text)
    return place


def export(tmp_path: Path, name: str, text: str, *more: object) -> dict[str, Any]:
    source = knowledge(tmp_path, f"{name}-yaml", text)
    done = run("export", "--format", "csv", "--audience", "clear", "--from", source, "--out", tmp_path / name, *more)
    assert done.return_value == 0
    told: dict[str, Any] = json.loads(done.output)
    return told


def test_an_export_says_where_it_is_and_what_it_holds(tmp_path: Path) -> None:
    told = export(tmp_path, "one", OLD)
    assert (told["folder"], told["version"], told["audience"]) == (str(tmp_path / "one"), "1.0.0", "TLP:CLEAR")
    assert json.loads((tmp_path / "one" / MANIFEST).read_text())["format"] == "csv"
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".")] == []


def test_the_version_follows_from_what_changed(tmp_path: Path) -> None:
    export(tmp_path, "one", OLD, "--release", "2.3.4")
    told = export(tmp_path, "two", NEW, "--diff", tmp_path / "one")
    assert told["version"] == "3.0.0"
    assert [(each["what"], each["id"]) for each in told["changes"]] == [("removed", "gone"), ("renamed", "trip")]


def test_two_exports_are_compared_with_exit_one_when_they_differ(tmp_path: Path) -> None:
    export(tmp_path, "one", OLD)
    export(tmp_path, "two", NEW)
    done = run("diff", tmp_path / "one", tmp_path / "two", "--format", "json")
    assert done.return_value == 1
    assert json.loads(done.output)["next"] == "2.0.0"
    assert run("diff", tmp_path / "one", tmp_path / "one").return_value == 0


def test_an_export_is_compared_with_a_folder_of_knowledge(tmp_path: Path) -> None:
    export(tmp_path, "one", OLD)
    assert run("diff", tmp_path / "one", tmp_path / "one-yaml").return_value == 0
    assert run("diff", "shipped", "shipped").return_value == 0


def test_a_person_reads_the_changes_in_a_table(tmp_path: Path) -> None:
    old, new = knowledge(tmp_path, "old", OLD), knowledge(tmp_path, "new", NEW)
    text = run("diff", old, new, "--format", "table").output
    assert "next version: 2.0.0" in text
    assert "Trips now" in text


def test_exports_for_different_audiences_are_not_compared(tmp_path: Path) -> None:
    export(tmp_path, "one", OLD)
    run("export", "--format", "csv", "--audience", "amber", "--from", tmp_path / "one-yaml", "--out", tmp_path / "two")
    with pytest.raises(UseError, match="different audiences"):
        run("diff", tmp_path / "one", tmp_path / "two")
    with pytest.raises(UseError, match="TLP:AMBER"):
        export(tmp_path, "three", OLD, "--diff", tmp_path / "two")


def test_an_older_export_makes_way(tmp_path: Path) -> None:
    export(tmp_path, "one", OLD)
    run("export", "--format", "yaml", "--audience", "clear", "--from", tmp_path / "one-yaml", "--out", tmp_path / "one")
    assert not (tmp_path / "one" / "codes.csv").exists()
    assert (tmp_path / "one" / "sources.yaml").exists()


def test_a_folder_that_is_no_export_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    with pytest.raises(UseError, match="no export of ours"):
        export(tmp_path, "mine", OLD)
    assert (tmp_path / "mine" / "letter.txt").read_text() == "dear"


def test_a_write_that_fails_half_way_leaves_the_older_export_whole(tmp_path: Path) -> None:
    export(tmp_path, "one", OLD)
    before = {each.name: each.read_bytes() for each in (tmp_path / "one").iterdir()}
    with pytest.raises(UseError, match="cannot be written"):
        write_folder(tmp_path / "one", {"a.csv": b"", "x" * 300: b"", MANIFEST: b"{}"})
    assert {each.name: each.read_bytes() for each in (tmp_path / "one").iterdir()} == before
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".")] == []


def test_an_inventory_that_was_changed_is_refused(tmp_path: Path) -> None:
    export(tmp_path, "one", OLD)
    (tmp_path / "one" / "INVENTORY.json").write_text("{}")
    with pytest.raises(InputError, match="not the file that the manifest names"):
        run("diff", tmp_path / "one", "shipped")


@pytest.mark.parametrize("text", ["", "[]", "[" * 5000, '{"files": 3}', '{"files": {"INVENTORY.json": []}}'])
def test_a_broken_manifest_is_told_in_a_sentence(tmp_path: Path, text: str) -> None:
    export(tmp_path, "one", OLD)
    (tmp_path / "one" / MANIFEST).write_text(text)
    with pytest.raises(ChargeloreError):
        run("diff", tmp_path / "one", "shipped")


@pytest.mark.parametrize("version", ["1", "1.2", "v1.2.3", "1.2.3-rc1", "-1.0.0"])
def test_a_version_that_is_none_is_refused_before_anything_is_written(tmp_path: Path, version: str) -> None:
    with pytest.raises(InputError, match="is no version"):
        export(tmp_path, "one", OLD, f"--release={version}")
    assert not (tmp_path / "one").exists()


def test_a_folder_that_is_not_there_is_told_with_a_cure() -> None:
    with pytest.raises(InputError, match="name an export"):
        run("diff", "nowhere", "shipped")


@pytest.mark.parametrize("sides", [("none", "shipped"), ("shipped", "none")])
def test_a_folder_without_knowledge_is_not_compared(tmp_path: Path, sides: tuple[str, str]) -> None:
    (tmp_path / "none").mkdir()
    (tmp_path / "none" / "letter.txt").write_text("dear")
    (tmp_path / "none" / "empty.yaml").write_text("")
    with pytest.raises(InputError, match="holds no knowledge — name an export"):
        run("diff", *(tmp_path / each if each == "none" else each for each in sides))
