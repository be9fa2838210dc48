"""A packet before it is sent, as lines: what is in it, what is still missing, and what stays in the house."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.text import Text

from chargelore.engine.escalating.packet import Packet
from chargelore.engine.escalating.page import page
from chargelore.engine.escalating.withholding import Withheld
from chargelore.tui.lines.paint import DANGER, GOOD, NAME, QUIET, WARN, line, wrapping
from chargelore.tui.text import count, plain

Mark = tuple[str, str]
HAS, LACKS, NOTES = ("✓ ", GOOD), ("✗ ", DANGER), ("! ", WARN)


def checklist(packet: Packet, *, is_labelled: bool) -> Iterator[Text]:
    """What a maker needs, one line each: `✓` is there, `✗` it cannot go without, `!` one should know it."""
    search, weighed = packet.search, packet.weighed
    yield _check(HAS, "one question") if packet.question.text else _check(LACKS, "one question: write it above")
    yield _check(HAS, f"label TLP:{packet.head.tlp}") if is_labelled else _check(LACKS, "a label: pick who may read it")
    yield _counted(len(weighed.ruled_out), "cause ruled out", "causes ruled out", "nothing is ruled out")
    yield _counted(len(search.looked), "question answered", "questions answered", "nobody looked for anything")
    yield _counted(len(search.tried), "step tried in vain", "steps tried in vain", "no step was tried")
    yield _counted(
        len(packet.window.moments), "signal before the fault", "signals before the fault", "no signal before"
    )
    if search.not_looked:
        yield _check(NOTES, f"nobody looked: {count(len(search.not_looked), 'question')}")
    if packet.worth_it and packet.head.verdict not in ("escalate", "unknown"):
        yield _check(NOTES, f"still worth its minutes here: {packet.worth_it[0]}")
    if packet.maker_said:
        yield _check(NOTES, "the maker answered such a case before")


def lacks(packet: Packet, *, is_labelled: bool) -> str:
    """What it cannot go without, as a sentence; empty when nothing is missing."""
    if not packet.question.text.strip():
        return "Write the one question first: what the maker alone can tell."
    return "" if is_labelled else "Pick first who may read it: CLEAR, GREEN, AMBER or RED."


def stays(some: Iterable[Withheld]) -> Iterator[Text]:
    """What is withheld, and why."""
    told = [line((count(each.count, each.what, each.many), NAME), (f": {each.why}", QUIET)) for each in some]
    yield from map(wrapping, told or [line(("nothing", QUIET))])


def preview(packet: Packet) -> Text:
    """The page as the maker gets it; no line of it does anything to the terminal."""
    return wrapping(Text("\n".join(map(plain, page(packet).splitlines()))))


def _counted(number: int, one: str, many: str, nothing: str) -> Text:
    return _check(HAS, count(number, one, many)) if number else _check(NOTES, nothing)


def _check(mark: Mark, said: str) -> Text:
    return wrapping(line(mark, plain(said)))
