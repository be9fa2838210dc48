"""Where OCPP-J messages hide in a text: anywhere, several in a row, escaped, quoted like Python, cut or elided."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import islice

import msgspec
from msgspec.structs import replace

from chargelore.engine.decode.jsonish import ELISION, Json, mended, strict
from chargelore.engine.decode.message import Message, message_from

START = re.compile(r"""\[\s*(?P<quote>\\*["']?)[2-6](?P=quote)\s*,\s*(?:\\*["']|-?\d|[0-9a-fA-F]{8}-)""")
DOUBLED = re.compile(r'\[\s*(?:"")?[2-6](?:"")?\s*,\s*""[^",]')
_CELL = re.compile(r'(?:[^"]|"")*')
_CLOSING_QUOTE = re.compile(r'(?<!\\)(?:\\\\)*"')
_ELIDED_END = re.compile(r"\](?=['\"]?\s*(?:[\[(]\d+ (?:bytes|chars)|$))")
_SIZE = re.compile(r"""['"]?\s*\[(\d+) bytes""")
_PAIR = r'"(\w+)"\s*:\s*("[^"\\]*"|-?\d+(?:\.\d+)?|true|false|null)\s*'
_LAST_PAIRS = re.compile(rf"(?:{_PAIR},\s*)*{_PAIR}\}}\s*\]\s*\Z")
_ONE_PAIR = re.compile(_PAIR)
_ESCAPED_UNIT = re.compile(r"\\u[0-9a-fA-F]{4}|\\.|.", re.DOTALL)
_TEXTS = json.JSONDecoder(strict=False)
MAX_BROKEN = 100  # frames in one text; after so many it is hostile or hopeless, and only repaired, never hoped for
MAX_ELIDED = 4_096  # characters before and behind the dots; loggers shorten to less than a hundred


class Found(msgspec.Struct, frozen=True):
    """A message and its place in the text. `open` when the text ended before its brackets closed."""

    start: int
    end: int
    message: Message
    open: bool = False


def messages_in(text: str, position: int = 0) -> Iterator[Found]:
    """Every OCPP-J message in the text, in order; lists that are no messages are passed over."""
    patience = MAX_BROKEN
    while start := START.search(text, position):
        found = _at(text, start, hopeful=patience > 0)
        patience -= found is None or bool(found.message.marks)
        position = start.start() + 1 if found is None else found.end
        if found is not None:
            yield found


def _at(text: str, start: re.Match[str], *, hopeful: bool = True) -> Found | None:
    if "\\" in start.group():
        return _escaped(text, start.start())
    if DOUBLED.match(text, start.start()):
        return _doubled(text, start.start())
    whole = strict(text, start.start()) if hopeful else None
    if whole is not None and not _hides_elision(whole, text, start.start()):
        return _found(text, start.start(), whole)
    return _elided(text, start.start()) or _repaired(text, start.start())


def _found(text: str, start: int, json_value: Json) -> Found | None:
    if not isinstance(json_value.value, list):
        return None
    message = message_from(json_value.value, text[start : json_value.end], json_value.marks)
    if message is None:
        return None
    return Found(start, json_value.end, message, open="cut" in json_value.marks and json_value.end == len(text))


def _hides_elision(whole: Json, text: str, start: int) -> bool:
    """Whether what looks like valid JSON has dots in its last text and brackets left over: a logger shortened it."""
    last = whole.value[-1] if isinstance(whole.value, list) and whole.value else None
    if isinstance(last, dict):
        if text.find(ELISION, start, whole.end) < 0:
            return False
        return any(ELISION in key for key in last) or _SIZE.match(text, whole.end) is not None
    return isinstance(last, str) and ELISION in last and text[whole.end : whole.end + 1] in ("}", "]")


def _elided(text: str, start: int) -> Found | None:
    """A message whose middle was replaced by dots: the head is read, and the scalars at its very end."""
    dots = text.find(ELISION, start, start + MAX_ELIDED)
    close = _ELIDED_END.search(text, dots, dots + MAX_ELIDED) if dots >= 0 else None
    if close is None or START.search(text, start + 1, dots):
        return None
    head = mended(text, start, dots)
    if head is None or not isinstance(head.value, list):
        return None
    message = message_from(head.value, text[start : close.end()], (*_without(head.marks, "cut"), "elided"))
    if message is None:
        return None
    return Found(start, close.end(), _with_tail(message, text[dots + 3 : close.end()]))


def _with_tail(message: Message, tail: str) -> Message:
    """The scalars right before the end belong to the outermost object, so they can be trusted."""
    pairs = _LAST_PAIRS.search(tail)
    if pairs is None or message.error:
        return message
    said = {key: json.loads(value) for key, value in _ONE_PAIR.findall(pairs.group())}
    return replace(message, payload={**message.payload, **said})


def _repaired(text: str, start: int) -> Found | None:
    """A message that is not valid JSON; it ends where the next one starts at the latest."""
    following = START.search(text, start + 1)
    value = mended(text, start, following.start() if following else None)
    return None if value is None else _found(text, start, value)


def _escaped(text: str, start: int) -> Found | None:
    """A message inside a JSON text (`"msg":"[2,\\"1\\",…]"`): unescape up to the closing quote, then read that."""
    closing = _CLOSING_QUOTE.search(text, start)
    end = closing.end() - 1 if closing else len(text)
    try:
        inner = str(_TEXTS.decode(f'"{text[start:end]}"'))
    except ValueError:
        inner = text[start:end].replace('\\"', '"')
    first = START.match(inner)
    found = _at(inner, first) if first else None
    if found is not None and found.end < len(inner) and START.search(inner, found.end):
        end = start + _written_length(text[start:end], found.end)  # more of them stand in the same text
    return None if found is None else replace(found, start=start, end=end, open=closing is None and found.open)


def _written_length(text: str, read: int) -> int:
    """How much of an escaped text makes so many characters."""
    units = islice(_ESCAPED_UNIT.finditer(text), read)
    return max((unit.end() for unit in units), default=0)


def _doubled(text: str, start: int) -> Found | None:
    """A message in a cell of a table (`"[2,""1"",…]"`): quotes are doubled up to the one that closes the cell."""
    cell = _CELL.match(text, start)
    end = cell.end() if cell else len(text)
    inner = text[start:end].replace('""', '"')
    first = START.match(inner)
    found = _at(inner, first) if first else None
    return None if found is None else replace(found, start=start, end=end)


def _without(marks: tuple[str, ...], mark: str) -> tuple[str, ...]:
    return tuple(each for each in marks if each != mark)
