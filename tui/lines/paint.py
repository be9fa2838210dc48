"""Paint: the few styles of the screen, and how pieces of text join into a line."""

from __future__ import annotations

from rich.text import Text

# Names; what they look like is said by the theme in force, see `themes.py`. Each also comes with a word or a mark.
DANGER, WARN, GOOD, NAME, QUIET, ALARM = "danger", "warn", "good", "name", "quiet", "alarm"
STRONG = "bold"
NONE = ""
BADGE = "reverse"

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
