"""Palette: commands that take words: `case CP-17` opens a case, `code E7` looks one up, `rule cp-low` finds rules."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from chargelore.tui.lines.case import charger_name
from chargelore.tui.screens.case import CasePage
from chargelore.tui.screens.lookup import LookupPage
from chargelore.tui.screens.page import Page
from chargelore.tui.screens.rules import RulesPage
from chargelore.tui.text import plain

MOST = 8


class GoTo(Provider):
    """Ways to a case or to a look-up by typing a name."""

    async def discover(self) -> Hits:
        """The first open cases; `case` and `code` take a name."""
        for hit in self._cases(""):
            yield DiscoveryHit(hit.match_display, hit.command, text=hit.text, help="type `case NAME` for others")

    async def search(self, query: str) -> Hits:
        """Cases by name after `case`, a look-up after `code`, rules after `rule`."""
        verb, _, rest = query.strip().partition(" ")
        if verb == "case":
            for hit in self._cases(rest.casefold()):
                yield hit
        elif verb == "code" and rest:
            yield Hit(1.0, Content(f"Look up {plain(rest)}"), partial(self._look_up, rest))
        elif verb == "rule" and rest:
            yield Hit(1.0, Content(f"Rules with {plain(rest)}"), partial(self._rules, rest))

    def _cases(self, wanted: str) -> Iterator[Hit]:
        page = self.screen
        cases = page.desk.cases.values() if isinstance(page, Page) else ()
        found = [case for case in cases if wanted in f"{case.id} {charger_name(case)}".casefold()]
        for case in found[:MOST]:
            name = f"Case of {charger_name(case)}"
            yield Hit(1.0, Content(name), partial(self._open, case.id), text=name)

    def _open(self, case_id: str) -> None:
        if isinstance(self.screen, Page):
            self.app.push_screen(CasePage(self.screen.desk, case_id))

    def _look_up(self, typed: str) -> None:
        if isinstance(self.screen, Page):
            self.app.push_screen(LookupPage(self.screen.desk, None, typed))

    def _rules(self, wanted: str) -> None:
        if isinstance(self.screen, Page):
            self.app.push_screen(RulesPage(self.screen.desk, wanted=wanted))
