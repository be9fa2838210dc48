"""Every screen: how it is opened, and what it says in each world. A new screen is written down here.

From this table all tests take their screens: that each works at every size, that its keys are told, that none writes
where nothing may be written, and that hostile text is plain text on it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from importlib import import_module
from inspect import getmembers, isclass
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from fake_watch import signal
from screen_worlds import WORLDS
from screens import SMALL, Here, press, until

from chargelore.engine.case import Charger
from chargelore.engine.grammar.rule import shipped
from chargelore.engine.heard.reportability import NOTHING_HEARD
from chargelore.engine.sources.bench.effects import effect
from chargelore.engine.sources.bench.guest import Guest
from chargelore.kb.errand import errand
from chargelore.kb.store import Store
from chargelore.tui.app import Chargelore
from chargelore.tui.desk import Desk
from chargelore.tui.drafts import Drafts
from chargelore.tui.explaining.putting import Putting
from chargelore.tui.replaying.tape import Tape
from chargelore.tui.screens.acquit import AcquitPage
from chargelore.tui.screens.asks import AsksPage
from chargelore.tui.screens.backtest import BacktestPage
from chargelore.tui.screens.ball import BallPage, PassPage
from chargelore.tui.screens.bench import Bench
from chargelore.tui.screens.case import CasePage
from chargelore.tui.screens.consent import ConsentPage
from chargelore.tui.screens.copyas import CopyAs
from chargelore.tui.screens.decide import AcceptPage, ReasonPage
from chargelore.tui.screens.diff import DiffPage
from chargelore.tui.screens.errands import ErrandsPage
from chargelore.tui.screens.explain import ExplainPage
from chargelore.tui.screens.export import ExportPage
from chargelore.tui.screens.finding import FindingPage
from chargelore.tui.screens.help import HelpPage
from chargelore.tui.screens.known import KnownPage
from chargelore.tui.screens.lookup import LookupPage
from chargelore.tui.screens.moment import MomentPage
from chargelore.tui.screens.newcase import NewCasePage
from chargelore.tui.screens.note import NotePage
from chargelore.tui.screens.onsite import OnSite
from chargelore.tui.screens.packet import PacketPage
from chargelore.tui.screens.page import Page
from chargelore.tui.screens.plot import PlotPage
from chargelore.tui.screens.reading import Reading
from chargelore.tui.screens.review import ReviewPage
from chargelore.tui.screens.rulecase import RuleInCase
from chargelore.tui.screens.rules import RulesPage
from chargelore.tui.screens.taxonomy import TaxonomyPage
from chargelore.tui.screens.timeline import TimelinePage
from chargelore.tui.screens.why import WhyPage
from chargelore.tui.screens.working import TypedPage, WorkingPage
from chargelore.tui.site import Present

Make = Callable[[Desk], Page | None]
LONG = "Contact resistance of the plug rises with heat and dirt, so that it trips only under load"


@dataclass(frozen=True, slots=True)
class Shown:
    """One screen. `steps` are keys from the first screen, with a settled screen between; or `made` makes it.

    `says` is what stands on it in each world; where a world is missing there, the screen is the same as in another, or
    the keys lead nowhere. `writes` says that it is only for writing.
    """

    page: type[Page]
    steps: tuple[tuple[str, ...], ...] = ()
    made: Make | None = None
    says: Mapping[str, str] = field(default_factory=dict)
    writes: bool = False


class NoSite:
    """A bench that stands, with these chargers."""

    address, last = "ws://192.0.2.7:9000", dict[str, Any]()

    def __init__(self, desk: Desk) -> None:
        self.present = tuple(Present(guest(each.charger), "", None) for each in desk.chargers.values())


def guest(charger: Charger) -> Guest:
    """A charger that came to the bench."""
    made = {"vendor": charger.vendor, "model": charger.model, "firmware": charger.firmware}
    return Guest(id=charger.id, version="1.6", is_here=True, connectors={1: "Available"}, **made)


def _anybody(desk: Desk) -> Guest:
    return guest(next((each.charger for each in desk.chargers.values()), Charger(id="CP-1")))


def _consent(desk: Desk) -> Page:
    wanted = errand("ClearCache")
    who = _anybody(desk)
    return ConsentPage(desk, who.id, wanted, effect(wanted, who), lambda _consent: None)


def _consent_by_id(desk: Desk) -> Page:
    wanted, charging = errand("Reset Hard"), replace(_anybody(desk), connectors={1: "Charging"})
    return ConsentPage(desk, charging.id, wanted, effect(wanted, charging), lambda _consent: None)


def _rule_in_case(desk: Desk) -> Page | None:
    if "CP-1-1" not in desk.watch.cases:
        return None
    case, rules = desk.watch.case("CP-1-1"), shipped()
    return RuleInCase(desk, rules.signal_rules[0], Putting(case, desk.known, NOTHING_HEARD, rules))


def _backtest(desk: Desk) -> Page:
    rules = shipped()
    return BacktestPage(desk, rules.signal_rules[0], rules)


def _note(desk: Desk) -> Page:
    return NotePage(desk, [LONG], "", lambda _note: None)


def _known(desk: Desk) -> Page:
    return KnownPage(desk, "E99")


def _on_site(desk: Desk) -> Page:
    return OnSite(desk, NoSite(desk))  # type: ignore[arg-type]  # what a screen sees of a site


def _moment(desk: Desk) -> Page:
    return MomentPage(desk, Tape([signal("CP-1", 0, "boot")], wall=lambda: 0.0))


def _accept(desk: Desk) -> Page:
    return AcceptPage(desk, [f"+ “Water in plug” shows “{LONG}”", LONG], lambda: None)


def _reason(share: str | None) -> Make:
    return lambda desk: ReasonPage(desk, [LONG], lambda _reason, _share: None, share)


def _in(worlds: str, says: str, **others: str) -> dict[str, str]:
    """The same in these worlds, and something else in others."""
    return {**dict.fromkeys(worlds.split(), says), **others}


CASE = ("g", "enter")
SCREENS: Mapping[str, Shown] = {
    "bench": Shown(Bench, says={"empty": "look up a code", "normal": "CP-2 #2", "huge": "chargers · 1,000"}),
    "bench, of a bare case": Shown(Bench, says={"bare": "CP-1"}),
    "look-up": Shown(LookupPage, (("l",),), says=_in("empty normal huge", "Type a code as")),
    "look-up, found": Shown(LookupPage, (("l", "E", "7"),), says=_in("empty huge", "RCD tripped")),
    "look-up, not found": Shown(LookupPage, (("l", *"qqqqqqqq"),), says=_in("empty huge", "F3 notes it")),
    "case": Shown(CasePage, (CASE,), says={"bare": "No signals:", "normal": "Water in plug", "huge": "· 50,000"}),
    "signal": Shown(Reading, (CASE, ("shift+tab", "enter")), says={"normal": "ground-fault-trip", "huge": "ocpp"}),
    "visit": Shown(Reading, (CASE, ("v",)), says=_in("normal huge", "Swap the cable", bare="worth its minutes")),
    "timeline": Shown(TimelinePage, (CASE, ("L",)), says=_in("normal huge", "ocpp", bare="No signals:")),
    "plot of a case": Shown(PlotPage, (CASE, ("f2",)), says=_in("bare normal huge", "esc Back")),
    "plot of cases": Shown(PlotPage, (("f2",),), says=_in("empty normal huge", "esc Back")),
    "plot of who keeps them": Shown(PlotPage, (("b",), ("f2",)), says=_in("empty normal huge", "esc Back")),
    "acquit": Shown(AcquitPage, (CASE, ("i",)), says={"normal": "What would clear it"}, writes=True),
    "new case": Shown(NewCasePage, (("ctrl+n",),), says=_in("empty normal", "esc"), writes=True),
    "note": Shown(NotePage, made=_note, says={"empty": "in one line"}, writes=True),
    "known": Shown(KnownPage, made=_known, says={"normal": "Which fault is it?"}, writes=True),
    "diff": Shown(DiffPage, (("f4",), ("d",)), says={"normal": "From there to what is known here"}),
    "backtest": Shown(BacktestPage, made=_backtest, says={"normal": "Nothing is here to judge it by"}),
    "why": Shown(WhyPage, (CASE, ("x",)), says=_in("normal huge", "Water in plug", bare="not in this knowledge base")),
    "graph": Shown(WhyPage, (CASE, ("x",), ("v",)), says=_in("normal huge", "Water in plug", bare="no graph can be")),
    "explain": Shown(ExplainPage, (CASE, ("x",), ("x",)), says=_in("bare normal huge", "lacks")),
    "rule in a case": Shown(RuleInCase, made=_rule_in_case, says=_in("bare normal huge", "it did not match")),
    "finding": Shown(FindingPage, (CASE, ("r",)), says=_in("bare normal huge", "What fixed it?"), writes=True),
    "packet": Shown(PacketPage, (CASE, ("p",)), says=_in("bare normal huge", "✗ a label")),
    "review": Shown(ReviewPage, (("f7",),), says=_in("normal huge", "+ after", empty="Nothing waits for a decision")),
    "accept": Shown(AcceptPage, made=_accept, says={"empty": "+ “Water in plug” shows"}, writes=True),
    "reason": Shown(ReasonPage, made=_reason(None), says={"empty": "why, in one line"}, writes=True),
    "agree": Shown(ReasonPage, made=_reason("1"), says={"empty": "How much do you agree?"}, writes=True),
    "rules": Shown(RulesPage, (("f9",),), says={"normal": "authorise-unanswered"}),
    "taxonomy": Shown(TaxonomyPage, (("f4",),), says=_in("empty normal", "ground fault trip", huge="Authorisation")),
    "ball": Shown(BallPage, (("b",),), says=_in("normal huge", "CP-7-1", empty="Nobody has a case")),
    "pass": Shown(PassPage, (("b",), ("P",)), says={"normal": "Who gets it?"}, writes=True),
    "asks": Shown(AsksPage, (("A",),), says={"empty": "five findings"}),
    "export": Shown(ExportPage, (("X",),), says={"normal": "Who will read it?"}),
    "help": Shown(HelpPage, (("question_mark",),), says={"normal": "Faults only"}),
    "copy as": Shown(CopyAs, (("y",),), says={"normal": "this row"}),
    "moment": Shown(MomentPage, made=_moment, says={"empty": "Enter plays everything up to"}),
    "on site": Shown(OnSite, made=_on_site, says={"empty": "No charger has", "normal": "CP-3", "huge": "· 1,000"}),
    "errands": Shown(ErrandsPage, made=lambda desk: ErrandsPage(desk, _anybody(desk)), says={"empty": "ClearCache"}),
    "consent": Shown(ConsentPage, made=_consent, says={"empty": "forgets the cards it knows"}),
    "consent by id": Shown(ConsentPage, made=_consent_by_id, says={"empty": "type the charger's id"}),
}  # fmt: skip


def usual(name: str) -> str:
    """The world in which a screen shows what it is for, at little cost."""
    says = SCREENS[name].says
    return "normal" if "normal" in says else next(iter(says))


@asynccontextmanager
async def opened(folder: Path, name: str, world: str, size: tuple[int, int] = SMALL, **how: Any) -> AsyncIterator[Here]:
    """A screen in front, in a world."""
    async with world_of(folder, world, **how).run_test(size=size) as pilot:
        await go(pilot, SCREENS[name])
        yield pilot


def world_of(folder: Path, world: str, /, *, is_read_only: bool = False, wait: float = 10.0, **how: Any) -> Chargelore:
    """The app in a world."""
    watch = WORLDS[world](folder)
    desk = Desk(watch.knowledge, watch, Store.open(folder / "events.db", wait=wait), Drafts(folder / "drafts"))  # type: ignore[arg-type]  # the fake
    desk.is_read_only = is_read_only
    desk.work_out(1.0)
    return Chargelore(desk, **how)


async def go(pilot: Here, shown: Shown) -> None:
    """From the first screen to this one."""
    if shown.made is not None and (page := shown.made(pilot.app.desk)) is not None:
        await pilot.app.push_screen(page)
    for keys in shown.steps:
        await press(pilot, *keys)
    await until(pilot, lambda: type(pilot.app.screen) is shown.page)
    await pilot.pause()


def pages() -> set[type[Page]]:
    """All screens of ours; those that others are built on are none."""
    room = import_module("chargelore.tui.screens")
    modules = [import_module(f"{room.__name__}.{each.name}") for each in iter_modules(room.__path__)]
    found = {each for module in modules for _, each in getmembers(module, isclass) if issubclass(each, Page)}
    return found - {Page, WorkingPage, TypedPage}
