"""How JSON goes wrong in logs - cut, quoted like Python, brackets missing - and how to read it all the same."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

MAX_DEPTH = 64  # OCPP needs nine; deeper nesting is an attack or a mistake
MAX_DIGITS = 400
ELISION = "..."

_TOKEN = re.compile(
    r'"[^"\\]*(?:\\.[^"\\]*)*"?'  # a text, perhaps without its end
    r"|'[^'\\]*(?:\\.[^'\\]*)*'?"
    r"|[\[\]{}:,]|[^\s\[\]{}:,\"']+|\s+",
    re.DOTALL,
)
_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?\Z")
_WORDS = {"true": True, "false": False, "null": None}
_PYTHON_WORDS = {"True": True, "False": False, "None": None}
_NOT_NUMBERS = frozenset({"nan", "-nan", "inf", "-inf", "+inf", "infinity", "-infinity"})
_CLOSES = {"[": "]", "{": "}"}
_STRICT = json.JSONDecoder(strict=False)


@dataclass(frozen=True, slots=True)
class Json:
    """A value, where it ended in the text, and what had to be mended to read it."""

    value: object
    end: int
    marks: tuple[str, ...] = ()


def strict(text: str, start: int = 0) -> Json | None:
    """The JSON value that begins at `start`, or None where it is not valid JSON."""
    try:
        value, end = _STRICT.raw_decode(text, start)
    except (ValueError, RecursionError):
        return None
    return Json(value, end)


def mended(text: str, start: int = 0, stop: int | None = None) -> Json | None:
    """The array or object that begins at `start`, read leniently up to `stop`; None where nothing sensible is there.

    Marks: `cut` (open brackets were closed), `elided`, `python-literal`, `nan`, `off-spec` (brackets or words wrong).
    """
    hand = _Hand(text, len(text) if stop is None else stop)
    return hand.read(start)


def breaks_off(text: str) -> json.JSONDecodeError | None:
    """Where a text that begins like JSON stops being so; None where it does not, or goes too deep to tell."""
    try:
        _STRICT.decode(text.lstrip("\ufeff"))
    except json.JSONDecodeError as error:
        return error if error.msg != "Extra data" else None
    except RecursionError:
        return None
    return None


def holds_values(text: str) -> bool:
    """Whether a broken value holds anything but brackets and keys."""
    begin = len(text) - len(text.lstrip("\ufeff \t\r\n"))
    read = mended(text, begin)
    return read is None or bool(text[read.end :].strip()) or _has_value(read.value)


def _has_value(value: object) -> bool:
    if isinstance(value, dict | list):
        return any(map(_has_value, value.values() if isinstance(value, dict) else value))
    return value is not None


@dataclass(slots=True)
class _Hand:
    """The state of one lenient reading: open containers, their waiting keys, and what was mended."""

    text: str
    stop: int
    open: list[list[object] | dict[str, object]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    root: list[object] | dict[str, object] | None = None
    marks: dict[str, None] = field(default_factory=dict)
    deep: bool = False

    def read(self, start: int) -> Json | None:
        end = self.stop
        for token in self._tokens(start):
            self._take(token.group(), at_end=token.end() >= self.stop)
            if self.deep:
                return None
            if self.root is not None and not self.open:
                end = token.end()
                break
        if self.open:
            self._mark("cut")
        return None if self.root is None else Json(self.root, end, tuple(self.marks))

    def _tokens(self, start: int) -> Iterator[re.Match[str]]:
        return _TOKEN.finditer(self.text, start, self.stop)

    def _mark(self, mark: str) -> None:
        self.marks[mark] = None

    def _take(self, token: str, *, at_end: bool) -> None:
        first = token[0]
        if first in "[{":
            self._opens([] if first == "[" else {})
        elif first in "]}":
            self._closes(first)
        elif first not in ":," and not first.isspace():
            self._scalar(token, at_end=at_end)

    def _opens(self, container: list[object] | dict[str, object]) -> None:
        if len(self.open) >= MAX_DEPTH:
            self.deep = True
            return
        if self.root is None:
            self.root = container
        else:
            self._add(container)
        self.open.append(container)
        self.keys.append(None)

    def _closes(self, closer: str) -> None:
        wanted = list if closer == "]" else dict
        if not any(isinstance(each, wanted) for each in self.open):
            self._mark("off-spec")
            return
        while not isinstance(self.open[-1], wanted):
            self._mark("off-spec")  # a bracket was left out; the outer one closes it
            self.open.pop()
            self.keys.pop()
        self.open.pop()
        self.keys.pop()

    def _scalar(self, token: str, *, at_end: bool) -> None:
        if token[0] in "\"'":
            self._add(self._text_of(token))
        elif set(token) <= {".", "…"}:
            self._mark("elided")
        elif not (at_end and self.open):  # a number at the cut has lost digits: worse than none
            self._add(self._word(token))

    def _text_of(self, token: str) -> str:
        quote = token[0]
        whole = len(token) > 1 and token.endswith(quote)
        body = token[1:-1] if whole else token[1:].rstrip().rstrip(">\\")
        if not whole:
            self._mark("cut")
        if quote == "'":
            self._mark("python-literal")
            body = body.replace("\\'", "'").replace('"', '\\"')
        return _unescaped(body)

    def _word(self, token: str) -> object:
        if token in _WORDS:
            return _WORDS[token]
        if token in _PYTHON_WORDS:
            self._mark("python-literal")
            return _PYTHON_WORDS[token]
        if token.lower() in _NOT_NUMBERS:
            self._mark("nan")
            return None
        if _NUMBER.match(token) and len(token) < MAX_DIGITS:
            return _number(token)
        self._mark("off-spec")
        return token

    def _add(self, value: object) -> None:
        if not self.open:
            return
        top = self.open[-1]
        if isinstance(top, list):
            top.append(value)
        elif self.keys[-1] is None:
            self.keys[-1] = value if isinstance(value, str) else str(value)
        else:
            top[self.keys[-1]] = value
            self.keys[-1] = None


def _unescaped(body: str) -> str:
    """The text between quotes with its escapes resolved; an unknown escape stays as written."""
    if "\\" not in body:
        return body
    try:
        return str(_STRICT.decode(f'"{body}"'))
    except ValueError:
        return body


def _number(token: str) -> int | float:
    try:
        return int(token)
    except ValueError:
        return float(token)
