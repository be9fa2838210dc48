"""`chargelore hand`: who has a case, to whom it goes with which note, what was said of it, that it is over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import click

from chargelore.engine.door import naming_nobody
from chargelore.engine.handing.ball import ball
from chargelore.engine.handing.life import Life, lives
from chargelore.engine.sources.clock import utc_now
from chargelore.engine.triage import Found
from chargelore.kb.casebook import VERDICTS, Closed, Entry, Handed, Words
from chargelore.kb.clock import SLACK
from chargelore.kb.errors import UseError
from chargelore.kb.model import Knowledge, Party
from chargelore.kb.store import Store
from chargelore.tui.booking import booked, put, shown_since
from chargelore.tui.casetold import as_json, lines
from chargelore.tui.cli.listing import db_option, moment
from chargelore.tui.cli.output import as_json as line_of_json
from chargelore.tui.cli.output import chosen, format_option, say, write_csv
from chargelore.tui.cli.troubles import atcase
from chargelore.tui.live import key_at_hand
from chargelore.tui.parties import called, party_of
from chargelore.tui.text import day

LONGEST = 4_000  # letters of words and notes; more is refused, as nothing of them may be lost
COLUMNS = ("case", "opened_at", "holder", "since", "waiting_min", "first_words", "unshown", "proposed", "over")


@click.command(epilog="Example: chargelore hand CP-7-1 --to manufacturer --note 'asks which board revision'")
@click.argument("case")
@click.option(
    "--to", "to", metavar="PARTY", help="Who gets it: site-owner, installer, utility, manufacturer, driver, …"
)
@click.option("--from", "giver", metavar="PARTY", help="Who had it, where it is somebody else than the book says.")
@click.option("--note", metavar="TEXT", default="", help="Why, and what is asked; needed to hand it over.")
@click.option("--at", metavar="TIME", help="When it was, if not just now (UTC).")
@click.option("--said", metavar="TEXT", help="What somebody said of the trouble, word for word.")
@click.option("--by", "by", metavar="PARTY", help="Who said it.")
@click.option("--over", type=click.Choice(VERDICTS), help="It is over, and nothing was repaired.")
@click.option("--log", "logs", metavar="FILE", multiple=True, help="A log with the case, where no watch knows it.")
@click.option("--columns", metavar="ROLE=NAME,…", default="", help="What the columns of a table hold, as for triage.")
@db_option
@format_option
def hand(  # noqa: PLR0913  # one argument for each option
    *, case: str, to: str | None, giver: str | None, note: str, at: str | None, said: str | None, by: str | None,
    over: str | None, logs: Sequence[str], columns: str, db: str | None, form: str | None,
) -> int:  # fmt: skip
    """Say who has CASE, since when, and what nobody has shown; with --to hand it over.

    CASE is named as triage and watch name it, CP-7-1; where several bear the name, CP-7-1@2026-05-04. A case of a log
    needs --log the first time. Whatever is recorded here `chargelore kb revert EVENT` takes back.
    """
    told = _Told(
        to=_party(to),
        giver=_party(giver),
        by=_party(by),
        note=_kept(note),
        said=_kept(said or ""),
        over=over or "",
        at=_moment(at),
    )
    told.fits()
    with Store.open(db) as store:
        life = _named(case, store, db) if not logs else _entered(store, *atcase.in_logs(case, logs, columns, db))
        life = _recorded(store, life, told)
        now = utc_now()
        _print(life, now, shown_since(store, life), chosen(form))
    return 0


def _recorded(store: Store, life: Life, told: _Told) -> Life:
    """The case once all of it is kept, or none; judged by how it stands at that moment, as others may write too."""
    with store.together():
        for entry in told.entries(booked(store, life.key, utc_now()) or life):
            store.record_entry(life.key.case, entry)
        return booked(store, life.key, utc_now()) or life


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What the options say, once they are read; `at` is ISO 8601, empty for now."""

    to: Party | None
    giver: Party | None
    by: Party | None
    note: str
    said: str
    over: str
    at: str

    def fits(self) -> None:
        """Raises UseError where options do not go together."""
        if self.to and not self.note.strip():
            raise UseError("nothing says why it is handed over", mend="add --note 'what is asked of them'")
        if self.to and self.over:
            raise UseError("a case is handed over or it is over", mend="give --to or --over")
        if self.giver and not self.to:
            raise UseError("--from needs --to", mend="say who gets it")
        if self.note.strip() and not (self.to or self.over):
            raise UseError(
                "--note needs --to or --over", mend="say who gets it; what somebody said is kept with --said"
            )
        if self.at and not (self.to or self.over or self.said):
            raise UseError("--at needs --to, --over or --said", mend="say what was then")
        if self.by and not self.said:
            raise UseError("--by needs --said", mend="say what they said, word for word")

    def entries(self, life: Life) -> Iterator[Entry]:
        """What is to be recorded of a case. UseError where it cannot be."""
        key = life.key.opened_at
        if self.to or self.over:
            self._can_change(life)
        if self.said:
            yield Words(text=self.said, by=self.by or "", at=self.at, opened_at=key)
        if self.to:
            yield Handed(to=self.to, giver=self.giver or life.held_by, note=self.note, at=self.at, opened_at=key)
        if self.over:
            yield Closed(verdict=self.over, note=self.note, at=self.at, opened_at=key)

    def _can_change(self, life: Life) -> None:
        if life.ended is not None:
            raise UseError(
                f"is over since {day(life.ended)} ({life.ended_by})",
                where=life.name,
                mend="take that back with `chargelore kb revert EVENT`, or name the case that is open",
            )
        if self.to == life.held_by and self.giver in (None, self.to):
            raise UseError(f"the {called(life.held_by)} has it already", where=life.name, mend="name another party")
        if self.at and life.began and datetime.fromisoformat(self.at) < life.began:
            raise UseError(f"it began at {day(life.began)} only", where=life.name, mend="give a later --at")


def _party(text: str | None) -> Party | None:
    return party_of(text) if text else None


def _kept(text: str) -> str:
    """Words as they are kept: past the door, and whole. UseError where they are too many."""
    if len(text) > LONGEST:
        raise UseError(f"this is longer than {LONGEST} letters", mend="tell the telling ones; the log holds the rest")
    return naming_nobody(text, key_at_hand())


def _moment(text: str | None) -> str:
    """The time that was typed, in UTC. UseError for one that is none, or is still to come."""
    if text is None:
        return ""
    given = moment(text)
    if given > utc_now() + SLACK:
        raise UseError(f"--at {text} is still to come", mend="leave it out, or give a time that is over")
    return given.isoformat()


def _named(case: str, store: Store, db: str | None) -> Life:
    """The case on the book; one that is not there is looked for in what watches remember."""
    book = lives(store.casebook(), utc_now())
    life = atcase.on_the_book(case, book)
    if life is not None:
        return life
    kept = atcase.in_watches(case, db)
    if kept is None:
        raise _unknown(case, book)
    return _entered(store, *kept)


def _entered(store: Store, found: Found, knowledge: Knowledge) -> Life:
    now = utc_now()
    life = booked(store, put(store, found.case, found.diagnosis, knowledge, now), utc_now())
    assert life is not None  # noqa: S101  # it was entered just now
    return life


def _unknown(case: str, book: Sequence[Life]) -> UseError:
    names = ", ".join(each.name for each in book[: atcase.SHOWN] if each.ended is None)
    mend = "give the log that it is in with --log FILE; a watch writes down what it knows every five minutes"
    return UseError(f"no case {case[:80]} is known here", mend=f"{mend}{f'; known are {names}' if names else ''}")


def _print(life: Life, now: datetime, shown: Sequence[str], form: str) -> None:
    one = ball(life, now, shown)
    told = as_json(life, one, now)
    if form == "json":
        say(line_of_json(told))
    elif form == "csv":
        write_csv([row(told)], COLUMNS)
    else:
        say("\n".join(lines(life, one, now)))


def row(told: dict[str, object]) -> dict[str, object]:
    """A trouble as a row: lists joined, words and proposals as plain text."""
    words, advice, over = told["first_words"], told["proposed"], told["over"]
    return told | {
        "first_words": words["text"] if isinstance(words, dict) else "",
        "unshown": " ".join(told["unshown"]) if isinstance(told["unshown"], list) else "",
        "proposed": advice["party"] if isinstance(advice, dict) else "",
        "over": over["by"] if isinstance(over, dict) else "",
    }
