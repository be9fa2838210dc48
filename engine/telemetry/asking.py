"""Asking: the list of signals to ask the maker of a model for, with what each would save and who has it. Pure.

Families whose intervals overlap with that of the best one of their place are tied with it: nothing tells them apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from chargelore.engine.case import Charger
from chargelore.engine.telemetry.apart import Pair, told_apart
from chargelore.engine.telemetry.belief import believed, met
from chargelore.engine.telemetry.exposure import Exposure, new_of, sends, wishes
from chargelore.engine.telemetry.predicted import Effort, predicted
from chargelore.engine.telemetry.replay import Played, Signals
from chargelore.engine.telemetry.saving import Saving
from chargelore.engine.telemetry.walk import Bill
from chargelore.kb.learned import Learned
from chargelore.kb.model import EvidenceId, Knowledge
from chargelore.kb.signalfamilies import SignalFamily, makers_with

FEWEST = 5  # confirmed findings on a model; below that nothing is shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One family of signals that a model does not send.

    `saving` is per fault. `place` counts from 1; families that are `is_tied` share theirs. `is_sure` says that the
    whole interval lies above nothing. `apart` are pairs of causes that become separable. `has` are makers and models
    that show such signals today, by how one knows: `sent`, `register`, `code`.
    """

    family: SignalFamily
    signals: tuple[EvidenceId, ...]
    saving: Saving
    place: int
    is_tied: bool
    is_sure: bool
    apart: tuple[Pair, ...]
    has: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What to ask of one model: `findings` are behind it, `today` is what a fault costs now.

    `sent` are families that it sends already, `useless` those of which no case would go otherwise.
    """

    charger: Charger
    findings: int
    today: Bill
    asks: tuple[Ask, ...]
    sent: tuple[str, ...]
    useless: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """A model of which nothing can be said, and what is missing for it: `findings` or `heard`."""

    charger: Charger
    findings: int
    lacks: str


@dataclass(frozen=True, slots=True)
class Sheets:
    """What an ask list is made from: what is known and learned, the families, and every model with what it shows."""

    knowledge: Knowledge
    learned: Learned
    families: tuple[SignalFamily, ...]
    models: Mapping[Charger, Exposure | None]
    effort: Effort = field(default_factory=Effort)


def lacking(sheets: Sheets) -> Iterator[Lacking]:
    """The models that are left out, and why."""
    for charger, one in sheets.models.items():
        findings = met(sheets.learned, charger)
        if one is None or findings < FEWEST:
            lacks = "findings" if findings < FEWEST else "heard"
            yield Lacking(charger=charger, findings=findings, lacks=lacks)


def enough(sheets: Sheets) -> list[Charger]:
    """The models of which enough is known."""
    missing = {each.charger for each in lacking(sheets)}
    return [each for each in sheets.models if each not in missing]


Watching = Callable[[Charger, Iterator[Played]], Iterator[Played]]


def asked(sheets: Sheets, charger: Charger, watching: Watching | None = None) -> Asked:
    """The list for one model of which enough is known; the best first. `watching` sees every replayed trouble pass."""
    one = sheets.models[charger]
    if one is None:
        raise ValueError(f"nothing was heard of {charger.vendor} {charger.model}")
    wished = {each.id: each for each in wishes(sheets.families, one)}
    new = {name: signals for name, each in wished.items() if (signals := new_of(one, each))}
    told = predicted(
        sheets.knowledge, sheets.learned, charger, seen=one.seen, families=new, effort=sheets.effort,
        watched=partial(watching, charger) if watching else iter,
    )  # fmt: skip
    useful = {name: each for name, each in told.savings.items() if each.is_felt}
    return Asked(
        charger=charger,
        findings=met(sheets.learned, charger),
        today=told.today,
        asks=tuple(_asks(sheets, one, wished, new, useful)),
        sent=tuple(each.label for each in wished.values() if sends(one, each)),
        useless=tuple(wished[name].label for name in told.savings if name not in useful),
    )


def _asks(
    sheets: Sheets,
    one: Exposure,
    wished: Mapping[str, SignalFamily],
    new: Mapping[str, Signals],
    useful: Mapping[str, Saving],
) -> Iterator[Ask]:
    held = believed(sheets.knowledge, sheets.learned, one.charger)
    for name, place, is_tied in placed(useful):
        yield Ask(
            family=wished[name],
            signals=tuple(sorted(new[name])),
            saving=useful[name],
            place=place,
            is_tied=is_tied,
            is_sure=useful[name].minutes.low > 0,
            apart=told_apart(held, one.seen, new[name]),
            has=_who_has(sheets, one, wished[name]),
        )


def placed(savings: Mapping[str, Saving]) -> list[tuple[str, int, bool]]:
    """Families from the best to the least by minutes, with their place; overlapping with its leader is a tie."""
    order = sorted(savings, key=lambda name: (-savings[name].minutes.mean, name))
    places: list[int] = []
    for number, name in enumerate(order):
        leader = order[places[-1] - 1] if places else name
        is_tied = number > 0 and savings[name].minutes.high >= savings[leader].minutes.low
        places.append(places[-1] if is_tied else number + 1)
    return [(name, place, places.count(place) > 1) for name, place in zip(order, places, strict=True)]


def _who_has(sheets: Sheets, one: Exposure, family: SignalFamily) -> dict[str, tuple[str, ...]]:
    others = (each for each in sheets.models.values() if each is not None and each.charger != one.charger)
    sent = (f"{each.charger.vendor} {each.charger.model}" for each in others if sends(each, family))
    own = one.charger.vendor.casefold()
    known = makers_with(family, sheets.knowledge)
    others_have = {how: tuple(each for each in who if each.casefold() != own) for how, who in known.items()}
    return {"sent": tuple(sorted(sent)), **others_have}


def chargers_of(names: Iterable[tuple[str, str]]) -> list[Charger]:
    """Makers and models as chargers without a name, each once, in order."""
    return [Charger(id="", vendor=vendor, model=model) for vendor, model in sorted(set(names))]
