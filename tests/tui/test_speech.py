"""The screens speak German too: the catalogue holds every sentence of the code and no other, with the same values."""

from __future__ import annotations

import ast
import inspect
import string
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
import small_world
from screens import LARGE, app, press, sees, shown

from chargelore.engine.coverage.heatmap import State
from chargelore.engine.escalating import withholding
from chargelore.engine.grammar.rulefile import Expect
from chargelore.engine.grammar.rulefile import Status as RuleStatus
from chargelore.engine.lint.issue import Severity
from chargelore.engine.proving.scorecard import Advice
from chargelore.engine.sources.bench import answers, effects
from chargelore.engine.sources.bench.answers import Verdict as Answer
from chargelore.kb import release
from chargelore.kb.casebook import Verdict
from chargelore.kb.claim import Tool
from chargelore.kb.errors import UseError
from chargelore.kb.events import FINDING
from chargelore.kb.export import sieve, view
from chargelore.kb.export.tables import TABLES
from chargelore.kb.model import Domain, Grade, Status
from chargelore.kb.release import Weight
from chargelore.kb.statement import NODE_KINDS
from chargelore.tui.apartwords import NOBODY, NOTHING_SPLITS, UNTOLD, VERBS
from chargelore.tui.keys.every import every
from chargelore.tui.lines.bench import GROUPS, HEALTHY
from chargelore.tui.lines.case import STRENGTHS
from chargelore.tui.lines.jumps import NONE_THERE
from chargelore.tui.lines.lanes import LANES
from chargelore.tui.lines.step import NEEDS
from chargelore.tui.parties import PARTIES
from chargelore.tui.plotting.series import QUANTITIES
from chargelore.tui.speech import ENGLISH, FOLDER, catalogue, speak, t
from chargelore.tui.text import WHERE, words
from chargelore.tui.tongue import in_language
from chargelore.tui.touring.lessons import LESSONS

BADGES = ("OFFLINE", "LIVE", "LIVE DEMO", "REPLAY", "ENDED", "SOURCE BROKE")
ANSWERS = ("yes", "no", "author only")  # the others are said as the knowledge writes them
PICKED = ("this row", "Noted: no help from “{step}”.", "Noted as done: “{step}”.")  # said by name of a variable
CLOSED = (Advice, Answer, Domain, Expect, Grade, RuleStatus, Severity, State, Status, Tool, Verdict, Weight)
BELOW = (answers, effects, sieve, view, release, withholding)  # screens tell on what these say


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    speak(ENGLISH)


def said_in_code() -> set[str]:
    """The sentences that stand in calls of `t`, and those that keys and tables hold."""
    found = {each.description for each in every()} | set(NONE_THERE.values()) | {*BADGES, *PICKED}
    found |= {each.name for each in LANES}
    found |= {*GROUPS.values(), HEALTHY, *PARTIES.values(), *WHERE.values(), *NEEDS.values(), *STRENGTHS}
    found |= {*ANSWERS, NOBODY, UNTOLD, NOTHING_SPLITS, *VERBS.values(), *said_by_knowledge()}
    found |= {each.word for each in LESSONS} | {name for name, *_ in QUANTITIES}
    for file in FOLDER.parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            is_said = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("t", "later")
            if is_said and isinstance(node.args[0], ast.Constant):
                found.add(node.args[0].value)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "counted":
                nouns = [each.value for each in node.args[1:] if isinstance(each, ast.Constant)]
                found |= {*nouns, nouns[0] + "s"} if len(nouns) == 1 else set(nouns)
    return found | told_below()


def said_by_knowledge() -> set[str]:
    """The words of closed lists of the knowledge, which screens say by their ids."""
    return {words(each) for kind in CLOSED for each in get_args(kind)} | {*NODE_KINDS, FINDING}


def told_below() -> set[str]:
    """The words of rooms below that screens tell on; what they write for others stays as it is."""
    trees = (ast.parse(inspect.getsource(each)) for each in BELOW)
    constants = {each.value for tree in trees for each in ast.walk(tree) if isinstance(each, ast.Constant)}
    raw = {each for each in (*constants, *(table.name for table in TABLES)) if isinstance(each, str)}
    found = raw | set(map(words, raw))
    return (found | {each + "s" for each in found}) & set(catalogue("de"))


def values(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_every_sentence_has_its_german_and_nothing_else_does() -> None:
    assert set(catalogue("de")) == said_in_code()


def test_a_translation_holds_the_same_values() -> None:
    assert [each for each, said in catalogue("de").items() if values(each) != values(said)] == []


def test_a_language_that_there_is_not_is_refused() -> None:
    with pytest.raises(UseError, match="choose one of en, de"):
        speak("xx")


def test_what_has_no_german_stays_english() -> None:
    speak("de")
    assert t("Undo") == "Zurücknehmen"
    assert t("a sentence of tomorrow {n}", n=3) == "a sentence of tomorrow 3"


async def test_the_language_changes_at_once_and_stays_for_the_next_start(tmp_path: Path) -> None:
    screens = app(tmp_path, folder=tmp_path)
    small = screens.desk.known
    cause = small.causes[small_world.WET]
    screens.desk.known = replace(
        small, causes={**small.causes, cause.id: replace(cause, labels={"de": "Nasser Stecker"})}
    )
    async with screens.run_test(size=LARGE) as pilot:
        await press(pilot, "enter")
        pilot.app.speak("de")
        assert "Nasser Stecker" in await sees(pilot, "Verlauf, UTC")
        await sees(pilot, "Warum")
        assert pilot.app.desk.watch.diagnosis("CP-1-1").hypotheses[0].cause_label == "Water in plug"
    async with app(tmp_path, folder=tmp_path).run_test(size=LARGE) as pilot:
        await sees(pilot, "Warum")
        assert "Why" not in shown(pilot).splitlines()[-1]


def test_knowledge_without_german_stays_as_it_was_written() -> None:
    small = small_world.knowledge()
    spoken = in_language(small, "de")
    assert (spoken.causes, spoken.steps, spoken.evidence) == (small.causes, small.steps, small.evidence)
