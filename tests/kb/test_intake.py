"""What another party hands us becomes drafts; whatever is wrong with it is told with file, line and cure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from chargelore.kb.checks import check
from chargelore.kb.claim import Source, SourceId
from chargelore.kb.errors import ChargeloreError, InputError, UseError
from chargelore.kb.export.formats import FORMATS
from chargelore.kb.export.view import view
from chargelore.kb.intake import LARGEST, LARGEST_DRAFT, Line, draft_files, drafts, text_of
from chargelore.kb.intakesssom import is_sssom, sssom_lines
from chargelore.kb.intaketable import table_lines
from chargelore.kb.load import load, shipped
from chargelore.kb.model import Code, FaultId
from chargelore.kb.yamlfile import LARGEST as LARGEST_YAML
from chargelore.tui.cli.knowing.folder import write_folder
from chargelore.tui.cli.knowing.kb import kb

SOURCE = Source(id=SourceId("theirs"), title="Theirs", licence="CC0-1.0")
TABLE = "vendor,code,text,fault,relation,confidence\nNewmaker,E1,Earth leakage,ground-fault-trip,close,0.9\n"
HEAD = (
    '#curie_map:\n#  them: "https://them.example/code/"\n#  fault: "urn:x-chargelore:fault:"\n'
    '#  mrec: "https://mrec.example/"\n#license: "https://creativecommons.org/publicdomain/zero/1.0/"\n'
)
COLUMNS = ("subject_id", "subject_label", "predicate_id", "object_id", "mapping_justification", "confidence")
ROW = ("them:E1", "Earth leakage", "skos:closeMatch", "fault:ground-fault-trip", "semapv:ManualMappingCuration", "0.9")


def sssom(head: str = HEAD, columns: tuple[str, ...] = COLUMNS, **changed: str) -> str:
    row = dict(zip(COLUMNS, ROW, strict=True)) | changed
    return head + "\t".join(columns) + "\n" + "\t".join(row.get(name, "") for name in columns) + "\n"


def read(text: str) -> list[Line]:
    reader = sssom_lines if is_sssom(text) else table_lines
    return list(reader(text, "theirs.txt", shipped()))


def taken(text: str) -> tuple[Code, ...]:
    return drafts(read(text), shipped(), SOURCE, "somebody", "theirs.txt")


@pytest.mark.parametrize("text", [TABLE, TABLE.replace(",", ";"), TABLE.replace(",", "\t"), "\ufeff" + TABLE])
def test_a_table_with_our_columns_becomes_drafts(text: str) -> None:
    (code,) = taken(text.removeprefix("\ufeff"))
    assert (code.vendor, code.code, code.status, code.author, code.source) == (
        "Newmaker", "E1", "draft", "somebody", "theirs",
    )  # fmt: skip
    assert [(each.fault, each.relation, each.confidence) for each in code.means] == [
        ("ground-fault-trip", "close", "high")
    ]


def test_a_set_of_mappings_becomes_drafts() -> None:
    (code,) = taken(sssom())
    assert (code.vendor, code.code, code.text, code.means[0].relation) == ("them", "E1", "Earth leakage", "close")


def test_an_mrec_stands_for_the_fault_that_is_exactly_that() -> None:
    assert read(sssom(object_id="mrec:CX002"))[0].fault == "ground-fault-trip"


def test_a_denied_mapping_stays_denied() -> None:
    columns = (*COLUMNS, "predicate_modifier")
    assert read(sssom(columns=columns, predicate_modifier="Not"))[0].relation == "not"


def test_our_own_set_comes_back_as_the_codes_it_was_made_of() -> None:
    text = FORMATS["sssom"](view(shipped(), audience="CLEAR", version="1.0.0"))["chargelore.sssom.tsv"].decode()
    lines = read(text)
    assert len(lines) == sum(len({each.fault for each in code.means}) for code in shipped().codes)
    native = {(code.vendor, code.model, code.channel, code.code) for code in shipped().codes if code.means}
    assert {(line.vendor, line.model, line.channel, line.code) for line in lines} == native


def test_our_own_set_is_taken_in_whole_as_drafts_of_the_same_codes(tmp_path: Path, home: Path) -> None:
    sent = view(shipped(), audience="CLEAR", version="1.0.0").knowledge
    (tmp_path / "ours.sssom.tsv").write_bytes(
        FORMATS["sssom"](view(shipped(), audience="CLEAR", version="1.0.0"))["chargelore.sssom.tsv"]
    )
    assert run("import", tmp_path / "ours.sssom.tsv", "--source", "T", "--licence", "CC0-1.0") == 0
    back = [code for code in load(home / "drafts" / "t", shipped()).codes if code.status == "draft"]
    mapped = [code for code in sent.codes if code.means]
    assert len(back) == len(mapped)
    assert Counter((code.vendor, code.model, code.firmware, code.channel, code.code) for code in back) == Counter(
        (code.vendor, code.model, code.firmware, code.channel, code.code) for code in mapped
    )
    assert sum(code.is_fault for code in back) == sum(code.is_fault for code in mapped)
    assert not [each for each in check(load(home / "drafts" / "t", shipped())) if each.code in ("K13", "K14")]


def test_a_code_of_two_tables_is_two_codes_and_of_one_table_stands_twice() -> None:
    row = sssom(columns=(*COLUMNS, "other"), other='{"table": "A"}')
    other = row.splitlines()[-1].replace("A", "B")
    assert len(taken(row + other + "\n")) == 2
    with pytest.raises(InputError, match="stands twice"):
        taken(row + row.splitlines()[-1] + "\n")


def test_several_meanings_of_one_code_come_together() -> None:
    more = TABLE + "Newmaker,E1,Earth leakage,protective-earth-lost,broad,low\n"
    (code,) = taken(more)
    assert [each.fault for each in code.means] == ["ground-fault-trip", "protective-earth-lost"]


def test_a_code_without_a_fault_is_a_draft_too() -> None:
    assert taken("vendor,code,text,fault\nNewmaker,E2,Something,\n")[0].means == ()


def test_another_name_of_a_known_maker_is_that_maker() -> None:
    assert taken(TABLE.replace("Newmaker", "ABL SURSUM"))[0].vendor == "ABL"


def test_a_replaced_fault_is_its_successor() -> None:
    known = shipped()
    old = replace(
        known.faults[FaultId("ground-fault-trip")],
        id=FaultId("old"),
        status="deprecated",
        replaced_by="ground-fault-trip",
    )
    more = replace(known, faults={**known.faults, old.id: old})
    text = TABLE.replace("ground-fault-trip", "old")
    assert next(table_lines(text, "x", more)).fault == "ground-fault-trip"


REFUSED: list[tuple[str, str, str]] = [
    (TABLE.replace("vendor,", "maker,"), "theirs.txt:1", "no column vendor"),
    (TABLE.replace("ground-fault-trip", "ground-fault-tripp"), "theirs.txt:2", "did you mean ground-fault-trip"),
    (TABLE.replace("0.9", "1.9"), "theirs.txt:2", "no number from 0 to 1"),
    (TABLE.replace("0.9", "nan"), "theirs.txt:2", "no number from 0 to 1"),
    (TABLE.replace("close", "sort of"), "theirs.txt:2", "use one of exact"),
    (TABLE.replace("Earth leakage", "=cmd()"), "theirs.txt:2", "is a formula"),
    (TABLE.replace("Earth leakage", "x" * 9000), "theirs.txt:2", "9,000 characters"),
    (TABLE.replace("Newmaker", " "), "theirs.txt:2", "vendor is empty"),
    (TABLE.replace(",0.9", ",0.9,more"), "theirs.txt:2", "has 7 cells"),
    (TABLE + 'Newmaker,"E2,open', "theirs.txt:3", "is no CSV"),
    (TABLE + TABLE.splitlines()[1] + "\n", "theirs.txt:3", "stands twice"),
    (
        TABLE.replace("close", "exact") + "Newmaker,E1,Earth leakage,protective-earth-lost,exact,low\n",
        "theirs.txt:3",
        "exactly two faults",
    ),
    ("", "theirs.txt:1", "is empty"),
    ("\n\n", "theirs.txt:1", "is empty"),
    ("code,text\n", "theirs.txt:1", "no column vendor, fault"),
    ("vendor,code,text,fault\n", "theirs.txt:", "no line below its head"),
    (HEAD, "theirs.txt:6", "no table below the comments"),
    (HEAD + "\t".join(COLUMNS), "theirs.txt:", "no line below its head"),
    (sssom(subject_id="them:E%1B1"), "theirs.txt:7", "U+001B"),
    (sssom(subject_id="them:%3Dcmd()"), "theirs.txt:7", "is a formula"),
    (sssom(columns=(*COLUMNS, "other"), other='{"code": "\\u202eE1"}'), "theirs.txt:7", "U+202E"),
    (sssom(columns=COLUMNS[:4]), "theirs.txt:6", "no column mapping_justification"),
    (sssom(mapping_justification=""), "theirs.txt:7", "mapping_justification is empty"),
    (sssom(predicate_id="skos:related"), "theirs.txt:7", "predicate"),
    (sssom(predicate_id="owl:sameAs"), "theirs.txt:7", "prefix"),
    (sssom(subject_id="who:E1"), "theirs.txt:7", "name it in `curie_map`"),
    (sssom(object_id="fault:nothing-of-ours"), "theirs.txt:7", "no fault of ours"),
    (sssom(object_id="them:E1"), "theirs.txt:7", "no fault of ours"),
    (sssom(confidence="1.9"), "theirs.txt:7", "no number from 0 to 1"),
    (sssom(subject_label="@SUM(A1)"), "theirs.txt:7", "is a formula"),
    (sssom(columns=(*COLUMNS, "predicate_modifier"), predicate_modifier="Perhaps"), "theirs.txt:7", "modifier"),
    (sssom(head="#curie_map: [a]\n"), "theirs.txt:1", "no mapping of prefixes"),
    (sssom(head="#a: &a [1]\n#b: *a\n"), "theirs.txt", "alias"),
    (sssom(head="#{{{\n"), "theirs.txt", "plain YAML"),
]


@pytest.mark.parametrize(("text", "where", "what"), REFUSED, ids=[what for _, _, what in REFUSED])
def test_what_is_wrong_is_told_with_its_line(text: str, where: str, what: str) -> None:
    with pytest.raises(InputError) as told:
        taken(text)
    assert where in str(told.value)
    assert what in str(told.value)
    assert "—" in str(told.value)


HIDDEN = "\x07\x1b\x7f\x85\x9b\xad\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2060\u2066\u2069\ufeff\ue000"


@pytest.mark.parametrize("mark", HIDDEN, ids=[f"U+{ord(each):04X}" for each in HIDDEN])
@pytest.mark.parametrize("cell", ["Newmaker", "E1", "Earth leakage"])
def test_a_character_that_no_reader_sees_is_refused_wherever_it_stands(cell: str, mark: str) -> None:
    for text in (TABLE.replace(cell, cell[0] + mark + cell[1:]), TABLE.replace(cell, cell + mark)):
        with pytest.raises(InputError, match=rf"theirs\.txt:2: .*U\+{ord(mark):04X}.* — remove it"):
            taken(text)


def test_a_break_within_quotes_is_a_blank_and_umlauts_are_text() -> None:
    assert taken(TABLE.replace("Earth leakage", '"Fehlerström\nüber\tErde"'))[0].text == "Fehlerström über Erde"


@given(st.text(max_size=300))
def test_any_text_is_drafts_or_a_sentence(text: str) -> None:
    with suppress(ChargeloreError):
        taken(text)


@given(st.lists(st.lists(st.text(max_size=12), max_size=7), max_size=4))
def test_any_cells_under_a_good_head_are_drafts_or_a_sentence(rows: list[list[str]]) -> None:
    for head, between in ((TABLE.splitlines()[0], ","), (HEAD + "\t".join(COLUMNS), "\t")):
        text = head + "\n" + "\n".join(between.join(row) for row in rows)
        with suppress(ChargeloreError):
            taken(text)


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "latin.csv").write_bytes(TABLE.encode().replace(b"Earth", b"\xd6rth"))
    with pytest.raises(InputError, match="is not UTF-8"):
        text_of(tmp_path / "latin.csv")
    (tmp_path / "wide.csv").write_bytes(TABLE.encode("utf-16"))
    with pytest.raises(InputError):
        text_of(tmp_path / "wide.csv")
    (tmp_path / "nul.csv").write_bytes(TABLE.encode() + b"\0")
    with pytest.raises(InputError, match=r"nul\.csv:3"):
        text_of(tmp_path / "nul.csv")


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "huge.csv").open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(InputError, match="split it"):
        text_of(tmp_path / "huge.csv")


def run(*arguments: object) -> object:
    done = CliRunner().invoke(kb, [str(each) for each in arguments], standalone_mode=False, catch_exceptions=False)
    return done.return_value


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CHARGELORE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


MADE: list[Callable[[], str]] = [lambda: TABLE, sssom]


@pytest.mark.parametrize("text", MADE)
def test_drafts_are_yaml_that_loads_over_what_is_shipped(tmp_path: Path, home: Path, text: Callable[[], str]) -> None:
    (tmp_path / "theirs.txt").write_text(text())
    assert run("import", tmp_path / "theirs.txt", "--source", "Their list", "--licence", "CC0-1.0") == 0
    known = load(home / "drafts" / "their-list", shipped())
    new = [code for code in known.codes if code.status == "draft"]
    assert [code.code for code in new] == ["E1"]
    assert len(known.codes) == len(shipped().codes) + 1
    assert run("check", home / "drafts" / "their-list", "--over-shipped") == 0


def many(text: str, count: int = 1200) -> str:
    rows = "".join(f'Newmaker,E{n},"{text}",ground-fault-trip,close,0.9\n' for n in range(count))
    return TABLE.splitlines()[0] + "\n" + rows + "Othermaker,E1,Earth leakage,ground-fault-trip,close,0.9\n"


def test_drafts_of_one_maker_that_are_too_large_for_a_file_are_several(tmp_path: Path) -> None:
    codes = taken(many("Earth leakage"))
    files = draft_files(codes, shipped(), SOURCE, largest=30_000)
    assert [each for each in files if "othermaker" in each] == ["vendors/othermaker.yaml"]
    assert len(files) > 3
    assert max(map(len, files.values())) <= 30_000
    write_folder(tmp_path / "drafts", files)
    back = [code for code in load(tmp_path / "drafts", shipped()).codes if code.status == "draft"]
    assert sorted(back, key=repr) == sorted(codes, key=repr)


def test_a_file_of_drafts_is_never_larger_than_what_is_read_again() -> None:
    assert LARGEST_DRAFT < LARGEST_YAML


def test_brackets_in_many_texts_do_not_look_like_nesting(tmp_path: Path) -> None:
    for text in ("Earth [ leakage {", "[" * 600 + "]" * 600):
        write_folder(tmp_path / str(len(text)), draft_files(taken(many(text)), shipped(), SOURCE))
        assert {code.text for code in load(tmp_path / str(len(text)), shipped()).codes if code.code == "E7"} >= {text}


def test_nothing_is_written_when_a_line_is_wrong(tmp_path: Path, home: Path) -> None:
    (tmp_path / "theirs.csv").write_text(TABLE + "Newmaker,E9,x,unheard-of,,\n")
    with pytest.raises(InputError):
        run("import", tmp_path / "theirs.csv", "--source", "x", "--licence", "MIT")
    assert not (home / "drafts").exists()


def test_a_table_without_a_licence_is_refused(tmp_path: Path, home: Path) -> None:
    (tmp_path / "theirs.csv").write_text(TABLE)
    with pytest.raises(UseError, match="--licence"):
        run("import", tmp_path / "theirs.csv", "--source", "x")


def test_drafts_are_never_written_over_others(tmp_path: Path, home: Path) -> None:
    (tmp_path / "theirs.csv").write_text(TABLE)
    run("import", tmp_path / "theirs.csv", "--source", "x", "--licence", "MIT")
    with pytest.raises(UseError, match="there already"):
        run("import", tmp_path / "theirs.csv", "--source", "x", "--licence", "MIT")
