"""`chargelore kb review`, `same`, `unmerge`, `dispute`, `revert`, `grant`: people judge what others said."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, get_args

import click

from chargelore.kb.claim import Status
from chargelore.kb.errors import InputError, UseError
from chargelore.kb.events import GRANT, Event, retract_event
from chargelore.kb.guards import refuse_unguarded
from chargelore.kb.label import PSEUDONYM_LETTERS
from chargelore.kb.load import shipped
from chargelore.kb.overlay import overlaid
from chargelore.kb.pack import pack_events
from chargelore.kb.project import project
from chargelore.kb.projection import Node, Projection
from chargelore.kb.rights import rights_of
from chargelore.kb.statement import (
    Role,
    dispute_event,
    grant_event,
    merge_event,
    review_event,
    unmerge_event,
)
from chargelore.tui.cli.listing import db_option, done, opened
from chargelore.tui.cli.output import format_option

if TYPE_CHECKING:
    from chargelore.kb.store import Store

PSEUDONYM = re.compile(f"[a-z0-9]{{{PSEUDONYM_LETTERS}}}")
ASK_AN_OWNER = "an owner makes you a reviewer with `chargelore kb grant`"


@click.command(epilog="Example: chargelore kb review cause/mouse-in-cabinet --accept")
@click.argument("subject", metavar="NODE|EDGE")
@click.option("--accept", is_flag=True, help="It stands.")
@click.option("--reject", is_flag=True, help="It stands no more.")
@click.option("--replaced-by", default="", metavar="NODE", help="What stands in its place, with --reject.")
@db_option
@format_option
def review(subject: str, replaced_by: str, db: str | None, form: str | None, **verdict: bool) -> int:
    """Accept or reject a node or an edge. Only reviewers may."""
    if verdict["accept"] == verdict["reject"]:
        both = "it cannot both stand and not stand" if verdict["accept"] else "say what you find"
        raise UseError(both, mend="add --accept or --reject, one of them")
    if replaced_by and verdict["accept"]:
        raise UseError("what stands is replaced by nothing", mend="leave --replaced-by out, or say --reject")
    with opened(db) as store:
        whole = _whole(store)
        _known(subject, whole)
        if replaced_by:
            _refuse_successor(subject, replaced_by, whole)
        if verdict["reject"]:
            refuse_unguarded(overlaid(shipped(), whole), subject, replaced_by)
        status: Status = "reviewed" if verdict["accept"] else "deprecated"
        return _kept(store, review_event(subject, status, store.by(), replaced_by=replaced_by), form)


@click.command(epilog="Example: chargelore kb same cause/wet-plug cause/water-in-coupler")
@click.argument("node")
@click.argument("into")
@db_option
@format_option
def same(node: str, into: str, db: str | None, form: str | None) -> int:
    """Say that NODE is the same as INTO, which stands for both from now on. Only reviewers may."""
    with opened(db) as store:
        whole = _whole(store)
        for each in (node, into):
            _known(each, whole)
        if node.partition("/")[0] != into.partition("/")[0]:
            raise UseError(f"{node} and {into} are of two kinds", mend="name two of one kind")
        if whole.resolve(node) == whole.resolve(into):
            raise UseError(f"{node} and {into} are the same already", mend="`chargelore kb unmerge` parts them")
        refuse_unguarded(overlaid(shipped(), whole), node, into)
        return _kept(store, merge_event(node, into, store.by()), form)


@click.command(epilog="Example: chargelore kb unmerge cause/wet-plug")
@click.argument("node")
@click.option("--from", "other", default="", metavar="NODE", help="From this one only.")
@db_option
@format_option
def unmerge(node: str, other: str, db: str | None, form: str | None) -> int:
    """Say that NODE is not the same after all. It stays so, also when old merges come in again. Only reviewers may."""
    with opened(db) as store:
        aliases = _whole(store).aliases
        if node not in {*aliases, *aliases.values()}:
            raise UseError(f"{node} was never merged", mend="see `chargelore kb log` for what was")
        return _kept(store, unmerge_event(node, other, store.by()), form)


@click.command(epilog="Example: chargelore kb dispute cause/fan-stuck --reason 'only seen on old hardware'")
@click.argument("subject", metavar="NODE|EDGE")
@click.option("--agree", is_flag=True, help="Agree rather than disagree.")
@click.option("--reason", default="", help="Why, in one line.")
@db_option
@format_option
def dispute(subject: str, agree: bool, reason: str, db: str | None, form: str | None) -> int:
    """Disagree with a node or an edge, or agree. Everyone has one voice, the last one given."""
    with opened(db) as store:
        _known(subject, _whole(store))
        event = dispute_event(subject, "agree" if agree else "disagree", reason, store.by())
        return _kept(store, event, form, needs_right=False)


@click.command(epilog="Example: chargelore kb revert wmj4alhdfqf272lhqgjremqtqi --reason 'wrong charger'")
@click.argument("event")
@click.option("--reason", default="", help="Why, in one line.")
@db_option
@format_option
def revert(event: str, reason: str, db: str | None, form: str | None) -> int:
    """Take an event back: your own, or any as a reviewer. The log keeps it, and it counts no more.

    To revert what reverts brings the first event back.
    """
    with opened(db) as store:
        target = next((each for each in store.events() if each.id == event), None)
        target = target or next((each for each in pack_events(shipped()) if each.id == event), None)
        if target is None:
            raise InputError(f"there is no event {event}", mend="`chargelore kb log NODE` lists them")
        by = store.by()
        own = target.author == by.author
        return _kept(store, retract_event(event, reason, stamp=by.stamp, author=by.author), form, needs_right=not own)


@click.command(epilog="Example: chargelore kb grant tnvo5ksls6mbpsgz reviewer")
@click.argument("person")
@click.argument("role", type=click.Choice(get_args(Role)))
@db_option
@format_option
def grant(person: str, role: Role, db: str | None, form: str | None) -> int:
    """Make PERSON (a pseudonym, as `kb log` shows it) a reviewer or an owner of this store. Only owners may."""
    if not PSEUDONYM.fullmatch(person):
        raise UseError(
            f"{person or 'that'} is no pseudonym: sixteen small letters and digits",
            mend="`chargelore kb log` shows those of all who wrote here",
        )
    with opened(db) as store:
        return _kept(store, grant_event(person, role, store.by()), form)


def _whole(store: Store) -> Projection:
    return project(store.events(), owners=store.owners, base=pack_events(shipped()))


def _known(subject: str, whole: Projection) -> None:
    """InputError for a node or an edge that nobody made: a typing error would be kept for good."""
    if subject in whole.nodes or subject in whole.edges:
        return
    from difflib import get_close_matches  # noqa: PLC0415  # only a complaint needs it

    close = get_close_matches(subject, whole.nodes, n=1)
    raise InputError(f"nobody made {subject}", mend=f"did you mean {close[0]}?" if close else "write kind/name")


def _refuse_successor(subject: str, named: str, whole: Projection) -> None:
    """What stands in the place of something is there, is of its kind, and does not lead back to it."""
    _known(named, whole)
    if subject.partition("/")[0] != named.partition("/")[0]:
        raise UseError(f"{subject} and {named} are of two kinds", mend="name one of its own kind")
    seen = [subject]
    while named in whole.nodes and named not in seen:
        seen.append(named)
        one = whole.nodes[named]
        named = _node(one) if one.status == "deprecated" and one.replaced_by else ""
    if named == subject:
        way = " -> ".join((*seen, subject))
        raise UseError(f"{subject} would be replaced in a circle: {way}", mend="let one of them stand")


def _node(one: Node) -> str:
    """The successor of a node as the name of a node; what ships names it without its kind."""
    return one.replaced_by if "/" in one.replaced_by else f"{one.kind}/{one.replaced_by}"


def _kept(store: Store, event: Event, form: str | None, *, needs_right: bool = True) -> int:
    """Keep an event and say so; InputError where its author has no right to it, which would leave it without effect."""
    if needs_right:
        may_judge(store, event)
    store.record(event)
    done({"event": event.id, "kind": event.kind, "subject": event.subject}, f"recorded as {event.id}", form)
    return 0


def may_judge(store: Store, *events: Event) -> None:
    """InputError where the author of one of the events has no right to it."""
    rights = rights_of(store.events(GRANT), store.owners)
    for each in events:
        role = rights.role(each.author, (each.hlc, each.id))
        if role == "none" or (each.kind == "grant" and role != "owner"):
            who = "an owner" if each.kind == "grant" else "a reviewer"
            raise InputError(f"only {who} of this store may do that", where=each.author, mend=ASK_AN_OWNER)
