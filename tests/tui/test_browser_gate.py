"""Who comes in from a browser, and what of its words is heard."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chargelore.tui.browser.gate import Gate, is_loopback
from chargelore.tui.browser.spoken import KINDS, MOST_COLUMNS, MOST_ROWS, Resized, Typed, spoken

GATE = Gate("right-token", "127.0.0.1")
HERE = "127.0.0.1:8023"


@pytest.mark.parametrize("path", ["/right-token/", "/right-token/ws", "/right-token/static/js/textual.js"])
@pytest.mark.parametrize("origin", [None, f"http://{HERE}"])
def test_whoever_has_the_token_comes_in(path: str, origin: str | None) -> None:
    assert GATE.refusal(path, HERE, origin) == ""


@pytest.mark.parametrize(
    "path", ["", "/", "/ws", "/static/js/textual.js", "/right-toke/", "/right-token2/", "//right-token/"]
)
def test_whoever_has_not_the_token_stays_out(path: str) -> None:
    assert "token" in GATE.refusal(path, HERE, None)


@given(st.text())
def test_no_other_text_is_the_token(token: str) -> None:
    assert bool(GATE.refusal(f"/{token}", HERE, None)) is (token.partition("/")[0] != "right-token")


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "", f"https://{HERE}", "http://127.0.0.1:9999"])
def test_the_page_of_another_site_stays_out_though_it_had_the_token(origin: str) -> None:
    assert "another site" in GATE.refusal("/right-token/ws", HERE, origin)


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8023", "127.0.0.1.evil.example", "localhost@evil.example", "", "[::1", "127.1"],
)
def test_a_name_that_was_made_to_lead_here_stays_out(host: str) -> None:
    assert "by this name" in GATE.refusal("/right-token/", host, None)


@pytest.mark.parametrize("host", ["localhost:9000", "LOCALHOST", "[::1]:8023", "192.168.1.5:8023"])
def test_this_machine_and_numbers_may_name_it(host: str) -> None:
    assert GATE.refusal("/right-token/", host, f"http://{host}") == ""


def test_the_name_that_it_listens_by_may_name_it() -> None:
    assert Gate("right-token", "Van.local").refusal("/right-token/", "van.local:8023", None) == ""


@pytest.mark.parametrize("name", ["127.0.0.1", "127.9.9.9", "::1", "localhost"])
def test_loopback_is_what_only_this_machine_reaches(name: str) -> None:
    assert is_loopback(name)


@pytest.mark.parametrize("name", ["0.0.0.0", "::", "192.168.1.5", "van.local", ""])  # noqa: S104  # read, not bound
def test_everything_else_is_reached_by_others(name: str) -> None:
    assert not is_loopback(name)


@given(st.text() | st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists).map(json.dumps))
def test_any_message_is_heard_or_left_out(text: str) -> None:
    spoken(text)


@given(st.sampled_from(sorted(KINDS)), st.recursive(st.none() | st.integers() | st.floats() | st.text(), st.lists))
def test_any_body_is_heard_or_left_out(kind: str, body: object) -> None:
    spoken(json.dumps([kind, body]))


@given(st.integers(), st.integers())
def test_no_window_is_larger_than_screens_are(width: int, height: int) -> None:
    said = spoken(json.dumps(["resize", {"width": width, "height": height}]))
    assert isinstance(said, Resized)
    assert 1 <= said.columns <= MOST_COLUMNS
    assert 1 <= said.rows <= MOST_ROWS


def test_half_a_character_breaks_nothing() -> None:
    assert spoken('["stdin", "a\\ud800"]') == Typed(b"a?")


def test_what_is_nested_without_end_is_left_out() -> None:
    assert spoken("[" * 100_000) is None
