"""The ask list as a page that stands on its own: it fetches nothing, it can be printed and taken to a maker."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from chargelore.engine.telemetry.asking import Ask, Asked
from chargelore.kb.export.page import esc, shell
from chargelore.kb.model import Knowledge
from chargelore.tui.asklist import words
from chargelore.tui.asklist.chart import STYLE, chart
from chargelore.tui.asklist.markdown import TITLE
from chargelore.tui.asklist.words import AskList
from chargelore.tui.text import plain

HEAD = "<thead><tr><th>Place</th><th>Signals</th><th>Minutes saved</th><th>Fewer handed over</th></tr></thead>"


def page(told: AskList) -> str:
    """The whole page."""
    body = [f"<header><h1>{TITLE}</h1>", f'<p class="lead">{esc(words.MEANING)}</p></header><main>']
    if not told.models:
        body = [f"<header><h1>{TITLE}</h1></header><main>", f'<p class="lead">{esc(words.NOTHING)}</p>']
    for one in told.models:
        body += _model(one, told.knowledge)
    body += _left_out(told)
    footer = esc(words.how(told)) if told.models else "Chargelore"
    return shell(TITLE, "\n".join((*body, "</main>")), footer, style=STYLE).decode()


def _text(text: str) -> str:
    """Text from anywhere, as text."""
    return esc(plain(text))


def _model(one: Asked, knowledge: Knowledge) -> Iterator[str]:
    yield f"<h2>{_text(words.name(one))}</h2><p>Today {_text(words.today(one))}.</p>"
    if one.asks:
        title = f"Minutes saved in 100 faults of {plain(words.name(one))}, with 90 % intervals"
        caption = "Minutes saved in 100 faults. The line is the 90 % interval; a pale bar may be nothing."
        yield f"<figure>{chart(one.asks, title)}<figcaption>{caption}</figcaption></figure>"
        yield f"<table>{HEAD}<tbody>{''.join(map(_row, one.asks))}</tbody></table>"
    yield from (_card(each, knowledge) for each in words.detailed(one))
    yield from _sentence("It sends already", one.sent)
    yield from _sentence("No case would go otherwise with", one.useless)


def _row(ask: Ask) -> str:
    cells = (words.place(ask), ask.family.label, words.minutes(ask), words.handed_over(ask))
    return f"<tr>{''.join(f'<td>{_text(each)}</td>' for each in cells)}</tr>"


def _card(ask: Ask, knowledge: Knowledge) -> str:
    doubt = f' <small class="meta">{esc(words.doubt(ask))}</small>' if words.doubt(ask) else ""
    told = [f"tells {each}" for each in words.apart(ask, knowledge)]
    facts = "".join(f"<li>{_text(each)}</li>" for each in (*told, *(f"today {each}" for each in words.who_has(ask))))
    return (
        f'<section class="card"><h3>{words.place(ask)} {_text(ask.family.label)}{doubt}</h3>'
        f"<p>{_text(ask.family.ask)}</p>" + (f'<ul class="plain">{facts}</ul>' if facts else "") + "</section>"
    )


def _sentence(words_before: str, names: Iterable[str]) -> Iterator[str]:
    if some := ", ".join(map(_text, names)):
        yield f"<p>{words_before}: {some}.</p>"


def _left_out(told: AskList) -> Iterator[str]:
    if told.left_out:
        yield "<h2>Left out</h2>"
        yield f'<ul class="plain">{"".join(f"<li>{_text(words.left_out(each))}</li>" for each in told.left_out)}</ul>'
