"""Events about cases as several people tell them, on clocks that are right, behind or ahead."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from chargelore.kb.answer import MAKER, Answer, Escalation, Signature
from chargelore.kb.casebook import Closed, Entry, Handed, Opened, Whose, Words, entry_event
from chargelore.kb.clock import Stamp
from chargelore.kb.escalations import answered_event, escalated_event
from chargelore.kb.events import Event, finding_event, held_event
from chargelore.kb.finding import UNKNOWN, Finding
from chargelore.kb.model import CauseId, FaultId, Party

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PARTIES = ("cso", "site-host", "utility", "evse-oem", "of-2031")
TRIP = FaultId("ground-fault-trip")


def at(minutes: float) -> datetime:
    """So many minutes after noon."""
    return NOON + timedelta(minutes=minutes)


def stamp(minutes: float, replica: str = "r", counter: int = 0) -> Stamp:
    """The moment of writing."""
    return Stamp((at(minutes) - EPOCH) // timedelta(milliseconds=1), counter, replica)


def told(entry: Entry, minutes: float, case: str = "CP-7-1", replica: str = "r", author: str = "ann") -> Event:
    """An entry that somebody wrote so many minutes after noon."""
    return entry_event(case, entry, stamp=stamp(minutes, replica), author=author)


def opened(minutes: float, written: float | None = None, case: str = "CP-7-1", charger: str = "CP-7") -> Event:
    """A case that opened then and came on the book at once, or later."""
    entry = Opened(
        opened_at=at(minutes).isoformat(),
        charger=Whose(id=charger),
        connector=1,
        fault=TRIP,
        shown=("ocpp",),
        missing=("modbus", "grid", "field"),
        telling=("grid",),
    )
    return told(entry, minutes if written is None else written, case)


def handed(
    to: str, minutes: float, *, giver: str = "", opened: float = 0, at_time: str = "", case: str = "CP-7-1"
) -> Event:
    """A case that opened so many minutes after noon goes to another party."""
    entry = Handed(to=to, giver=giver, note="yours", at=at_time, opened_at=at(opened).isoformat())
    return told(entry, minutes, case)


def said(text: str, minutes: float, by: str = "driver", at_time: str = "") -> Event:
    """Somebody says something of the case that opened at noon."""
    return told(Words(text=text, by=by, at=at_time, opened_at=NOON.isoformat()), minutes)


def closed(minutes: float, verdict: str = "no-fault", case: str = "CP-7-1") -> Event:
    """The case that opened at noon is over."""
    return told(Closed(verdict=verdict, opened_at=NOON.isoformat()), minutes, case)


def found(
    minutes: float,
    cause: str = "wet",
    fixed: str = "dry",
    case: str = "CP-7-1",
    *,
    oem: bool = False,
    opened: float | None = None,
) -> Event:
    """Somebody records what it was, of the case that opened then; as of old where nobody says when."""
    since = None if opened is None else at(opened).isoformat()
    finding = Finding(case=case, fault=TRIP, cause=cause, fixed_by=fixed, needed_oem=oem, opened_at=since)
    return finding_event(finding, stamp=stamp(minutes), author="ann")


def back(finding: Event, minutes: float) -> Event:
    """The fix is judged: the fault came back."""
    return held_event(finding.id, False, by="auto", stamp=stamp(minutes), author="ann")


SIGNATURE = Signature(vendor="Acme", faults=(TRIP,))


def escalated(minutes: float, case: str = "CP-7-1", opened: float = 0, party: Party = MAKER) -> Event:
    """A case goes to the maker with a question."""
    asked = Escalation(
        case=case, reference="R", signature=SIGNATURE, opened_at=at(opened).isoformat(), question="which?", party=party
    )
    return escalated_event(asked, stamp=stamp(minutes), author="ann")


def answered(minutes: float, case: str = "CP-7-1", signature: Signature = SIGNATURE) -> Event:
    """The maker says what it was."""
    answer = Answer(case=case, signature=signature, cause=CauseId("wet"))
    return answered_event(answer, stamp=stamp(minutes, counter=1), author="ann")


minutes = st.integers(-100_000, 100_000)
times = (
    st.just("") | minutes.map(lambda each: at(each).isoformat()) | st.sampled_from(["soon", "1970-01-01", "9999-12-31"])
)
_parties = st.sampled_from(PARTIES)
_opened = st.just(NOON.isoformat())
entries = st.one_of(
    st.builds(Handed, to=_parties, giver=st.just("") | _parties, note=st.just("n"), at=times, opened_at=_opened),
    st.builds(Words, text=st.text(min_size=1, max_size=9), by=_parties, at=times, opened_at=_opened),
    st.builds(Closed, verdict=st.sampled_from(["no-fault", "given-up"]), at=times, opened_at=_opened),
)
events = st.one_of(
    st.builds(told, entries, minutes, replica=st.sampled_from(["r", "s"])),
    st.builds(escalated, minutes),
    st.builds(answered, minutes),
    st.builds(found, minutes, st.sampled_from([UNKNOWN, "wet", "cut"]), st.sampled_from(["", "dry"])),
)
logs = st.lists(events, max_size=12).map(lambda some: [opened(0), *some])
