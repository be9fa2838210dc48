"""Every format carries hostile text as text, reads back as what it was, and is the same bytes each time."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import fields, replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import networkx as nx
import pytest
import small_world as world
from hypothesis import given
from hypothesis import strategies as st

from chargelore.kb.checks import check
from chargelore.kb.export.formats import FORMATS
from chargelore.kb.export.links import links
from chargelore.kb.export.tables import TABLES
from chargelore.kb.export.text import distinct, harmless, safe_name, tame
from chargelore.kb.export.view import View, code_id, view
from chargelore.kb.load import load, shipped
from chargelore.kb.model import (
    Cause,
    CauseId,
    Code,
    Evidence,
    Fault,
    FaultId,
    Knowledge,
    Maker,
    Meaning,
    Quirk,
    Register,
    RegisterMap,
    Scope,
    Source,
    Step,
)
from chargelore.kb.release import release
from chargelore.kb.stats import counted

HOSTILE = (
    '</script><script>alert(1)</script><img src=x onerror="alert(2)"> a | b `c` [d](javascript:alert(3)) \t"quoted"\n'
    "next line \x00\x07\x1b[31m \u202egnp.exe \ud800 \ufffe 'single' \\ back\\slash #{x} ${y} &amp; ]]> -->"
)


def seen(knowledge: Knowledge) -> View:
    return view(knowledge, audience="CLEAR", version="1.0.0")


def hostile() -> Knowledge:
    """A world in which every text that a charger or a person may write is an attack."""
    base = world.knowledge()
    fault = replace(
        base.faults[world.TRIP], label=HOSTILE, definition=HOSTILE, aliases=(HOSTILE,), labels={"de": HOSTILE}
    )
    code = Code(
        vendor=HOSTILE, code=HOSTILE, text=HOSTILE, model=HOSTILE, channel=HOSTILE, means=(Meaning(fault=fault.id),)
    )
    cause = Cause(
        id=CauseId("c"), fault=fault.id, label=HOSTILE, detail=HOSTILE, words=(HOSTILE,), scope=Scope(vendor=HOSTILE)
    )
    return replace(
        base, faults={**base.faults, fault.id: fault}, codes=(code,), causes={**base.causes, cause.id: cause},
        makers={HOSTILE: Maker(name=HOSTILE, aliases=(HOSTILE,))},
    )  # fmt: skip


@pytest.mark.parametrize("form", FORMATS)
def test_two_renderings_in_one_process_are_the_same_bytes(form: str) -> None:
    assert release(seen(shipped()), form) == release(seen(shipped()), form)


PRINT_SUMS = """
import hashlib
from chargelore.kb.export.formats import FORMATS
from chargelore.kb.export.view import view
from chargelore.kb.load import shipped
from chargelore.kb.release import release
for form in FORMATS:
    for name, content in release(view(shipped(), audience="AMBER", version="1.0.0"), form).items():
        print(form, name, hashlib.sha256(content).hexdigest())
"""


def sums(seed: str) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    done = subprocess.run(
        [sys.executable, "-c", PRINT_SUMS], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_two_processes_with_other_hash_seeds_write_the_same_bytes() -> None:
    first = sums("1")
    assert first == sums("4711")
    assert {line.split()[0] for line in first.splitlines()} == set(FORMATS)


@pytest.mark.parametrize("form", FORMATS)
def test_the_order_in_which_knowledge_was_loaded_does_not_matter(form: str) -> None:
    base = world.knowledge()
    turned = replace(
        base,
        faults=dict(reversed(base.faults.items())),
        causes=dict(reversed(base.causes.items())),
        steps=dict(reversed(base.steps.items())),
        codes=tuple(reversed(base.codes)),
    )
    assert release(seen(base), form) == release(seen(turned), form)


@pytest.mark.parametrize("form", FORMATS)
def test_hostile_text_is_one_line_of_printable_characters_everywhere(form: str) -> None:
    for content in release(seen(hostile()), form).values():
        text = content.decode("utf-8")
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ufffe]", text)


class Tags(HTMLParser):
    """Which elements and attributes a browser would see."""

    def __init__(self) -> None:
        super().__init__()
        self.scripts = 0
        self.attributes: set[str] = set()
        self.links: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        self.attributes |= {name for name, _ in attrs}
        self.links |= {value or "" for name, value in attrs if name in ("href", "src")}


def test_no_text_becomes_markup_in_a_page() -> None:
    for name, content in FORMATS["html"](seen(hostile())).items():
        tags = Tags()
        tags.feed(content.decode())
        assert tags.scripts == (2 if name == "index.html" else 0)
        assert not {each for each in tags.attributes if each.startswith("on")}
        assert all(re.fullmatch(r"(\.\./)?[a-z0-9./-]+\.html", each) for each in tags.links)


def test_pages_fetch_nothing_and_lead_to_pages_that_are_there() -> None:
    files = FORMATS["html"](seen(shipped()))
    for name, content in files.items():
        tags = Tags()
        tags.feed(content.decode())
        assert not re.search(rb"(src=|@import|url\()", content)
        places = {os.path.normpath(Path(name).parent / each) for each in tags.links}
        assert places <= set(files)


def test_every_fault_has_a_page_with_its_label() -> None:
    files = FORMATS["html"](seen(shipped()))
    assert len(files) == len(shipped().faults) + 1
    assert b"<h1>Ground fault protection tripped</h1>" in files["faults/ground-fault-trip.html"]


def test_no_cell_of_a_table_is_a_formula() -> None:
    base = world.knowledge()
    code = replace(base.codes[0], text='=HYPERLINK("http://evil")', model="@SUM(A1)", code="-12")
    rows = list(csv.DictReader(io.StringIO(FORMATS["csv"](seen(replace(base, codes=(code,))))["codes.csv"].decode())))
    assert (rows[0]["text"], rows[0]["model"]) == ('\'=HYPERLINK("http://evil")', "'@SUM(A1)")
    assert rows[0]["code"] == "-12"


@given(st.text(max_size=40))
def test_whatever_a_text_holds_a_spreadsheet_takes_it_for_text(text: str) -> None:
    cell = harmless(tame(text))
    assert not cell.lstrip().startswith(("=", "@"))
    assert "\n" not in cell


def test_csv_files_are_what_their_description_says() -> None:
    files = FORMATS["csv"](seen(shipped()))
    package = json.loads(files["datapackage.json"])
    assert {each["path"] for each in package["resources"]} == set(files) - {"datapackage.json"}
    for resource in package["resources"]:
        rows = list(csv.reader(io.StringIO(files[resource["path"]].decode())))
        names = [each["name"] for each in resource["schema"]["fields"]]
        assert rows[0] == names
        keys = [tuple(row[names.index(key)] for key in resource["schema"]["primaryKey"]) for row in rows[1:]]
        assert len(set(keys)) == len(keys), resource["path"]


@pytest.mark.parametrize("knowledge", [shipped(), hostile()], ids=["shipped", "hostile"])
def test_json_keeps_to_its_schema(knowledge: Knowledge) -> None:
    files = FORMATS["json"](seen(knowledge))
    found, schema = (json.loads(files[name]) for name in ("chargelore.json", "chargelore.schema.json"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(found, schema)
    assert len(found["codes"]) == len(knowledge.codes)


def told(counts: Mapping[str, int]) -> dict[str, int]:
    """Counts without quirks and sources: drafts of quirks stay at home, and with them their sources."""
    return {what: count for what, count in counts.items() if what not in ("quirks", "sources")}


def test_yaml_reads_back_as_the_same_knowledge(tmp_path: Path) -> None:
    for name, content in FORMATS["yaml"](seen(shipped())).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    back = load(tmp_path)
    assert told(counted(back)) == told(counted(shipped()))
    assert list(check(back)) == []
    assert FORMATS["csv"](seen(back)) == FORMATS["csv"](seen(shipped()))


def test_yaml_reads_hostile_text_back(tmp_path: Path) -> None:
    for name, content in FORMATS["yaml"](seen(hostile())).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    assert load(tmp_path).faults[world.TRIP].label == tame(HOSTILE)


def test_graphml_reads_back_with_every_node_and_edge() -> None:
    content = FORMATS["graphml"](seen(shipped()))["chargelore.graphml"]
    back = nx.read_graphml(io.BytesIO(content), force_multigraph=True)
    maps = [facts for _, _, facts in back.edges(data=True) if facts["relation"] == "maps_to"]
    assert len(maps) == sum(len(code.means) for code in shipped().codes)
    assert back.nodes["fault/ground-fault-trip"]["tlp"] == "CLEAR"


def test_graphml_of_hostile_text_is_xml_with_ids_that_stand_once() -> None:
    root = ET.fromstring(FORMATS["graphml"](seen(hostile()))["chargelore.graphml"])  # noqa: S314  # our own
    keys = [each.get("id") for each in root if each.tag.endswith("key")]
    assert len(keys) == len(set(keys))


def test_a_line_of_a_mapping_set_has_as_many_cells_as_the_head() -> None:
    text = FORMATS["sssom"](seen(hostile()))["chargelore.sssom.tsv"].decode()
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    rows = list(csv.reader(lines, delimiter="\t"))
    assert {len(row) for row in rows} == {len(rows[0])}


def test_a_code_that_is_exactly_two_faults_does_not_make_them_one() -> None:
    means = (Meaning(fault=world.TRIP), Meaning(fault=world.LINK))
    shown = seen(replace(world.knowledge(), codes=(replace(world.TRIP_CODE, means=means),)))
    assert [each.match for each in links(shown)] == ["closeMatch", "closeMatch"]


def test_a_table_cell_of_markdown_cannot_end_itself() -> None:
    files = FORMATS["markdown"](seen(hostile()))
    table = next(content.decode() for name, content in files.items() if name.startswith("makers/"))
    widths = {len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines() if line.startswith("|")}
    assert widths == {6}


NAMES = ("../../etc/passwd", "CON", "aux", "a/b", "A-b", "a-b", "Ä", "x" * 300, ".", "", "a.b", "nul")


@pytest.mark.parametrize("mark", "\x1b\u061c\u200b\u200e\u202e\u2060\u2066\ufeff\U000e0041")
def test_a_mark_that_no_eye_sees_is_seen_in_an_export(mark: str) -> None:
    assert tame(f"E{mark}1") == "E\ufffd1"


def test_names_of_files_are_safe_and_do_not_clash() -> None:
    safe = [safe_name(each) for each in NAMES]
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9.-]{0,90}", each) for each in safe)
    assert len({each.casefold() for each in safe}) == len(NAMES)
    assert len(set(distinct(NAMES).values())) == len(NAMES)


@pytest.mark.parametrize("form", FORMATS)
def test_ids_of_faults_are_no_way_out_of_the_folder(form: str) -> None:
    base = world.knowledge()
    faults = {name: replace(base.faults[world.LINK], id=FaultId(name)) for name in (*NAMES, *base.faults)}
    for name in release(seen(replace(base, faults=faults)), form):
        assert not Path(name).is_absolute()
        assert ".." not in Path(name).parts


def test_every_code_has_a_name_of_its_own() -> None:
    assert len({code_id(code) for code in shipped().codes}) == len(shipped().codes)


def test_the_manifest_names_every_file_by_its_hash() -> None:
    files = release(seen(world.knowledge()), "csv")
    told = json.loads(files.pop("MANIFEST.json"))["files"]
    assert told == {
        name: {"sha256": hashlib.sha256(each).hexdigest(), "bytes": len(each)} for name, each in files.items()
    }


# What flat tables tell elsewhere: people nowhere, links and words in tables of their own, bounds and samples in YAML.
ELSEWHERE = {
    Fault: {"author", "severity", "labels", "symptoms", "leads_to"},
    Code: {"author", "means"},
    Cause: {"author", "shows", "scope", "labels"},
    Evidence: {"author", "questions"},
    Step: {"author", "fixes", "answers", "labels"},
    Quirk: {"author", "scope", "labels"},
    Maker: set(),
    Source: set(),
    Register: {"words", "values", "bits", "plausible"},
    RegisterMap: {"registers", "block", "bridges", "sessions", "connectors", "parts", "faults", "samples"},
}
NAMED_BY = {
    Fault: "faults", Code: "codes", Cause: "causes", Evidence: "evidence", Step: "steps", Quirk: "quirks",
    Maker: "makers", Source: "sources", Register: "registers", RegisterMap: "register_maps",
}  # fmt: skip


@pytest.mark.parametrize("kind", NAMED_BY)
def test_whatever_a_claim_holds_has_its_column(kind: type) -> None:
    columns = {table.name: set(table.columns) for table in TABLES}[NAMED_BY[kind]]
    assert {each.name for each in fields(kind)} - columns == ELSEWHERE[kind]
