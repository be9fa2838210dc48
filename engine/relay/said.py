"""Said: what the engine behind a watch tells the wire, and with what it is started."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from chargelore.engine.diagnosing.person import ANYBODY, Person

Gist = tuple[str, ...]  # what makes a line on a case worth printing again


class Start(msgspec.Struct, frozen=True, kw_only=True):
    """With what a child starts. `source` names what is watched, `told` what was told of each case so far, where the
    parent knows that. `person` is who would go.

    `is_again` says that a child of the same run was there before; `is_anew` that nothing is to be remembered.
    """

    source: str
    run: str
    form: str
    keep_days: int
    db: str | None = None
    rules: str | None = None
    places: str | None = None
    inference: str | None = None
    told: Mapping[str, Gist] | None = None
    is_again: bool = False
    is_anew: bool = False
    person: Person = ANYBODY


class Journaled(msgspec.Struct, frozen=True, tag="journaled"):
    """All items up to this number need not be sent again."""

    seq: int


class Line(msgspec.Struct, frozen=True, tag="line"):
    """Something about a case to be printed, and its gist."""

    text: str
    case: str
    gist: Gist


class State(msgspec.Struct, frozen=True, kw_only=True, tag="state"):
    """How the child stands. Of the journaled records `unjudged` were not fed to the watch yet, `unstored` not stored.

    `unkept` counts signals that went to the engine and to no journal, `lost` those that left a full journal before they
    were stored; `journal` and `store` say why the last try at either failed, empty when it did not.
    """

    signals: int = 0
    cases: int = 0
    errors: int = 0
    last_error: str = ""
    unjudged: int = 0
    unstored: int = 0
    stored: int = 0
    unkept: int = 0
    lost: int = 0
    journal: str = ""
    store: str = ""


class Stands(msgspec.Struct, frozen=True, tag="stands"):
    """The child has caught up with what was journaled before it started; what was told of each case so far."""

    told: Mapping[str, Gist]


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """The child cannot start, for a reason that a person can mend: the name of the error and its parts."""

    kind: str
    what: str
    where: str
    mend: str


Said = Journaled | Line | State | Stands | Refused
