"""Query: what a person typed into a look-up, taken apart: a maker, codes, and words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from chargelore.kb.codekey import key

LONGEST = 500
_WORD = re.compile(r"[^\s,;|()\[\]{}\"'“”]+")
# A number in a sentence is a code only where these words say so.
_CODE_WORDS = frozenset(
    """
    error err errorcode code codes fault fehler fehlercode stoerung störung meldung alarm warning warnung bit bits nr no
    number nummer status vendorerrorcode e f register display shows zeigt event
    """.split()  # noqa: SIM905  # thirty quoted words would fill the page
)
_HEX = re.compile(r"(?:0x|#)[0-9a-f]+|[0-9][0-9a-f]*h", re.IGNORECASE)
_LETTERED = re.compile(r"(?=.*\d)[a-z]{1,6}[-_.]?[0-9oil]{1,5}[a-z]?", re.IGNORECASE)
# GroundFailure, ERR_RCD, module/Reason, 10001.3, 4x: more than a plain word and more than a number
_NAME = re.compile(r"[A-Za-z]+[a-z][A-Z]\w*|[A-Za-z0-9]+_\w+|\w+/\w+|(?=.*\d)(?=.*[^\d])[\w.]{2,}")
_MISREAD_NUMBER = re.compile(r"(?=.*\d)(?=.*[oOlI])[0-9oOlI]{2,}")
MOST_WORDS, LONGEST_CODE = 40, 5  # words of a query, words of a code
_MISREAD = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1", "i": "1"})
_MISREAD_IN_HEX = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1"})
_MISREAD_HEX = re.compile(r"^[oO][xX](?=[0-9a-fA-F])")
_HEAD = re.compile(r"0[xX]|[A-Za-z]*?[-_.]?(?=[0-9oOlIi]+[A-Za-z]?$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """`codes` are the spellings to try, the likeliest first; `words` is what is left without the maker's name."""

    words: str
    codes: tuple[str, ...]
    vendor: str = ""
    model: str = ""
    firmware: str = ""
    channel: str = ""


def understood(typed: str, scope: Query, knows: Callable[[str], bool]) -> Query:
    """The query in a line of typing; a maker named in it counts unless the scope names one. `knows` tells makers."""
    found = [] if scope.vendor else _WORD.findall(typed[:LONGEST])
    maker = next((name for name in _names(found) if knows(name)), "") if len(found) > 1 else ""
    words = typed[:LONGEST].replace(maker, " ", 1).strip() if maker else typed[:LONGEST].strip()
    vendor = scope.vendor or maker
    codes = tuple(_codes(words, has_maker=bool(vendor)))
    return replace(scope, words=words, codes=codes, vendor=vendor)


def loose(code: str) -> str:
    """The key of a code without the zeros that people leave out: E007 is e7."""
    return re.sub(r"(?<=[a-z])0+(?=\d)", "", key(code))


def _names(words: list[str]) -> Iterator[str]:
    """What may be a maker's name: two words, or one of three letters and more that is no word for a code."""
    yield from map(" ".join, pairwise(words))
    yield from (word for word in words if len(word) >= 3 and word.lower() not in _CODE_WORDS)


def _codes(words: str, *, has_maker: bool) -> Iterator[str]:
    """All spellings that may be meant, each once."""
    seen: set[str] = set()
    for code in _spellings(words, has_maker=has_maker):
        if code and key(code) not in seen:
            seen.add(key(code))
            yield code


def _spellings(words: str, *, has_maker: bool) -> Iterator[str]:
    yield words
    single = [word.strip("#:.!?") for word in _WORD.findall(words)][:MOST_WORDS]
    numbers = [word for word in single if word.isdigit()] if _is_about_a_number(single) else []
    if re.search(r"\bbits?\b", words, re.IGNORECASE):
        yield from (f"bit {number}" for number in numbers)
    codes = [word for word in single if _looks_like_code(word)]
    yield from (*codes, *numbers)
    for word in (*codes, *numbers):
        yield from _misread(word, has_maker=has_maker)
    yield from _phrases(single) if has_maker else ()


def _phrases(words: list[str]) -> Iterator[str]:
    """Runs of words, the longest first: a maker's code may be `red flash x3` or `Contactor welded`."""
    for length in range(min(LONGEST_CODE, len(words) - 1), 1, -1):
        yield from (" ".join(words[start : start + length]) for start in range(len(words) - length + 1))


def _looks_like_code(word: str) -> bool:
    shapes = (_HEX, _LETTERED, _NAME, _MISREAD_NUMBER)
    return any(shape.fullmatch(word) for shape in shapes) or bool(_MISREAD_HEX.match(word))


def _is_about_a_number(words: list[str]) -> bool:
    """In `charging stops after 5 minutes` the 5 is no code; in `error 5` it is."""
    return all(word.isdigit() or word.lower() in _CODE_WORDS or _looks_like_code(word) for word in words)


def _misread(word: str, *, has_maker: bool) -> Iterator[str]:
    """O for 0 and l for 1, zeros before a number; within a maker also the number without the letter before it."""
    head, digits = _parted(_MISREAD_HEX.sub("0x", word))
    if any(letter.isdigit() for letter in digits):
        yield head + digits
        yield head + (digits.lstrip("0") or "0")
        yield from (digits,) if has_maker and not head.lower().startswith("0x") else ()


def _parted(word: str) -> tuple[str, str]:
    """What stands before the number, and the number without letters that only look like digits."""
    head = _HEAD.match(word)
    start = head.end() if head else 0
    is_hex = word[:2].lower() == "0x"
    return word[:start], word[start:].translate(_MISREAD_IN_HEX if is_hex else _MISREAD)
