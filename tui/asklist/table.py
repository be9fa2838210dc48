"""The ask list on a terminal, 80 columns wide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from textwrap import wrap

from chargelore.engine.telemetry.asking import Ask, Asked
from chargelore.kb.model import Knowledge
from chargelore.tui.asklist import words
from chargelore.tui.asklist.words import AskList
from chargelore.tui.text import padded, plain

WIDTH, INDENT = 80, 5
LABEL, MINUTES, HANDED = 30, 23, 20


def lines(told: AskList) -> Iterator[str]:
    """The whole list."""
    if not told.models:
        yield from _wrapped(words.NOTHING, 0)
    for one in told.models:
        yield from _model(one, told.knowledge)
        yield ""
    if told.models:
        yield from _wrapped(words.MEANING, 0)
        yield from _wrapped(words.how(told), 0)
    yield from _left_out(told)


def _model(one: Asked, knowledge: Knowledge) -> Iterator[str]:
    yield from _wrapped(f"{words.name(one)}: {words.today(one)}", 0)
    if one.asks:
        yield f"     {padded('in 100 faults', LABEL)} {padded('minutes saved', MINUTES)} fewer handed over"
    for ask in words.detailed(one):
        yield from _ask(ask, knowledge)
    if rest := [each.family.label for each in one.asks if each not in words.detailed(one)]:
        yield from _wrapped(f"may save nothing either: {', '.join(rest)}", 2)
    if one.sent:
        yield from _wrapped(f"sends already: {', '.join(one.sent)}", 2)
    if one.useless:
        yield from _wrapped(f"would change no case: {', '.join(one.useless)}", 2)


def _ask(ask: Ask, knowledge: Knowledge) -> Iterator[str]:
    numbers = f"{padded(words.minutes(ask), MINUTES)} {words.handed_over(ask)}"
    label, *rest = wrap(plain(ask.family.label), LABEL) or [""]
    yield f"{words.place(ask):>4} {padded(label, LABEL)} {numbers}".rstrip()
    yield from (f"     {each}" for each in rest)
    yield from _beside(ask, knowledge)


def _beside(ask: Ask, knowledge: Knowledge) -> Iterator[str]:
    if doubt := words.doubt(ask):
        yield from _wrapped(doubt, INDENT + 2)
    for each in words.apart(ask, knowledge):
        yield from _wrapped(f"tells {each}", INDENT + 2)
    if has := list(words.who_has(ask)):
        yield from _wrapped(f"today {'; '.join(has)}", INDENT + 2)


def _left_out(told: AskList) -> Iterator[str]:
    if told.left_out:
        yield from ("", "Left out:")
    for one in told.left_out:
        yield from _wrapped(words.left_out(one), 2)


def _wrapped(text: str, indent: int) -> Iterable[str]:
    blank = " " * indent
    return wrap(plain(text), WIDTH, initial_indent=blank, subsequent_indent=blank + ("  " if indent else ""))
