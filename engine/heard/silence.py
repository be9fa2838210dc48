"""Silence: what a model never sends, as far as its report can prove it; a question on that cannot be asked.

That nothing was heard proves something only where there was an occasion to say it: a temperature in a meter value, a
meter value in a transaction. After 100 occasions without it, it comes in fewer than 3 of 100 (rule of three, 95 %).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from chargelore.engine.grammar.condition import OWN, Condition, OtherField, Pattern
from chargelore.engine.heard.reportability import ASKED, FIELDS, PLUGGED, TROUBLE, WORDS, Report

FEWEST_CHARGERS = 3  # one charger that says nothing may be broken
FEWEST = 100  # occasions
LONE = 10  # times as many occasions, and a month, where fewer chargers were heard
LONG = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Occasion:
    """When an item would be said: beside or after these items; `words` name them in the plural."""

    items: tuple[str, ...]
    words: str
    fewest: int = FEWEST


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """An item that a model never sent, and on how many occasions of how many chargers.

    `is_firm` says that enough chargers were heard to tell a habit of the model from a fault of one charger: only then
    does it say nothing when a charger stays silent, too.
    """

    item: str
    occasions: int
    words: str
    chargers: int
    is_firm: bool

    def __str__(self) -> str:
        """`this model never sent `temperature`: 0 of 1,240 meter values of 4 chargers`."""
        chargers = "1 charger" if self.chargers == 1 else f"{self.chargers} chargers"
        return f"this model never sent {name_of(self.item)}: 0 of {self.occasions:,} {self.words} of {chargers}"


# Kinds that belong to a charger's ordinary day. Faults, security events and the like may just not have happened yet;
# boots and connections are seen or not by where one listens.
_KINDS: Mapping[str, Occasion] = {
    "status": Occasion(("start", "stop", "meter", "heartbeat"), "other messages"),
    "start": Occasion(("status.status=Charging",), "times that it said Charging"),
    "stop": Occasion(("start",), "started transactions"),
    "transaction": Occasion(("start",), "started transactions"),
    "meter": Occasion(("start",), "started transactions"),
    "authorize": Occasion(("start",), "started transactions"),
    "diagnostics-status": Occasion(tuple(f"command.action={each}" for each in ASKED[:2]), "requests for its logs", 20),
    "firmware-status": Occasion(tuple(f"command.action={each}" for each in ASKED[2:]), "requests to update", 20),
}
_JUDGED: Mapping[str, str] = {
    "meter": "meter values", "status": "status messages", "start": "started transactions",
    "stop": "stopped transactions", "transaction": "transaction events",
}  # fmt: skip
_ONLY_IN_TROUBLE = frozenset({"status.vendorErrorCode", "status.info", "status.vendorId"})
# Words of an ordinary day, and how many statuses of a plugged-in vehicle must go without one: not every car pauses.
_ORDINARY = {"Preparing": 100, "Charging": 100, "Finishing": 100, "Occupied": 100} | dict.fromkeys(PLUGGED[2:4], 500)


def occasion_of(item: str) -> Occasion | None:
    """When an item would be said; None for one of which silence proves nothing."""
    kind, _, rest = item.partition(".")
    name, _, word = rest.partition("=")
    if not rest:
        return _KINDS.get(item)
    if word:
        others = tuple(f"status.status={each}" for each in PLUGGED if each != word)
        fewest = _ORDINARY.get(word)
        return Occasion(others, "statuses of a plugged-in vehicle", fewest) if fewest else None
    if kind not in _JUDGED or name not in FIELDS[kind]:
        return None
    return Occasion((TROUBLE,), "status messages with an error", 20) if item in _ONLY_IN_TROUBLE else _beside(kind)


def _beside(kind: str) -> Occasion:
    return Occasion((kind,), _JUDGED[kind])


def judged() -> tuple[str, ...]:
    """All items of which silence can be proven, in order."""
    words = (f"status.status={each}" for each in WORDS["status", "status"])
    fields = (f"{kind}.{name}" for kind in _JUDGED for name in sorted(FIELDS[kind]))
    return tuple(each for each in (*_KINDS, *words, *fields) if occasion_of(each) is not None)


def silence(report: Report, item: str) -> Silence | None:
    """What proves that the model never sends an item; None when it does, or when that is not known yet."""
    occasion = occasion_of(item)
    if occasion is None or report.times(item):
        return None
    times, chargers = sum(map(report.times, occasion.items)), report.chargers(occasion.items)
    is_firm = chargers >= FEWEST_CHARGERS and times >= occasion.fewest
    if not is_firm and not (times >= LONE * occasion.fewest and _span(report) >= LONG):
        return None
    return Silence(item=item, occasions=times, words=occasion.words, chargers=chargers, is_firm=is_firm)


def silences(report: Report, patterns: Mapping[str, Pattern]) -> dict[str, Silence]:
    """The patterns of a rule that no signal of the model can meet, by name, and why."""
    found = {name: _of_pattern(report, pattern) for name, pattern in patterns.items()}
    return {name: each for name, each in found.items() if each is not None}


def name_of(item: str) -> str:
    """An item in words: `temperature` for a field, status Charging for a word, any `meter` for a kind."""
    kind, _, rest = item.partition(".")
    name, _, word = rest.partition("=")
    return f"{name} {word}" if word else f"`{name}`" if name else f"any `{kind}`"


def _of_pattern(report: Report, pattern: Pattern) -> Silence | None:
    """A pattern of several kinds is out of reach when all of them are; the weakest proof is the one that counts."""
    found = [_of_kind(report, kind, pattern.conditions) for kind in pattern.kinds]
    known = [each for each in found if each is not None]
    return min(known, key=lambda each: each.is_firm) if known and len(known) == len(found) else None


def _of_kind(report: Report, kind: str, conditions: Iterable[Condition]) -> Silence | None:
    if (whole := silence(report, kind)) is not None:
        return whole
    missing = (_missing(report, kind, each) for each in conditions)
    return next((each for each in missing if each is not None), None)


def _missing(report: Report, kind: str, condition: Condition) -> Silence | None:
    """What a condition needs and the model never sends."""
    if condition.op == "present" and not condition.limit:
        return None
    lacks = (silence(report, f"{kind}.{name}") for name in _fields(condition))
    found = next((each for each in lacks if each is not None), None)
    return found or _no_word(report, kind, condition)


def _fields(condition: Condition) -> Iterator[str]:
    if condition.field not in OWN:
        yield condition.field
    if isinstance(condition.limit, OtherField):
        yield condition.limit.field


def _no_word(report: Report, kind: str, condition: Condition) -> Silence | None:
    """The proof that none of the words that are asked for is ever sent."""
    known = {word.casefold(): word for word in WORDS.get((kind, condition.field), ())}
    limits = condition.limit if isinstance(condition.limit, tuple) else (condition.limit,)
    if not known or condition.op not in ("==", "in"):
        return None
    asked = [known.get(str(each).casefold(), "") for each in limits]
    found = [silence(report, f"{kind}.{condition.field}={word}") if word else None for word in asked]
    proven = [each for each in found if each is not None]
    return min(proven, key=lambda each: each.is_firm) if proven and len(proven) == len(found) else None


def _span(report: Report) -> timedelta:
    if report.first_at is None or report.last_at is None:
        return timedelta()
    return report.last_at - report.first_at
