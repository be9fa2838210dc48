"""Documents: JSON that is no log but one value: the dump of an interface, an export, what a browser recorded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from chargelore.engine.decode.jsonish import mended, strict
from chargelore.engine.decode.logs import har
from chargelore.engine.decode.logs.devices import objects_in
from chargelore.engine.decode.logs.record import Record
from chargelore.engine.decode.logs.tables import messages, table_of
from chargelore.engine.decode.logs.tables.columns import NOTHING
from chargelore.engine.decode.logs.tables.jsonrows import JsonLines, objects_of
from chargelore.engine.decode.scan import START
from chargelore.engine.signal import EXCERPT

_BEGINS = re.compile(r"[\ufeff\s]*(?P<value>\{\s*[\"}]|\[\s*[\[{\"\]])")
MAX_RAW = 4_096
OF_FRAMES = (har.NAME, messages.FORM.name)


class Document(NamedTuple):
    """A document that we know: its format, and what it says."""

    name: str
    records: Iterator[Record]


def looks(sample: str) -> bool:
    """Whether a sample may be the beginning of one JSON value, and not of a log with a value in each line."""
    begun = _BEGINS.match(sample)
    if begun is None or START.match(sample, begun.start("value")):
        return False
    first = strict(sample, begun.start("value"))
    return first is None or not sample[first.end :].strip()


def document(text: str, columns: Mapping[str, str] = NOTHING) -> Document | None:
    """The document that the text is, a cut one as far as it goes; None where it is several, or none that we know."""
    begin = len(text) - len(text.lstrip("\ufeff \t\r\n"))
    read = strict(text, begin) or mended(text, begin)
    if read is None or text[read.end :].strip() or not isinstance(read.value, dict | list):
        return None
    found = _known(read.value, columns)
    if found is None or (found.name not in OF_FRAMES and START.search(text)):
        return None  # better a log with all its frames than half a table
    if "cut" not in read.marks:
        return found
    return Document(found.name, (each._replace(marks=(*each.marks, "cut")) for each in found.records))


def _known(value: object, columns: Mapping[str, str]) -> Document | None:
    if har.knows(value):
        return Document(har.NAME, har.records(value))
    first = next(objects_in(value), None)
    if first is not None:
        return Document(first[0].name, _of_objects(value))
    objects = objects_of(value)
    table = table_of(JsonLines(objects.names), [row.cells for row in objects.rows[:100]], columns)
    return None if table is None or table.name == "log-table" else Document(table.name, table.said(objects.rows))


def _of_objects(value: object) -> Iterator[Record]:
    for number, (kind, body) in enumerate(objects_in(value), 1):
        for count, record in enumerate(kind.records(body)):
            raw = str(dict(body))[:MAX_RAW] if count == 0 else ""  # the first has all fields, so the door can hide them
            yield record._replace(line=number, raw=raw, marks=(*record.marks, EXCERPT))
