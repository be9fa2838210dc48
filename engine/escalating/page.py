"""Page: a packet as one page of Markdown, whatever the case; what is too much stands in the JSON beside it. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from chargelore.engine.diagnosing.diagnosis import MakerSaid, Reason, chance
from chargelore.engine.escalating.packet import Deciding, Exhibit, Looked, Packet, RuledOut, Suspected, ToldCode
from chargelore.engine.freeze import Course
from chargelore.kb.export.markdowns import md
from chargelore.kb.export.text import tame

LONGEST, LONGEST_QUESTION = 140, 600  # letters of anything in a line, before marks that keep it text
MOST_CODES, MOST_COURSES, MOST_MOMENTS, MOST_ANSWERS, MOST_TRIED, MOST_PINNED = 5, 5, 6, 6, 4, 5
MOST_SUSPECTS, MOST_REASONS, MOST_OUT, MOST_DECIDING, MOST_SAID = 5, 2, 4, 3, 2
BY = {"person": "a person looked", "rule": "it says so", "silence": "it would have said so"}

_LIST = re.compile(r"^(?:([-+=])|(\d+)([.)]))")
_LINK = re.compile(r":/|\bwww\.", re.IGNORECASE)  # many a reader of Markdown makes a link of these by itself
Item = TypeVar("Item")


def page(packet: Packet) -> str:
    """The page. Whatever a charger wrote stays text in it, on one line."""
    search, weighed = packet.search, packet.weighed
    blocks = (
        _head(packet),
        _block("Codes", packet.codes, _code, MOST_CODES),
        _window(packet),
        _block("Held for evidence", packet.pinned, _exhibit, MOST_PINNED),
        _block("Looked for: there", [each for each in search.looked if each.answer != "no"], _looked, MOST_ANSWERS),
        _block("Looked for: not there", [each for each in search.looked if each.answer == "no"], _looked, MOST_ANSWERS),
        _block("Nobody looked", search.not_looked, lambda each: _why(each.question, each.why), MOST_ANSWERS),
        _block("Tried in vain", search.tried, lambda each: text(each.label), MOST_TRIED),
        _suspects(packet),
        _block("Ruled out", weighed.ruled_out, _out, MOST_OUT),
        _block("Would have decided", weighed.deciding, _deciding, MOST_DECIDING),
        _block("Answered before", packet.maker_said, _said, MOST_SAID),
        _block("What people said", packet.words, text, MOST_SAID),
    )
    return "\n".join(line for block in blocks for line in block).rstrip("\n") + "\n"


def text(said: object, longest: int = LONGEST) -> str:
    """Text that stays text within a line."""
    plain = tame(str(said)).strip()
    plain = plain if len(plain) <= longest else f"{plain[:longest]}…"
    return _LINK.sub(lambda found: f"{found[0][:-1]}\\{found[0][-1]}", md(plain))


def _item(said: str) -> str:
    """An item of a list; text that looks like the mark of one begins no list in it."""
    return "- " + _LIST.sub(lambda found: f"{found[2] or ''}\\{found[1] or found[3]}", said)


def _head(packet: Packet) -> Iterator[str]:
    head = packet.head
    charger = head.charger
    kind = " ".join(filter(None, (charger.vendor, charger.model))) or "a charger that does not say what it is"
    firmware = f", firmware {text(charger.firmware)}" if charger.firmware else ""
    yield f"# Escalation {head.reference} — TLP:{head.tlp}"
    yield from ("", f"**The question:** {text(packet.question.text, LONGEST_QUESTION)}", "")
    yield f"- Charger: {text(kind)}{firmware}; {text(charger.name)}, connector {head.connector or '–'}"
    yield f"- Time: opened {_time(head.opened_at)}, last signal {_time(head.last_at)}"
    seen, missing = (", ".join(each) or "nothing" for each in (head.layers_seen, head.layers_missing))
    yield f"- Heard: {seen}; not heard: {missing}"
    unknown = chance(head.unknown)
    yield f"- The cause is not in our knowledge base: {'less than 1 in 100' if unknown == 'rare' else unknown}"
    if packet.worth_it:
        yield f"- Still worth its minutes here: {text(packet.worth_it[0])}"


def _time(at: str) -> str:
    return at[:19].replace("T", " ") + " UTC" if at else "at a time that nothing tells"


def _block(title: str, items: Sequence[Item], told: Callable[[Item], str], most: int) -> Iterator[str]:
    """A heading and a line for each of the first items; nothing at all where there are none."""
    if items:
        yield from ("", f"## {title}", "")
        yield from (_item(told(each)) for each in items[:most])
    if len(items) > most:
        yield f"- and {len(items) - most} more, in `packet.json`"


def _code(each: ToldCode) -> str:
    means = f"{text(each.label)} ({each.relation})" if each.fault else "nobody mapped it"
    words = f" “{text(each.text)}”" if each.text else ""
    over = ", over" if each.is_over else ""
    return f"{text(each.vendor)} {text(each.code)}{words}: {means}; {each.times} time{'s'[: each.times != 1]}{over}"


def _window(packet: Packet) -> Iterator[str]:
    window = packet.window
    moved = [each for each in window.courses if each.has_changed][:MOST_COURSES]
    last = window.moments[-MOST_MOMENTS:]
    if moved or last:
        yield from ("", "## Before the fault", "")
    yield from (_item(_course(each)) for each in moved)
    if window.again_at:
        yield f"- and before it came again at {_time(window.again_at)}:"
    yield from (f"- {each.at[11:19] or '–'} {each.layer}: {text(each.says)}" for each in last)


def _exhibit(each: Exhibit) -> str:
    note = f" — “{text(each.note)}”" if each.note else ""
    return f"{each.at[:19].replace('T', ' ') or '–'} {text(each.layer)}: {text(each.says)}{note}"


def _course(each: Course) -> str:
    first, last = each.points[0][1], each.points[-1][1]
    return f"{text(each.name)} went from {text(first)} to {text(last)} {text(each.unit)}".rstrip()


def _looked(each: Looked) -> str:
    said = "" if each.answer in ("yes", "no") else f" {text(each.answer)}"
    return f"{text(each.question)}{said} ({BY[each.by]})"


def _why(question: str, why: str) -> str:
    return f"{text(question)} ({text(why)})"


def _suspects(packet: Packet) -> Iterator[str]:
    suspects, withheld = packet.weighed.suspects, packet.weighed.withheld
    yield from _block("Suspects", suspects, _suspect, MOST_SUSPECTS)
    if withheld:
        yield from ("", f"{withheld} more may not be named under TLP:{packet.head.tlp}.")


def _suspect(each: Suspected) -> str:
    """One suspect with what speaks for and against it, in one item of the list."""
    reasons = [f"  - for, {_reason(one)}" for one in each.because[:MOST_REASONS]]
    reasons += [f"  - against, {_reason(one)}" for one in each.against[:MOST_REASONS]]
    return "\n".join(
        [f"{chance(each.probability)}: {text(each.label)} ({text(each.fault)}; {each.responsible})", *reasons]
    )


def _reason(one: Reason) -> str:
    return f"{one.strength}: {text(one.text)}"


def _out(each: RuledOut) -> str:
    return f"{text(each.label)}: {text('; '.join(each.how))}"


def _deciding(each: Deciding) -> str:
    return f"{text(each.question)} It tells of {text(', '.join(each.splits[:MOST_REASONS]))}."


def _said(each: MakerSaid) -> str:
    cause = text(each.cause_label) or f"{text(each.cause)}, which is no longer in our knowledge base"
    return f"{cause}; {text(each.resolution) or 'no cure was named'} ({text(each.said_by or each.source)})"
