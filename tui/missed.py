"""Missed: the words of a look-up that found nothing, fit to be kept: without whom or what they name."""

from __future__ import annotations

from chargelore.engine.door import naming_nobody

LONGEST = 300  # what is wanted is a code or a display text, no log


def fit_to_keep(words: str, key: bytes) -> str:
    """The words with pseudonyms for cards, serial numbers, addresses and people, at most `LONGEST` letters of them.

    Idempotent. They are cut last, for half a card number would not be known as one.
    """
    text = naming_nobody(words, key)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
