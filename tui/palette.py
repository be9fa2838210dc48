"""Palette: commands that take words: `case CP-17` opens a case, `code E7` looks one up, `rule cp-low` finds rules.

Each goes by a letter too: `c CP-17`, `l E7`, `r cp-low`, `f ground` for faults; the palette shows them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from chargelore.tui.lines.case import charger_name
from chargelore.tui.places import Place
from chargelore.tui.screens.page import Page
from chargelore.tui.speech import t
from chargelore.tui.text import plain
from chargelore.tui.ways import page_at

MOST = 8
VERBS: Mapping[str, str] = {
    **dict.fromkeys(("case", "c", "fall"), "case"), **dict.fromkeys(("code", "l", "lookup"), "code"),
    **dict.fromkeys(("rule", "r", "regel"), "rule"), **dict.fromkeys(("fault", "f", "fehler"), "fault"),
}  # fmt: skip


class GoTo(Provider):
    """Ways to a case or to a look-up by typing a name."""

    async def discover(self) -> Hits:
        """The words that take a name, with their letters, and the first open cases."""
        for text, way in self._ways():
            yield DiscoveryHit(text, way, help=t("type it with a name, and Enter goes there"))
        for hit in self._cases(""):
            yield DiscoveryHit(hit.match_display, hit.command, text=hit.text, help=t("type `case NAME` for others"))

    async def search(self, query: str) -> Hits:
        """Cases by name after `case`, a look-up after `code`, rules after `rule`, faults after `fault`."""
        typed, _, rest = query.strip().partition(" ")
        verb = VERBS.get(typed.casefold(), "")
        if verb == "case" and (rest or len(typed) > 1):
            for hit in self._cases(rest.casefold()):
                yield hit
        elif verb == "code" and rest:
            yield Hit(1.0, Content(t("Look up {words}", words=plain(rest))), partial(self._look_up, rest))
        elif verb == "rule" and rest:
            yield Hit(1.0, Content(t("Rules with {words}", words=plain(rest))), partial(self._rules, rest))
        elif verb == "fault" and rest:
            yield Hit(1.0, Content(t("Faults with {words}", words=plain(rest))), partial(self._faults, rest))

    def _ways(self) -> tuple[tuple[str, Callable[[], None]], ...]:
        return (
            (t("code WORDS, also l: look up"), partial(self._look_up, "")),
            (t("rule NAME, also r: rules"), partial(self._rules, "")),
            (t("fault NAME, also f: faults and who sees them"), partial(self._faults, "")),
        )

    def _cases(self, wanted: str) -> Iterator[Hit]:
        page = self.screen
        cases = page.desk.cases.values() if isinstance(page, Page) else ()
        found = [case for case in cases if wanted in f"{case.id} {charger_name(case)}".casefold()]
        for case in found[:MOST]:
            name = t("Case of {charger}", charger=charger_name(case))
            yield Hit(1.0, Content(name), partial(self._open, case.id), text=name)

    def _open(self, case_id: str) -> None:
        if isinstance(self.screen, Page):
            self.screen.opens("case", case_id)

    def _look_up(self, typed: str) -> None:
        """Of any maker, also where a case is in front."""
        if isinstance(self.screen, Page) and (page := page_at(Place("look-up", typed), self.screen.desk)) is not None:
            self.app.push_screen(page)

    def _rules(self, wanted: str) -> None:
        from chargelore.tui.screens.rules import RulesPage  # noqa: PLC0415  # as `tui/ways.py` does it: when it is opened

        if isinstance(self.screen, Page):
            self.app.push_screen(RulesPage(self.screen.desk, wanted=wanted))

    def _faults(self, wanted: str) -> None:
        from chargelore.tui.screens.taxonomy import TaxonomyPage  # noqa: PLC0415  # as above

        if isinstance(self.screen, Page):
            self.app.push_screen(TaxonomyPage(self.screen.desk, wanted=wanted))
