"""Finding: what a technician confirms at the end of a case; thirty seconds of work that teach the next diagnosis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from functools import cache
from typing import Any, NamedTuple

from chargelore.kb.errors import InputError
from chargelore.kb.model import CauseId, EvidenceId, FaultId, StepId

UNKNOWN = "unknown"  # as a cause: nobody knows; as an answer: nobody looked
NOT_LISTED = "not listed"


class OfCase(NamedTuple):
    """What one case has for itself: its charger, the connector (0 for the whole charger), and when it opened.

    `charger` is the name of the case where that charger has none.
    """

    charger: str
    connector: int
    opened_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """The charger as far as a finding names it: never the serial number, only a pseudonym of it.

    `id` is what it connects by, as it is called behind the door; empty where its log does not name it.
    """

    vendor: str = ""
    model: str = ""
    firmware: str = ""
    serial_hash: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTaken:
    """A step that was done, and whether the charger worked after it."""

    id: StepId
    worked: bool
    minutes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What it was, and what helped.

    `cause` is the id of a known cause, `unknown`, or `not listed: ` and a line of text; `evidence` maps evidence id to
    answer, where `unknown` means that nobody looked; `fixed_by` is a step id or a few words, empty where nothing helped
    yet; `visits` says how often somebody drove there; `note` stays in the house. `rules` are the rules that had spoken,
    each `id@version`; `blind` says of each rule on trial that had spoken, unheard, whether it was `right`, `wrong` or
    `useless`, and `open` where the cause is not in this knowledge base. `connector` is 0 for the whole charger and None
    where nobody said; `fixed_at` says when, in ISO 8601 on the clock of what was watched, empty where only the time of
    the event tells. `opened_at` says when its case opened, as the book does: empty where nothing tells, and None in
    findings of before it was kept. `reported` are the faults that the charger itself named.
    """

    case: str
    fault: FaultId
    cause: str = UNKNOWN
    charger: Machine = field(default_factory=Machine)
    codes: tuple[str, ...] = ()
    evidence: Mapping[EvidenceId, str] = field(default_factory=dict)
    steps: tuple[StepTaken, ...] = ()
    fixed_by: str = ""
    needed_oem: bool = False
    minutes: int = 0
    visits: int = 1
    note: str = ""
    rules: tuple[str, ...] = ()
    blind: Mapping[str, str] = field(default_factory=dict)
    connector: int | None = None
    fixed_at: str = ""
    opened_at: str | None = None
    reported: tuple[FaultId, ...] = ()

    @property
    def known_cause(self) -> CauseId | None:
        """The cause in this knowledge base, or None when it was not found or is not in it."""
        return None if self.cause == UNKNOWN or self.unlisted else CauseId(self.cause)

    @property
    def of_case(self) -> OfCase | None:
        """Of which case it is, whatever number a log gives that; None where it does not say when that opened."""
        if self.opened_at is None:
            return None
        charger = self.charger.id if self.opened_at else ""  # a case without a time is told by its name alone
        return OfCase(charger or self.case, self.connector or 0, self.opened_at)

    @property
    def unlisted(self) -> bool:
        """Whether the cause was found and is missing in this knowledge base."""
        return self.cause.startswith(NOT_LISTED)


def body_of(finding: Finding) -> dict[str, Any]:
    """The finding as the body of an event; whatever was left empty is left out."""
    full = {each.name: getattr(finding, each.name) for each in fields(finding)}
    full["charger"] = _filled(asdict(finding.charger))
    full["steps"] = [asdict(step) for step in finding.steps]
    said = {"connector": finding.connector, "opened_at": finding.opened_at}  # 0 and no time say something too
    whole = {key: value for key, value in said.items() if value is not None}
    return _filled(full) | whole | {"case": finding.case, "fault": finding.fault, "cause": finding.cause}


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value}


def finding_of(body: Mapping[str, Any]) -> Finding:
    """The finding in an event's body, keys of later versions left aside; InputError when it is none."""
    from pydantic import ValidationError  # noqa: PLC0415  # a quarter of a second that look-ups need not wait

    try:
        found: Finding = _checker().validate_python(dict(body))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise InputError(f"this is no finding: {first['msg']}", where=place) from error
    numbers = (found.minutes, found.visits, found.connector or 0, *(each.minutes for each in found.steps))
    if min(numbers) < 0:
        raise InputError("this is no finding: a number of minutes, of visits or of a connector is below zero")
    return found


@cache
def _checker() -> Any:
    from pydantic import TypeAdapter  # noqa: PLC0415  # as above

    return TypeAdapter(Finding)
