"""A case as lines: who it is about, what it comes to, and who or what is suspected."""

from __future__ import annotations

from dataclasses import dataclass

from rich.text import Text

from chargelore.engine.case import Case
from chargelore.engine.diagnosing.diagnosis import Diagnosis, Hypothesis, Reason
from chargelore.tui.apartwords import NOBODY, UNTOLD
from chargelore.tui.lines.paint import DANGER, GOOD, NAME, NONE, QUIET, STRONG, WARN, line
from chargelore.tui.parties import PARTIES
from chargelore.tui.speech import counted, odds, t
from chargelore.tui.text import brief, day, fitting, padded, plain, words

CHANCE_WIDTH = 10
STRENGTHS = ("weak", "clear", "strong")


@dataclass(frozen=True, slots=True)
class NotKnown:
    """The row that is always there: the chance that it is none of the suspects.

    `is_untold` where most of that falls to causes known here that nothing speaks for yet.
    """

    probability: float
    is_untold: bool = False


SuspectRow = Hypothesis | NotKnown


def suspects(diagnosis: Diagnosis) -> tuple[SuspectRow, ...]:
    """The suspects with `not in this knowledge base` at its place in the order, and always there."""
    rows: tuple[SuspectRow, ...] = (*diagnosis.hypotheses, NotKnown(diagnosis.unknown, diagnosis.is_untold))
    return tuple(sorted(rows, key=lambda each: -each.probability))


def suspect_key(row: SuspectRow) -> str:
    """What makes a suspect the same when the list is weighed again."""
    return "" if isinstance(row, NotKnown) else row.cause


def suspect_name(row: SuspectRow) -> str:
    """The suspect in a few words."""
    return _left(row) if isinstance(row, NotKnown) else plain(row.cause_label)


def _left(row: NotKnown) -> str:
    return t(UNTOLD if row.is_untold else NOBODY)


def charger_name(case: Case) -> str:
    """The charger and its connector: `CP-17 #2`."""
    name = plain(case.charger.id) or t("charger without a name")
    return f"{name} #{case.connector}" if case.connector else name


def made_by(case: Case) -> str:
    """Maker, model and firmware as far as the charger said."""
    charger = case.charger
    return plain(" ".join(filter(None, (charger.vendor, charger.model, charger.firmware)))) or t("make not known")


def header(case: Case, diagnosis: Diagnosis, width: int, clock: str = "") -> list[Text]:
    """The charger, what was said first, the verdict, the layers, and a `clock` that is off where there is room for it.

    Three lines, or four where a person said something of the trouble.
    """
    seen = counted(case.dropped_signals + len(case.signals), "signal")
    who = line((charger_name(case), NAME), (f"  {brief(made_by(case), width // 2)}", NONE))
    since = f"  {t('since {at} UTC', at=day(case.opened_at))} · {seen}"
    who.append(since if who.cell_len + len(since) <= width else "", QUIET)
    off = f" · {plain(clock)}" if clock else ""
    said = [line((brief(f"“{case.first_words.raw}”", width), STRONG))] if case.first_words else []
    return [who, *said, verdict(diagnosis, width), layers(diagnosis, width - len(off)).append(off, WARN)]


def verdict(diagnosis: Diagnosis, width: int) -> Text:
    """What the diagnosis comes to, in a sentence."""
    style = {"diagnosed": GOOD, "no-fault": GOOD, "ambiguous": WARN}.get(diagnosis.verdict, DANGER)
    return line((brief(_verdict(diagnosis), width), style))


def _verdict(diagnosis: Diagnosis) -> str:
    first = diagnosis.hypotheses[0].cause_label if diagnosis.hypotheses else t("nothing known")
    match diagnosis.verdict:
        case "diagnosed":
            return t("Most likely: {cause}", cause=first)
        case "ambiguous":
            told = diagnosis.apart
            names = " / ".join(told.labels) if told else first
            start = t("These look the same from here") if told and told.is_same_here else t("Cannot tell apart yet")
            return f"{start}: {names}"
        case "no-fault":
            return t("No fault of the charger found") + (f": {first}" if diagnosis.hypotheses else "")
        case "escalate":
            return t("No step left that is worth its minutes: hand the case over")
        case _:
            return t("What is known here does not explain this well")


def layers(diagnosis: Diagnosis, width: int) -> Text:
    """Which layers could be seen, and which could not."""
    seen = " ".join(diagnosis.layers_seen) or t("nothing")
    missing = " ".join(diagnosis.layers_missing) or t("nothing")
    return line((t("seen: "), QUIET), (seen, GOOD), (t("  not seen: "), QUIET), brief(missing, width - len(seen) - 22))


def suspect_lines(row: SuspectRow, width: int) -> tuple[Text, Text]:
    """Two lines of the suspect list: chance and cause; who acts, and what speaks for and against."""
    if isinstance(row, NotKnown):
        untold, unlisted = t("answers and signals will tell"), t("the cause may be one that nobody wrote down yet")
        note = untold if row.is_untold else unlisted
        return _first(row.probability, _left(row), width, QUIET), _second((note,), width)
    sides = told(row.because, t("for")), told(row.against, t("against"))
    unknown = (t("{n} cannot be asked", n=len({each.symptom for each in row.unasked})),) if row.unasked else ()
    pieces = (t("{party} acts", party=t(PARTIES[row.responsible])), *sides, *unknown, t(words(row.domain)))
    return _first(row.probability, row.cause_label, width, STRONG), _second(pieces, width)


def _first(probability: float, label: str, width: int, style: str) -> Text:
    return line((padded(odds(probability), CHANCE_WIDTH), NAME), (brief(label, width - CHANCE_WIDTH), style))


def _second(pieces: tuple[str, ...], width: int) -> Text:
    return line((" " * CHANCE_WIDTH + fitting(pieces, width - CHANCE_WIDTH), QUIET))


def told(reasons: tuple[Reason, ...], side: str) -> str:
    """How strongly reasons speak: `2 for, strong`."""
    if not reasons:
        return ""
    strongest = max((each.strength for each in reasons), key=STRENGTHS.index)
    return f"{len(reasons)} {side}, {t(strongest)}"


def suspect_words(row: SuspectRow) -> dict[str, str]:
    """What a filter of the suspects searches."""
    if isinstance(row, NotKnown):
        return {"cause": _left(row)}
    named = {"cause": row.cause_label, "fault": row.label, "domain": row.domain, "who": row.responsible}
    return {**named, "because": " ".join(each.text for each in row.because)}
