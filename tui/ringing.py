"""Ringing: the bell of the terminal, and its notification (OSC 9), when a case opens while nobody looks."""

from __future__ import annotations

from collections.abc import Mapping

from chargelore.tui.speech import t
from chargelore.tui.text import brief, plain

LONGEST = 60  # letters of a name in a notification


class Ringer:
    """Knows which cases were rung for. Lives as long as the app; off unless somebody asked for it."""

    def __init__(self, *, is_on: bool) -> None:
        self.is_on = is_on
        self._known = frozenset[str]()

    def hears(self, opened: Mapping[str, str]) -> str:
        """What to ring for, of the cases that are open now, with their chargers; empty where none of them is new."""
        new = [charger for case, charger in opened.items() if case not in self._known]
        self._known = frozenset(opened)
        if not new or not self.is_on:
            return ""
        return t("Case opened: {charger}", charger=brief(new[0], LONGEST)) + (f" +{len(new) - 1}" if new[1:] else "")


def notification(text: str) -> str:
    """What a terminal takes for a bell and a notification; one that does not know OSC 9 passes over it."""
    return f"\x07\x1b]9;{plain(text)}\x07"
