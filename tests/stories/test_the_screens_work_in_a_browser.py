"""Promise: `chargelore serve` gives a browser on this machine the same screens, and nobody else anything."""

from __future__ import annotations

import signal
from asyncio.subprocess import PIPE, create_subprocess_exec
from contextlib import suppress
from pathlib import Path

import pytest
from aiohttp import ClientSession, WSServerHandshakeError
from browsers import PROGRAM, Seen, are_gone, chromium, screens_of, served, tab, until
from playwright.async_api import Page

from chargelore.engine.sources.address import Address
from chargelore.kb.store import Store
from chargelore.tui.browser.server import MOST_TABS, serving

WRITTEN = "Nothing is written here"
TRIES, MISSED = (
    5,
    20.0,
)  # seconds after which a key is taken for lost: the part that it was for did not have the cursor yet


def findings(folder: Path) -> int:
    return recorded(folder / "home" / "events.db")


def recorded(file: Path) -> int:
    with Store.open(file) as store:
        return store.learned().cases


async def opens_the_case(page: Page, seen: Seen) -> None:
    """From the bench to the case of PLAZA-1, by the filter; each key once the one before it is seen to have worked."""
    await page.keyboard.press("/")
    await until(lambda: "!not this" in seen.text, "the filter")
    await page.keyboard.type("plaza")
    await until(lambda: "1 of 8" in seen.text, "the one row")
    await page.keyboard.press("Enter")
    for _ in range(TRIES):
        await page.keyboard.press("Enter")
        with suppress(AssertionError):
            await until(lambda: "Suspects" in seen.text, "the case", MISSED)
            break
    await until(lambda: "Suspects" in seen.text and "Next step" in seen.text, "the case")


async def test_nothing_is_given_to_whoever_lacks_the_token() -> None:
    async with served() as (address, server), ClientSession() as session:
        root, token = address.rstrip("/").rsplit("/", 1)
        for path in ("", "ws", "static/js/textual.js", f"{token[:-1]}/", f"{token[:-1]}/ws", "x/static/js/textual.js"):
            async with session.get(f"{root}/{path}") as answer:
                assert (answer.status, "without the token" in await answer.text()) == (403, True)
        with pytest.raises(WSServerHandshakeError, match="403"):
            await session.ws_connect(f"{root}/{token[::-1]}/ws")
        assert screens_of(server) == []


async def test_nothing_is_given_to_pages_of_strangers_nor_under_their_names() -> None:
    async with served() as (address, server), ClientSession() as session:
        for headers in ({"Host": "evil.example"}, {"Origin": "http://evil.example"}, {"Origin": "null"}):
            for what in ("", "static/js/textual.js"):
                async with session.get(address + what, headers=headers) as answer:
                    assert answer.status == 403
            with pytest.raises(WSServerHandshakeError, match="403"):
                await session.ws_connect(f"{address}ws", headers=headers)
        assert screens_of(server) == []


async def test_the_page_takes_everything_from_here_and_is_framed_by_nobody() -> None:
    async with served() as (address, _), ClientSession() as session:
        async with session.get(address) as answer:
            assert answer.status == 200
            assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
            assert "https://" not in await answer.text()
        for path, status in (("static/js/textual.js", 200), ("static/../server.py", 404), ("static/none", 404)):
            async with session.get(address + path) as answer:
                assert answer.status == status


async def test_by_default_a_key_that_writes_is_refused_and_says_so(tmp_path: Path) -> None:
    async with served("--demo") as (address, _), ClientSession() as session, tab(session, address) as screens:
        await screens.sees("READ-ONLY")
        await screens.types("r")
        await screens.sees(WRITTEN)
    assert findings(tmp_path) == 0


async def test_each_tab_is_a_process_that_ends_with_it() -> None:
    async with served() as (address, server), ClientSession() as session:
        async with tab(session, address) as one, tab(session, address) as other:
            await one.sees("Bench")
            await other.sees("Bench")
            processes = screens_of(server)
            assert len(processes) >= 2
        await are_gone(processes)
        assert server.returncode is None


async def test_words_that_make_no_sense_leave_the_tab_as_it_is() -> None:
    async with served() as (address, _), ClientSession() as session, tab(session, address) as screens:
        await screens.sees("Bench")
        for nonsense in ("", "{", "[]", "[7]", '["stdin"]', '["resize", {"width": -1}]', '["resize", []]', "[" * 9999):
            await screens.says(nonsense)
        await screens.types("?")
        await screens.sees("Keys of Bench")


async def test_ctrl_c_ends_the_server_and_all_tabs() -> None:
    async with served() as (address, server), ClientSession() as session, tab(session, address) as screens:
        await screens.sees("Bench")
        processes = screens_of(server)
        server.send_signal(signal.SIGINT)
        assert await server.wait() == 0
        await are_gone(processes)
        await until(lambda: screens.websocket.closed)


async def test_tabs_leave_when_their_server_was_killed() -> None:
    async with served() as (address, server), ClientSession() as session, tab(session, address) as screens:
        await screens.sees("Bench")
        processes = screens_of(server)
        server.kill()
        await server.wait()
        await are_gone(processes)


async def test_there_are_only_so_many_tabs_and_what_hangs_is_ended() -> None:
    async with serving(("sleep", "3600"), Address("127.0.0.1", 0), "token") as address, ClientSession() as session:
        for _ in range(MOST_TABS):
            await session.ws_connect(f"{address}ws")
        with pytest.raises(WSServerHandshakeError, match="503"):
            await session.ws_connect(f"{address}ws")
        async with session.get(address) as answer:
            assert "Close one" in await answer.text()


@pytest.mark.parametrize("where", ["busy", "127.0.0.1:99999", "nonsense", "192.0.2.1:8023"])
async def test_where_it_cannot_listen_is_told_in_a_sentence(where: str) -> None:
    async with served() as (address, _):
        place = address.split("/")[2] if where == "busy" else where
        other = await create_subprocess_exec(PROGRAM, "serve", "--listen", place, stdout=PIPE, stderr=PIPE)
        out, err = await other.communicate()
    assert (other.returncode, out, err.decode().count("\n")) == (2, b"", 1)
    assert place in err.decode()


async def test_a_case_is_worked_through_by_keys_in_chromium_and_nothing_is_written(tmp_path: Path) -> None:
    async with served("--demo") as (address, _), chromium(address) as (page, seen, asked):
        await until(lambda: "▲" in seen.text and "PLAZA-1" in seen.text, "a fault")
        await opens_the_case(page, seen)
        await page.keyboard.press("x")
        await until(lambda: "For it" in seen.text, "the reasons")
        picture = await page.screenshot(path=str(tmp_path / "why.png"))
        seen.forgets()
        await page.keyboard.press("Escape")
        await until(lambda: "Suspects" in seen.text, "the case again")
        await page.keyboard.press("r")
        await until(lambda: WRITTEN in seen.text, "the refusal")
        assert len(picture) > 10_000
        assert all(each.startswith(address) for each in asked)
    assert findings(tmp_path) == 0


async def test_with_write_a_finding_from_chromium_is_in_the_store(tmp_path: Path) -> None:
    kept = tmp_path / "kept.db"
    async with (
        served("--demo", "--write", "--db", str(kept)) as (address, _),
        chromium(address) as (page, seen, _asked),
    ):
        await until(lambda: "▲" in seen.text and "PLAZA-1" in seen.text, "a fault")
        assert "READ-ONLY" not in seen.text
        await opens_the_case(page, seen)
        await page.keyboard.press("r")
        await until(lambda: "What fixed it?" in seen.text, "the form")
        await page.keyboard.press("Control+s")
        await until(lambda: "Recorded" in seen.text, "the finding")
    assert (recorded(kept), findings(tmp_path)) == (1, 0)


async def test_an_address_without_its_last_letter_leads_to_the_page_and_a_wrong_token_does_not() -> None:
    async with serving(("sleep", "3600"), Address("127.0.0.1", 0), "token") as address, ClientSession() as session:
        async with session.get(address.removesuffix("/")) as found:
            assert (found.status, str(found.url)) == (200, address)
        async with session.get(address.replace("token", "other").removesuffix("/")) as refused:
            assert refused.status == 403
