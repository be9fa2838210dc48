"""Answering: whether what a maker said can be kept as an answer, in a sentence where it cannot. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from chargelore.engine.case import Charger
from chargelore.engine.diagnosing.known import standing
from chargelore.engine.escalating.standing import contradicted
from chargelore.engine.scope import fit
from chargelore.kb.answer import Answer, Signature
from chargelore.kb.called import id_of
from chargelore.kb.errors import InputError, UseError
from chargelore.kb.model import Cause, CauseId, Knowledge, Scope
from chargelore.kb.version import is_range

NO_CAUSE = "`chargelore kb ids WORDS` lists causes; --new-cause 'WORDS' adds one"


def cause_named(knowledge: Knowledge, name: str) -> Cause:
    """The cause of that id or called so, or what stands in its place. InputError where there is none, or no more."""
    called = id_of(knowledge.causes, name)
    name = called or name
    found = standing(knowledge, CauseId(name))
    if found is not None:
        return found
    old = knowledge.causes.get(CauseId(name))
    if old is None:
        raise InputError("is no cause of this knowledge base", where=name[:200], mend=NO_CAUSE)
    why = f": {old.reason}" if old.reason else ""
    raise InputError(f"was taken out of the knowledge and nothing stands in its place{why}", where=name, mend=NO_CAUSE)


def scope_for(charger: Charger, vendor: str | None, model: str | None, firmware: str | None) -> Scope:
    """The chargers of which an answer is said: the maker and model of the case, unless something else is said.

    UseError where nobody knows whose charger it is, or the case's own charger would not be among them.
    """
    told = Scope(
        vendor=_plain(charger.vendor) if vendor is None else vendor,
        model=_plain(charger.model) if model is None else model,
        firmware=firmware or "",
    )
    if told.vendor and not told.vendor.strip("* "):
        mend = "name the maker with --vendor, or leave it out where the case names it"
        raise UseError("a maker answers for its own chargers, not for those of all makers", mend=mend)
    if not told.vendor.strip():
        raise UseError("nobody knows whose charger this is", mend="say it with --vendor, and with --model")
    if told.firmware and not is_range(told.firmware):
        raise UseError(f"{told.firmware[:80]} is no range of firmware", mend="write --firmware '>=5.2,<6'")
    if fit(told, charger) == "outside":
        raise UseError("the case's own charger is not among those", mend="widen --vendor, --model or --firmware")
    return told


def _plain(text: str) -> str:
    """What a charger calls itself; a star in that stands for nothing else."""
    return text.replace("*", "").strip()


def checked_day(said_at: date, today: date) -> str:
    """The day of an answer. InputError where it has not come yet."""
    if said_at > today:
        raise InputError(f"{said_at} has not come yet", mend="say with --said-at on which day the maker answered")
    return said_at.isoformat()


def checked(
    knowledge: Knowledge, charger: Charger, signature: Signature, answer: Answer, before: Iterable[Answer]
) -> tuple[Answer, ...]:
    """The answers to the same signature that name another cause.

    InputError for a signature without a sign, and for a cause that cannot lie behind anything on such a charger.
    """
    if signature.is_empty:
        raise InputError(
            "the case shows nothing by which another could be known to be the same", where=answer.case,
            mend="escalate it with a log that tells more",
        )  # fmt: skip
    cause = standing(knowledge, answer.cause)
    if cause is not None and fit(cause.scope, charger) == "outside":
        raise InputError(f"{cause.id} is only known of other chargers", where=answer.case, mend=NO_CAUSE)
    return contradicted(knowledge, charger, signature, before, answer)
