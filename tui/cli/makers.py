"""Makers: whether a name is one that the knowledge has, and which names it may have been meant to be."""

from __future__ import annotations

from collections.abc import Mapping

from chargelore.kb.codekey import bare
from chargelore.kb.model import Knowledge

ALIKE_FROM = 70  # of 100; one letter of four differs
MOST = 3


def unknown_maker(name: str, knowledge: Knowledge) -> str:
    """The sentence that no maker is called so, with the nearest names; empty when one is, or no name is given."""
    names = _names(knowledge)
    if not name.strip() or bare(name) in names:
        return ""
    near = _near(bare(name), names)
    return f"no maker is called {name}" + (f" — did you mean {' or '.join(near)}?" if near else "")


def _names(knowledge: Knowledge) -> Mapping[str, str]:
    """All names of makers in their bare form, with the one we use."""
    own = {bare(code.vendor): code.vendor for code in knowledge.codes}
    own |= {bare(each): maker.name for maker in knowledge.makers.values() for each in (maker.name, *maker.aliases)}
    return own | {bare(alias): maker for alias, maker in knowledge.vendor_aliases.items()}


def _near(wanted: str, names: Mapping[str, str]) -> tuple[str, ...]:
    from rapidfuzz import fuzz, process  # noqa: PLC0415  # only a slip needs it

    found = process.extract(wanted, list(names), scorer=fuzz.ratio, score_cutoff=ALIKE_FROM, limit=MOST)
    return tuple(dict.fromkeys(names[each] for each, *_ in found))
