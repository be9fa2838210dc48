"""YAML as data with places: every value knows its line; duplicate keys, aliases and sheer size are refused."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import yaml

from chargelore.kb.errors import ChargeloreError

if TYPE_CHECKING:
    from pydantic import TypeAdapter, ValidationError

LARGEST = 8_000_000  # bytes; the largest shipped file has a tenth of it
DEEPEST = 40
MOST_NESTED = 500  # brackets, those in quoted text too, or dashes on one line
_BRACKET = re.compile(r"[\[\]{}]")
_DASHES = re.compile(rf"(?:[-?:][ \t]+){{{MOST_NESTED}}}")
_BASE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Trail = tuple[str | int, ...]


class _Loader(_BASE):  # type: ignore[misc]  # the C loader has no types
    """Safe YAML in which a plain word is a number, true, false or null only where it can be nothing else.

    Codes and words such as 0x12, 007, 12:30, no, on and 2024-01-01 stay the text that the author wrote.
    """

    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {}


for _tag, _shape, _starts in (
    ("bool", r"(true|True|TRUE|false|False|FALSE)\Z", "tTfF"),
    ("int", r"[-+]?(0|[1-9][0-9]*)\Z", "-+0123456789"),
    ("float", r"[-+]?(0|[1-9][0-9]*)\.[0-9]+\Z", "-+0123456789"),
    ("null", r"(~|null|Null|NULL|)\Z", ["~", "n", "N", ""]),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_shape), list(_starts))


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed file: plain values, and the line of every path into them."""

    file: Path
    value: Any
    lines: Mapping[Trail, int]

    def line(self, trail: Trail) -> int:
        """The line of a path, or of the nearest path above it that has one."""
        while trail and trail not in self.lines:
            trail = trail[:-1]
        return self.lines.get(trail, 1)

    def place(self, trail: Trail = ()) -> str:
        """`file:line` as editors understand it."""
        return f"{self.file}:{self.line(trail)}"


def parse(file: Path, error: type[ChargeloreError], text: str | None = None) -> Document:
    """The document in a YAML file. `error` is raised with file, line and cure for anything that is not plain data."""
    content = _read(file, error) if text is None else text
    _refuse_depth(content, file, error)
    try:
        node = yaml.compose(content, Loader=_Loader)
    except (yaml.YAMLError, RecursionError, ValueError) as cause:
        raise error(_problem(cause), where=_mark(file, cause, content), mend=_mending(cause)) from cause
    lines: dict[Trail, int] = {}
    value = _value(node, (), lines, _Refusal(file, error)) if node is not None else None
    return Document(file, value, lines)


def _refuse_depth(content: str, file: Path, error: type[ChargeloreError]) -> None:
    """The C parser dies of what is nested by the ten thousand, so that is counted before it sees the text."""
    place = _too_deep(content)
    if place is not None:
        line = content.count("\n", 0, place) + 1
        raise error("nested too deep", where=f"{file}:{line}", mend=f"keep it within {DEEPEST} levels")


def _too_deep(content: str) -> int | None:
    depth = 0
    for bracket in _BRACKET.finditer(content):
        depth += 1 if bracket.group() in "[{" else -1
        if depth > MOST_NESTED:
            return bracket.start()
    dashes = _DASHES.search(content)
    return dashes.start() if dashes else None


@dataclass(frozen=True, slots=True)
class _Refusal:
    file: Path
    error: type[ChargeloreError]
    seen: set[int] = field(default_factory=set)

    def refuse_alias(self, node: yaml.Node) -> None:
        """A node met twice is an alias, which can blow a small file up to gigabytes; data has no need of it."""
        if id(node) in self.seen:
            raise self("an alias (*) stands for this", node, "write the value out")
        self.seen.add(id(node))

    def __call__(self, what: str, node: yaml.Node, mend: str) -> ChargeloreError:
        return self.error(what, where=f"{self.file}:{node.start_mark.line + 1}", mend=mend)


def _read(file: Path, error: type[ChargeloreError]) -> str:
    if not file.is_file():
        raise error("is no file that can be read", where=str(file), mend="put a plain file there, or remove it")
    try:
        size = file.stat().st_size
        if size > LARGEST:
            what = f"{size:,} bytes are too many for one file"
            raise error(what, where=str(file), mend="split it into several files")
        return file.read_bytes().decode("utf-8-sig")
    except OSError as cause:
        what = f"cannot be read ({cause.strerror})"
        raise error(what, where=str(file), mend="check the path and its rights") from cause
    except UnicodeDecodeError as cause:
        line = cause.object.count(b"\n", 0, cause.start) + 1
        what = f"byte {cause.start:,} is not UTF-8"
        raise error(what, where=f"{file}:{line}", mend="save the file as UTF-8") from cause


def _value(node: yaml.Node, trail: Trail, lines: dict[Trail, int], refuse: _Refusal) -> Any:
    lines[trail] = node.start_mark.line + 1
    refuse.refuse_alias(node)
    if len(trail) > DEEPEST:
        raise refuse("nested too deep", node, f"keep it within {DEEPEST} levels")
    if not isinstance(node, yaml.ScalarNode) and node.tag not in _PLAIN_TAGS:
        raise refuse(f"the tag {node.tag[:60]} is not plain data", node, "remove the tag")
    if isinstance(node, yaml.MappingNode):
        return dict(_pairs(node, trail, lines, refuse))
    if isinstance(node, yaml.SequenceNode):
        return [_value(each, (*trail, place), lines, refuse) for place, each in enumerate(node.value)]
    return _scalar(node, refuse)


def _pairs(
    node: yaml.MappingNode, trail: Trail, lines: dict[Trail, int], refuse: _Refusal
) -> Iterator[tuple[Any, Any]]:
    known: set[Hashable] = set()
    for key_node, value_node in node.value:
        key = _scalar(key_node, refuse) if isinstance(key_node, yaml.ScalarNode) else None
        if not isinstance(key, str | int):
            raise refuse("a key must be a word", key_node, "write a plain word before the colon")
        if key in known:
            raise refuse(f"the key `{key}` stands here twice", key_node, "keep one of the two")
        known.add(key)
        yield key, _value(value_node, (*trail, key), lines, refuse)
        lines[(*trail, key)] = key_node.start_mark.line + 1


def _is_a_word(node: yaml.Node) -> bool:
    """`off`, `no` and `yes` are words of the trade and answers, not truth values."""
    return node.tag == "tag:yaml.org,2002:bool" and node.value not in ("true", "false")  # YAML 1.2


_PLAIN_TAGS = frozenset({"tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"})
_CONSTRUCT = yaml.SafeLoader("")


def _scalar(node: yaml.Node, refuse: _Refusal) -> Any:
    if node.tag == "tag:yaml.org,2002:str" or _is_a_word(node):
        return node.value
    if not node.tag.startswith("tag:yaml.org,2002:"):
        raise refuse(f"the tag {node.tag} is not plain data", node, "remove the tag")
    try:
        return _CONSTRUCT.construct_object(node, deep=True)
    except (yaml.YAMLError, ValueError) as cause:
        raise refuse(f"{node.value!r} is no {node.tag[18:]}", node, "quote it") from cause


_MENDS: Mapping[str, str] = {
    "cannot start any token": "indent with spaces, not tabs; put text that begins with a sign in quotes",
    "another document": "keep one document in a file, without `---` after it",
    "control characters": "remove the character, or write it as `\\t` or `\\x1b` in double quotes",
}


def _problem(cause: Exception) -> str:
    if isinstance(cause, RecursionError):
        return "nested too deep"
    return str(getattr(cause, "problem", None) or cause).split("\n", 1)[0]


def _mending(cause: Exception) -> str:
    problem = _problem(cause)
    return next((mend for words, mend in _MENDS.items() if words in problem), "write it as plain YAML data")


def _mark(file: Path, cause: Exception, content: str) -> str:
    mark = getattr(cause, "problem_mark", None)
    if mark is not None:
        return f"{file}:{mark.line + 1}"
    place = getattr(cause, "position", None)  # of a character that is refused: it has no mark, only its place in bytes
    before = content.encode(errors="replace")[:place].count(b"\n")
    return str(file) if place is None else f"{file}:{before + 1}"


MISSING = ("missing_argument", "missing")


@lru_cache(maxsize=64)
def adapter(shape: Any) -> TypeAdapter[Any]:
    """The checker for a frozen dataclass or a container of them; unknown keys are refused."""
    from pydantic import TypeAdapter  # noqa: PLC0415  # what is kept parsed needs no checker

    return TypeAdapter(shape)


def checked(shape: Any, value: object, document: Document, trail: Trail, error: type[ChargeloreError]) -> Any:
    """The value in its shape, or an error with file, line, key and cure."""
    from pydantic import ValidationError  # noqa: PLC0415  # as above

    try:
        return adapter(shape).validate_python(value)
    except ValidationError as cause:
        raise _complaint(cause, document, trail, error) from None


def _complaint(
    cause: ValidationError, document: Document, trail: Trail, error: type[ChargeloreError]
) -> ChargeloreError:
    first = cause.errors()[0]
    inner = tuple(each for each in first["loc"] if (*trail, each) in document.lines or isinstance(each, str | int))
    key = ".".join(str(each) for each in first["loc"]) or "the entry"
    return error(f"`{key}`: {_said(first)}", where=document.place((*trail, *inner)), mend=_cure(first))


def _said(first: Any) -> str:
    words = {"unexpected_keyword_argument": "is not a key that is known here"} | dict.fromkeys(MISSING, "is missing")
    given = first.get("input")
    text = words.get(first["type"], first["msg"][:1].lower() + first["msg"][1:])
    return text if first["type"] in words or isinstance(given, dict | list) else f"{text}, not {str(given)[:60]!r}"


def _cure(first: Any) -> str:
    if first["type"] == "unexpected_keyword_argument":
        return "remove it, or see the README of the folder for the keys"
    if first["type"] in MISSING:
        return "add it"
    expected = first.get("ctx", {}).get("expected")
    return f"use {expected}" if expected else "see the README of the folder"
