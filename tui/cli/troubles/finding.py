"""`chargelore finding`: what a case turned out to be and what helped, recorded without a screen."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click

from chargelore.engine.case import Case
from chargelore.engine.diagnosing.known import standing
from chargelore.engine.door import naming_nobody
from chargelore.engine.handing.proposing import opened_at
from chargelore.engine.handing.troubles import Key
from chargelore.engine.heard.ear import Hearing
from chargelore.engine.matching.late import USUAL
from chargelore.engine.proving.judge import revealed
from chargelore.engine.sources.clock import utc_now
from chargelore.engine.triage import triaged_together
from chargelore.engine.watch import Watch
from chargelore.engine.witness import NAME, not_to_come
from chargelore.kb.called import id_of
from chargelore.kb.clock import SLACK
from chargelore.kb.errors import UseError
from chargelore.kb.finding import NOT_LISTED, UNKNOWN, Finding
from chargelore.kb.model import CauseId, Knowledge, StepId
from chargelore.kb.store import Store
from chargelore.tui.booking import put
from chargelore.tui.cli.listing import db_option, done, moment
from chargelore.tui.cli.output import format_option, mapped
from chargelore.tui.cli.parcels import Input, inputs, with_seen
from chargelore.tui.cli.progress import read_here
from chargelore.tui.cli.troubles.atcase import is_called
from chargelore.tui.cli.troubles.seeing import seen_of, seen_options
from chargelore.tui.finding import LONGEST_VISIT, NOTHING, OTHER, Filled, finding
from chargelore.tui.live import key_at_hand, known_here, live_watch, sheet_here
from chargelore.tui.text import day

SHOWN = 8  # names in a complaint
TELLING = ("did", "note", "needed_maker")
LONGEST = 4_000  # letters of words and notes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What a person said of the case: ids of the knowledge, or words where it has none."""

    cause: str
    fixed_by: str
    did: tuple[str, ...]
    minutes: int
    needed_maker: bool
    note: str
    at: str


@click.command(
    "finding",
    epilog="Example: chargelore finding CP-7-1 --log cp7.log --cause water-in-coupler --fixed-by dry-and-clean-coupler",
)
@click.argument("case")
@click.option("--log", "logs", metavar="FILE", multiple=True, help="The log that the case is in, as for triage.")
@click.option(
    "--cause", default=None, metavar="CAUSE|TEXT", help="A cause by its id or what it is called, or other words."
)
@click.option(
    "--fixed-by",
    default=NOTHING,
    metavar="STEP|TEXT",
    help="The step that cured it, by id or as it is called, or words.",
)
@click.option("--did", multiple=True, metavar="STEP", help="A step that was done and did not help.")
@click.option(
    "--at", metavar="TIME", default="", help="When it was fixed, if not just now; UTC where no zone is given."
)
@click.option("--minutes", type=click.IntRange(0, LONGEST_VISIT), default=15, show_default=True, help="Spent in all.")
@click.option("--needed-maker", is_flag=True, help="It was not solved without the maker.")
@click.option("--note", default="", help="For the house; it never leaves the store.")
@click.option("--columns", metavar="ROLE=NAME,…", default="", help="What the columns of a table hold, as for triage.")
@seen_options
@db_option
@format_option
def record(  # noqa: PLR0913  # one argument for each option, those on what it was together
    case: str,
    *,
    logs: tuple[str, ...],
    columns: str,
    seen: tuple[str, ...],
    seen_from: Path | None,
    db: str | None,
    form: str | None,
    **said: Any,
) -> int:
    """Record what CASE turned out to be, and what helped; the next diagnosis makes use of it.

    CASE is named as triage names it. Give the same --log and --seen as there: what was heard and answered is part of
    the finding. With `--cause unknown` nobody knows what it was; without --fixed-by nothing has helped yet. Whatever is
    recorded here `chargelore kb revert EVENT` takes back.
    """
    if not logs and not seen and not seen_from:
        raise UseError("nothing tells which case it was", mend="name its log with --log, or what you saw with --seen")
    known, learned = known_here(db)
    told, sights = _fitting(_told(said), known), seen_of(seen, seen_from, known)
    hearing = Hearing(sheet_here(db))
    with (
        inputs(logs) as given,
        live_watch(learned, None, known, lateness=USUAL, hearing=hearing, key=key_at_hand()) as watch,
    ):
        heard = with_seen(given, sights, together=True)
        _play(heard, mapped(columns), watch)
        name = _named(case, watch, heard)
        _refuse_nothing(said, bool(logs and (seen or seen_from)))
        not_to_come(sights, utc_now(), _last_heard(watch.case(name)))
        _refuse_before(told.at, watch.case(name).opened_at)
        found = _finding(name, told, watch, known)
        stands = watch.case(found.case), watch.diagnosis(found.case)
    with Store.open(db) as store, store.together():
        put(store, *stands, known, utc_now())
        event = store.record_finding(found)
    row = {each: getattr(found, each) for each in ("case", "fault", "cause", "fixed_by")}
    done({"event": event.id, **row}, f"recorded as {event.id}: {found.case} was {_called(found, known)}", form)
    return 0


def _told(said: Mapping[str, Any]) -> _Told:
    return _Told(**{**said, "cause": UNKNOWN if said["cause"] is None else said["cause"]})


def _fitting(told: _Told, known: Knowledge) -> _Told:
    """The same with a cause under the name that stands, and words that name nobody. UseError for an id that is none."""
    told = _by_id(told, known)
    cause = standing(known, CauseId(told.cause))
    key = key_at_hand()
    for words in (told.cause, told.fixed_by, told.note):
        if len(words) > LONGEST:
            raise UseError(f"this is longer than {LONGEST} letters", mend="tell the telling words")
    _refuse_slip("cause", told.cause, {*known.causes, UNKNOWN})
    _refuse_slip("step", told.fixed_by, {*known.steps, NOTHING})
    for step in told.did:
        _refuse_slip("step", step, {*known.steps}, is_word=False)
    if told.fixed_by in told.did:
        mend = "say it with --did where it did not help, with --fixed-by where it cured"
        raise UseError(f"{told.fixed_by} helped, and did not help", mend=mend)
    if cause is None and told.cause in known.causes:
        mend = "name the one that it was, or say it in more than one word"
        raise UseError(f"{told.cause} was given up, and nothing stands in its place", mend=mend)
    return replace(
        told,
        at=_moment(told.at),
        cause=cause.id if cause else naming_nobody(told.cause, key),
        fixed_by=told.fixed_by if told.fixed_by in known.steps else naming_nobody(told.fixed_by, key),
        note=naming_nobody(told.note, key),
    )


def _last_heard(case: Case) -> datetime | None:
    """When the charger itself said something last, by its own clock."""
    return max((each.at for each in case.signals if NAME not in each.marks and each.at is not None), default=None)


def _refuse_nothing(said: Mapping[str, Any], has_evidence: bool) -> None:
    """UseError for a finding in which nothing was found, done or told."""
    is_told = said["cause"] is not None or said["fixed_by"] != NOTHING or any(said[each] for each in TELLING)
    if not is_told and not has_evidence:
        mend = "say it with --cause, or `--cause unknown`; what was done with --fixed-by, --did or --note"
        raise UseError("nothing was found, and nothing was done", mend=mend)


def _by_id(told: _Told, known: Knowledge) -> _Told:
    """The same by ids, where a person said what a cause or a step is called."""
    cause, cure = id_of(known.causes, told.cause), id_of(known.steps, told.fixed_by)
    done = ((each, id_of(known.steps, each)) for each in told.did)
    return replace(
        told, cause=cause or told.cause, fixed_by=cure or told.fixed_by, did=tuple(step or each for each, step in done)
    )


def _moment(text: str) -> str:
    """The time that was typed, in UTC. UseError for one that is none, or is still to come."""
    given = moment(text) if text else None
    if given is not None and given > utc_now() + SLACK:
        raise UseError(f"--at {text} is still to come", mend="leave it out, or give a time that is over")
    return given.isoformat() if given is not None else ""


def _refuse_before(at: str, opened: datetime | None) -> None:
    """Nothing is fixed before it broke: what the charger did until then would count for the fix.

    A case that opens in the future proves its clock wrong, not that of the author.
    """
    fixed = moment(at) if at else None
    if fixed is not None and opened is not None and fixed + SLACK < opened <= utc_now():
        raise UseError(f"the case opened at {day(opened)} only", mend="leave --at out, or give a later one")


def _refuse_slip(kind: str, named: str, ids: Collection[str], *, is_word: bool = True) -> None:
    """One word without blanks is meant as an id."""
    if named in ids or (is_word and " " in named.strip()):
        return
    close = get_close_matches(named, ids, n=1)
    listing = "`chargelore kb ids WORDS` lists causes and steps"
    mend = f"did you mean {close[0]}?" if close else listing + (", or say it in more than one word" if is_word else "")
    raise UseError(f"{named[:80] or 'nothing'} is no {kind}", mend=mend)


def _play(heard: Mapping[str, Input], columns: Mapping[str, str], watch: Watch) -> None:
    triaged_together({name: read_here(each, columns) for name, each in heard.items()}, watch)


def _named(case: str, watch: Watch, heard: Iterable[str]) -> str:
    """The id of the case. UseError where there is none of that name."""
    for name, each in watch.cases.items():
        if is_called(case, Key(name, opened_at(each))):
            return name
    names = ", ".join(name for name, _ in list(watch.opened)[:SHOWN])
    raise UseError(
        f"there is no case {case[:80]} in {', '.join(heard)}",
        mend=f"name one of {names}" if names else "give the log and what was seen as for triage",
    )


def _finding(case_id: str, told: _Told, watch: Watch, known: Knowledge) -> Finding:
    """The finding, with what was heard and answered, and what rules on trial had said of it."""
    for step in told.did:
        watch.tried(case_id, StepId(step))
    is_listed = told.cause in known.causes or told.cause == UNKNOWN
    is_step = told.fixed_by in known.steps or told.fixed_by == NOTHING
    filled = Filled(
        cause=told.cause if is_listed else NOT_LISTED,
        fixed_by=told.fixed_by if is_step else OTHER,
        needed_maker=told.needed_maker,
        minutes=str(told.minutes),
        note=told.note,
    )
    found = finding(watch.case(case_id), watch.diagnosis(case_id), filled, known)
    cause = known.causes.get(CauseId(told.cause))
    judged = () if told.cause == UNKNOWN else revealed(watch.trials(case_id), cause.id if cause else None, known)
    return replace(
        found,
        fault=cause.fault if cause else found.fault,
        cause=found.cause if is_listed else f"{NOT_LISTED}: {told.cause.strip()}",
        fixed_by=found.fixed_by if is_step else told.fixed_by.strip(),
        blind={each.name: each.verdict for each in judged},
        fixed_at=told.at if found.fixed_by else "",
    )


def _called(found: Finding, known: Knowledge) -> str:
    cause = known.causes.get(CauseId(found.cause))
    return f"`{cause.label}`" if cause else found.cause
