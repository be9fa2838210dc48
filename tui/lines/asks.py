"""The ask list as lines: a model with what a fault costs it today, under it the signals that would save most."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rich.text import Text

from chargelore.engine.telemetry.asking import Ask, Asked, Lacking
from chargelore.kb.model import Knowledge
from chargelore.tui.asklist import words
from chargelore.tui.asklist.words import AskList
from chargelore.tui.lines.paint import NAME, QUIET, WARN, Piece, line, wrapping
from chargelore.tui.speech import t
from chargelore.tui.text import brief, padded, plain

MINUTES, HANDED, PLACE = 23, 20, 4


@dataclass(frozen=True, slots=True)
class Row:
    """One family of signals to ask a model for."""

    model: Asked
    ask: Ask


AskRow = Asked | Row | Lacking


def rows(told: AskList) -> tuple[AskRow, ...]:
    """Every model, and what to ask its maker for."""
    return tuple(_rows(told))


def _rows(told: AskList) -> Iterator[AskRow]:
    for one in told.models:
        yield one
        yield from (Row(one, each) for each in one.asks)
    if told.models:
        yield from told.left_out


def is_heading(row: AskRow) -> bool:
    """Whether the cursor goes past it."""
    return not isinstance(row, Row)


def row_key(row: AskRow) -> object:
    """What makes a row the same."""
    charger = row.model.charger if isinstance(row, Row) else row.charger
    return charger.vendor, charger.model, row.ask.family.id if isinstance(row, Row) else ""


def row_lines(row: AskRow, width: int) -> tuple[Text]:
    """One line: the place, the signals, minutes saved in 100 faults, fewer cases handed over."""
    if isinstance(row, Asked):
        return (line((brief(f"{words.name(row)}: {words.today(row)}", width), NAME)),)
    if isinstance(row, Lacking):
        return (line((brief(t("Left out: {why}", why=words.left_out(row)), width), QUIET)),)
    label = max(12, width - PLACE - MINUTES - HANDED - 3)
    mark = ("?", WARN) if words.doubt(row.ask) else " "
    pieces: tuple[Piece, ...] = (
        (f"{words.place(row.ask):>{PLACE}}", QUIET), mark, padded(row.ask.family.label, label), " ",
        padded(words.minutes(row.ask), MINUTES), " ", padded(words.handed_over(row.ask), HANDED),
    )  # fmt: skip
    return (line(*pieces),)


def row_words(row: AskRow) -> dict[str, str]:
    """What a filter searches."""
    if not isinstance(row, Row):
        return {}
    charger, ask = row.model.charger, row.ask
    return {
        "maker": charger.vendor, "model": charger.model, "place": words.place(ask), "signals": ask.family.label,
        "minutes": words.minutes(ask), "fewer": words.handed_over(ask), "doubt": words.doubt(ask),
    }  # fmt: skip


def behind(row: Row, knowledge: Knowledge) -> list[Text]:
    """What stands behind a row: what to ask, what it would tell apart, which evidence it is, and who sends it today."""
    ask = row.ask
    found = [line((plain(ask.family.label), NAME)), line(""), line(plain(ask.family.ask)), line("")]
    found += [line(t("In 100 faults, with the 90 % interval: ")), line(t("  {n} minutes saved", n=words.minutes(ask)))]
    found += [line(t("  {n} fewer cases handed over", n=words.handed_over(ask)))]
    found += [line((f"  {words.doubt(ask)}", WARN))] if words.doubt(ask) else []
    found += [line(""), line(t("Today {what}", what=words.today(row.model))), line("")]
    found += [line(t("It tells {what}", what=plain(each))) for each in words.apart(ask, knowledge)]
    found += [line(t("Today {what}", what=plain(each))) for each in words.who_has(ask)]
    found += [line(""), line((t("It would answer"), NAME))]
    found += [line(f"  {plain(_question(knowledge, each))}") for each in ask.signals]
    return [wrapping(each) for each in found]


def _question(knowledge: Knowledge, name: str) -> str:
    return next((each.question for key, each in knowledge.evidence.items() if key == name), name)


def nothing(told: AskList) -> Text:
    """What the list needs, and of which models what is missing."""
    left = "".join(f"\n· {plain(words.left_out(each))}" for each in told.left_out)
    return Text(f"{t(words.NOTHING)}\n{left}")
