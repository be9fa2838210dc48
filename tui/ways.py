"""Ways: from a kind of place to its screen, which is loaded when it is opened first: the first screen should not wait.

A new screen that is opened by a key of every screen, or that one should be able to come back to, is added here.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING

from chargelore.tui.desk import Desk
from chargelore.tui.places import Place

if TYPE_CHECKING:  # every page knows these ways
    from chargelore.tui.screens.page import Page

ROOM = "chargelore.tui.screens"
WAYS: Mapping[str, str] = {
    "case": "case:CasePage",
    "timeline": "timeline:TimelinePage",
    "explain": "explain:ExplainPage",
    "finding": "finding:FindingPage",
    "look-up": "lookup:LookupPage",
    "taxonomy": "taxonomy:TaxonomyPage",
    "rules": "rules:RulesPage",
    "packet": "packet:PacketPage",
    "ball": "ball:BallPage",
    "export": "export:ExportPage",
    "asks": "asks:AsksPage",
    "review": "review:ReviewPage",
    "help": "help:HelpPage",
    "new-case": "newcase:NewCasePage",
}


def page_at(place: Place, desk: Desk, over: Page | None = None) -> Page | None:
    """A fresh screen for a place; None for the first screen, and where what it is about is not there any more.

    `over` is the screen in front of which it opens: what that is about is what the new one begins with.
    """
    return screen_of(place.kind).of_place(desk, place.name, over) if place.kind in WAYS else None


def screen_of(kind: str) -> type[Page]:
    """The screen of a kind of place. KeyError where no screen is of that kind."""
    module, name = WAYS[kind].split(":")
    found: type[Page] = getattr(import_module(f"{ROOM}.{module}"), name)
    return found


def unloaded() -> tuple[str, ...]:
    """The kinds of screens that are not loaded yet."""
    return tuple(kind for kind, place in WAYS.items() if f"{ROOM}.{place.partition(':')[0]}" not in sys.modules)
