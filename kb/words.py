"""Words: a text as comparable tokens, English and German, without fill words and endings."""

from __future__ import annotations

import re
import unicodedata

_TOKEN = re.compile(r"[a-z0-9]+")
_ACCENTS = re.compile(r"[\u0300-\u036f]")
_SPLIT_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
_ENDINGS = (
    "ations",
    "ation",
    "ings",
    "ing",
    "ungen",
    "ung",
    "ies",
    "ied",
    "edly",
    "ed",
    "es",
    "en",
    "er",
    "s",
    "e",
    "n",
)
_SHORTEST_STEM = 4
_FILL = (
    "a an and are as at be been but by can could did do does for from had has have how i if in into is it its me my no"
    " not of on or our so than that the their them then there these they this those to too up was we were what when"
    " where which while who why will with would you your also after before again still just only very"
    " aber als am an auch auf aus bei bin bis da das dass dem den der des die doch ein eine einem einen einer es fuer"
    " hat haben hier ich ihr im in ist ja kann kein keine man mich mir mit nach nicht noch nun nur oder ohne schon sehr"
    " sein sich sie sind so ueber um und uns vom von vor war was wenn wie wieder wird wir zu zum zur"
)
FILL_WORDS = frozenset(_FILL.split())


def tokens(text: str) -> tuple[str, ...]:
    """The telling words of a text in order: lower case, umlauts spelt out, endings cut, fill words left out."""
    found = _TOKEN.findall(plain(_SPLIT_CAMEL.sub(" ", text)))
    return tuple(stem(word) for word in found if word not in FILL_WORDS and len(word) > 1)


def plain(text: str) -> str:
    """Lower case, umlauts spelt out, accents left off."""
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", text.translate(_UMLAUTS))).lower()


def stem(word: str) -> str:
    """The word without a common ending; numbers and short words stay whole."""
    if any(letter.isdigit() for letter in word):
        return word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word
