"""Words of the ask list: how a saving, a place, a tie and a list of makers are said in every format. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from chargelore.engine.telemetry.asking import FEWEST, Ask, Asked, Lacking
from chargelore.engine.telemetry.predicted import Effort
from chargelore.engine.telemetry.saving import Range
from chargelore.engine.telemetry.walk import Bill
from chargelore.kb.model import CauseId, Knowledge
from chargelore.tui.text import count

HUNDRED = 100
MOST_NAMES, MOST_APART, MOST_DETAILS = 6, 3, 6
HOW: Mapping[str, str] = {"sent": "sent by", "register": "in a register of", "code": "named by a code of"}
NEEDS: Mapping[str, str] = {
    "findings": f"fewer than {FEWEST} findings with a cause: record what a case turned out to be",
    "heard": "nothing was heard of it: `chargelore report reportability LOG --learn`, or let `chargelore watch` listen",
}
NOTHING = (
    "Nothing can be said yet. The list needs, of one model, five findings with a cause and what it was heard to send:"
    " record what a case turned out to be, and run `chargelore report reportability LOG --learn` or `chargelore watch`."
)
MEANING = (
    "Minutes of technicians and cases handed to the maker that would be saved in 100 faults if the signals were sent,"
    " each with its 90 % interval. Families with the same place are tied: the difference may be luck."
)


@dataclass(frozen=True, slots=True)
class AskList:
    """All that a report says: the models with their lists, those that are left out, and how it was worked out."""

    knowledge: Knowledge
    models: tuple[Asked, ...]
    left_out: tuple[Lacking, ...]
    effort: Effort


def name(one: Asked | Lacking) -> str:
    """Maker and model."""
    return f"{one.charger.vendor} {one.charger.model}"


def today(one: Asked) -> str:
    """`a fault takes 212 minutes, 31 in 100 are handed over (42 findings)`."""
    return f"{cost(one.today)} ({count(one.findings, 'finding')})"


def cost(bill: Bill) -> str:
    """What a fault costs, in words."""
    return f"a fault takes {bill.minutes:,.0f} minutes, {HUNDRED * bill.handed_over:.0f} in 100 are handed over"


def place(ask: Ask) -> str:
    """`1`, or `1=` where others share it."""
    return f"{ask.place}{'=' if ask.is_tied else ''}"


def minutes(ask: Ask) -> str:
    """`1,240 (400 to 2,100)` minutes in 100 faults."""
    return span(ask.saving.minutes, 0)


def handed_over(ask: Ask) -> str:
    """`2.1 (0.4 to 3.8)` cases in 100 faults."""
    return span(ask.saving.handed_over, 1)


def span(told: Range, digits: int) -> str:
    """A mean with its interval, in 100 faults; a minus that cannot be taken for a dash."""
    mean, low, high = (number(HUNDRED * each, digits) for each in (told.mean, told.low, told.high))
    return f"{mean} ({low} to {high})"


def number(value: float, digits: int) -> str:
    """A number with thousands apart; what rounds to nothing is 0."""
    text = f"{value:,.{digits}f}"
    return text.removeprefix("-") if not text.strip("-0.,") else text.replace("-", "\u2212")


def doubt(ask: Ask) -> str:
    """A warning where the interval does not exclude that nothing is saved."""
    return "" if ask.is_sure else "may save nothing"


def detailed(one: Asked) -> tuple[Ask, ...]:
    """The families of which more is told: the first ones, and every one that is sure to save something."""
    return tuple(ask for number, ask in enumerate(one.asks) if number < MOST_DETAILS or ask.is_sure)


def apart(ask: Ask, knowledge: Knowledge) -> Iterator[str]:
    """`dirty contact from broken wire`, the most frequent first."""
    for one, other in ask.apart[:MOST_APART]:
        yield f"{label(knowledge, one)} from {label(knowledge, other)}"
    if len(ask.apart) > MOST_APART:
        yield f"{count(len(ask.apart) - MOST_APART, 'more pair')} of causes apart"


def label(knowledge: Knowledge, cause: CauseId) -> str:
    """A cause in the words of a technician."""
    return knowledge.causes[cause].label


def who_has(ask: Ask) -> Iterator[str]:
    """`in a register of SolaX, go-e`, by how one knows."""
    for how, words in HOW.items():
        if names := ask.has.get(how, ()):
            yield f"{words} {few(names)}"


def few(names: Iterable[str]) -> str:
    """The first names, and how many more there are."""
    every = tuple(names)
    more = f" and {len(every) - MOST_NAMES} more" if len(every) > MOST_NAMES else ""
    return ", ".join(every[:MOST_NAMES]) + more


def left_out(one: Lacking) -> str:
    """Why nothing is said of a model."""
    return f"{name(one)}: {NEEDS[one.lacks]}"


def how(told: AskList) -> str:
    """How it was worked out."""
    return (
        f"Worked out by replaying the plan on {told.effort.replays:,} troubles of each model, as findings and grades"
        f" let them be believed; {told.effort.draws} draws of all chances and the luck of the replays make the"
        " interval."
    )
