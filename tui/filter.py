"""Filter: which rows of a table a typed filter keeps: `words`, `!word` to leave out, `field:value`. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz.fuzz import partial_ratio

NEAR = 80  # of 100: one wrong letter in a word of five still finds it
SHORTEST_FUZZY = 4  # shorter words and numbers must stand there as typed: CP-7 is not CP-8


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a filter; `field` is empty where any field may hold it."""

    word: str
    field: str = ""
    is_out: bool = False


def terms(typed: str) -> tuple[Term, ...]:
    """The terms of a filter as typed; half-typed ones such as `!` or `status:` say nothing yet."""
    return tuple(term for word in typed.casefold().split() if (term := _term(word)).word)


def _term(word: str) -> Term:
    bare = word.removeprefix("!")
    field, colon, value = bare.partition(":")
    return Term(value, field, word != bare) if colon else Term(bare, "", word != bare)


def keeps(wanted: tuple[Term, ...], words: Mapping[str, str]) -> bool:
    """Whether a row with these fields passes every term."""
    return all(_holds(term, words) != term.is_out for term in wanted)


def _holds(term: Term, words: Mapping[str, str]) -> bool:
    if term.field and not any(name.casefold().startswith(term.field) for name in words):
        # `12:03` or `cp:7` is no field of ours: look for it as typed.
        return _is_in(f"{term.field}:{term.word}", " ".join(words.values()), is_exact=True)
    fields = (text for name, text in words.items() if name.casefold().startswith(term.field))
    texts = fields if term.field else words.values()
    return any(_is_in(term.word, text, is_exact=term.is_out) for text in texts)


def _is_in(word: str, text: str, *, is_exact: bool) -> bool:
    """What is left out must be meant exactly; what is looked for may be mistyped."""
    folded = text.casefold()
    if word in folded:
        return True
    is_fuzzy = not is_exact and SHORTEST_FUZZY <= len(word) <= len(folded) + 1 and word.isalpha()
    return is_fuzzy and partial_ratio(word, folded, score_cutoff=NEAR) >= NEAR
