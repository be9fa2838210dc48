"""What names a person, a card, a vehicle or a device is in no output, no export and no file of the data folder.

Every command is in one of the lists below; a new one is planted with secrets, or it is said why it sees none.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import planted
import pytest
from shell import Said, chargelore

from chargelore.engine.door import naming_nobody
from chargelore.engine.grammar.rule import SHIPPED
from chargelore.kb.export.formats import FORMATS
from chargelore.kb.finding import Finding
from chargelore.kb.store import Store
from chargelore.tui.cli import chargelore as program
from chargelore.tui.live import key_at_hand

RECORDINGS = Path(__file__).parents[2] / "docs" / "first-rule" / "recordings"
RULE = "ground-fault-at-plug-in"
# Commands that read what chargers, systems and people say; FILE is a log, FOLDER holds confirmed recordings.
READING: dict[str, tuple[str, ...]] = {
    "triage": ("FILE",),
    "report layers": ("FILE",),
    "report reportability": ("FILE", "--learn"),
    "rules explain": (RULE, "FILE"),
    "rules why-not": (RULE, "FILE"),
    "rules backtest": ("RULES", "FOLDER"),
    "rules new": ("--from", "FOLDER", "--cause", "mains-noise-reaches-pilot"),
    "escalate": ("FILE", "--tlp", "RED", "--record"),
    "finding": ("CP-1-1", "--log", "FILE", "--note", " ".join(planted.words())),
    "hand": ("CP-1-1", "--log", "FILE", "--said", " ".join(planted.words()), "--by", "driver"),
    "watch": ("--follow", "-", "--charger", "CP-1"),
}
# Commands that show what the data folder holds by then.
SHOWING: dict[str, tuple[str, ...]] = {
    "signals": (),
    "report layers": (),
    "report reportability": (),
    "report ball": (),
    "report metrics": (),
    "kb gaps": (),
    "kb log": ("ground-fault-trip",),
    "rules scorecard": (),
    "answer": (),
}
EXPORTS = tuple(sorted(FORMATS))
# Why the others see nothing that a charger said.
OTHERS = {
    "lookup": "shows what was asked for, and keeps it past the door (tests/tui/test_gaps.py)",
    "map": "reads a table of codes that a maker published",
    "rules diff": "as `rules backtest`, for two folders of rules",
    "rules lint": "reads rules",
    "rules mutate": "reads rules",
    "rules schema": "prints a schema",
    "rules test": "reads rules",
    "rules tune": "reads recordings as `rules new` does, and prints numbers",
    "kb at": "shows events, as `kb log` does",
    "kb blame": "shows events, as `kb log` does",
    "kb check": "reads knowledge",
    "kb diff": "reads two releases",
    "kb dispute": "keeps what a person says of knowledge",
    "kb ids": "lists knowledge",
    "kb export": "see EXPORTS",
    "kb grant": "keeps a right",
    "kb import": "reads a table of codes that a maker published",
    "kb merge": "reads events",
    "kb rebuild": "counts events",
    "kb revert": "keeps what a person says of an event",
    "kb regress": "prints ids and causes of confirmed cases",
    "kb review": "keeps what a person says of knowledge",
    "kb same": "keeps what a person says of knowledge",
    "kb send": "writes events, as `kb log` shows them",
    "kb stats": "reads knowledge",
    "kb unmerge": "keeps what a person says of knowledge",
    "report apart": "reads knowledge",
    "report coverage": "reads knowledge",
    "report telemetry": "replays what was learned, and prints numbers",
    "kb proposals": "shows links of the knowledge, and counts",
    "bench": "hears chargers through the sources of a watch; answers pass the door (tests of the bench)",
    "keys": "prints the keys of the screens",
    "demo": "chargers of our own making",
    "replay": "plays a log through the door of a watch, as the screens of `watch` do (tests/tui/test_replay.py)",
    "serve": "shows what the screens show (tests/tui/test_browser_gate.py says to whom)",
}


def commands(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[str]:
    if not isinstance(command, click.Group):
        yield " ".join(path)
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        found = command.get_command(context, name)
        assert found is not None
        yield from commands(found, (*path, name))


def test_every_command_is_planted_or_it_is_said_why_not() -> None:
    assert set(commands(program)) == {*READING, *SHOWING, *OTHERS}


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A log full of secrets, and a folder of confirmed recordings that are too."""
    said = [*planted.words(), *(f"received {each}" for each in planted.frames())]
    lines = [f"2031-05-01 10:00:{second:02},000 INFO ocpp CP-1: {each}\n" for second, each in enumerate(said[:59])]
    log, folder = tmp_path / "planted.log", tmp_path / "recordings"
    log.write_text("".join(lines), encoding="utf-8")
    shutil.copytree(RECORDINGS, folder)
    (tmp_path / "rules" / "signals").mkdir(parents=True)
    (rule,) = (SHIPPED / "signals").rglob(f"{RULE}.yaml")
    shutil.copy(rule, tmp_path / "rules" / "signals")
    for each in folder.glob("*.log"):
        with each.open("a", encoding="utf-8") as out:
            out.writelines(lines)
    return log, folder


def told(command: str, arguments: tuple[str, ...], files: tuple[Path, Path], *more: str) -> Said:
    log, folder = files
    places = {"FILE": str(log), "FOLDER": str(folder), "RULES": str(folder.parent / "rules")}
    given = [places.get(each, each) for each in arguments]
    text = log.read_bytes() if "-" in arguments else b""
    return chargelore(*command.split(), *given, *more, stdin=text)


def kept() -> dict[str, set[str]]:
    """Every file of the data folder in which a secret can be found."""
    home = Path(os.environ["CHARGELORE_HOME"])
    found = {
        str(each.relative_to(home)): planted.leaks(each.read_bytes()) for each in home.rglob("*") if each.is_file()
    }
    return {name: secrets for name, secrets in found.items() if secrets}


@pytest.mark.parametrize("form", ["json", "table"])
@pytest.mark.parametrize("command", READING)
def test_nothing_planted_is_printed_or_kept_by_a_command_that_reads(
    command: str, form: str, files: tuple[Path, Path]
) -> None:
    said = told(command, READING[command], files, "--format", form)
    assert said.code in (0, 1), said.err
    assert said.out.strip()
    assert planted.leaks(said.out) == set()
    assert planted.leaks(said.err) == set()
    assert kept() == {}


def test_nothing_planted_is_shown_or_exported_of_what_was_kept(files: tuple[Path, Path], tmp_path: Path) -> None:
    for command in ("watch", "report reportability", "hand"):
        assert told(command, READING[command], files, "--format", "json").code in (0, 1)
    for some in planted.WORDS.values():
        assert chargelore("lookup", f"Zzyzx {some[0]}").code in (0, 1)
    with Store.open() as store:
        note = naming_nobody(" ".join(planted.words()), key_at_hand())
        store.record_finding(Finding(case="CP-1-1", fault="ground-fault-trip", cause="unknown", note=note))  # type: ignore[arg-type]  # ids
    for command, arguments in SHOWING.items():
        said = told(command, arguments, files, "--format", "json")
        assert said.code in (0, 1), said.err
        assert planted.leaks(said.out + said.err) == set(), command
    for form in EXPORTS:
        out = tmp_path / f"export-{form}"
        said = chargelore("kb", "export", "--format", form, "--audience", "amber", "--out", str(out))
        assert said.code == 0, said.err
        for each in [out] if out.is_file() else [each for each in out.rglob("*") if each.is_file()]:
            assert planted.leaks(each.read_bytes()) == set(), each
    assert kept() == {}


def test_the_data_folder_was_looked_at(files: tuple[Path, Path]) -> None:
    """The search above would find what somebody wrote without the door."""
    home = Path(os.environ["CHARGELORE_HOME"])
    home.mkdir(parents=True, exist_ok=True)
    (home / "left.json").write_text(json.dumps({"idTag": planted.CARD}), encoding="utf-8")
    assert kept() == {"left.json": {"card"}}
