"""Alike: entries whose text is near a query, by shared concepts, rare ones most, and by letters for typing errors."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz, process, utils

from chargelore.kb.concepts import folded, stems
from chargelore.kb.entries import Entries, Entry
from chargelore.kb.model import FaultId
from chargelore.kb.shelf import SHORTEST_WORD, Said, worth

CANDIDATES = 40
READ_WHOLE = 300  # so many entries of one maker are all compared
OF_ONE_TEXT = 2  # entries of other makers that say the very same, of each fault
SPELT_ALIKE = 80  # per cent of letters of a mistyped word
PARTLY_ALIKE = 87  # per cent of letters of a query within a longer text
SURELY_SPELT = 0.8  # from here on letters alone count
BY_LABEL = 0.96  # what a code is like whose fault is called so


@dataclass(frozen=True, slots=True)
class Near:
    """An entry with its likeness, 0..1, and why it is like the query, in words."""

    likeness: float
    entry: Entry
    why: str


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The words of a query as concepts and as letters."""

    said: frozenset[str]
    plain: str
    worth: float = 1.0


def alike(words: str, known: Entries, maker: str = "") -> list[Near]:
    """Candidates in no order; with a maker, all of its entries that come near are among them."""
    meant = folded(tuple(_corrected(word, known) for word in stems(words)))
    wanted = _Wanted(frozenset(each for each in meant if not each.isdigit() and each != "0x"), plain_letters(words))
    shelf = known.shelf
    numbers = {*shelf.by_meaning(wanted.said, CANDIDATES), *shelf.by_letters(wanted.plain, CANDIDATES)}
    places = _places(sorted(numbers), known)
    own = _own(wanted, known, maker)
    return _with_labels(_compared(wanted, sorted({*places, *own}), known), maker)


def plain_letters(text: str) -> str:
    """Lower case without punctuation."""
    return utils.default_process(text)


def _corrected(word: str, known: Entries) -> str:
    """A word that nobody uses becomes the one that is nearest in spelling, where one is near."""
    if len(word) < SHORTEST_WORD or not word.isalpha() or _is_used(word, known.shelf.words):
        return word
    near = process.extractOne(word, known.shelf.words, scorer=fuzz.ratio, score_cutoff=SPELT_ALIKE)
    return near[0] if near else word


def _is_used(word: str, words: tuple[str, ...]) -> bool:
    place = bisect_left(words, word)
    return place < len(words) and words[place] == word


def _places(numbers: Iterable[int], known: Entries) -> Iterable[int]:
    for number in numbers:
        yield from known.by_number.get(number, ())[:OF_ONE_TEXT]


def _own(wanted: _Wanted, known: Entries, maker: str) -> Iterable[int]:
    """The maker's own entries: all of them, or of very many those that look nearest."""
    places = known.by_maker.get(maker, ()) if maker else ()
    if len(places) <= READ_WHOLE:
        return places
    texts = {place: known.all[place].shown for place in places}
    near = process.extract(wanted.plain, texts, scorer=fuzz.token_set_ratio, limit=READ_WHOLE, score_cutoff=40)
    return [place for _, _, place in near]


def _compared(wanted: _Wanted, places: list[int], known: Entries) -> list[Near]:
    numbers = {known.all[place].number for place in places}
    said = known.shelf.said(numbers)
    rarity = known.shelf.rarity
    asked = _Wanted(wanted.said, wanted.plain, worth(wanted.said, rarity) or 1)
    return [_near(asked, known.all[place], said[known.all[place].number], rarity) for place in places]


def _with_labels(found: list[Near], maker: str) -> list[Near]:
    """A maker's code is as near as the name of its fault: that is how a translated message is found."""
    if not maker:
        return found
    named = _best_names(found)
    return [_by_label(near, named) if near.entry.maker == maker else near for near in found]


def _best_names(found: Iterable[Near]) -> Mapping[FaultId, Near]:
    named: dict[FaultId, Near] = {}
    for near in found:
        fault = near.entry.fault
        if near.entry.maker or fault is None:
            continue
        if fault not in named or near.likeness > named[fault].likeness:
            named[fault] = near
    return named


def _by_label(near: Near, named: Mapping[FaultId, Near]) -> Near:
    name = named.get(near.entry.fault) if near.entry.fault else None
    if name is None or name.likeness * BY_LABEL <= near.likeness:
        return near
    # Of codes with the same fault, the one whose own text is nearer comes first.
    return Near(name.likeness * BY_LABEL + 0.02 * near.likeness, near.entry, f"its fault is called “{name.entry.text}”")


def _near(wanted: _Wanted, entry: Entry, said: Said, rarity: Mapping[str, float]) -> Near:
    """How much of what was asked the entry says, how much else it says, and how alike the letters are."""
    both = wanted.said & said.concepts
    shared = worth(both, rarity) if both else 0.0
    covered = shared / wanted.worth
    to_the_point = shared / (said.worth or 1)
    whole = f"{entry.named} {entry.shown}" if entry.named else entry.shown
    by_meaning = 0.65 * covered + 0.2 * to_the_point + 0.15 * fuzz.token_set_ratio(wanted.plain, whole) / 100
    by_letters = 0.4 * covered + 0.6 * _letters(wanted.plain, whole)
    by_spelling = max(fuzz.ratio(wanted.plain, text) for text in {entry.shown, entry.named or entry.shown}) / 100
    best = max(by_meaning, by_letters, by_spelling if by_spelling >= SURELY_SPELT else 0.0)
    return Near(min(1.0, best), entry, _why(both, is_by_letters=best > by_meaning))


def _why(both: Iterable[str], *, is_by_letters: bool) -> str:
    shared = ", ".join(sorted(both))
    if is_by_letters:
        return f"spelt alike; both say {shared}" if shared else "spelt alike"
    return f"both say {shared}"


def _letters(plain: str, text: str) -> float:
    """0..1: how alike the letters are, as a whole or as a part of a longer text."""
    part = fuzz.partial_ratio(plain, text) if len(plain) >= SHORTEST_WORD else 0.0
    as_part = part - 10 * (len(plain) < len(text)) if part >= PARTLY_ALIKE else 0.0
    return max(fuzz.token_sort_ratio(plain, text), as_part) / 100
