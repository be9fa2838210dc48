"""The log formats known by their content, never by a file's name: one module each, gathered in a dict."""

from __future__ import annotations

from collections.abc import Sequence

from chargelore.engine.decode.logs import (
    alfen,
    esp_idf,
    evcc,
    event_log,
    everest,
    home_assistant,
    iobroker,
    iso15118_log,
    micro_ocpp,
    modbus_trace,
    plain,
    proxy,
    pyplc,
    python_log,
    rapi,
    raw_json,
    smart_evse,
    steve,
    structured,
    vestel,
    wbec,
    websockets_trace,
)
from chargelore.engine.decode.logs.layout import Layout
from chargelore.engine.decode.logs.wrapping import peeled, uncoloured

_MODULES = (
    home_assistant,
    evcc,
    everest,
    iso15118_log,
    steve,
    micro_ocpp,
    websockets_trace,
    proxy,
    alfen,
    vestel,
    esp_idf,
    event_log,
    iobroker,
    wbec,
    smart_evse,
    pyplc,
    modbus_trace,
    rapi,
    python_log,
    structured,
    raw_json,
)
FORMATS: dict[str, Layout] = {module.LAYOUT.name: module.LAYOUT for module in _MODULES}
PLAIN: Layout = plain.LAYOUT
SURE_ENOUGH = 0.12  # share of lines; excerpts mix a logger's lines with tracebacks and bodies


def recognised(sample: Sequence[str]) -> Layout:
    """The format that most of the sample looks like; plain text where none does."""
    bare = [peeled(uncoloured(line))[1] for line in sample]
    scores = {name: layout.looks(bare) for name, layout in FORMATS.items()}
    best = max(scores, key=lambda name: scores[name])
    return FORMATS[best] if scores[best] >= SURE_ENOUGH else PLAIN
