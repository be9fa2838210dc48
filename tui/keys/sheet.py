"""Sheet: all keys on one page to print or to pass on, by where they work."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from textual.binding import Binding
from textual.keys import format_key

from chargelore.kb.export.markdowns import md
from chargelore.tui.keys.keymap import in_force
from chargelore.tui.text import words

# By the first part of an action's id, in the order in which a person meets them.
AREAS: Mapping[str, str] = {
    "app": "Everywhere", "page": "Every screen", "table": "Rows", "listing": "Lists", "sheet": "Text",
    "timeline": "Timelines", "lanes": "All layers on one clock", "choice": "Choices", "yesno": "Boxes",
    "bench": "Bench", "case": "Case", "suspect": "Why a suspect is one", "finding": "Record a finding",
    "packet": "Packet for the maker", "lookup": "Look-up", "ball": "Who has the ball", "pass": "Hand a case on",
    "taxonomy": "Faults and who sees them", "rules": "Rules", "rulecase": "One rule in a case",
    "backtest": "A rule judged by recordings", "review": "What waits for a decision", "decide": "One decision",
    "reason": "Why, in a line", "asks": "Signals to ask makers for", "export": "Export", "copyas": "Copy as",
    "reading": "Pages to read", "help": "The list of keys", "plot": "Plots", "replay": "Replay", "tour": "Demo",
    "onsite": "On site", "consent": "Before a charger is acted on", "moment": "To a time of the tape",
    "errands": "What can be sent to a charger", "jump": "Jump to a pane",
}  # fmt: skip
NAMES = {"pageup": "PgUp", "pagedown": "PgDn", "home": "Home", "end": "End", "enter": "Enter"}
NUMBERED = re.compile(r"(.*?)-?[1-9]`$")
Row = tuple[str, str, str]


def cheat_sheet(own: Mapping[str, str]) -> str:
    """Every action with its keys, those of one's own keymap included, as Markdown: one table for each place."""
    order = {name: place for place, name in enumerate(AREAS)}
    actions = sorted(in_force(own), key=lambda each: (order.get(area(each[0]), len(order)), area(each[0])))
    return "\n".join(each for name, some in groupby(actions, lambda each: area(each[0])) for each in _table(name, some))


def area(binding: Binding) -> str:
    """Where the key of a binding works."""
    return str(binding.id).partition(".")[0]


def written(key: str) -> str:
    """A key as people write it: `?`, `ctrl+p`, `F4`, `esc`."""
    return NAMES.get(key) or (key.upper() if re.fullmatch(r"f\d+", key) else format_key(key))


def _code(key: str) -> str:
    """As code in a cell; what would end either goes by its name."""
    shown = written(key)
    return f"`{key if shown in '|`' else shown}`"


def _table(name: str, actions: Iterable[tuple[Binding, tuple[str, ...]]]) -> Iterator[str]:
    yield from (
        "",
        f"## {AREAS.get(name, words(name).capitalize())}",
        "",
        "| keys | what they do | action |",
        "|---|---|---|",
    )
    rows = [(" ".join(map(_code, keys)), each.description, f"`{each.id}`") for each, keys in actions]
    for _, some in groupby(rows, lambda row: _stem(row[2])):
        keys, does, action = _joined(list(some))
        yield f"| {keys} | {md(does)} | {action} |"


def _stem(action: str) -> str:
    """`choice.pick-1` and `choice.pick-9` are one line."""
    found = NUMBERED.fullmatch(action)
    return found[1] if found else action


def _joined(rows: list[Row]) -> Row:
    first, last = rows[0], rows[-1]
    if len(rows) == 1:
        return first
    return f"{first[0]} … {last[0]}", first[1].removesuffix(" 1"), f"{first[2]} … {last[2]}"
