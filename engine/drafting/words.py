"""Words: short phrases of what loggers and people write, without numbers, names and words that say nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chargelore.engine.drafting.atom import TEXTS, Atom, head
from chargelore.engine.grammar.condition import LONGEST_TEXT
from chargelore.engine.signal import Signal

MOST_WORDS = 3  # of a phrase
MOST_LINES = 4_000  # different lines of one kind that are read for phrases; storms repeat themselves
_WORD = re.compile(r"(?<![^\W_])[^\W\d_]{3,24}(?![^\W_])")  # a whole word, no part of a number or a dump
_BETWEEN = re.compile(r"[ _:/.,=-]|[:.,;] ")
_PSEUDONYM = re.compile(r"\b\w+:[a-z2-7]{12}\b")
_HEX = re.compile(r"[a-f]{6,}")
_DIGITS = re.compile(r"\d+")
_IDLE = """
about after again all already also and any are because been before being between both but can could did does done
during each every few for from further get had has have her here him his how into its just like made make many may
might more most much must never new now off often once one only onto other others our out over own per said same see
seen set she should since some still such than that the their them then there these they thing things this those
through till time too two under until upon use used uses very was way well were what when where whether which while
who why will with within without would yet you your aber alle als auch auf aus bei beim bis dann das dem den der des
die doch durch ein eine einem einen einer für hat ich ihr ist kann mehr mit nach noch nur oder ohne schon sehr sein
seit sich sie sind über und uns unter vom von vor war wenn wer wie wird wir wurde zum zur aux avec cette dans elle est
les leur lui mais par pas plus pour que qui ses son sur une
"""
IDLE = frozenset(_IDLE.split())
# Too common in any log to mean something alone.
_WEAK = """
error errors err warning warn info debug trace fatal failed failure fail status state code message event charger
connector value none null true false unknown received sent send recv get set
"""
WEAK = frozenset(_WEAK.split())


def texts(signal: Signal) -> Iterator[tuple[str, str]]:
    """The fields of a signal that hold free text, and the text in lower case as tests compare it."""
    for field in signal.fields.keys() & TEXTS:
        value = signal.fields[field]
        if isinstance(value, str) and value and signal.kind != "code":
            yield field, value[:LONGEST_TEXT].casefold()


def line_of(text: str) -> str:
    """The text without its numbers: lines that differ in them alone say the same."""
    return _DIGITS.sub("0", text)


def phrase_atoms(signal: Signal, field: str, text: str) -> Iterator[Atom]:
    """One atom for every phrase of a text."""
    about = head(signal)
    if about is None:
        return
    own = frozenset(_WORD.findall(signal.charger.casefold()))
    for phrase in phrases(text, own):
        yield Atom(signal.kind, (*about, (field, "contains", phrase)))


def phrases(text: str, own: frozenset[str] = frozenset()) -> Iterator[str]:
    """Phrases of one to three neighbouring words that can be looked for as they stand; `own` words name the charger."""
    found = [each for each in _WORD.finditer(_PSEUDONYM.sub("0", text)) if _counts(each.group(), own)]
    shown = _PSEUDONYM.sub("0", text)
    for place, first in enumerate(found):
        last = first
        for nearby in found[place : place + MOST_WORDS]:
            if nearby is not first and not _BETWEEN.fullmatch(shown, last.end(), nearby.start()):
                break
            last = nearby
            if _says_something(first.group(), last.group(), alone=last is first):
                yield shown[first.start() : last.end()]


def _counts(word: str, own: frozenset[str]) -> bool:
    return word not in own and not _HEX.fullmatch(word)


def _says_something(first: str, last: str, *, alone: bool) -> bool:
    if first in IDLE or last in IDLE:
        return False
    return not alone or (len(first) >= 4 and first not in WEAK)
