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
    """.split()  # noqa: SIM905  # twenty quoted words would fill the page  # thirty quoted words would fill the page
)
_UNIT = re.compile(
    r"(?:min(?:ute[ns]?)?|s|sec(?:ond)?s?|sekunden?|h|hours?|stunden?|days?|tagen?|weeks?|wochen?|times?|mal|k?w|kwh|m?a"
    r"|amps?|k?v|volts?|hz|°?c|grad|degrees?|%|percent|prozent|phases?|phasen?|cars?|chargers?|meters?|m|km|mm)\.?",
    re.IGNORECASE,
)
_BEFORE_A_MEASURE = frozenset(
    "after every about over under below above than at for since only nach alle etwa ueber über unter seit nur".split()  # noqa: SIM905  # words read better in a row
)
_LEAD = re.compile(
    r"^(?:(?:the|my|our|der|die|das)\s+)?"
    r"(?:(?:it|we|i|display|screen|charger|charge point|box|app|anzeige|ladestation)\s+)?"
    r"(?:shows?|says?|said|reports?|reads?|have|has|gets?|got|zeigt|meldet|sagt|hat|haben)\s+"
    r"(?:(?:an?|the|eine?n?)\s+)?(?:(?:error|fault|alarm|code|message|fehler|meldung)\s+)*(?=\S)",
    re.IGNORECASE,
)
_HEX = re.compile(r"(?:0x|#)[0-9a-f]+|[0-9][0-9a-f]*h", re.IGNORECASE)
_LETTERED = re.compile(r"(?=.*\d)[a-z]{1,6}[-_.]?[0-9oil]{1,5}[a-z]?", re.IGNORECASE)
# GroundFailure, ERR_RCD, module/Reason, 10001.3, 4x: more than a plain word and more than a number
_NAME = re.compile(r"[A-Za-z]+[a-z][A-Z]\w*|[A-Za-z0-9]+_\w+|\w+/\w+|(?=.*\d)(?=.*[^\d])[\w.]{2,}")
_MISREAD_NUMBER = re.compile(r"(?=.*\d)(?=.*[oOlI])[0-9oOlI]{2,}")
MOST_WORDS, LONGEST_CODE = 40, 6  # words of a query, words of a code
SHORTEST_NAME = 4  # letters of a code that is a plain word
_MISREAD = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1", "i": "1"})
_MISREAD_IN_HEX = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1"})
_MISREAD_HEX = re.compile(r"^[oO][xX](?=[0-9a-fA-F])")
_HEAD = re.compile(r"0[xX]|[A-Za-z]*?[-_.]?(?=[0-9oOlIi]+[A-Za-z]?$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """`codes` are the spellings to try, the likeliest first; `words` is what is left without the maker's name.

    `told` are the words without what only leads to them, such as *display shows error*. `loose_numbers` are codes that
    stand in a sentence as a bare number; `is_code` says that nothing but a code was typed.
    """

    words: str
    codes: tuple[str, ...]
    told: str = ""
    loose_numbers: frozenset[str] = frozenset()
    is_code: bool = False
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
    single = _singles(words)
    numbers = frozenset(_loose_numbers(single)) if vendor else frozenset()
    return replace(
        scope,
        words=words,
        codes=tuple(_codes(words, numbers, has_maker=bool(vendor))),
        vendor=vendor,
        told=_LEAD.sub("", words, count=1) or words,
        loose_numbers=numbers,
        is_code=_is_about_a_number(single),
    )


def loose(code: str) -> str:
    """The key of a code without the zeros that people leave out: E007 is e7."""
    return re.sub(r"(?<=[a-z])0+(?=\d)", "", key(code))


def _names(words: list[str]) -> Iterator[str]:
    """What may be a maker's name: two words, or one of three letters and more that is no word for a code."""
    yield from map(" ".join, pairwise(words))
    yield from (word for word in words if len(word) >= 3 and word.lower() not in _CODE_WORDS)


def _singles(words: str) -> list[str]:
    return [word.strip("#:.!?") for word in _WORD.findall(words)][:MOST_WORDS]


def _loose_numbers(words: list[str]) -> Iterator[str]:
    """Numbers among words that count or measure nothing: in `we have 5 again` the 5 may be a code."""
    if _is_about_a_number(words):
        return
    for before, word, after in zip(["", *words], words, [*words[1:], ""], strict=False):
        if word.isdigit() and before.lower() not in _BEFORE_A_MEASURE and not _UNIT.fullmatch(after):
            yield word


def _codes(words: str, numbers: frozenset[str], *, has_maker: bool) -> Iterator[str]:
    """All spellings that may be meant, each once."""
    seen: set[str] = set()
    for code in (*_spellings(words, has_maker=has_maker), *sorted(numbers)):
        if code and key(code) not in seen:
            seen.add(key(code))
            yield code


def _spellings(words: str, *, has_maker: bool) -> Iterator[str]:
    yield words
    single = _singles(words)
    numbers = [word for word in single if word.isdigit()] if _is_about_a_number(single) else []
    if re.search(r"\bbits?\b", words, re.IGNORECASE):
        yield from (f"bit {number}" for number in numbers)
    codes = [word for word in single if _looks_like_code(word)]
    yield from (*codes, *numbers)
    for word in (*codes, *numbers):
        yield from _misread(word, has_maker=has_maker)
    yield from _phrases(single) if has_maker else ()


def _phrases(words: list[str]) -> Iterator[str]:
    """Runs of words, the longest first: a maker's code may be `red flash x3`, `Contactor welded` or `Ongoing`."""
    for length in range(min(LONGEST_CODE, len(words) - 1), 0, -1):
        runs = (words[start : start + length] for start in range(len(words) - length + 1))
        yield from (" ".join(run) for run in runs if length > 1 or _may_be_a_name(run[0]))


def _may_be_a_name(word: str) -> bool:
    return len(word) >= SHORTEST_NAME and word.isalpha() and word.lower() not in _CODE_WORDS


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
