"""Formats: every format by its name; each turns a view into files."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from chargelore.kb.export import csvs, graphml, htmls, jsonld, jsons, markdowns, packs, sssom, turtle
from chargelore.kb.export.view import View

Render = Callable[[View], dict[str, bytes]]
FORMATS: Mapping[str, Render] = {
    "csv": csvs.render,
    "json": jsons.render,
    "sssom": sssom.render,
    "skos-turtle": turtle.render,
    "skos-jsonld": jsonld.render,
    "graphml": graphml.render,
    "markdown": markdowns.render,
    "html": htmls.render,
    "yaml": packs.render,
}
