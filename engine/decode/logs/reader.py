"""From lines to records: each frame and each text of a log, whatever is wrapped, glued or put in front."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from chargelore.engine.decode.logs.feed import Feed
from chargelore.engine.decode.logs.joining import whole_body, whole_frame, whole_head
from chargelore.engine.decode.logs.layout import Layout
from chargelore.engine.decode.logs.lead import charger_in, charger_on, way_in
from chargelore.engine.decode.logs.record import Head, Line, Record
from chargelore.engine.decode.logs.wrapping import is_bare, peeled, uncoloured
from chargelore.engine.decode.scan import START, Found, messages_in

LOUD = frozenset({"warning", "error", "critical", "alert"})
ANNOUNCEMENT = 100  # characters
TELLING_LEAD, TELLING_TAIL = 60, 12  # letters around a frame that are worth a record of their own
_MAY_GO_ON = "{[, \t"
_YEAR = re.compile(r"\d{4}[-/.]|[-/. ]\d{4}\b|\A\d{10,}")
_FRAME_TRAIL = re.compile(
    r"""^['"]?\s*(?:\[\d+ (?:bytes|chars)[^\]]*\]|,\s*rsv1=.*|\(\d+ (?:bytes|chars)\)|length[:=]? ?\d+)?"""
    r"""[\s'"\])},;.|>-]*"""
)
_LETTERS = re.compile(r"[^\W\d_]")


def records(lines: Iterator[Line], layout: Layout) -> Iterator[Record]:
    """The records of a log in the order of its lines."""
    feed = Feed(lines)
    before: Record | None = None
    for line in feed:
        carried, text = ("", line.text) if is_bare(line.text) else peeled(uncoloured(line.text))
        if not text or text.isspace():
            continue
        if text[-1] in _MAY_GO_ON or layout.unfinished is not None:
            text = whole_body(whole_head(text, layout, feed), layout, feed)
        head = layout.head_of(text)
        if head.level and head.length >= len(text.rstrip()) and layout.head.match(text) is None:
            text, head = _as_words(line, text, head, is_peeled=bool(carried))
        if carried and not _YEAR.search(head.stamp):
            head = head._replace(stamp=carried)
        if START.search(text, head.length):
            told = _with_frames(line, text, head, feed, layout)
            yield from told if head.stamp or before is None else _announced(told, before)
        else:
            before = _text(line, text, head, layout)
            yield before


def _as_words(line: Line, text: str, head: Head, *, is_peeled: bool) -> tuple[str, Head]:
    """`pilot error` is no level behind a logger's name but all that the line says: it is kept whole."""
    whole = uncoloured(line.text) if is_peeled else text
    stamp = whole.find(head.stamp) + len(head.stamp) if head.stamp and head.stamp in whole else 0
    words = whole[stamp:]
    return (whole, head._replace(length=stamp)) if words.strip().lower() != head.level else (text, head)


def _announced(told: Iterable[Record], before: Record) -> Iterator[Record]:
    """A frame with no word in front may have been announced by the line before: `ChargePoint>CentralSystem Reset`."""
    for record in told:
        bare = record.message is not None and not record.text.strip() and not record.head.stamp
        if bare and record.line - before.line <= 2 and len(before.text) < ANNOUNCEMENT:
            yield record._replace(way=way_in(before.text), charger=record.charger or charger_in(before.text))
        else:
            yield record


def _text(line: Line, text: str, head: Head, layout: Layout) -> Record:
    charger = head.charger or (charger_on(text) if "/" in text else "")
    return Record(
        line.number, text[head.length :], head, charger=charger, layer=layout.layer, marks=line.marks, raw=text
    )


def _with_frames(line: Line, text: str, head: Head, feed: Feed, layout: Layout) -> Iterable[Record]:
    found = list(messages_in(text, head.length))
    if not found or found[-1].open:
        joined = whole_frame(text, head, layout, feed)
        found = found if joined == text else list(messages_in(joined, head.length))
        text = joined
    if not found:
        return (_text(line, text, head, layout),)
    if len(found) == 1 and _is_alone(text, head, found[0]):
        return (_frame(line, text[head.length : found[0].start], head, found[0], layout),)
    return _all_of(line, text, head, found, layout)


def _all_of(line: Line, text: str, head: Head, found: list[Found], layout: Layout) -> Iterator[Record]:
    """Every frame of a line with its own head, and the words around them."""
    spans = [head.length, *(each.end for each in found)]
    heads = [
        head,
        *(
            _glued_head(text[begin : each.start], head, layout)
            for begin, each in zip(spans[1:], found[1:], strict=False)
        ),
    ]
    for begin, each, own in zip(spans, found, heads, strict=False):
        yield _frame(line, text[begin : each.start], own, each, layout)
    yield from _around(line, text, head, (spans[0], found, spans[-1]), layout)


def _is_alone(text: str, head: Head, found: Found) -> bool:
    """Whether a line says nothing beside its frame, as most do."""
    return len(text) == found.end and head.level not in LOUD and found.start - head.length <= TELLING_LEAD


def _glued_head(lead: str, head: Head, layout: Layout) -> Head:
    """The head of a second record on the same line; without one, the first record's goes on."""
    own = layout.head_of(lead)
    return own if own.stamp else head


def _frame(line: Line, lead: str, head: Head, found: Found, layout: Layout) -> Record:
    return Record(
        line.number,
        lead,
        head,
        message=found.message,
        way=way_in(lead),
        charger=head.charger or charger_in(lead),
        layer=layout.layer,
        marks=line.marks,
    )


def _around(line: Line, text: str, head: Head, span: tuple[int, list[Found], int], layout: Layout) -> Iterator[Record]:
    """What a line says besides its frames, where that is more than `send` or `received`."""
    begin, found, end = span
    lead, tail = text[begin : found[0].start], _FRAME_TRAIL.sub("", text[end:])
    if head.level not in LOUD and (not layout.talks or (not tail and len(lead) <= TELLING_LEAD)):
        return
    glued = layout.head_of(tail)
    if glued.stamp or glued.level:
        yield _text(line, tail, glued, layout)
        tail = ""
    letters = len(_LETTERS.findall(lead)), len(_LETTERS.findall(tail))
    if head.level in LOUD or letters[0] > TELLING_LEAD or letters[1] > TELLING_TAIL:
        said = f"{lead.strip()} … {tail.strip()}".strip(" …")
        if said:
            yield Record(line.number, said, head, layer=layout.layer, marks=line.marks, raw=text)
