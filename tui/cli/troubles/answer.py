"""`chargelore answer`: what a maker answered is kept, closes the cases with the same signature, and counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import click

from chargelore.engine.case import Charger
from chargelore.engine.door import naming_nobody
from chargelore.engine.escalating.answering import cause_named, checked, checked_day, scope_for
from chargelore.engine.escalating.curing import cure_in_words
from chargelore.engine.escalating.packing import signed
from chargelore.engine.escalating.standing import charger_of, standings
from chargelore.kb.answer import MAKER, Answer, Escalation, Signature
from chargelore.kb.casebook import FIRST_HOLDER, Handed
from chargelore.kb.errors import InputError, UseError
from chargelore.kb.escalations import Escalated, answered_event, signature_id
from chargelore.kb.export.text import mark, slug, tame
from chargelore.kb.model import CauseId, FaultId, Knowledge, StepId
from chargelore.kb.statement import Link, edge_event, node_event
from chargelore.kb.store import Store, system_now
from chargelore.tui.cli.listing import db_option, done
from chargelore.tui.cli.output import format_option
from chargelore.tui.cli.troubles.answers import list_answers
from chargelore.tui.cli.troubles.matters import Grounds, matters, one_of
from chargelore.tui.live import key_at_hand, laid_over
from chargelore.tui.text import count

LONGEST = 300  # letters of anything that a person types here
LONGEST_NAME = 32  # as of a slug


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What a person typed of an answer, as it was typed."""

    cause: str
    new_cause: str
    fault: str
    resolution: str
    source: str
    said_by: str
    said_at: str
    vendor: str | None
    model: str | None
    firmware: str | None
    beside: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """The case that was answered: its name, its charger, its signature, and the fault that it is most about."""

    case: str
    charger: Charger
    signature: Signature
    fault: str


@click.command(
    epilog="Example: chargelore answer CP-7-1 --cause firmware-update-broke-function --said-by 'support desk'"
)
@click.argument("case", metavar="CASE|REFERENCE|FILE", default="")
@click.option("--case", "only", metavar="CASE", default="", help="The case of a FILE that holds several.")
@click.option("--cause", default="", help="The id of the cause that the maker named.")
@click.option("--new-cause", metavar="WORDS", default="", help="A cause that this knowledge base has not; it is added.")
@click.option("--fault", default="", help="The fault behind which a new cause lies; that of the case by default.")
@click.option("--resolution", metavar="STEP|WORDS", default="", help="What cures it.")
@click.option("--source", metavar="WORDS", default="", help="Where it is written: a ticket, a bulletin.")
@click.option("--said-by", metavar="WORDS", default="", help="Who said it: a desk or a firm, not a person.")
@click.option("--said-at", metavar="DAY", default="", help="When it was said; today by default.")
@click.option("--vendor", default=None, help="Of which maker's chargers it was said; the case's own by default.")
@click.option("--model", default=None, help="Of which model; '' for all of the maker, * for any letters.")
@click.option("--firmware", metavar="RANGE", default=None, help="Of which firmware, such as '<5.9'; all by default.")
@click.option("--beside", is_flag=True, help="Let it stand beside an answer that names another cause.")
@db_option
@format_option
def answer(case: str, only: str, db: str | None, form: str | None, **typed: str | bool | None) -> int:
    """Keep what a maker answered to a CASE. Without a CASE: the cases that were escalated, and how they stand.

    It closes every escalated case with the same signature, and speaks for its cause in the next one, with its source.
    `chargelore kb revert EVENT` takes an answer back. Exit 1 when escalated cases are listed that are still open.
    """
    with Store.open(db) as store:
        known = laid_over(store)
        if not case:
            return list_answers(standings(known, store.escalated(), store.answers()), known, form)
        told = Typed(**typed)  # type: ignore[arg-type]  # click reads every option as it is declared above
        asked = _asked(case, only, store, known, db)
        with store.together():  # what it closes and what it adds is kept with it, or nothing is
            row, sentence = _keeps(store, known, asked, told)
        done(row, sentence, form)
    return 0


def _asked(named: str, only: str, store: Store, known: Knowledge, db: str | None) -> Asked:
    """The case that is meant: one that was escalated, else one in a log or in a watch."""
    found = [each for each in store.escalated() if named in (each.escalation.case, each.escalation.reference)]
    if found:
        return _of_escalation([each.escalation for each in found], known)
    try:
        some = one_of(matters(named, Grounds(db=db, knowledge=known, learned=store.learned())), only)
    except InputError as error:
        if error.where != named[:200]:
            raise
        mend = "`chargelore answer` lists the cases that were escalated; a log can be named too"
        raise InputError("is a case that was never seen here", where=named[:200], mend=mend) from error
    if len(some) != 1:
        names = ", ".join(each.case.id for each in some) or "no trouble"
        raise UseError(f"this log holds {names[:300]}", mend="name the case that was answered with --case")
    case, first = some[0].case, some[0].diagnosis.hypotheses[:1]
    return Asked(case.id, case.charger, signed(some[0]), first[0].fault if first else "")


def _of_escalation(found: Sequence[Escalation], known: Knowledge) -> Asked:
    """The last of that name. UseError where two of one name are different troubles."""
    if len({signature_id(each.signature) for each in found}) > 1:
        names = ", ".join(f"{each.reference} of {each.opened_at[:16] or 'an unknown time'}" for each in found)
        raise UseError(f"several troubles are called {found[0].case}", mend=f"name one by its reference: {names}")
    told = found[-1]
    first = next((known.causes[cause].fault for cause, _ in told.suspects if cause in known.causes), "")
    return Asked(told.case, charger_of(told), told.signature, first)


def _keeps(store: Store, known: Knowledge, asked: Asked, typed: Typed) -> tuple[dict[str, object], str]:
    """What is to be told of it. All is checked before anything is kept."""
    cause, before = _cause(known, asked, typed), store.answers()
    said = _answer(asked, typed, cause, known)
    if any(_same(each, said) for each in before):
        return {"case": asked.case, "cause": cause, "is_new": False}, "This answer is kept already."
    others = checked(known, asked.charger, asked.signature, said, before)
    if others and not typed.beside:
        raise UseError(_contradiction(others[0]), mend=f"`chargelore kb revert {others[0].event}`, or add --beside")
    were_open = [each.escalated for each in standings(known, store.escalated(), before) if each.is_open]
    one = answered_event(said, stamp=store.stamp(), author=store.author)
    store.record(one)
    known = _laid(store, known, asked, typed, said)
    found = standings(known, were_open, store.answers())
    closed = [each.escalated for each in found if not each.is_open]
    close = [each.escalated for each in found if each.is_open and each.answers]
    for each in closed:
        _handed_back(store, each, said, known)
    row: dict[str, object] = {
        "case": asked.case,
        "cause": cause,
        "closed": [each.escalation.case for each in closed],
        "close": [each.escalation.case for each in close],
        "is_new": True,
        "event": one.id,
    }
    return row, "\n".join(_sentences(said, known, closed, close))


def _cause(known: Knowledge, asked: Asked, typed: Typed) -> CauseId:
    """The cause that the maker named. UseError where none is named, or two are, or a new one lies behind no fault."""
    if bool(typed.cause) == bool(typed.new_cause):
        raise UseError("an answer names one cause", mend="say it with --cause ID, or --new-cause 'WORDS'")
    if typed.cause:
        return cause_named(known, typed.cause).id
    if (fault := _fault(asked, typed)) not in known.faults:
        raise UseError(f"{fault or 'nothing'} is no fault", mend="say with --fault behind which fault the cause lies")
    label = _clean(typed.new_cause)
    if not any(each.isalnum() for each in label):
        raise UseError("--new-cause says nothing", mend="say in words what it is")
    is_whole = label.isascii() and len(slug(label)) < LONGEST_NAME  # of other letters a slug keeps few, or none
    return CauseId(slug(label) if is_whole else f"{slug(label)}-{mark(label)}")


def _fault(asked: Asked, typed: Typed) -> FaultId:
    return FaultId(typed.fault or asked.fault or next(iter(asked.signature.faults), ""))


def _laid(store: Store, known: Knowledge, asked: Asked, typed: Typed, said: Answer) -> Knowledge:
    """The knowledge with a new cause, and with a step that cures the cause as part of its plan; both as drafts."""
    if said.cause not in known.causes:
        attrs = {"fault": _fault(asked, typed), "prior": "rarely", "detail": _clean(typed.resolution)}
        store.record(node_event(f"cause/{said.cause}", _clean(typed.new_cause), attrs, store.by()))
    name = _cure(store, known, asked, said)
    step = known.steps.get(name) if name else None
    if name and (step is None or all(each.cause != said.cause for each in step.fixes)):
        link = Link(src=f"step/{name}", rel="fixes", dst=f"cause/{said.cause}")
        store.record(edge_event(link, "often", store.by()))
    return laid_over(store)


def _cure(store: Store, known: Knowledge, asked: Asked, said: Answer) -> StepId | None:
    """The step that the maker named; one in words becomes a draft that the next visit plans with."""
    if StepId(said.resolution) in known.steps or not said.resolution:
        return StepId(said.resolution) if said.resolution else None
    cure = cure_in_words(known, asked.charger, said.resolution)
    if cure.step not in known.steps:
        store.record(node_event(f"step/{cure.step}", said.resolution, cure.attrs, store.by()))
    return cure.step


def _answer(asked: Asked, typed: Typed, cause: CauseId, known: Knowledge) -> Answer:
    is_step = typed.resolution in known.steps
    today = system_now().date()
    return Answer(
        case=asked.case,
        signature=asked.signature,
        cause=cause,
        resolution=typed.resolution if is_step else _clean(typed.resolution),
        source=_clean(typed.source),
        said_by=_clean(typed.said_by),
        said_at=checked_day(_day(typed.said_at), today) if typed.said_at else today.isoformat(),
        scope=scope_for(asked.charger, typed.vendor, typed.model, typed.firmware),
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UseError(f"{text[:80]!r} is no day", mend="write --said-at 2026-05-04") from error


def _clean(text: str) -> str:
    """What a person typed, in one line and without what names somebody."""
    return tame(naming_nobody(text.strip(), key_at_hand()))[:LONGEST]


def _same(one: Answer, other: Answer) -> bool:
    """Whether they say the same, whenever and by whomever it was said."""
    return (signature_id(one.signature), one.cause, one.resolution, one.scope) == (
        signature_id(other.signature), other.cause, other.resolution, other.scope,
    )  # fmt: skip


def _contradiction(other: Answer) -> str:
    who = other.said_by or other.source or "somebody"
    return f"{who} answered this signature on {other.said_at or 'another day'} with {other.cause}"


def _handed_back(store: Store, one: Escalated, said: Answer, known: Knowledge) -> None:
    """The maker has answered: whoever runs the charger has the ball again."""
    note = f"answered: {known.causes[said.cause].label}; {said.resolution}".rstrip("; ")
    told = one.escalation
    store.record_entry(told.case, Handed(to=FIRST_HOLDER, giver=MAKER, note=note, opened_at=told.opened_at))


def _sentences(
    said: Answer, known: Knowledge, closed: Sequence[Escalated], close: Sequence[Escalated]
) -> Iterator[str]:
    yield f"Kept: {known.causes[said.cause].label}. The next case with the same signature is suspected of it at once."
    if closed:
        yield f"It closes {count(len(closed), 'escalated case')}: {_names(closed)}."
    if close:
        yield f"It may also be {_names(close)}: there not everything was looked for that this case showed."


def _names(some: Sequence[Escalated]) -> str:
    return ", ".join(each.escalation.case for each in some[:10]) + (" and more" if len(some) > 10 else "")
