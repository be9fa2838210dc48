"""What cannot be told apart and what would change the first place, as lines of a screen."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from chargelore.engine.diagnosing.diagnosis import Diagnosis
from chargelore.tui.apartwords import group_words, split_words, turn_words
from chargelore.tui.lines.paint import NONE, QUIET, STRONG, WARN, line, wrapping
from chargelore.tui.speech import t


def apart_lines(diagnosis: Diagnosis) -> Iterator[Text]:
    """For a screen: the suspects that share the first place and what splits them; nothing where there are none."""
    if diagnosis.apart is not None:
        yield Text()
        yield wrapping(line((t("cannot tell apart  "), WARN), (group_words(diagnosis.apart), NONE)))
        yield wrapping(line((t("would split them   "), QUIET), (split_words(diagnosis.apart.by), NONE)))


def turn_lines(diagnosis: Diagnosis) -> Iterator[Text]:
    """For a screen: the findings that would change the first place."""
    if diagnosis.turns:
        yield from (Text(), line((t("Would change the first place"), STRONG)))
        yield from (wrapping(line(("  ⇄ ", WARN), turn_words(each))) for each in diagnosis.turns)
