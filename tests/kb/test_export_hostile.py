"""Whatever a claim says, in whichever of its texts: a page shows it as text and a spreadsheet does not run it."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from dataclasses import fields, replace
from html.parser import HTMLParser
from typing import Any, get_type_hints

import pytest
import small_world as world

from chargelore.kb.export.formats import FORMATS
from chargelore.kb.export.text import RISKY
from chargelore.kb.export.view import view
from chargelore.kb.model import Knowledge, Maker, Quirk, QuirkId, Scope, Source, SourceId

LINK = "javascript:alert(1)"
WORDS = f"<script>alert(1)</script> <!--<script> [x]({LINK}) ' onload=alert(1) x=' \" onload=alert(1) ]]> &lt;b&gt;"
ADDRESS, SAID = SourceId("s"), frozenset({"mrec", "replaced_by"})  # the last two point at something


def flooded(value: Any, words: str) -> Any:
    """The same claim with these words in every free text; ids and words of closed lists stay."""
    return replace(value, **dict(_flood(value, words)))


def _flood(value: Any, words: str) -> Any:
    hints = get_type_hints(type(value))
    made: dict[Any, Any] = {
        str: words,
        tuple[str, ...]: (words,),
        Mapping[str, str]: {"de": words, words: words},
        Mapping[str, tuple[str, ...]]: {"de": (words,), words: (words,)},
    }
    for each in fields(value):
        hint = hints[each.name]
        if hint is Scope:
            yield each.name, flooded(value.scope, words)
        elif hint in made and each.name not in SAID and (each.name, type(value).__name__) != ("answers", "Evidence"):
            yield each.name, made[hint]
        elif hint is SourceId and each.name == "source":
            yield each.name, ADDRESS


def flood(words: str) -> Knowledge:
    """A world in which all free texts are these words; one fault is deprecated, and a source lies at a script."""
    base = world.knowledge()
    quirk = Quirk(id=QuirkId("q"), topic="reset", label="", detail="", scope=Scope(), causes=tuple(base.causes))
    source = Source(id=ADDRESS, title=words, url=LINK, licence=f"CC0-1.0 {words}", edition=words, dated=words)
    faults = {name: flooded(each, words) for name, each in base.faults.items()}
    faults[world.LINK] = replace(faults[world.LINK], status="deprecated")
    return replace(
        base,
        sources={source.id: source},
        faults=faults,
        codes=tuple(flooded(each, words) for each in base.codes),
        evidence={name: flooded(each, words) for name, each in base.evidence.items()},
        causes={name: flooded(each, words) for name, each in base.causes.items()},
        steps={name: flooded(each, words) for name, each in base.steps.items()},
        makers={words: Maker(name=words, aliases=(words,), editions=(words,))},
        quirks={quirk.id: flooded(quirk, words)},
    )


class Browser(HTMLParser):
    """What a browser makes of a page: its elements, its attributes, its text and what stands in its scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.names: set[str] = set()
        self.links: set[str] = set()
        self.scripts: list[str] = []
        self.said = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.names |= {name for name, _ in attrs}
        self.links |= {value or "" for name, value in attrs if name in ("href", "src", "action")}

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1] == "script":
            self.scripts.append(data)
        self.said += data


def pages(words: str) -> dict[str, Browser]:
    found = {}
    for name, content in FORMATS["html"](view(flood(words), audience="AMBER", version="1.0.0")).items():
        found[name] = Browser()
        found[name].feed(content.decode())
    return found


def test_no_text_of_any_claim_becomes_an_element_an_attribute_or_a_link() -> None:
    hostile, tame = pages(WORDS), pages("plain words")
    assert hostile.keys() == tame.keys()
    for name, page in hostile.items():
        assert page.tags == tame[name].tags, name
        assert page.names == tame[name].names, name
        assert page.links == tame[name].links, name
        assert not [each for each in page.links if not re.fullmatch(r"(\.\./)?[a-z0-9./-]+\.html", each)]
        assert WORDS in page.said


def test_the_data_of_the_search_do_not_end_their_script() -> None:
    page = FORMATS["html"](view(flood(WORDS), audience="AMBER", version="1.0.0"))["index.html"].decode()
    assert page.count("</script>") == page.count("<script") == 2
    assert "<!--" not in page
    data = page.split('id="rows">', 1)[1].split("</script>", 1)[0]
    assert not re.search("[<>&]", data)
    assert any(WORDS in row for row in json.loads(data))


@pytest.mark.parametrize("words", ["=HYPERLINK(1)", "+1+cmd", "-1+cmd", "@SUM(A1)", " =1+1", "\t=1+1", "\n@x", "＝1+1"])
def test_every_formula_in_every_table_carries_its_apostrophe(words: str) -> None:
    marked = 0
    for name, content in FORMATS["csv"](view(flood(words), audience="AMBER", version="1.0.0")).items():
        rows = csv.reader(io.StringIO(content.decode(), newline="")) if name.endswith(".csv") else ()
        for cell in (cell for row in rows for cell in row):
            assert not cell.lstrip().startswith(RISKY), (name, cell)
            marked += cell.startswith("'")
    assert marked > 50
