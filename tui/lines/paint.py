"""Paint: the few styles of the screen, and how pieces of text join into a line."""

from __future__ import annotations

from rich.text import Text

# Okabe and Ito's colours stay apart for colour-blind eyes; each also comes with a word or a mark, never alone.
DANGER = "bold #d55e00"
WARN = "#e69f00"
GOOD = "#009e73"
NAME = "bold #56b4e9"
QUIET = "dim"
STRONG = "bold"
NONE = ""
BADGE = "reverse"
ALARM = "bold reverse #e69f00"

Piece = str | Text | tuple[str, str]


def line(*pieces: Piece) -> Text:
    """One line of styled pieces. Brackets in them are text: nothing is read as markup."""
    return Text.assemble(*pieces, no_wrap=True, overflow="ellipsis", end="")


def block(lines: list[Text]) -> Text:
    """Several lines as one text."""
    return Text("\n").join(lines)


def wrapping(text: Text) -> Text:
    """The same text, to be broken into lines where it is too long."""
    text.no_wrap, text.overflow = False, "fold"
    return text
