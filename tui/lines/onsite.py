"""The chargers on site as lines: who is here, how it is, what was asked, and what can be asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rich.text import Text

from chargelore.engine.diagnosing.diagnosis import Diagnosis
from chargelore.engine.sources.bench.answers import Result, Verdict
from chargelore.engine.sources.bench.effects import Consent, Effect
from chargelore.engine.sources.bench.guest import Guest
from chargelore.engine.sources.bench.payloads import fitted
from chargelore.kb.errand import Errand, errand
from chargelore.kb.errors import UseError
from chargelore.tui.lines.paint import BADGE, DANGER, GOOD, NAME, QUIET, STRONG, WARN, line, wrapping
from chargelore.tui.lines.step import here_lines
from chargelore.tui.site import Present
from chargelore.tui.speech import again, counted, later, t
from chargelore.tui.text import brief, clock, padded, plain

MOST_ROWS = 40  # of an answer beside the list; all of them stand on a page of their own
STYLES: Mapping[Verdict, str] = {"done": GOOD, "held": WARN, "impossible": QUIET}
READS = (
    "GetConfiguration", "TriggerMessage StatusNotification", "TriggerMessage MeterValues", "GetDiagnostics",
    "TriggerMessage BootNotification", "TriggerMessage Heartbeat", "GetReport Problem", "GetMonitoringReport",
    "GetCompositeSchedule", "GetLocalListVersion", "GetLog SecurityLog", "TriggerMessage DiagnosticsStatusNotification",
    "TriggerMessage FirmwareStatusNotification",
)  # fmt: skip
ACTS = (
    "Reset Soft", "UnlockConnector", "ClearCache", "ChangeAvailability Inoperative", "ChangeAvailability Operative",
    "Reset Hard",
)  # fmt: skip
AT_EACH = frozenset({"UnlockConnector"})  # these name a connector always
MEANS: Mapping[str, str] = {
    "GetConfiguration": later("read its settings"), "GetBaseReport": later("read its settings"),
    "GetReport": later("read what is wrong"), "GetMonitoringReport": later("read what it watches over"),
    "GetDiagnostics": later("fetch its own log"), "GetLog": later("fetch its own log"),
    "GetCompositeSchedule": later("read the limits of the next hour"),
    "GetLocalListVersion": later("read the version of its local list"),
    "TriggerMessage": later("ask for this message now"), "Reset": later("restart it"),
    "UnlockConnector": later("let go of the plug"), "ClearCache": later("let it forget cards"),
    "ChangeAvailability": later("put it into or out of service"),
}  # fmt: skip


FORBIDS = later("{danger} is a matter of safety: somebody must look at the charger before it is made to try again.")
TOLD = (
    later("It answers {status}."), later("It tells {n} of {all} variables."), later("Its local list has version {n}."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offer:
    """A message that can be sent to a charger."""

    errand: Errand


def present_key(row: Present) -> str:
    """A charger is its id."""
    return row.guest.id


def present_words(row: Present) -> dict[str, str]:
    """What a filter searches."""
    guest = row.guest
    return {"charger": guest.id, "vendor": guest.vendor, "model": guest.model, "status": state(guest)}


def present_line(row: Present, width: int) -> tuple[Text]:
    """One charger: here or gone, its id, how it is."""
    guest = row.guest
    mark = ("● ", GOOD) if guest.is_here else ("✗ ", WARN)
    name_width = max(12, width // 3)
    told = t("asked {message} …", message=row.doing) if row.doing else state(guest)
    return (line(mark, (padded(guest.id, name_width - 1), STRONG), " ", padded(told, width - name_width - 3)),)


def state(guest: Guest) -> str:
    """How a charger is, in a few words."""
    if not guest.is_here:
        return t("gone, last heard {at}", at=clock(guest.heard_at))
    told = ", ".join(f"#{number} {plain(word)}" if number else plain(word) for number, word in _statuses(guest))
    charging = t("charging") if guest.transactions and "Charging" not in told else ""
    return ", ".join(filter(None, (told or t("no status yet"), charging)))


def _statuses(guest: Guest) -> list[tuple[int, str]]:
    return sorted(guest.connectors.items())


def present_lines(row: Present, case: Diagnosis | None, width: int) -> list[Text]:
    """All about one charger: who it is, its case, and the last answer."""
    guest = row.guest
    made = " ".join(filter(None, (guest.vendor, guest.model, guest.firmware))) or t("says not who it is")
    lines = [line((brief(guest.id, width), NAME)), line((brief(f"{made} · OCPP {guest.version}", width), QUIET))]
    lines.append(line(brief(state(guest), width)))
    if guest.off_spec:
        odd = t("{times} off-spec, the last: {what}", times=counted(guest.off_spec, "time"), what=guest.last_error)
        lines.append(wrapping(line((brief(odd, 300), WARN))))
    lines += [Text(), *_case_lines(case)] if case else []
    if row.doing:
        lines += [Text(), line((t("Waiting: {what}", what=brief(row.doing, width - 9)), WARN))]
    return lines + ([Text(), *result_lines(row.last, MOST_ROWS)] if row.last else [])


def _case_lines(case: Diagnosis) -> Iterator[Text]:
    first = case.hypotheses[0] if case.hypotheses else None
    yield wrapping(line((t("LIKELY  "), WARN), brief(first.cause_label if first else t("no cause known"), 200)))
    if case.steps:
        yield wrapping(line((t("NEXT    "), WARN), brief(case.steps[0].label, 200)))
        yield from here_lines(case.steps[0])


def result_lines(result: Result, most: int) -> list[Text]:
    """What became of an errand, and what was read."""
    style = STYLES.get(result.verdict, DANGER)
    lines = [line((f"{t(result.verdict).upper()}  ", style), (brief(result.errand, 60), STRONG))]
    lines.append(wrapping(line(brief(again(result.text, *TOLD), 400))))
    lines += [wrapping(line((f"{brief(name, 80)}  ", QUIET), brief(value, 300))) for name, value in result.rows[:most]]
    if len(result.rows) > most:
        lines.append(line((t("and {n} more: v shows all", n=len(result.rows) - most), QUIET)))
    if result.file:
        lines.append(wrapping(line((t("Read it with: ") + "chargelore triage ", QUIET), brief(result.file, 300))))
    return lines


def offers(guest: Guest) -> tuple[Offer, ...]:
    """The messages that this charger's version has, those that only read first; for each connector where it counts."""
    found: dict[Errand, None] = {}
    for each in (*READS, *ACTS):
        for one in _at(errand(each), sorted(number for number in guest.connectors if number)):
            try:
                found.setdefault(fitted(one, guest.version))
            except UseError:
                continue
    return tuple(map(Offer, found))


def _at(one: Errand, connectors: Iterable[int]) -> Iterator[Errand]:
    known = list(connectors)
    if one.action in AT_EACH or (one.action == "ChangeAvailability" and len(known) > 1):
        yield from (Errand(one.action, one.words, number) for number in known or [1])
    if one.action not in AT_EACH:
        yield one


def offer_key(row: Offer) -> str:
    """A message is what it says."""
    return str(row.errand)


def offer_words(row: Offer) -> dict[str, str]:
    """What a filter searches."""
    return {"message": str(row.errand), "does": t(MEANS[row.errand.action])}


def offer_line(row: Offer, width: int) -> tuple[Text]:
    """One message: whether it acts, its name, what it is for."""
    mark = (t("acts   "), DANGER) if row.errand.is_acting else (t("reads  "), GOOD)
    name_width = max(20, width // 2)
    name = padded(str(row.errand), name_width - 1)
    return (line(mark, (name, STRONG), " ", (padded(t(MEANS[row.errand.action]), width - name_width - 7), QUIET)),)


def consent_lines(charger: str, one: Errand, means: Effect, width: int) -> list[Text]:
    """What a person has to read before something is sent that acts."""
    lines = [
        line((brief(t("{message} to {charger}", message=one, charger=charger), width), NAME)),
        Text(),
        wrapping(line(t(means.does))),
        Text(),
    ]
    lines += [wrapping(line(("▲ ", DANGER), (t(each), DANGER))) for each in means.warns]
    if means.forbids:
        forbids = line((t("NOT SENT  "), DANGER), again(means.forbids, FORBIDS))
        return [*lines, wrapping(forbids), Text(), Text(t("esc goes back."))]
    if means.needs is Consent.ENDING_A_SESSION:
        typed = t("To send it all the same type the charger's id, {charger}, and press enter. esc sends nothing.",
                  charger=brief(charger, 60))  # fmt: skip
        return [*lines, Text(), wrapping(line(typed))]
    return [*lines, Text(), line((" y ", BADGE), t(" sends it    "), (" esc ", BADGE), t(" sends nothing"))]


def emptiness(address: str) -> Text:
    """What stands there before anybody has come."""
    if not address:
        return Text(t("The bench is being set up …"))
    return Text(t(
        "No charger has come yet.\n\nGive the charger this address\nof its management system:\n{address}/\n"
        "It puts its own id behind it.\n\nWhile it points here\nits operator does not see it.\n"
        "Point it back when you leave.", address=address
    ))  # fmt: skip
