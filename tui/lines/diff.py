"""Diff as lines: what changed between two states of the knowledge, by the kinds of change of MITRE ATT&CK. Pure.

A thing is added, modified, deprecated, revoked for another that stands in its place, or removed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rich.text import Text

from chargelore.kb.release import Change
from chargelore.tui.lines.paint import DANGER, GOOD, NAME, NONE, QUIET, STRONG, WARN, line
from chargelore.tui.speech import t
from chargelore.tui.text import brief, padded, plain, words

KINDS: Mapping[str, tuple[str, str]] = {
    "added": ("+", GOOD), "modified": ("~", NAME), "deprecated": ("–", WARN), "revoked": ("→", WARN),
    "removed": ("✗", DANGER),
}  # fmt: skip
OF: Mapping[str, str] = {
    "added": "added", "removed": "removed", "deprecated without successor": "deprecated",
    "deprecated with successor": "revoked",
}  # fmt: skip
SHELF, LONGEST = 10, 600


@dataclass(frozen=True, slots=True)
class KindHead:
    """The title of a kind of change, and how many there are."""

    kind: str
    number: int


DiffRow = KindHead | Change


def kind_of(one: Change) -> str:
    """A key of KINDS; what is told of links and words of a thing modifies it."""
    return OF.get(one.what, "modified")


def rows(found: Sequence[Change]) -> Iterator[DiffRow]:
    """The changes by kind, the heaviest first within each."""
    for kind in KINDS:
        some = [each for each in found if kind_of(each) == kind]
        if some:
            yield KindHead(kind, len(some))
            yield from some


def is_heading(row: DiffRow) -> bool:
    """Whether a row is the title of a kind."""
    return isinstance(row, KindHead)


def row_key(row: DiffRow) -> tuple[str, ...]:
    """What makes a row the same."""
    return (row.kind,) if isinstance(row, KindHead) else (row.kind, row.id, row.what)


def said(kind: str) -> str:
    """A kind of change in words."""
    return {
        "added": t("Added"), "modified": t("Modified"), "deprecated": t("Deprecated"),
        "revoked": t("Revoked: another stands in its place"), "removed": t("Removed"),
    }[kind]  # fmt: skip


def row_line(row: DiffRow, width: int) -> tuple[Text]:
    """One line: the kind with its count, or which thing it is and what became of it."""
    if isinstance(row, KindHead):
        return (line((padded(said(row.kind), width - 6), NAME), (f"{row.number:>5}", QUIET)),)
    mark, style = KINDS[kind_of(row)]
    name = max(20, (width - SHELF - 4) * 2 // 5)
    told = (f"{mark} ", style), (padded(t(words(row.kind)), SHELF) + " ", QUIET), (padded(row.id, name) + " ", STRONG)
    return (line(*told, (brief(became(row), LONGEST), NONE)),)


def became(one: Change) -> str:
    """What became of it, in words."""
    before, after = plain(one.before), plain(one.after)
    told = f"“{before}” → “{after}”" if before and after else f"“{before or after}”" if before or after else ""
    what = "" if one.what in ("added", "removed", "renamed") else t(one.what)
    return " · ".join(filter(None, (what, told)))


def row_words(row: DiffRow) -> dict[str, str]:
    """What a filter searches and an export holds."""
    if isinstance(row, KindHead):
        return {}
    return {"change": kind_of(row), "what": row.what, "weight": row.weight, "kind": row.kind, "id": row.id,
            "before": row.before, "after": row.after}  # fmt: skip


def whole(one: Change) -> list[Text]:
    """One change in full."""
    mark, style = KINDS[kind_of(one)]
    lines = [line((f"{mark} {said(kind_of(one))}", style), (f"  {t(one.weight)}", QUIET)),
             line((f"{t(words(one.kind))}  ", QUIET), (plain(one.id), STRONG)), line(t(one.what))]  # fmt: skip
    texts = ((t("before"), one.before), (t("after"), one.after))
    return [*lines, *(line((f"{name:<8}", QUIET), brief(text, LONGEST)) for name, text in texts if text)]
