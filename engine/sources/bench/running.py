"""Running: one errand from the first check to its result: what is asked, what is answered, and what had to follow."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from time import monotonic

from chargelore.engine.sources.bench.answers import Result, Rows, Verdict, rows, verdict
from chargelore.engine.sources.bench.effects import Consent, effect
from chargelore.engine.sources.bench.payloads import fitted, payload_of
from chargelore.engine.sources.bench.receiver import Parcel, Receiver
from chargelore.engine.sources.bench.schema import answer_flaw
from chargelore.engine.sources.bench.seat import CAME, LEFT, Ears, Seat
from chargelore.engine.sources.bench.talk import Outcome, Talk
from chargelore.engine.sources.bench.transfer import named, offered
from chargelore.kb.errand import Errand
from chargelore.kb.errors import UseError

Payload = Mapping[str, object]
FOLLOWS, BOOTS = 2, 10  # times the patience for an answer: what must follow it, a restart or an upload
MOST_PARTS = 5_000
_SENDS_FILES = frozenset({"GetDiagnostics", "GetLog"})
_REPORTS = {
    "GetBaseReport": "NotifyReport",
    "GetReport": "NotifyReport",
    "GetMonitoringReport": "NotifyMonitoringReport",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Under which terms an errand runs. `seconds` is the patience for an answer, `number` names reports and logs,
    `again` a log that is asked for once more.
    """

    seconds: float
    number: int
    again: int
    danger: Callable[[], Awaitable[str]]
    consent: Consent = Consent.NOTHING
    key: bytes = b""
    receiver: Receiver | None = None


@dataclass(frozen=True, slots=True)
class _Offer:
    """How a charger may send its file."""

    parcel: Parcel
    protocol: str

    @property
    def location(self) -> str:
        return self.parcel.locations[self.protocol]


@dataclass(frozen=True, slots=True)
class _Course:
    """An errand under way."""

    seat: Seat
    talk: Talk
    errand: Errand
    terms: Terms
    ears: Ears
    offer: _Offer | None

    def ends(self, verdict: Verdict, text: str, found: Rows = ()) -> Result:
        return Result(charger=self.seat.guest.id, errand=str(self.errand), verdict=verdict, text=text, rows=found)


async def run(seat: Seat, wanted: Errand, terms: Terms) -> Result:
    """Do one errand at a charger, after those that it was given before. Never raises for what the charger does."""
    async with seat.turn(str(wanted)):
        talk = seat.talk
        if talk is None:
            return _not_begun(seat, wanted, "gone", "It is not connected.")
        try:
            errand = fitted(wanted, talk.version)
        except UseError as error:
            return _not_begun(seat, wanted, "impossible", str(error))
        held = await _held(seat, errand, terms)
        if held or errand.action not in _SENDS_FILES or terms.receiver is None:
            return held or await _sent(seat, talk, errand, terms)
        return await _fetched(seat, errand, terms, offered(talk.version, seat.speaks))


async def _held(seat: Seat, errand: Errand, terms: Terms) -> Result | None:
    """Why it is not sent; looked at just before sending, as a session may have begun since the person was asked."""
    means = effect(errand, seat.guest, await terms.danger() if errand.is_acting else "")
    if means.forbids:
        return _not_begun(seat, errand, "held", means.forbids)
    if terms.consent < means.needs:
        why = "Nobody agreed to this:" if terms.consent is Consent.NOTHING else "A yes is not enough for this:"
        return _not_begun(seat, errand, "held", " ".join((why, means.does, *means.warns)))
    if errand.action in _SENDS_FILES and terms.receiver is None:
        return _not_begun(seat, errand, "impossible", "There is no folder for its file: start with --uploads FOLDER.")
    return None


def _not_begun(seat: Seat, errand: Errand, verdict: Verdict, text: str) -> Result:
    return Result(charger=seat.guest.id, errand=str(errand), verdict=verdict, text=text)


async def _fetched(seat: Seat, errand: Errand, terms: Terms, protocols: tuple[str, ...]) -> Result:
    """A file, by the protocol that the charger is likely to speak; and by the other where none comes so."""
    assert terms.receiver is not None  # noqa: S101  # nothing is fetched without one
    result, parcel = None, terms.receiver.expects(seat.guest.id, seat.host)
    for protocol, number in zip(protocols, (terms.number, terms.again), strict=False):
        if seat.talk is None:
            return result or _not_begun(seat, errand, "gone", "Its line ended before it was asked.")
        offer = _Offer(parcel, protocol)
        now = await _sent(seat, seat.talk, errand, replace(terms, number=number), offer)
        result = replace(now, text=f"{result.text} {now.text}") if result else now
        if result.verdict != "ignored":
            break
    assert result is not None  # noqa: S101  # at least one protocol is offered
    return result


async def _sent(seat: Seat, talk: Talk, errand: Errand, terms: Terms, offer: _Offer | None = None) -> Result:
    payload = payload_of(talk.version)(errand, offer.location if offer else "", terms.number)
    with seat.listening() as ears:
        course = _Course(seat, talk, errand, terms, ears, offer)
        asked_at = monotonic()
        outcome = await talk.ask(errand.action, payload, terms.seconds)
        seconds = round(monotonic() - asked_at, 3) if outcome.kind in ("answered", "error", "garbled") else None
        return replace(await _judged(course, outcome), seconds=seconds)


async def _judged(course: _Course, outcome: Outcome) -> Result:
    if outcome.kind != "answered":
        return _without_answer(course, outcome)
    flaw = answer_flaw(course.errand.action, outcome.payload, course.talk.version)
    if flaw and flaw.error:
        return course.ends("garbled", f"Its answer is not what OCPP asks for: {flaw.text}.")
    found, text = verdict(course.errand, outcome.payload)
    read = rows(course.errand.action, outcome.payload, course.terms.key)
    course.seat.speaks |= named(read)
    follow = FOLLOW.get(course.errand.action)
    if found != "done" or follow is None or outcome.payload.get("status") in ("Scheduled", "EmptyResultSet"):
        return course.ends(found, text, read)
    return await follow(course, outcome.payload)


def _without_answer(course: _Course, outcome: Outcome) -> Result:
    match outcome.kind:
        case "error":
            return course.ends("error", f"It answers with an error: {outcome.error}.")
        case "garbled":
            return course.ends("garbled", f"Its answer is not what OCPP asks for: {outcome.error}.")
        case "gone" if course.errand.action == "Reset":
            return course.ends("gone", "Its line ended before it answered; it may have restarted.")
        case "gone":
            return course.ends("gone", "Its line ended before it answered.")
    return course.ends("silent", f"It gave no answer within {course.terms.seconds:g} s.")


async def _triggered(course: _Course, _: Payload) -> Result:
    """A charger that says yes and sends nothing has not heard us."""
    wanted, seconds = course.errand.word, course.terms.seconds * FOLLOWS
    heard = await course.ears.next(lambda action, _: action == wanted, seconds)
    if heard is None:
        return course.ends("ignored", f"It said yes, and sent no {wanted} within {seconds:g} s.")
    return course.ends("done", f"It sent its {wanted}.", rows("", heard[1], course.terms.key))


async def _restarted(course: _Course, _: Payload) -> Result:
    """Only a BootNotification proves a restart."""
    seconds, went = course.terms.seconds * BOOTS, False
    while True:
        heard = await course.ears.next(lambda action, _: action in ("BootNotification", LEFT, CAME), seconds)
        if heard is None:
            break
        if heard[0] == "BootNotification":
            return course.ends("done", "It restarted and is back.")
        went = went or heard[0] == LEFT
    if not went:
        return course.ends("ignored", f"It said yes, and did not restart within {seconds:g} s.")
    if course.seat.talk is None:
        return course.ends("gone", f"It went away to restart, and is not back after {seconds:g} s.")
    return course.ends("done", "It dropped its line and came back without a BootNotification.")


async def _reported(course: _Course, _: Payload) -> Result:
    parts, is_whole = await _parts(course, _REPORTS[course.errand.action])
    found = tuple(row for number in sorted(parts) for row in parts[number])
    course.seat.speaks |= named(found)
    if is_whole:
        return course.ends("done", f"It reports {len(found)} values.", found)
    seconds = course.terms.seconds * FOLLOWS
    told = f"after {len(parts)} parts came nothing more" if parts else "sent no report"
    return course.ends("ignored", f"It said yes, and {told} within {seconds:g} s.", found)


async def _parts(course: _Course, action: str) -> tuple[dict[int, Rows], bool]:
    """The parts of a report by their number, and whether all came; they may come in any order and twice."""
    parts, last = dict[int, Rows](), -1
    while len(parts) < MOST_PARTS and (last < 0 or len([each for each in parts if each <= last]) <= last):
        heard = await course.ears.next(
            lambda said, payload: said == action and payload.get("requestId") == course.terms.number,
            course.terms.seconds * FOLLOWS,
        )
        if heard is None:
            return parts, False
        number = heard[1].get("seqNo")
        place = number if type(number) is int and number >= 0 else len(parts)
        parts[place] = rows(action, heard[1], course.terms.key)
        last = last if heard[1].get("tbc") is True else max(last, place)
    return parts, True


async def _uploaded(course: _Course, answer: Payload) -> Result:
    """The file itself proves that it came, not what the charger says of it."""
    offer = course.offer
    if offer is None or (course.errand.action == "GetDiagnostics" and not answer.get("fileName")):
        return course.ends("refused", "It has no file to send.")
    file, why = await offer.parcel.arrives(course.ears, course.terms.seconds * BOOTS, course.terms.number)
    if file:
        return replace(course.ends("done", f"Its file is here, asked for by {offer.protocol}."), file=file)
    return course.ends("ignored", f"It said yes to {offer.protocol}, and {why}.")


FOLLOW: Mapping[str, Callable[[_Course, Payload], Awaitable[Result]]] = {
    "TriggerMessage": _triggered,
    "Reset": _restarted,
    **dict.fromkeys(_REPORTS, _reported),
    **dict.fromkeys(_SENDS_FILES, _uploaded),
}
