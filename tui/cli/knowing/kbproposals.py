"""`chargelore kb proposals`: links that findings show and nobody wrote down; a person accepts or declines each."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import click

from chargelore.engine.learning.proposals import FEWEST, LEAST_LIFT, Proposed, accepted, open_proposals, up_to_ten
from chargelore.kb.aftermath import KINDS
from chargelore.kb.errors import InputError, UseError
from chargelore.kb.events import DECLINED, Event
from chargelore.kb.load import shipped
from chargelore.kb.model import Grade, Knowledge
from chargelore.kb.overlay import overlaid
from chargelore.kb.statement import declined_event
from chargelore.tui.cli.knowing.kbjudge import may_judge
from chargelore.tui.cli.listing import Row, db_option, done, listed, opened
from chargelore.tui.cli.output import format_option
from chargelore.tui.reviewing.linkwords import joined

if TYPE_CHECKING:
    from chargelore.kb.store import Store

COLUMNS = ("link", "lift", "n", "looked", "authors", "houses", "grade", "says")
NOTHING = f"nothing that at least {FEWEST} cases show more than {LEAST_LIFT} times as often as all do"


@click.command("proposals", epilog="Example: chargelore kb proposals edge/mfrggzdfmztwq2lknnwg23tpoa --accept")
@click.argument("link", default="")
@click.option("--accept", is_flag=True, help="It is so: the diagnosis reckons with it from now on.")
@click.option("--decline", is_flag=True, help="It is not; it comes again with twice as many cases.")
@click.option("--grade", type=click.Choice(get_args(Grade)), default=None, help="Another grade than the one proposed.")
@click.option("--reason", default="", help="Why it is not, in one line.")
@db_option
@format_option
def proposed(  # noqa: PLR0913  # one argument for each option
    link: str, *, accept: bool, decline: bool, grade: Grade | None, reason: str, db: str | None, form: str | None
) -> int:
    """List links that findings show and that nobody wrote down; or accept or decline LINK. Only reviewers may.

    `lift` says how many times as often the two come together as by chance, `n` in how many cases, of those in which
    somebody looked. Authors and houses are told up to ten. Exit 1 where there are proposals.
    """
    if not link and (accept or decline or grade or reason):
        raise UseError("which link?", mend="name it as `chargelore kb proposals` lists it")
    if link and accept == decline:
        raise UseError("say what you find", mend="add --accept or --decline, one of them")
    with opened(db) as store:
        known = overlaid(shipped(), store.statements())
        found = _found(store, known)
        if not link:
            rows = [_row(each, known) for each in found]
            listed(rows, COLUMNS, form, name="proposals", nothing=NOTHING)
            return int(bool(rows))
        one = _named(link, found)
        made = accepted(one, store.by, grade or "") if accept else (_declined(store, one, reason),)
        may_judge(store, *made)
        store.merge(made)
    events = [each.id for each in made]
    done({"link": link, "events": events}, f"recorded as {', '.join(events)}", form)
    return 0


def _found(store: Store, known: Knowledge) -> tuple[Proposed, ...]:
    return open_proposals(store.events(*KINDS, DECLINED), store.owners, store.statements(), known)


def _named(link: str, found: tuple[Proposed, ...]) -> Proposed:
    one = next((each for each in found if each.link.id == link), None)
    if one is None:
        raise InputError(f"nothing proposes {link}", mend="`chargelore kb proposals` lists what findings propose")
    return one


def _declined(store: Store, one: Proposed, reason: str) -> Event:
    return declined_event(one.link, one.n, reason, store.by())


def _row(one: Proposed, known: Knowledge) -> Row:
    return {
        "link": one.link.id,
        "lift": round(one.lift, 1),
        "n": one.n,
        "looked": one.looked,
        "authors": up_to_ten(one.authors),
        "houses": up_to_ten(one.houses),
        "grade": one.grade,
        "src": one.link.src,
        "rel": one.link.rel,
        "dst": one.link.dst,
        "answer": one.link.answer,
        "says": joined(one.link, "", known),
    }
