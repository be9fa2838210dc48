"""Words of the ask list: how a saving, a place, a tie and a list of makers are said in every format. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from chargelore.engine.telemetry.asking import FEWEST, Ask, Asked, Lacking
from chargelore.engine.telemetry.predicted import Effort
from chargelore.engine.telemetry.saving import Range
from chargelore.engine.telemetry.walk import Bill
from chargelore.kb.model import CauseId, Knowledge
from chargelore.tui.speech import counted, later, t

HUNDRED = 100
MOST_NAMES, MOST_APART, MOST_DETAILS = 6, 3, 6
HOW: Mapping[str, str] = {
    "sent": later("sent by"), "register": later("in a register of"), "code": later("named by a code of"),
}  # fmt: skip
NEEDS: Mapping[str, str] = {
    "findings": later("fewer than {n} findings with a cause: record what a case turned out to be"),
    "heard": later(
        "nothing was heard of it: `chargelore report reportability LOG --learn`, or let `chargelore watch` listen"
    ),
}
NOTHING = later(
    "Nothing can be said yet. The list needs, of one model, five findings with a cause and what it was heard to send:"
    " record what a case turned out to be, and run `chargelore report reportability LOG --learn` or `chargelore watch`."
)
MEANING = later(
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
    return f"{cost(one.today)} ({counted(one.findings, 'finding')})"


def cost(bill: Bill) -> str:
    """What a fault costs, in words."""
    spent, handed = f"{bill.minutes:,.0f}", f"{HUNDRED * bill.handed_over:.0f}"
    return t("a fault takes {n} minutes, {handed} in 100 are handed over", n=spent, handed=handed)


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
    return t("{mean} ({low} to {high})", mean=mean, low=low, high=high)


def number(value: float, digits: int) -> str:
    """A number with thousands apart; what rounds to nothing is 0."""
    text = f"{value:,.{digits}f}"
    return text.removeprefix("-") if not text.strip("-0.,") else text.replace("-", "\u2212")


def doubt(ask: Ask) -> str:
    """A warning where the interval does not exclude that nothing is saved."""
    return "" if ask.is_sure else t("may save nothing")


def detailed(one: Asked) -> tuple[Ask, ...]:
    """The families of which more is told: the first ones, and every one that is sure to save something."""
    return tuple(ask for number, ask in enumerate(one.asks) if number < MOST_DETAILS or ask.is_sure)


def apart(ask: Ask, knowledge: Knowledge) -> Iterator[str]:
    """`dirty contact from broken wire`, the most frequent first."""
    for one, other in ask.apart[:MOST_APART]:
        yield t("{one} from {other}", one=label(knowledge, one), other=label(knowledge, other))
    if len(ask.apart) > MOST_APART:
        yield t("{pairs} of causes apart", pairs=counted(len(ask.apart) - MOST_APART, "more pair"))


def label(knowledge: Knowledge, cause: CauseId) -> str:
    """A cause in the words of a technician."""
    return knowledge.causes[cause].label


def who_has(ask: Ask) -> Iterator[str]:
    """`in a register of SolaX, go-e`, by how one knows."""
    for how, words in HOW.items():
        if names := ask.has.get(how, ()):
            yield f"{t(words)} {few(names)}"


def few(names: Iterable[str]) -> str:
    """The first names, and how many more there are."""
    every = tuple(names)
    more = t(" and {n} more", n=len(every) - MOST_NAMES) if len(every) > MOST_NAMES else ""
    return ", ".join(every[:MOST_NAMES]) + more


def left_out(one: Lacking) -> str:
    """Why nothing is said of a model."""
    return f"{name(one)}: {t(NEEDS[one.lacks], n=FEWEST)}"


def how(told: AskList) -> str:
    """How it was worked out."""
    return (
        f"Worked out by replaying the plan on {told.effort.replays:,} troubles of each model, as findings and grades"
        f" let them be believed; {told.effort.draws} draws of all chances and the luck of the replays make the"
        " interval."
    )
