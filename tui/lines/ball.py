"""Who holds the ball, as lines: a party with the number of its cases, under it each case with how long it waits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rich.text import Text

from chargelore.engine.handing.ball import Ball
from chargelore.tui.booking import Open, by_holder
from chargelore.tui.casetold import head, lines
from chargelore.tui.lines.paint import NAME, NONE, QUIET, line
from chargelore.tui.parties import called
from chargelore.tui.speech import counted, lasted, later, t
from chargelore.tui.text import brief, padded

WAIT_WIDTH = 10
NOBODY = later("Nobody has a case: none on the book is open.")
COMES = later(
    "A report (ctrl+n) puts one there, and so do a finding that leaves its case open and"
    " `chargelore hand CASE --log FILE`. Cases that chargers open stand on the bench."
)


@dataclass(frozen=True, slots=True)
class Party:
    """The heading over what one party has."""

    party: str
    text: str


BallRow = Party | Ball


def rows(found: Open) -> Iterator[BallRow]:
    """The open cases under the parties that have them, those that keep one waiting longest first."""
    for party, some in by_holder(found.balls).items():
        yield Party(party, head(party, len(some), some[0].waited))
        yield from some


def emptiness(over: int) -> Text:
    """What the list says when nobody has a case; so many are over."""
    told = t("Over: {cases}.", cases=counted(over, "case")) if over else ""
    return Text(" ".join(filter(None, (t(NOBODY), told, t(COMES)))))


def row_key(row: BallRow) -> object:
    """What makes a row the same when the list is read again."""
    return row.party if isinstance(row, Party) else row.life.key


def row_lines(row: BallRow, width: int) -> tuple[Text]:
    """One line of the list."""
    if isinstance(row, Party):
        return (line((brief(row.text, width), NAME)),)
    said = f"  “{row.life.words[0].text}”" if row.life.words else ""
    wait = padded(lasted(row.waited), WAIT_WIDTH)
    return (line((f"  {wait}", QUIET), (brief(f"{row.life.key.case}{said}", width - WAIT_WIDTH - 2), NONE)),)


def row_words(row: BallRow) -> dict[str, str]:
    """What a filter searches."""
    if isinstance(row, Party):
        return {}
    charger = row.life.told.charger
    words = " ".join(each.text for each in row.life.words)
    return {
        "case": row.life.name, "who": called(row.holder), "maker": charger.vendor, "model": charger.model,
        "words": words, "unshown": " ".join(row.unshown),
    }  # fmt: skip


def is_heading(row: BallRow) -> bool:
    """Whether the cursor goes past it."""
    return isinstance(row, Party)


def sheet(row: BallRow | None, found: Open, width: int) -> list[Text]:
    """All that is known of the case under the cursor."""
    if not isinstance(row, Ball):
        return []
    return [Text(each) for each in lines(row.life, row, found.now, width)]
