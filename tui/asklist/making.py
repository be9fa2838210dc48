"""Making: an ask list out of a store: what was heard and found is read first, then every model is worked out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from chargelore.engine.case import Charger
from chargelore.engine.grammar.rule import shipped
from chargelore.engine.heard.reportability import Sheet
from chargelore.engine.heard.reportbody import sheet_of
from chargelore.engine.reach import Reach
from chargelore.engine.telemetry.asking import Sheets, Watching, asked, chargers_of, enough, lacking
from chargelore.engine.telemetry.exposure import exposure
from chargelore.engine.telemetry.predicted import Effort
from chargelore.kb.clock import stamp_of
from chargelore.kb.codekey import bare
from chargelore.kb.errors import InputError
from chargelore.kb.events import FINDING, Event
from chargelore.kb.fold import fold, read_finding
from chargelore.kb.learned import Learned
from chargelore.kb.model import Knowledge
from chargelore.kb.signalfamilies import signal_families
from chargelore.kb.store import Store
from chargelore.tui.asklist.words import AskList
from chargelore.tui.live import laid_over


@dataclass(frozen=True, slots=True)
class Gathered:
    """What an ask list rests on, as it was read from a store."""

    knowledge: Knowledge
    learned: Learned
    heard: Sheet
    findings: tuple[Event, ...]


def gathered(store: Store, since: datetime | None = None) -> Gathered:
    """Read it; `since` leaves older findings out. StoreError when it cannot be read."""
    return Gathered(laid_over(store), _learned(store, since), sheet_of(store.heard()), store.events(FINDING))


def sheets(read: Gathered, effort: Effort, vendor: str = "", model: str = "") -> Sheets:
    """The models, those of one maker or of one name where that is said as `bare` spells it, with what each shows."""
    reach = Reach(shipped(), read.heard)
    models = (each for each in _models(read.heard, read.findings) if vendor in ("", bare(each.vendor)))
    wanted = [each for each in models if model in ("", bare(each.model))]
    return Sheets(
        knowledge=read.knowledge,
        learned=read.learned,
        families=signal_families(),
        models={each: exposure(read.knowledge, read.heard, reach, each) for each in wanted},
        effort=effort,
    )


def told(made: Sheets, watching: Watching | None = None) -> AskList:
    """The list; `watching` sees every replayed trouble of each model pass."""
    models = tuple(asked(made, each, watching) for each in enough(made))
    return AskList(made.knowledge, models, tuple(lacking(made)), made.effort)


def _learned(store: Store, since: datetime | None) -> Learned:
    if since is None:
        return store.learned()
    return fold((each for each in store.events() if each.kind != FINDING or _is_since(each, since)), store.owners)


def _is_since(one: Event, since: datetime) -> bool:
    try:
        return stamp_of(one.hlc).at >= since
    except InputError:
        return False


def _models(heard: Sheet, findings: Iterable[Event]) -> list[Charger]:
    """Every model that was heard or that a finding names, once, in the spelling in which it says its own name."""
    said = (finding.charger for each in findings if (finding := read_finding(each)) is not None)
    named = [*((each.vendor, each.model) for each in heard.models), *((each.vendor, each.model) for each in said)]
    once: dict[tuple[str, str], tuple[str, str]] = {}
    for vendor, model in named:
        if bare(vendor) and bare(model):
            once.setdefault((bare(vendor), bare(model)), (vendor, model))
    return chargers_of(once.values())
