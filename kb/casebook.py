"""Casebook: what people tell of a case besides findings: that it opened, what was said, who has it, that it is over.

Two troubles may bear one name, as `CP-7-1` of a log of May and of one of June; each entry says by `opened_at` of which.
All times are ISO 8601 in UTC, empty where nobody said one: then the entry counts from when it was written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from functools import cache
from typing import Any, Literal, get_args

from chargelore.kb.clock import Stamp
from chargelore.kb.errors import InputError
from chargelore.kb.events import CLOSED, HANDED, LONGEST_NAME, OPENED, WORDS, Event, event
from chargelore.kb.model import Party

Verdict = Literal["no-fault", "duplicate", "given-up"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
HOLDERS: tuple[Party, ...] = get_args(Party)
FIRST_HOLDER: Party = "cso"  # whose watch or log it is, where nobody says otherwise


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """The charger of a case as far as it is known; a pseudonym where it has no name but its serial number."""

    id: str = ""
    vendor: str = ""
    model: str = ""
    firmware: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspected:
    """A cause as it was suspected: `party` would act first, `percent` is 0 to 97."""

    cause: str
    label: str = ""
    party: str = ""
    percent: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A case as it stood when it came on the book: `shown` are the layers heard, `missing` those that nobody showed.

    `telling` are those of the missing ones in which something could be looked for that tells of a suspect; `unknown` is
    the chance in percent that the cause is not in the knowledge.
    """

    opened_at: str = ""
    charger: Whose = field(default_factory=Whose)
    connector: int | None = None
    fault: str = ""
    verdict: str = ""
    suspects: tuple[Suspected, ...] = ()
    unknown: int = 0
    shown: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    telling: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What somebody said of the trouble, as they said it; `by` is their party, empty where it is not known."""

    text: str
    by: str = ""
    at: str = ""
    opened_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """The case went from one party to another; `giver` is empty where whoever wrote it did not say."""

    to: str
    giver: str = ""
    note: str = ""
    at: str = ""
    opened_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """A case that is over without a repair, as one of VERDICTS says."""

    verdict: str
    note: str = ""
    at: str = ""
    opened_at: str = ""


Entry = Opened | Words | Handed | Closed
KINDS: Mapping[type[Any], str] = {Opened: OPENED, Words: WORDS, Handed: HANDED, Closed: CLOSED}
_CLASSES: Mapping[str, Any] = {kind: of for of, kind in KINDS.items()}


def entry_event(case: str, entry: Entry, *, stamp: Stamp, author: str) -> Event:
    """An entry about a case, as an event; whatever was left empty is left out."""
    body = {each.name: value for each in fields(entry) if (value := _plain(getattr(entry, each.name)))}
    return event(KINDS[type(entry)], case[:LONGEST_NAME], body, stamp=stamp, author=author)


def entry_of(one: Event) -> Entry | None:
    """The entry in an event; None where the event is of another kind. InputError when it cannot be read here."""
    from pydantic import ValidationError  # noqa: PLC0415  # a quarter of a second that look-ups need not wait

    of = _CLASSES.get(one.kind)
    if of is None:
        return None
    try:
        entry: Entry = _checker(of).validate_python(dict(one.body))
    except ValidationError as error:
        raise InputError(f"this is no {one.kind}: {error.errors()[0]['msg']}", where=one.id) from error
    return entry


@cache
def _checker(of: Any) -> Any:
    from pydantic import TypeAdapter  # noqa: PLC0415  # as above

    return TypeAdapter(of)


def _plain(value: Any) -> Any:
    if isinstance(value, Whose):
        return {name: text for name, text in asdict(value).items() if text}
    if isinstance(value, tuple):
        return [asdict(each) if isinstance(each, Suspected) else each for each in value]
    return value
