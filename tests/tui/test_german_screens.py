"""No English is left on a German screen: what is painted goes through `t`, and no known sentence shows in English."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from every_screen import SCREENS, go, world_of
from screens import shown, until

from chargelore.tui.speech import ENGLISH, FOLDER, catalogue, speak

GERMAN, HUGE = "de", (200, 60)
ROOM = FOLDER.parent
ROOMS = ("lines", "plotting", "replaying", "screens", "touring", "widgets")  # where nothing is written but screens
SPOKEN = frozenset({"t", "later", "counted", "again", "Binding"})  # of keys another test knows
SENTENCE = re.compile(r"[A-Za-z]{2,}[,;:.]? [a-z]{2,}")
WORD = re.compile(r"[a-z]{4,}")
FIRST, ALL, NONE = slice(0, 1), slice(None), slice(0)
PAINTED = {**dict.fromkeys(("Told", "Text", "Static", "Label", "Choice", "YesNo", "Content", "_field"), FIRST),
           "line": ALL, "__init__": slice(1, 2)}  # fmt: skip
TYPED = re.compile(r"chargelore [\w.-]+( [\w.-]+)?|ctrl\+.")  # commands and keys are no words
SHOWN = frozenset({"title", "placeholder", "help", "border_title", "crumb"})  # words of calls that are painted
EVERY = [(name, world) for name, each in SCREENS.items() for world in each.says if world != "huge"]
PIECES = re.compile(
    r"\w+(?:[^\w\s]*\s[^\w\s]*\w+){2,}"
)  # three words and more: two of them stand in what others wrote, too


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    speak(ENGLISH)


@cache
def english() -> re.Pattern[str]:
    """What stands between the values of each sentence, of three words and more; what German says too is none."""
    german = " ".join(catalogue(GERMAN).values())
    fixed = (text for each in catalogue(GERMAN) for text, *_ in string.Formatter().parse(each))
    found = {piece for text in fixed for piece in PIECES.findall(text) if piece not in german}
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(found, key=len, reverse=True)))})(?!\w)")


def english_on(text: str) -> list[str]:
    """The English that stands on a screen."""
    return english().findall(text)


@pytest.mark.parametrize(("name", "world"), EVERY, ids=[f"{name}, {world}" for name, world in EVERY])
async def test_a_german_screen_says_nothing_in_english(tmp_path: Path, name: str, world: str) -> None:
    async with world_of(tmp_path, world).run_test(size=HUGE) as pilot:
        pilot.app.speak(GERMAN)
        await go(pilot, SCREENS[name])
        pilot.app.screen.query("#packet-page-pane").set(display=False)  # this goes to a maker, and stays English
        await until(pilot, lambda: not english_on(shown(pilot)))


def test_what_is_painted_goes_through_t() -> None:
    """A sentence that nobody translates, and a word that is painted as it stands."""
    assert [each for file in sorted(ROOM.rglob("*.py")) for each in left_in(file)] == []


def left_in(file: Path) -> Iterator[str]:
    tree, place = ast.parse(file.read_text(encoding="utf-8")), file.relative_to(ROOM)
    if place.parts[0] in ROOMS:
        known = catalogue(GERMAN)
        found = (
            each for each in literals(tree) if SENTENCE.search(TYPED.sub("", each.value)) and each.value not in known
        )
        yield from (f"{place}:{each.lineno} {each.value!r}" for each in found)
    if place.parts[0] not in ("cli", "browser"):
        yield from (f"{place}:{each.lineno} {each.value!r} is painted" for each in painted(tree))


def literals(tree: ast.AST) -> Iterator[ast.Constant]:
    """All text of code but what is said, what documents, what names or styles a widget, and what an error tells."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node
        elif not (is_docstring(node) or is_said(node) or is_style(node) or is_error(node)):
            yield from literals(node)


def painted(tree: ast.AST) -> Iterator[ast.Constant]:
    """Words that a call paints as they stand."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            some = [
                *node.args[PAINTED.get(called(node), NONE)],
                *(each.value for each in node.keywords if each.arg in SHOWN),
            ]
            yield from (
                each for one in some for each in literals(ast.Expression(one)) if WORD.search(TYPED.sub("", each.value))
            )


def called(node: ast.Call) -> str:
    return (
        node.func.id
        if isinstance(node.func, ast.Name)
        else node.func.attr
        if isinstance(node.func, ast.Attribute)
        else ""
    )


def is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def is_said(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and called(node) in SPOKEN


def is_style(node: ast.AST) -> bool:
    named = isinstance(node, ast.keyword) and node.arg in ("classes", "id")
    assigned = isinstance(node, ast.Assign | ast.AnnAssign) and "CSS" in ast.unparse(node).partition("=")[0]
    return named or assigned


def is_error(node: ast.AST) -> bool:
    return isinstance(node, ast.Raise)


def test_numbers_are_counted_in_the_language_in_force() -> None:
    """`count`, `lasting` and `chance` say English; `counted`, `lasted` and `odds` of speech say both."""
    english = {"count", "lasting", "chance"}
    found = [
        f"{file.relative_to(ROOM)}:{node.lineno} {each.name}"
        for room in ROOMS for file in sorted((ROOM / room).rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.ImportFrom)
        for each in node.names if node.module == "chargelore.tui.text" and each.name in english
    ]  # fmt: skip
    assert found == []
