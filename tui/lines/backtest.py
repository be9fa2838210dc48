"""Backtest as lines: what a rule made of each recording, and how often it was right. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.text import Text

from chargelore.engine.proving.backtest import Score
from chargelore.engine.proving.judge import FEWEST
from chargelore.engine.proving.takes import Tried
from chargelore.kb.model import Knowledge
from chargelore.tui.lines.paint import DANGER, GOOD, NAME, NONE, QUIET, STRONG, WARN, line
from chargelore.tui.speech import t
from chargelore.tui.text import brief, padded

MARKS: Mapping[str, tuple[str, str]] = {
    "right": ("✓", GOOD), "wrong": ("✗", DANGER), "missed": ("–", WARN), "useless": ("·", QUIET),
    "silent": (" ", QUIET), "unread": ("!", DANGER),
}  # fmt: skip
WORD, FIRES = 12, 6
ORDER = ("wrong", "missed", "right", "useless", "unread", "silent")


def became(one: Tried) -> str:
    """A key of MARKS: the verdict, or `silent` where the rule was not asked for, or `unread`."""
    return "unread" if one.trouble else one.verdict or "silent"


def said(name: str) -> str:
    """A verdict in a word."""
    return {
        "right": t("right"), "wrong": t("wrong"), "missed": t("missed"), "useless": t("said nothing"),
        "silent": t("silent"), "unread": t("not read"),
    }[name]  # fmt: skip


def ordered(found: Sequence[Tried]) -> tuple[Tried, ...]:
    """What a rule writer should look at comes first: where it was wrong, and what it missed."""
    return tuple(sorted(found, key=lambda each: (ORDER.index(became(each)), each.take.name)))


def take_key(one: Tried) -> str:
    """What makes a row the same."""
    return one.take.name


def take_line(one: Tried, width: int, known: Knowledge) -> tuple[Text]:
    """One line: the verdict, how often it fired, the recording and what that turned out to be."""
    mark, style = MARKS[became(one)]
    name = max(20, (width - WORD - FIRES - 4) // 2)
    told = (brief(one.trouble, width), DANGER) if one.trouble else (cause_of(one, known), NONE)
    pieces = (
        (f"{mark} ", style),
        (padded(said(became(one)), WORD) + " ", style),
        (f"{one.fires or '':>{FIRES - 1}} ", NAME),
    )
    return (line(*pieces, (padded(one.take.name, name) + " ", STRONG), told),)


def head(width: int) -> Text:
    """The names of the columns."""
    name = max(20, (width - WORD - FIRES - 4) // 2)
    named = (t("verdict"), WORD), (t("fires"), FIRES - 1), (t("recording"), name)
    return line(("  " + " ".join(padded(*each) for each in named) + " " + t("turned out to be"), QUIET))


def cause_of(one: Tried, known: Knowledge) -> str:
    """What the recording turned out to be."""
    if one.take.cause is None:
        return t("healthy")
    cause = known.causes.get(one.take.cause)
    return brief(cause.label if cause else one.take.cause, 200)


def take_words(one: Tried, known: Knowledge) -> dict[str, str]:
    """What a filter searches and an export holds."""
    return {
        "recording": one.take.name, "verdict": became(one), "fires": str(one.fires),
        "cause": one.take.cause or "healthy", "turned out to be": cause_of(one, known), "why": one.trouble,
    }  # fmt: skip


def summary(score: Score, found: Sequence[Tried]) -> Text:
    """`45 recorded, fired 12 times: ✓ 9 right  ✗ 2 wrong  – 3 missed`; shares only where five say something."""
    fires = sum(each.fires for each in found)
    counts = (
        (f"✓ {score.right} {t('right')}  ", GOOD), (f"✗ {score.wrong} {t('wrong')}  ", DANGER),
        (f"– {score.missed} {t('missed')}  ", WARN), (f"· {score.useless} {t('said nothing')}", QUIET),
    )  # fmt: skip
    return line(t("{n} recorded, fired {fires} times: ", fires=f"{fires:,}", n=f"{len(found):,}"), *counts)


def shares(score: Score) -> Text:
    """How far it can be trusted, where enough recordings say so."""
    told = (
        (t("of its firings {share} spoke for the cause", share=_share(score.precision)), NONE), ("  ", NONE),
        (t("of its causes it noticed {share}", share=_share(score.recall)), NONE),
    )  # fmt: skip
    if score.precision is None and score.recall is None:
        return line((t("Fewer than {n} recordings judge it: no share is told.", n=FEWEST), QUIET))
    return line(*told)


def _share(share: float | None) -> str:
    return "?" if share is None else f"{share:.0%}"
