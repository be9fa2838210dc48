"""A packet before it is sent, as lines: what is in it, what is still missing, and what stays in the house."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sized

from rich.text import Text

from chargelore.engine.escalating.packet import Packet
from chargelore.engine.escalating.page import page
from chargelore.engine.escalating.withholding import Withheld
from chargelore.tui.lines.paint import DANGER, GOOD, NAME, QUIET, WARN, line, wrapping
from chargelore.tui.speech import again, counted, later, t
from chargelore.tui.text import plain

Mark = tuple[str, str]
STRICTER = later("labelled stricter than {label}")
HAS, LACKS, NOTES = ("✓ ", GOOD), ("✗ ", DANGER), ("! ", WARN)


def checklist(packet: Packet, *, is_labelled: bool) -> Iterator[Text]:
    """What a maker needs, one line each: `✓` is there, `✗` it cannot go without, `!` one should know it."""
    search, weighed = packet.search, packet.weighed
    yield _check(HAS, t("one question")) if packet.question.text else _check(LACKS, t("one question: write it above"))
    label = t("label TLP:{label}", label=packet.head.tlp)
    yield _check(HAS, label) if is_labelled else _check(LACKS, t("a label: pick who may read it"))
    ruled_out, looked, tried, before = weighed.ruled_out, search.looked, search.tried, packet.window.moments
    yield _has(ruled_out, counted(len(ruled_out), "cause ruled out", "causes ruled out"), t("nothing is ruled out"))
    yield _has(looked, counted(len(looked), "question answered", "questions answered"), t("nobody looked for anything"))
    yield _has(tried, counted(len(tried), "step tried in vain", "steps tried in vain"), t("no step was tried"))
    yield _has(
        before, counted(len(before), "signal before the fault", "signals before the fault"), t("no signal before")
    )
    if search.not_looked:
        yield _check(NOTES, t("nobody looked: {questions}", questions=counted(len(search.not_looked), "question")))
    if packet.worth_it and packet.head.verdict not in ("escalate", "unknown"):
        yield _check(NOTES, t("still worth its minutes here: {step}", step=packet.worth_it[0]))
    if packet.maker_said:
        yield _check(NOTES, t("the maker answered such a case before"))


def lacks(packet: Packet, *, is_labelled: bool) -> str:
    """What it cannot go without, as a sentence; empty when nothing is missing."""
    if not packet.question.text.strip():
        return t("Write the one question first: what the maker alone can tell.")
    return "" if is_labelled else t("Pick first who may read it: CLEAR, GREEN, AMBER or RED.")


def stays(some: Iterable[Withheld]) -> Iterator[Text]:
    """What is withheld, and why."""
    told = [
        line((counted(each.count, each.what, each.many), NAME), (f": {again(each.why, STRICTER)}", QUIET))
        for each in some
    ]
    yield from map(wrapping, told or [line((t("nothing"), QUIET))])


def preview(packet: Packet) -> Text:
    """The page as the maker gets it; no line of it does anything to the terminal."""
    return wrapping(Text("\n".join(map(plain, page(packet).splitlines()))))


def _has(found: Sized, some: str, none: str) -> Text:
    return _check(HAS, some) if found else _check(NOTES, none)


def _check(mark: Mark, said: str) -> Text:
    return wrapping(line(mark, plain(said)))
