"""Licence: whether what a source says may be shipped in its own words, in ours, or not at all."""

from __future__ import annotations

import re
from typing import Literal

Wording = Literal["native", "own", "none"]

# Licences that let anyone pass on a text with the name of its author; share-alike and non-commercial ones do not.
_OPEN = re.compile(
    r"\b(MIT|ISC|0BSD|BSD-[234]-Clause|BSD|Apache-2\.0|Apache|CC0-1\.0|CC0|CC-BY-[1-4]\.[05]|CC BY [1-4]\.[05]"
    r"|Unlicense|public domain|W3C)(?![\w-])",
    re.IGNORECASE,
)
_OWN = re.compile(r"\b(facts?|own wording|own words)\b", re.IGNORECASE)
_CLOSED = re.compile(r"\b(not allowed|all rights reserved|proprietary text)\b", re.IGNORECASE)


def wording(licence: str) -> Wording:
    """Whose words of a source leave the house under this licence.

    `own`: codes are facts and the texts beside them are ours; `native`: an open licence lets its texts go too; `none`:
    nothing that we know of lets a text go.
    """
    if _CLOSED.search(licence):
        return "none"
    if _OWN.search(licence):
        return "own"
    return "native" if _OPEN.search(licence) else "none"
