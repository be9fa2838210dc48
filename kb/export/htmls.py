"""HTML: one page a fault and an index with search; they open from disk, on a phone, in the dark and on paper."""

from __future__ import annotations

from collections.abc import Iterator

from chargelore.kb.export.faultpage import fault_page
from chargelore.kb.export.page import as_script_data, asset, esc, page
from chargelore.kb.export.shelf import Shelf, shelf
from chargelore.kb.export.text import safe_name
from chargelore.kb.export.view import View
from chargelore.kb.model import Code, Fault

INDEX, FOLDER = "index.html", "faults"


def render(shown: View) -> dict[str, bytes]:
    """The index and a page for each fault."""
    around = shelf(shown)
    pages = {place(fault): fault_page(fault, around) for fault in shown.knowledge.faults.values()}
    return {INDEX: _index(around), **pages}


def place(fault: Fault) -> str:
    """Where the page of a fault lies."""
    return f"{FOLDER}/{safe_name(fault.id)}.html"


def _index(around: Shelf) -> bytes:
    shown = around.view
    counts = shown.knowledge
    lead = (
        f"{len(counts.faults)} faults, {len(counts.codes):,} codes, {len(counts.causes)} causes and"
        f" {len(counts.steps)} steps."
    )
    body = (
        '<header><nav>Chargelore</nav><h1>What is wrong with this charger?</h1><p class="lead">'
        f"{esc(lead)}</p></header><main>"
        '<div id="search" hidden><input id="ask" type="search" autocomplete="off" spellcheck="false"'
        ' aria-label="Search" placeholder="A code, a maker, a word …"><p id="count" class="meta" role="status"></p>'
        '<ul id="found" class="plain"></ul></div>'
        f'<div id="all">{"".join(_domain(name, faults) for name, faults in sorted(around.domains.items()))}</div>'
        f'</main><script type="application/json" id="rows">{as_script_data(list(_rows(around)))}</script>'
    )
    return page("Chargelore", body, shown, asset("search.js"))


def _domain(name: str, faults: tuple[Fault, ...]) -> str:
    items = "".join(f'<li><a href="{place(each)}">{esc(each.label)}</a>{_mark(each)}</li>' for each in faults)
    title = esc(name.replace("-", " ").capitalize())
    return f'<h2>{title}</h2><ul class="plain grid">{items}</ul>'


def _mark(fault: Fault) -> str:
    words = [word for word, holds in (("safety", fault.safety), ("no fault", not fault.is_fault)) if holds]
    words += ["deprecated"] if fault.status == "deprecated" else []
    return f" <small>{', '.join(words)}</small>" if words else ""


def _rows(around: Shelf) -> Iterator[list[str]]:
    """What the search looks through: page, name, text, maker, and the fault of a code."""
    for fault in around.view.knowledge.faults.values():
        said = (text for at in sorted(fault.symptoms) for text in fault.symptoms[at])
        words = " · ".join(each for each in (*fault.labels.values(), *fault.aliases, *said, fault.mrec) if each)
        yield [place(fault), fault.label, words or fault.definition, ""]
    for code in around.view.knowledge.codes:
        who = " ".join((code.vendor, code.model)).strip()
        yield [_page_of(code, around), code.code, code.text, who, _means(code, around)]


def _means(code: Code, around: Shelf) -> str:
    """The words of the fault find its codes too."""
    return around.view.knowledge.faults[code.means[0].fault].label if code.means else ""


def _page_of(code: Code, around: Shelf) -> str:
    return place(around.view.knowledge.faults[code.means[0].fault]) if code.means else ""
