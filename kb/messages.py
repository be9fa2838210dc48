"""Messages: those with numbers in them, `error 0x0004 at L2`, as regular expressions with named groups.

Such a code has the kind `pattern` and begins with `re:`; its `text` is one message that it reads. It reads a message
as a whole, in any case. RE2 runs in linear time, also on hostile text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from chargelore.kb.codekey import bare
from chargelore.kb.model import Code, Knowledge

MARK = "re:"
LONGEST = 500


@dataclass(frozen=True, slots=True)
class Reading:
    """A message as a pattern read it: whose code it is, and the values of the named groups in the order of names."""

    code: Code
    values: tuple[tuple[str, str], ...]


def is_pattern(code: Code) -> bool:
    """Whether the code is a pattern of messages; lights and tones are of the same kind, but no expressions."""
    return code.kind == "pattern" and code.code.startswith(MARK)


def read(message: str, knowledge: Knowledge, maker: str = "") -> Iterator[Reading]:
    """All patterns that read the whole message: those of a maker, by its bare name, or of all."""
    text = message.strip()[:LONGEST]
    for owner, patterns in _patterns(knowledge).items():
        if not maker or owner == maker:
            for shape, code in patterns:
                if found := shape.fullmatch(text):
                    yield Reading(code, tuple(sorted((name, str(value)) for name, value in found.groupdict().items())))


def compiled(code: Code) -> Any:
    """The expression of a code; None where it is none that RE2 knows."""
    import re2  # noqa: PLC0415  # few knowledge bases have patterns, and most look-ups none

    options = re2.Options()
    options.case_sensitive, options.log_errors = False, False
    try:
        return re2.compile(code.code.removeprefix(MARK).strip(), options)
    except re2.error:
        return None


@lru_cache(maxsize=4)
def _patterns(knowledge: Knowledge) -> Mapping[str, tuple[tuple[Any, Code], ...]]:
    """The patterns that compile, by the bare name of their maker."""
    shelves: dict[str, list[tuple[Any, Code]]] = {}
    for code in filter(is_pattern, knowledge.codes):
        shape = compiled(code)
        if shape is not None:
            shelves.setdefault(bare(code.vendor), []).append((shape, code))
    return {maker: tuple(each) for maker, each in shelves.items()}
