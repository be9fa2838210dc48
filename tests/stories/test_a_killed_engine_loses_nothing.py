"""Whatever is killed or away behind a watch: the wire goes on, no case is lost or told twice, signals are kept once."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from peers import csms
from shell import chargelore
from watched import answers, charger, killed, over, running, statuses, stored

from chargelore.engine.relay.kept import signal_of
from chargelore.kb.home import home
from chargelore.kb.kept import KeptSignal

CHARGERS, MESSAGES = 5, 40
NAMES = [f"CP-{number}" for number in range(CHARGERS)]


def uids(rows: list[KeptSignal], kind: str) -> Counter[str]:
    return Counter(str(signal_of(each).fields["uid"]) for each in rows if each.kind == kind)


def once_each(names: list[str], count: int) -> Counter[str]:
    return Counter(f"{name}-{number}" for name in names for number in range(count))


async def test_an_engine_killed_again_and_again_costs_no_case_and_no_signal() -> None:
    async with running() as watch:
        address = await watch.address()
        driven = asyncio.gather(*(charger(address, name, statuses(name, MESSAGES), 0.05) for name in NAMES))
        pid = 0
        for _ in range(2):
            pid = await watch.engine(other_than=pid)
            await asyncio.sleep(0.5)
            killed(pid)
        await driven
        await watch.tells(CHARGERS)
        code = await watch.ends()
    assert code == 1
    assert watch.said.count("the engine was ended by SIGKILL; the wire goes on, it is started again") == 2
    assert "2 engine restarts" in watch.said
    assert "Traceback" not in watch.said
    opened = Counter(each["case"] for each in watch.lines if each["event"] == "opened")
    assert opened == Counter(f"{name}-1" for name in NAMES)
    said = [(each["case"], each["event"], json.dumps(each["hypotheses"])) for each in watch.lines]
    assert len(said) == len(set(said))
    rows = stored()
    assert uids(rows, "status") == once_each(NAMES, MESSAGES)
    assert uids(rows, "orphan") == once_each(NAMES, MESSAGES)
    assert Counter(each.kind for each in rows)["code"] == CHARGERS
    assert len({(each.run, each.seq, each.part) for each in rows}) == len(rows)
    told = json.loads(chargelore("triage", "-", "--format", "json", stdin=listed().encode()).out)
    first = {each["charger"]["id"]: each["hypotheses"][0]["fault"] for each in told["cases"]}
    assert (told["input"]["format"], told["input"]["unreadable"]) == ("signals", 0)
    assert first == dict.fromkeys(NAMES, "ground-fault-trip")


def listed() -> str:
    return chargelore("signals", "--format", "json").out


async def test_a_watch_killed_as_a_whole_goes_on_from_its_journal_and_tells_nothing_twice() -> None:
    said = statuses("CP-1", 20)
    async with csms(answers) as upstream:
        async with over(upstream) as first:
            await charger(await first.address(), "CP-1", said[:15])
            await first.tells(1)
            await asyncio.sleep(1)  # until it is written down that it was told
            engine = await first.engine()
            killed(first.process.pid)
            await gone(engine)
        async with over(upstream) as second:
            await charger(await second.address(), "CP-1", said[15:])
            await second.ends()
    assert [each["event"] for each in first.lines] == ["opened"]
    assert "opened" not in [each["event"] for each in second.lines]
    assert "goes on with 1 charger and 1 case" in second.said
    assert uids(stored(), "status") == once_each(["CP-1"], 20)


async def gone(pid: int) -> None:
    """The engine ends by itself when its parent is gone."""
    while Path(f"/proc/{pid}").exists() and "zombie" not in Path(f"/proc/{pid}/status").read_text():
        await asyncio.sleep(0.05)


async def test_a_store_that_is_locked_for_a_while_gets_all_of_it_later(tmp_path: Path) -> None:
    db = str(tmp_path / "store.db")
    async with running("--db", db) as watch:
        address = await watch.address()
        await charger(address, "CP-1", statuses("CP-1", 2))
        while not Path(db).exists() or not stored(db):
            await asyncio.sleep(0.1)
        with closing(sqlite3.connect(db, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            await charger(address, "CP-2", statuses("CP-2", 10))
            await watch.says("the store takes no signals")
            other.execute("ROLLBACK")
        await watch.says("the store takes signals again")
        await watch.ends()
    assert uids(stored(db), "status") == once_each(["CP-1"], 2) + once_each(["CP-2"], 10)


async def test_a_folder_that_cannot_be_written_is_told_and_the_engine_goes_on_without() -> None:
    home().mkdir(parents=True)
    (home() / "watch").write_text("a file where a folder should be")
    async with running() as watch:
        await charger(await watch.address(), "CP-1", statuses("CP-1", 8))
        await watch.says("cannot be journaled")
        await watch.tells(1)
        await watch.ends()
    assert "signals in no journal" in watch.said
    assert "Traceback" not in watch.said
    assert watch.lines[0]["hypotheses"][0]["fault"] == "ground-fault-trip"


@pytest.mark.parametrize(
    "arguments", [("--rules", "no-such-folder"), ("--places", "no-such-file.yaml"), ("--db", "mysql://nowhere/x")]
)
def test_what_only_the_engine_can_refuse_is_one_sentence_too(arguments: tuple[str, ...]) -> None:
    said = chargelore("watch", "--tap", "127.0.0.1:0", "--upstream", "ws://127.0.0.1:1", *arguments)
    told = [line for line in said.err.strip().splitlines() if "all goes on to" not in line]
    assert said.code == 2
    assert len(told) == 1
