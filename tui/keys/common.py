"""Common: what a key means on every screen. A screen may leave a key out; it gives it no other meaning.

The right side is the last part of a binding's id: `case.why` and `rules.why` are both a `why`.
"""

from __future__ import annotations

from collections.abc import Mapping

MEANS: Mapping[str, frozenset[str]] = {
    key: frozenset(verbs.split())
    for key, verbs in {
        "question_mark": "help", "f1": "help", "f2": "plot everywhere", "ctrl+p": "commands", "colon": "commands",
        "slash": "filter", "n": "next-hit no", "N": "previous-hit",
        "e": "next-fault edit", "E": "previous-fault", "w": "next-warning", "W": "previous-warning",
        "u": "next-bookmark", "U": "previous-bookmark", "o": "next-same", "O": "previous-same",
        "s": "next-gap", "S": "previous-gap",
        "h": "next-hour", "H": "previous-hour", "left_parenthesis": "previous-day", "right_parenthesis": "next-day",
        "left_curly_bracket": "previous-section", "right_curly_bracket": "next-section", "L": "timeline",
        "V": "pin", "a": "note", "ctrl+l": "plain",
        "m": "bookmark messages", "M": "message",
        "j": "down next", "k": "up previous", "g": "first", "G": "last", "ctrl+d": "page-down", "ctrl+u": "page-up",
        "tab": "next-pane", "shift+tab": "previous-pane", "ctrl+o": "jump",
        "plus": "zoom agree", "minus": "disagree", "underscore": "unzoom",
        "left_square_bracket": "earlier", "right_square_bracket": "later",
        "ctrl+z": "to-shell", "q": "leave", "l": "look-up", "ctrl+n": "new-case", "x": "why", "r": "record",
        "c": "copy", "y": "copy-as yes agree", "ctrl+e": "export", "ctrl+s": "save",
        "equals_sign": "pause", "f": "faults", "z": "undo", "Z": "redo", "R": "refresh",
    }.items()
}  # fmt: skip

# Terminals, shells and multiplexers want these for themselves; `ctrl+z` does what it does everywhere in a terminal.
NOT_OURS = frozenset({"ctrl+b", "ctrl+z", "ctrl+m", "ctrl+i", "ctrl+j", "ctrl+h", "ctrl+left_square_bracket"})
# What the focused part, or the screen before all screens, makes of them: where one agrees, `+` gives more of it.
NEAREST_WINS = frozenset({"escape", "enter", "down", "up", "space", "ctrl+c", "plus"})

# The parts that stand on every screen, and those that stand on some.
EVERYWHERE = frozenset({"app", "replay", "tour", "page", "listing", "table", "sheet"})
# Of these groups only one has the cursor.
CURSOR: Mapping[str, str] = {
    "table": "rows", "listing": "rows", "timeline": "rows", "lanes": "rows", "choice": "rows",
    "sheet": "text", "yesno": "box", "marks": "rows", "consent": "line", "decide": "line",
}  # fmt: skip
ONLY_ON: Mapping[str, frozenset[str]] = {
    "marks": frozenset({"bench", "ball", "review", "rules"}),
    "timeline": frozenset({"case", "lanes"}),
    "choice": frozenset({"finding", "pass", "packet", "export"}),
    "yesno": frozenset({"finding", "export"}),
}


def meet(one: str, other: str) -> bool:
    """Whether two areas, the first parts of ids, can be on one screen under one cursor."""
    if one == other:
        return True
    if CURSOR.get(one, "") != CURSOR.get(other, "") and one in CURSOR and other in CURSOR:
        return False
    return bool({one, other} & EVERYWHERE) or other in ONLY_ON.get(one, ()) or one in ONLY_ON.get(other, ())
