"""Session: one recording, or one case of the store, as rules hear it: answers joined, codes beside their faults."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from chargelore.engine.case import Charger
from chargelore.engine.door import redacted
from chargelore.engine.signal import Signal
from chargelore.engine.spoken import spoken
from chargelore.kb.codes import Codes
from chargelore.kb.errors import InputError
from chargelore.kb.finding import Finding
from chargelore.kb.model import CauseId, Knowledge

MOST_SIGNALS = 100_000  # of one recording: what is learned from is held in memory


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Session:
    """What rules hear of one recording. `cause` is None for a healthy one; names of people are pseudonyms already."""

    name: str
    cause: CauseId | None
    signals: tuple[Signal, ...]
    known: tuple[Charger, ...] = ()

    @property
    def makers(self) -> frozenset[str]:
        """The makers of its chargers, as far as anybody says."""
        booted = (str(each.fields.get("vendor") or "") for each in self.signals if each.kind == "boot")
        return frozenset({*booted, *(each.vendor for each in self.known)} - {""})


def session(
    name: str, cause: CauseId | None, signals: Iterable[Signal], known: tuple[Charger, ...], heard: Hearing
) -> Session:
    """A recording's signals as rules hear them. InputError when it is too long to learn from."""
    hidden = (redacted(each, heard.key) for each in signals)
    kept = tuple(islice(spoken(hidden, heard.codes, known), MOST_SIGNALS + 1))
    if len(kept) > MOST_SIGNALS:
        what = f"holds more than {MOST_SIGNALS:,} signals"
        raise InputError(what, where=name, mend="cut it to the hours around the fault")
    return Session(name=name, cause=cause, signals=kept, known=known)


@dataclass(frozen=True, slots=True)
class Hearing:
    """What it takes to hear a recording as rules do: the codes that are known, and the key of pseudonyms."""

    codes: Codes
    key: bytes

    @classmethod
    def of(cls, knowledge: Knowledge, key: bytes) -> Hearing:
        """With everything that a knowledge base knows of codes."""
        return cls(Codes(knowledge), key)


def of_finding(finding: Finding, heard: Hearing) -> Session:
    """What a recorded finding still tells of its case: its codes, without times. InputError where it holds none."""
    if not finding.codes:
        what = f"the finding on {finding.case} holds no codes"
        raise InputError(what, mend="give the log of the case")
    return heard_of(finding, heard)


def heard_of(finding: Finding, heard: Hearing) -> Session:
    """The codes of a finding, which may be none, as rules hear them on such a charger."""
    machine = finding.charger
    charger = Charger(id=finding.case, vendor=machine.vendor, model=machine.model, firmware=machine.firmware)
    return session(finding.case, finding.known_cause, _codes(finding), (charger,), heard)


def _codes(finding: Finding) -> Iterator[Signal]:
    for code in finding.codes:
        yield Signal(layer="firmware", kind="code", charger=finding.case, fields={"code": code}, raw=code)
