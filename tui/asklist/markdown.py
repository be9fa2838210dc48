"""The ask list as Markdown: for a mail to the maker, a wiki or an issue."""

from __future__ import annotations

from collections.abc import Iterator

from chargelore.engine.telemetry.asking import Ask, Asked
from chargelore.kb.export.markdowns import md
from chargelore.kb.model import Knowledge
from chargelore.tui.asklist import words
from chargelore.tui.asklist.words import AskList
from chargelore.tui.text import plain

TITLE = "Signals to ask the maker for"


def lines(told: AskList) -> Iterator[str]:
    """The whole list."""
    yield from (f"# {TITLE}", "")
    yield from (md(words.MEANING if told.models else words.NOTHING), "")
    for one in told.models:
        yield from _model(one, told.knowledge)
    if told.left_out:
        yield from ("## Left out", "")
        yield from (f"- {_text(words.left_out(each))}" for each in told.left_out)
        yield ""
    if told.models:
        yield md(words.how(told))


def _text(text: str) -> str:
    """Text from anywhere, on one line and without markup."""
    return md(plain(text))


def _model(one: Asked, knowledge: Knowledge) -> Iterator[str]:
    yield from (f"## {_text(words.name(one))}", "", f"Today {_text(words.today(one))}.", "")
    if one.asks:
        yield from ("| place | signals | minutes saved in 100 faults | fewer handed over | |", "|--|--|--|--|--|")
        yield from (_row(each) for each in one.asks)
        yield ""
    for ask in words.detailed(one):
        yield from _detail(ask, knowledge)
    if one.sent:
        yield from (f"It sends already: {_text(', '.join(one.sent))}.", "")
    if one.useless:
        yield from (f"No case would go otherwise with: {_text(', '.join(one.useless))}.", "")


def _row(ask: Ask) -> str:
    cells = (words.place(ask), ask.family.label, words.minutes(ask), words.handed_over(ask), words.doubt(ask))
    return f"| {' | '.join(map(_text, cells))} |"


def _detail(ask: Ask, knowledge: Knowledge) -> Iterator[str]:
    yield from (f"### {words.place(ask)} {_text(ask.family.label)}", "", _text(ask.family.ask), "")
    told = [f"tells {each}" for each in words.apart(ask, knowledge)]
    yield from (f"- {_text(each)}" for each in (*told, *(f"today {each}" for each in words.who_has(ask))))
    yield ""
