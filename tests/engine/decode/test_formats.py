"""Every format: has a sample, is known by its content, and survives cutting, gluing, repeating and strange prefixes."""

from __future__ import annotations

import importlib
import io
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import log_lines
import pytest
import table_samples
from hypothesis import given, settings
from hypothesis import strategies as st

from chargelore.engine.decode import logs
from chargelore.engine.decode.logs import devices, tables
from chargelore.engine.decode.logs.layout import Layout
from chargelore.engine.decode.logs.reader import records
from chargelore.engine.decode.logs.record import Line
from chargelore.engine.read import Reading, read
from chargelore.engine.signal import KINDS, Signal
from chargelore.kb.errors import InputError

LINES = {name: "\n".join(lines) + "\n" for name, lines in {**log_lines.LOGS, **log_lines.FRAMELESS}.items()}
SAMPLES = [
    *((name, text) for name, text in LINES.items()),
    *((name, text) for name, texts in table_samples.SAMPLES.items() for text in texts),
]
IDS = [f"{name}-{number}" for number, (name, _) in enumerate(SAMPLES)]
PREFIXES = [
    "",
    "> ",
    "May 01 10:00:00 host prog[1]: ",
    "2031-05-01T10:00:00.123456789Z ",
    "svc-1  | ",
    "\x1b[32m",
    "| ",
]

every_format = pytest.mark.parametrize(("name", "text"), SAMPLES, ids=IDS)


def signals(text: str | bytes) -> list[Signal]:
    return list(opened(text))


def opened(text: str | bytes) -> Reading:
    return read(io.BytesIO(text if isinstance(text, bytes) else text.encode("utf-8", "replace")))


def frames(found: list[Signal]) -> list[tuple[object, object]]:
    """Message id and kind of every frame; what a table merely tells of has no id."""
    return [(each.fields["uid"], each.kind) for each in found if each.fields.get("uid")]


def survives(text: str, whole: list[tuple[object, object]], copies: int = 1) -> None:
    """Whatever was done to a sample, it is read or refused in a sentence, and no frame appears that was not in it."""
    try:
        reading = opened(text)
        found = list(reading)
    except InputError:
        return
    known = {str(uid) for uid, _ in whole}
    seen = {str(uid) for uid, _ in frames(found)}
    assert all(any(uid.startswith(each) for uid in known) for each in seen), (seen, known)
    assert reading.frames <= copies * len(whole)
    assert all(each.kind in KINDS for each in found)


@every_format
def test_every_sample_is_known_by_its_content(name: str, text: str) -> None:
    reading = opened(text)
    assert list(reading)
    assert (reading.format, reading.unreadable) == (name, 0)


@every_format
@settings(max_examples=25)
@given(data=st.data())
def test_a_sample_cut_anywhere_invents_no_frame(name: str, text: str, data: st.DataObject) -> None:
    survives(text[: data.draw(st.integers(1, len(text)))], frames(signals(text)))
    survives(text[data.draw(st.integers(0, len(text) - 1)) :], frames(signals(text)))


@every_format
@settings(max_examples=25)
@given(data=st.data())
def test_any_two_lines_glued_invent_no_frame(name: str, text: str, data: st.DataObject) -> None:
    lines = text.splitlines()
    index = data.draw(st.integers(0, max(len(lines) - 2, 0)))
    lines[index : index + 2] = ["".join(lines[index : index + 2])]
    survives("\n".join(lines), frames(signals(text)))


@every_format
@settings(max_examples=25)
@given(data=st.data())
def test_lines_repeated_and_mixed_invent_no_frame(name: str, text: str, data: st.DataObject) -> None:
    lines = text.splitlines()
    chosen = data.draw(st.lists(st.sampled_from(lines), min_size=1, max_size=2 * len(lines)))
    survives("\n".join(chosen), frames(signals(text)), copies=2 * len(lines))


@every_format
@settings(max_examples=25)
@given(data=st.data())
def test_strange_prefixes_invent_no_frame(name: str, text: str, data: st.DataObject) -> None:
    prefixes = data.draw(st.lists(st.sampled_from(PREFIXES), min_size=1, max_size=4))
    lines = [prefixes[number % len(prefixes)] + line for number, line in enumerate(text.splitlines())]
    survives("\n".join(lines), frames(signals(text)))


@every_format
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_line_ends_and_encodings_of_windows_change_nothing(name: str, text: str, encoding: str) -> None:
    windows = opened(text.replace("\n", "\r\n").encode(encoding))
    assert [each.fields for each in windows] == [each.fields for each in signals(text)]
    assert windows.format == name


@every_format
def test_a_sample_repeated_thrice_has_no_frame_more_than_thrice(name: str, text: str) -> None:
    survives(text * 3, frames(signals(text)), copies=3)


PAGE = Path(__file__).parents[3] / "docs" / "log-formats.md"


def test_the_page_on_formats_names_each_of_them() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [name for name in names() if f"`{name}`" not in text] == []


def test_the_format_that_the_page_teaches_reads_its_lines() -> None:
    text = PAGE.read_text(encoding="utf-8")
    lines = text.partition("```text\n")[2].partition("```")[0].splitlines()
    told: dict[str, object] = {}
    exec(text.partition("```python\n")[2].partition("```")[0], told)  # noqa: S102 - the page's own example
    layout = told["LAYOUT"]
    assert isinstance(layout, Layout)
    assert layout.looks(lines) == 1.0
    head = layout.head_of(lines[0])
    assert (head.stamp, head.level, head.logger) == ("2031-05-01 10:00:00.250", "error", "meter")
    found = [record.message for record in records((Line(1, line) for line in lines), layout) if record.message]
    assert [message.uid for message in found] == ["m1"]


def modules(package: ModuleType) -> Iterator[ModuleType]:
    for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        yield importlib.import_module(found.name)


def names() -> Iterator[str]:
    """The formats that the modules define, whether or not anybody gathers them."""
    for package in (logs, tables, devices):
        for module in modules(package):
            own = [getattr(module, word, None) for word in ("LAYOUT", "FORM", "NAME")]
            yield from (each if isinstance(each, str) else each.name for each in own if each is not None)
            yield from (kind.name for kind in getattr(module, "DEVICES", ()))


def test_every_format_module_has_a_sample() -> None:
    assert set(names()) <= {name for name, _ in SAMPLES}


def test_every_format_module_is_gathered() -> None:
    gathered = {*logs.FORMATS, logs.PLAIN.name, *(form.name for form in tables.FORMS)}
    gathered |= {kind.name for kind in devices.KINDS} | {"har"}
    assert set(names()) == gathered
