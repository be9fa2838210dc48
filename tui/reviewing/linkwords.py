"""Link words: a link of the graph as a sentence, and its ends by their names. Pure."""

from __future__ import annotations

from chargelore.kb.model import Knowledge
from chargelore.kb.statement import Link
from chargelore.tui.speech import later, t
from chargelore.tui.text import words

SHELVES = {"cause": ("causes", "label"), "fault": ("faults", "label"), "step": ("steps", "label"),
           "evidence": ("evidence", "question"), "quirk": ("quirks", "label")}  # fmt: skip
SAYS = {
    "shows": later("{src} shows {dst}"), "fixes": later("{src} fixes {dst}"), "answers": later("{src} answers {dst}"),
    "maps_to": later("{src} means {dst}"), "has_cause": later("{src} is caused by {dst}"),
    "likelier": later("{dst} is likelier with {src}"), "same_as": later("{src} is the same as {dst}"),
    "needs": later("{src} needs {dst}"), "narrower": later("{dst} is a kind of {src}"),
}  # fmt: skip


def joined(link: Link, grade: str, known: Knowledge) -> str:
    """A link as a sentence."""
    says = SAYS.get(link.rel, "{src} " + words(link.rel) + " {dst}")
    said = t(says, src=named(link.src, known), dst=named(link.dst, known))
    return said + "".join(f", {t(each)}" for each in (link.answer, grade) if each)


def named(node: str, known: Knowledge) -> str:
    """A node in words."""
    kind, _, name = node.partition("/")
    if kind in SHELVES:
        shelf, label = SHELVES[kind]
        one = getattr(known, shelf).get(name)
        return t("“{what}”", what=getattr(one, label) if one is not None else words(name))
    return f"{t('code')} {' '.join(filter(None, name.split('/')))}" if kind == "code" else node
