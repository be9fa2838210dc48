"""The bench as lines: open cases by what one can do now, then the chargers without trouble."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from rich.text import Text

from chargelore.engine.case import Case, Charger
from chargelore.engine.diagnosing.diagnosis import Diagnosis
from chargelore.engine.post import Seen
from chargelore.kb.model import Knowledge
from chargelore.tui.lines.case import CHANCE_WIDTH, NotKnown, SuspectRow, charger_name, header, suspect_lines, suspects
from chargelore.tui.lines.paint import DANGER, GOOD, NAME, QUIET, STRONG, WARN, line
from chargelore.tui.lines.step import step_lines
from chargelore.tui.speech import counted, odds, t
from chargelore.tui.text import brief, clock, day, padded, plain, words

# What one can do now, most useful first.
GROUPS: Mapping[str, str] = {
    "here": "Can be done from here",
    "there": "Somebody must go there",
    "over": "To hand over",
    "weighing": "Still being weighed",
    "none": "No fault found",
}
HEALTHY = "Chargers without a case"


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of a group and how many rows it has."""

    title: str
    number: int


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case on the bench; `diagnosis` is None until it was weighed."""

    case: Case
    diagnosis: Diagnosis | None
    is_danger: bool


@dataclass(frozen=True, slots=True)
class Healthy:
    """A charger without an open case."""

    seen: Seen


Entry = Heading | OpenCase | Healthy


def bench(
    chargers: Iterable[Seen], cases: Iterable[Case], diagnoses: Mapping[str, Diagnosis], knowledge: Knowledge
) -> tuple[Entry, ...]:
    """The rows of the bench in their order; danger first within a group, then the newest."""
    grouped: dict[str, list[OpenCase]] = {name: [] for name in GROUPS}
    for case in cases:
        diagnosis = diagnoses.get(case.id)
        grouped[group(diagnosis)].append(OpenCase(case, diagnosis, _is_danger(diagnosis, knowledge)))
    rows: list[Entry] = []
    for name, title in GROUPS.items():
        rows += _headed(title, sorted(grouped[name], key=_order))
    busy = {each.case.charger.id for entries in grouped.values() for each in entries}
    return (*rows, *_headed(HEALTHY, [Healthy(seen) for seen in chargers if seen.charger.id not in busy]))


def faults_only(rows: Iterable[Entry]) -> tuple[Entry, ...]:
    """The rows without the chargers that have no case."""
    return tuple(row for row in rows if not isinstance(row, Healthy) and entry_key(row) != ("heading", HEALTHY))


def group(diagnosis: Diagnosis | None) -> str:
    """What one can do about a case now: a key of GROUPS."""
    if diagnosis is None:
        return "weighing"
    if diagnosis.verdict == "no-fault":
        return "none"
    if not diagnosis.steps or diagnosis.verdict == "escalate":
        return "over"
    first = next((each for each in diagnosis.steps if each.kind != "secure"), diagnosis.steps[0])
    return "here" if first.where in {"remote", "desk"} else "there"


def _headed(title: str, rows: list[OpenCase] | list[Healthy]) -> list[Entry]:
    return [Heading(title, len(rows)), *rows] if rows else []


def _order(entry: OpenCase) -> tuple[bool, float, str]:
    opened = entry.case.opened_at
    return not entry.is_danger, -opened.timestamp() if opened else 0.0, entry.case.id


def _is_danger(diagnosis: Diagnosis | None, knowledge: Knowledge) -> bool:
    first = diagnosis.hypotheses[0] if diagnosis and diagnosis.hypotheses else None
    fault = knowledge.faults.get(first.fault) if first else None
    return fault is not None and fault.safety


def is_heading(entry: Entry) -> bool:
    """Whether a row is the title of a group."""
    return isinstance(entry, Heading)


def entry_key(entry: Entry) -> tuple[str, str]:
    """What makes a row the same row when the bench is drawn again."""
    match entry:
        case Heading(title):
            return "heading", title
        case OpenCase(case):
            return "case", case.id
        case Healthy(seen):
            return "charger", seen.charger.id


def entry_line(entry: Entry, width: int) -> tuple[Text]:
    """One line of the bench."""
    match entry:
        case Heading(title, number):
            return (line((padded(t(title), width - 6), NAME), (f"{number:>5}", QUIET)),)
        case OpenCase():
            return (_case_line(entry, width),)
        case Healthy(seen):
            return (_charger_line(seen, width),)


def _case_line(entry: OpenCase, width: int) -> Text:
    name_width = max(12, min(24, width // 3))
    first = entry.diagnosis.hypotheses[0] if entry.diagnosis and entry.diagnosis.hypotheses else None
    label, likely = (first.cause_label, odds(first.probability)) if first else (_symptoms(entry.case), "")
    mark = ("▲ ", DANGER) if entry.is_danger else ("● ", WARN)
    room = width - 2 - name_width - CHANCE_WIDTH - 1
    name = padded(charger_name(entry.case), name_width - 1)
    return line(mark, (name, STRONG), " ", padded(label, room), (f"{likely:>{CHANCE_WIDTH}}", NAME))


def _symptoms(case: Case) -> str:
    return ", ".join(dict.fromkeys(words(each.symptom) for each in case.firings)) or counted(len(case.codes), "code")


def _charger_line(seen: Seen, width: int) -> Text:
    name_width = max(12, min(24, width // 3))
    mark = ("· ", GOOD) if seen.connected else ("✗ ", WARN)
    room = width - 3 - name_width - CHANCE_WIDTH
    name = padded(seen.charger.id, name_width - 1)
    return line(mark, name, " ", (padded(state(seen), room), QUIET), (f"{clock(seen.last_at):>{CHANCE_WIDTH}}", QUIET))


def state(seen: Seen) -> str:
    """How the charger is, in a few words."""
    if not seen.connected:
        return t("not connected")
    told = [f"#{number} {plain(status)}" if number else plain(status) for number, status in sorted(seen.status.items())]
    return ", ".join(told) or t("no status yet")


def entry_words(entry: Entry) -> dict[str, str]:
    """What a filter of the bench searches."""
    match entry:
        case OpenCase(case, diagnosis):
            first = diagnosis.hypotheses[0] if diagnosis and diagnosis.hypotheses else None
            weighed = {"cause": first.cause_label, "fault": first.label, "domain": first.domain} if first else {}
            return _named(case.charger) | weighed | {"symptoms": _symptoms(case), "code": _codes(case)}
        case Healthy(seen):
            return dict(_healthy_words(seen.charger, state(seen)))
        case _:
            return {}


@lru_cache(maxsize=10_000)
def _healthy_words(charger: Charger, state: str) -> dict[str, str]:
    return _named(charger) | {"status": state}


def _named(charger: Charger) -> dict[str, str]:
    return {
        "charger": charger.id,
        "vendor": charger.vendor,
        "model": charger.model,
        "firmware": charger.firmware,
    }


def _codes(case: Case) -> str:
    return " ".join(each.code for each in case.codes)


def preview(entry: Entry | None, knowledge: Knowledge, width: int, *, is_tall: bool = False) -> list[Text]:
    """The right side of the bench: the top suspects with their reasons, and the next step; more where there is room."""
    match entry:
        case OpenCase(case, Diagnosis() as diagnosis):
            return _case_preview(case, diagnosis, knowledge, width, 4 if is_tall else 2)
        case OpenCase(case):
            return [line((charger_name(case), NAME)), Text(t("Being weighed …"))]
        case Healthy(seen):
            return _charger_preview(seen)
        case _:
            return []


def _case_preview(case: Case, diagnosis: Diagnosis, knowledge: Knowledge, width: int, reasons: int) -> list[Text]:
    first, *others = suspects(diagnosis)
    known = [row for row in others if not isinstance(row, NotKnown)][: 2 * reasons - 2]
    lines = [*header(case, diagnosis, width), Text(), *suspect_lines(first, width), *_reasons(first, width, reasons)]
    shown_lines = 2 if reasons > 2 else 1
    kept = [row for row in others if row in known or isinstance(row, NotKnown)]
    lines += [each for row in kept for each in suspect_lines(row, width)[:shown_lines]]
    if diagnosis.steps:
        lines += [Text(), line((t("NEXT"), WARN)), *step_lines(diagnosis.steps[0], knowledge, width)]
    return lines


def _reasons(row: SuspectRow, width: int, most: int) -> list[Text]:
    if isinstance(row, NotKnown):
        return []
    marked = [("✓", GOOD, each) for each in row.because[:most]] + [
        ("✗", DANGER, each) for each in row.against[: most // 2]
    ]
    return [
        line("  ", (mark, style), f" {t(each.strength):<7}", brief(each.text, width - 12))
        for mark, style, each in marked
    ]


def _charger_preview(seen: Seen) -> list[Text]:
    charger = seen.charger
    made = plain(" ".join(filter(None, (charger.vendor, charger.model, charger.firmware)))) or t("make not known")
    heard = f"{counted(seen.signals, 'signal')}, {t('the last {at} UTC', at=day(seen.last_at))}"
    lines = [line((brief(charger.id, 60), NAME)), Text(made), Text(state(seen))]
    return [*lines, line((heard, QUIET)), Text(t("No open case."))]


def emptiness(newest: datetime | None, tour: str = "") -> Text:
    """What the bench says when there is nothing on it, and what to do about it; `tour` is the key of a tour, if any."""
    tour_line = f"  {tour:<3} {t('a tour, on a live fault')}\n" if tour else ""
    heard = "\n" + t("The last signal came at {at} UTC.", at=clock(newest)) if newest else ""
    return Text(
        f"{t('No chargers and no cases yet.')}{heard}\n\n"
        f"{t('Here:')}\n"
        f"{tour_line}"
        f"  ctrl+n   {t('somebody reports a trouble')}\n"
        f"  l   {t('look up a code or a symptom')}\n"
        f"  ?   {t('all keys')}\n"
        f"  q   {t('leave')}\n\n"
        f"{t('On the command line:')}\n"
        "  chargelore demo\n"
        "  chargelore triage charger.log\n"
        "  chargelore replay charger.log\n"
        f"  chargelore bench --help\n    {t('live chargers, here on the screens')}\n"
        f"  chargelore watch --help\n    {t('live chargers, into the store')}\n"
        f"  chargelore signals CHARGER\n    {t('what a watch keeps of one')}"
    )
