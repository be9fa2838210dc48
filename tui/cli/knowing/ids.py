"""`chargelore kb ids`: causes, steps and questions by words, with the ids that other commands take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import click

from chargelore.kb.called import Entry, Id, looked_for
from chargelore.kb.languages import ENGLISH, said
from chargelore.kb.model import Evidence, Knowledge
from chargelore.tui.cli.listing import Row, db_option, listed, opened
from chargelore.tui.cli.output import format_option
from chargelore.tui.live import laid_over

COLUMNS = ("kind", "id", "called", "answers")
NOTHING_FOUND = 1


@click.command(epilog="Example: chargelore kb ids water coupler")
@click.argument("words", nargs=-1, required=True)
@click.option(
    "--language", envvar="CHARGELORE_LANGUAGE", default=ENGLISH, show_default=True, help="In which they are named."
)
@db_option
@format_option
def ids(words: tuple[str, ...], language: str, db: str | None, form: str | None) -> int:
    """List the causes, steps and questions that hold all these WORDS in their id or in what they are called.

    `finding`, `answer` and --seen take the ids, and what is called so just as well. Exit 1 where there is none.
    """
    with opened(db) as store:
        rows = [*_rows(laid_over(store), " ".join(words), language)]
    listed(rows, COLUMNS, form, name="found", nothing="nothing is called so", wide=True)
    return 0 if rows else NOTHING_FOUND


def _rows(known: Knowledge, words: str, language: str) -> Iterator[Row]:
    yield from _of("cause", known.causes, words, language)
    yield from _of("step", known.steps, words, language)
    yield from _of("question", known.evidence, words, language)


def _of(kind: str, entries: Mapping[Id, Entry], words: str, language: str) -> Iterator[Row]:
    for each in looked_for(entries, words):
        entry = entries[each]
        answers = " ".join(entry.answers) if isinstance(entry, Evidence) else ""
        yield {"kind": kind, "id": each, "called": said(entry, language), "answers": answers}
