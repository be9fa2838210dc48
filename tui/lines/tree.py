"""Tree: what hangs below what, drawn with box characters: a fault with its causes, a rule with its conditions. Pure.

rich.tree draws such trees too, but only in the colours of one moment: names of styles would not follow the theme.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from rich.text import Text

from chargelore.tui.lines.paint import QUIET, line

Node = TypeVar("Node")


@dataclass(frozen=True, slots=True)
class Twig:
    """One line, and what hangs below it."""

    head: Text
    below: tuple[Twig, ...] = ()


def drawn(twigs: Sequence[Twig]) -> Iterator[Text]:
    """The lines of a tree, those below a line right under it."""
    yield from (line((trunk, QUIET), each.head) for trunk, each in hung(twigs, lambda twig: twig.below))


def hung(nodes: Sequence[Node], below: Callable[[Node], Sequence[Node]], trunk: str = "") -> Iterator[tuple[str, Node]]:
    """Every node in the order of the lines, with the box characters that stand before it."""
    for number, each in enumerate(nodes, 1):
        corner, further = ("└─ ", "   ") if number == len(nodes) else ("├─ ", "│  ")
        yield trunk + corner, each
        yield from hung(below(each), below, trunk + further)
