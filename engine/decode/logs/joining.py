"""Which lines belong together: frames wrapped by a logger or a terminal, JSON printed over many lines, broken heads."""

from __future__ import annotations

import re
from typing import NamedTuple

from chargelore.engine.decode.jsonish import mended
from chargelore.engine.decode.logs.feed import Feed
from chargelore.engine.decode.logs.layout import Layout, any_head
from chargelore.engine.decode.logs.record import Head
from chargelore.engine.decode.logs.wrapping import peeled, uncoloured
from chargelore.engine.decode.scan import START, messages_in

MAX_JOINED = 262_144  # characters
_MEMBER = re.compile(r'\s*(?:["\'}\]]|[\w.-]+"?\s*[:=])')
_OPENS = re.compile(r'(?:(?P<object>\{)|(?P<frame>\[)|(?P<begun>\[\s*"?[2-6]"?\s*,))\s*\Z')
_FOLLOWS = {"object": _MEMBER, "frame": re.compile(r'\s*"?[2-6]"?\s*,'), "begun": re.compile(r'\s*["\d]')}


class Joined(NamedTuple):
    """A text put together from this line and `taken` of the next ones."""

    text: str
    taken: int


def whole_head(text: str, layout: Layout, feed: Feed) -> str:
    """The line, with the next one where its head is only half there."""
    if layout.unfinished is None or not layout.unfinished.search(text):
        return text
    following = next(feed.ahead(), None)
    if following is None:
        return text
    feed.skip(1)
    return f"{text.rstrip()} {peeled(uncoloured(following.text))[1].lstrip()}"


def whole_frame(text: str, head: Head, layout: Layout, feed: Feed) -> str:
    """The line, with the lines that finish the frame it leaves open; the line alone where none do."""
    joined = _followed(text, head, layout, feed)
    feed.skip(joined.taken)
    return joined.text


def _followed(text: str, head: Head, layout: Layout, feed: Feed) -> Joined:
    """Lines with the very same head always belong to the frame; bare lines only if the frame closes in them."""
    front = text[: head.length]
    best, joined = Joined(text, 0), text
    for count, line in enumerate(feed.ahead(), 1):
        more = _continuation(peeled(uncoloured(line.text))[1], front, layout)
        if more is None or len(joined) > MAX_JOINED:
            break
        joined += more.text
        if "]" in more.text and _closes(joined, head.length):
            return Joined(joined, count)
        if more.taken:
            best = Joined(joined, count)
    return best


def _continuation(text: str, front: str, layout: Layout) -> Joined | None:
    """What the next line adds to an open frame (`taken` 1 if its head is the same), None where it is a new record."""
    if front and text.startswith(front):
        rest = text[len(front) :]
        return None if START.search(rest) else Joined(rest, 1)
    if START.search(text) or layout.head.match(text) or any_head(text).stamp:
        return None
    return Joined(text.strip("\r\n").lstrip(), 0)


def _closes(text: str, position: int) -> bool:
    found = list(messages_in(text, position))
    return bool(found) and not found[-1].open


def whole_body(text: str, layout: Layout, feed: Feed) -> str:
    """The line, with the lines of the JSON that it opens at its end: `{`, or the beginning of a frame."""
    opened = _OPENS.search(text)
    following = next(feed.ahead(), None) if opened else None
    if opened is None or following is None or not _FOLLOWS[opened.lastgroup or ""].match(following.text):
        return text
    joined = text.rstrip()
    for count, line in enumerate(feed.ahead(), 1):
        if layout.head.match(line.text) or len(joined) > MAX_JOINED:
            feed.skip(count - 1)
            return joined
        joined += " " + line.text.strip()
        if line.text.rstrip(" ,;")[-1:] in ("}", "]") and _is_closed(joined, opened.start()):
            break
    feed.skip(count)
    return joined


def _is_closed(text: str, start: int) -> bool:
    value = mended(text, start)
    return value is not None and "cut" not in value.marks
