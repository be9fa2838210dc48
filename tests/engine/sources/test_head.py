"""Head: only what has to change of an HTTP head changes; all else is written as it was read."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chargelore.engine.sources.head import Head

LINE = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), min_size=1, max_size=30)


@given(LINE, st.lists(LINE, max_size=8))
def test_a_head_is_written_as_it_was_read(first: str, lines: list[str]) -> None:
    raw = "\r\n".join([first, *lines, "", ""]).encode("latin-1")
    assert Head.read(raw).written() == raw


@given(st.lists(st.tuples(st.sampled_from(["Host", "hOST", "X-A", "Accept"]), LINE), max_size=6))
def test_a_header_is_replaced_where_it_stood_and_others_stay(headers: list[tuple[str, str]]) -> None:
    raw = "".join(f"{name}: {value}\r\n" for name, value in [("GET / HTTP/1.1\r\nX", "0"), *headers])
    head = Head.read(f"{raw}\r\n".encode("latin-1")).having("host", "csms")
    assert head.values("HOST") == ["csms"]
    for name in ("X-A", "Accept"):
        assert head.values(name) == [value.strip(" ") for other, value in headers if other == name]


def test_a_path_of_any_bytes_is_put_behind_another() -> None:
    head = Head.read(b"GET /C\xc3\xbc 1?x=%20 HTTP/1.1\r\nHost: a\r\n\r\n")
    assert head.path == "/C\xc3\xbc 1?x=%20"
    assert head.behind("/ocpp").lines[0] == b"GET /ocpp/C\xc3\xbc 1?x=%20 HTTP/1.1\r"


def test_what_is_no_request_and_no_answer_is_neither() -> None:
    for raw in (b"\r\n\r\n", b"GET\r\n\r\n", b"GET /\r\n\r\n", b"HTTP/1.1 999 x\r\n\r\n", b"HTTP/1.1\r\n\r\n"):
        head = Head.read(raw)
        assert (head.method, head.path, head.status, head.reason) == ("", "", 0, "")


def test_an_answer_without_a_reason_is_one() -> None:
    assert [Head.read(raw).status for raw in (b"HTTP/1.1 204\r\n\r\n", b"HTTP/1.0 401 No way\r\n\r\n")] == [204, 401]
