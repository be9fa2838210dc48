"""Ways: from a place back to its screen. A new screen that one should be able to come back to is added here."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from chargelore.tui.desk import Desk
from chargelore.tui.places import Place
from chargelore.tui.screens.asks import AsksPage
from chargelore.tui.screens.ball import BallPage
from chargelore.tui.screens.case import CasePage
from chargelore.tui.screens.explain import ExplainPage
from chargelore.tui.screens.export import ExportPage
from chargelore.tui.screens.finding import FindingPage
from chargelore.tui.screens.lookup import LookupPage
from chargelore.tui.screens.packet import PacketPage
from chargelore.tui.screens.page import Page
from chargelore.tui.screens.review import ReviewPage
from chargelore.tui.screens.rules import RulesPage
from chargelore.tui.screens.taxonomy import TaxonomyPage
from chargelore.tui.screens.timeline import TimelinePage


def page_at(place: Place, desk: Desk) -> Page | None:
    """A fresh screen for a place; None for the first screen, and where what it is about is not there any more."""
    way = WAYS.get(place.kind)
    return way(desk, place.name) if way is not None else None


def _case(desk: Desk, name: str) -> Page | None:
    return CasePage(desk, name) if desk.look_at(name) is not None else None


def _timeline(desk: Desk, name: str) -> Page | None:
    return TimelinePage(desk, name) if desk.case_now(name) is not None else None


def _finding(desk: Desk, name: str) -> Page | None:
    now = desk.look_at(name)
    return FindingPage(desk, *now) if now is not None and not desk.is_read_only else None


def _explain(desk: Desk, name: str) -> Page | None:
    now = desk.look_at(name)
    return ExplainPage(desk, now[0]) if now is not None else None


def _packet(desk: Desk, name: str) -> Page | None:
    matter = desk.matter(name)
    return PacketPage(desk, matter) if matter is not None else None


WAYS: Mapping[str, Callable[[Desk, str], Page | None]] = {
    "case": _case,
    "timeline": _timeline,
    "explain": _explain,
    "finding": _finding,
    "look-up": lambda desk, typed: LookupPage(desk, None, typed),
    "taxonomy": TaxonomyPage,
    "rules": RulesPage,
    "packet": _packet,
    "ball": lambda desk, _name: BallPage(desk),
    "export": lambda desk, _name: ExportPage(desk),
    "asks": lambda desk, _name: AsksPage(desk),
    "review": lambda desk, _name: ReviewPage(desk),
}
