"""Sights: what stands on the screens now, as the value that the tour looks at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from textual.app import App
from textual.binding import Binding
from textual.screen import Screen

from chargelore.tui.desk import Desk
from chargelore.tui.keys.keymap import in_force
from chargelore.tui.lines.bench import OpenCase
from chargelore.tui.lines.case import charger_name, suspect_name, suspects
from chargelore.tui.lines.step import open_question
from chargelore.tui.screens.bench import Bench
from chargelore.tui.screens.case import CasePage
from chargelore.tui.screens.finding import FindingPage
from chargelore.tui.screens.why import WhyPage
from chargelore.tui.touring.lessons import BENCH, CASE, ELSEWHERE, FORM, WHY, Sight


def sight(screen: Screen[Any], desk: Desk, keys: Mapping[str, str]) -> Sight:
    """What a person has before them."""
    seen = Sight(screen=_kind(screen), cases=len(desk.cases), did=dict(desk.doings.counts), keys=keys)
    match screen:
        case Bench():
            row = screen.listing.table.current
            return replace(seen, charger=charger_name(row.case) if isinstance(row, OpenCase) else "")
        case CasePage():
            return _of_case(screen, desk, seen)
        case _:
            return seen


def _kind(screen: Screen[Any]) -> str:
    kinds = {Bench: BENCH, CasePage: CASE, WhyPage: WHY, FindingPage: FORM}
    return kinds.get(type(screen), ELSEWHERE)


def _of_case(page: CasePage, desk: Desk, seen: Sight) -> Sight:
    case, diagnosis, pane = desk.cases.get(page.case_id), desk.weighed.get(page.case_id), page.step
    if case is None or diagnosis is None:
        return seen
    row = page.suspects.table.current or suspects(diagnosis)[0]
    return replace(
        seen,
        charger=charger_name(case),
        suspect=suspect_name(row),
        step=pane.step.label if pane.step else "",
        is_safety=pane.step is not None and pane.step.kind == "secure",
        is_asked=pane.asked is not None,
        can_be_asked=any(
            each.kind == "secure" or open_question(each, case, desk.knowledge, pane.skipped) for each in diagnosis.steps
        ),
        passed=pane.passed,
    )


def shown_keys(app: App[Any], own: Mapping[str, str]) -> dict[str, str]:
    """The key of each action as the footer writes it; of several the shortest."""
    shown = ((each.id, [app.get_key_display(_pressed(each, key)) for key in keys]) for each, keys in in_force(own))
    return {str(name): min(keys, key=len) for name, keys in shown}


def _pressed(binding: Binding, key: str) -> Binding:
    return binding if binding.key == key else replace(binding, key=key, key_display=None)
