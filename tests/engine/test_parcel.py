"""Parcels: archives and Excel files become separate inputs within bounds; a bomb is refused, damage is told."""

from __future__ import annotations

import bz2
import gzip
import io
import struct
import tarfile
import zipfile
from datetime import datetime
from pathlib import Path

import log_lines
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from chargelore.engine import parcel, workbook
from chargelore.engine.parcel import Member, is_parcel, members, read_member
from chargelore.kb.errors import InputError

LOG = "\n".join(log_lines.LOGS["evcc"]) + "\n"
HEAD = ["Zeitpunkt", "Ladestation", "Anschluss", "Status", "Fehlercode"]


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return out.getvalue()


def tarred(parts: dict[str, bytes], links: tuple[str, ...] = ()) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as packed:
        for name, content in parts.items():
            part = tarfile.TarInfo(name)
            part.size = len(content)
            packed.addfile(part, io.BytesIO(content))
        for name in links:
            part = tarfile.TarInfo(name)
            part.type, part.linkname = tarfile.SYMTYPE, "/etc/passwd"
            packed.addfile(part)
    return out.getvalue()


def book(**titled: list[list[object]]) -> bytes:
    made, out = Workbook(), io.BytesIO()
    made.remove(made.worksheets[0])
    for title, rows in titled.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    made.save(out)
    return out.getvalue()


def opened(folder: Path, content: bytes) -> tuple[Member, ...]:
    file = folder / "given"
    file.write_bytes(content)
    inner = folder / "inner"
    inner.mkdir(exist_ok=True)
    return members(file, inner, "given")


def told(found: tuple[Member, ...]) -> dict[str, tuple[str, int, int]]:
    """Format, frames and unreadable pieces of each member."""
    out = {}
    for member in found:
        reading = read_member(member)
        list(reading)
        out[member.name] = (reading.format, reading.frames, reading.unreadable)
    return out


@pytest.mark.parametrize(
    "packed",
    [
        zipped({"a.log": LOG.encode(), "b.log": LOG.encode()}),
        tarred({"a.log": LOG.encode(), "b.log": LOG.encode()}),
        gzip.compress(tarred({"a.log": LOG.encode(), "b.log": LOG.encode()})),
        bz2.compress(tarred({"a.log": LOG.encode(), "b.log": LOG.encode()})),
        zipped({"a.log": gzip.compress(LOG.encode()), "b.log": LOG.encode()}),
    ],
    ids=["zip", "tar", "tar.gz", "tar.bz2", "gzip in zip"],
)
def test_every_member_of_an_archive_is_an_input_of_its_own(tmp_path: Path, packed: bytes) -> None:
    assert told(opened(tmp_path, packed)) == {"a.log": ("evcc", 6, 0), "b.log": ("evcc", 6, 0)}


def test_an_archive_in_an_archive_gives_its_members_under_both_names(tmp_path: Path) -> None:
    inner = zipped({"a.log": LOG.encode()})
    assert told(opened(tmp_path, tarred({"day.zip": inner}))) == {"day.zip/a.log": ("evcc", 6, 0)}


def test_what_is_packed_too_deep_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    deep = LOG.encode()
    for _ in range(parcel.DEEPEST + 1):
        deep = zipped({"x": deep})
    found = opened(tmp_path, zipped({"deep": deep, "a.log": LOG.encode()}))
    assert [member.why for member in found] == [f"is packed more than {parcel.DEEPEST} deep", ""]
    assert told(found)["a.log"] == ("evcc", 6, 0)


def test_the_path_of_a_member_leads_nowhere(tmp_path: Path) -> None:
    found = opened(tmp_path, zipped({"../../out.log": LOG.encode(), "/etc/x": LOG.encode(), "a\x1b[2J": b"x"}))
    assert all(member.file is not None and member.file.parent == tmp_path / "inner" for member in found)
    assert not (tmp_path.parent / "out.log").exists()
    assert not any("\x1b" in member.name for member in found)


def test_a_link_is_told_and_not_followed(tmp_path: Path) -> None:
    assert told(opened(tmp_path, tarred({}, links=("l",)))) == {"l": ("unread", 0, 1)}


def test_a_picture_beside_the_logs_is_counted_as_unread_with_the_reason(tmp_path: Path) -> None:
    found = opened(tmp_path, zipped({"a.log": LOG.encode(), "p.png": bytes(range(256)) * 9}))
    assert told(found) == {"a.log": ("evcc", 6, 0), "p.png": ("unread", 0, 1)}
    reading = read_member(found[1])
    assert [each.fields["why"] for each in reading] == ["this is binary, not a text log"]


def test_two_members_of_one_name_stay_two(tmp_path: Path) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as packed:
        for _ in range(2):
            part = tarfile.TarInfo("a.log")
            part.size = len(LOG)
            packed.addfile(part, io.BytesIO(LOG.encode()))
    assert [member.name for member in opened(tmp_path, out.getvalue())] == ["a.log", "a.log (2)"]


def test_a_bomb_is_refused_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parcel, "HARMLESS", 1_000_000)
    with pytest.raises(InputError, match="unpack to more than"):
        opened(tmp_path, zipped({"zeros": bytes(30_000_000)}))


def test_a_zip_that_tells_one_content_under_many_names_is_counted_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parcel, "MOST_BYTES", 50_000)
    with pytest.raises(InputError, match="unpack to more than"):
        opened(tmp_path, zipped({str(each): bytes(1000) for each in range(60)}))


def test_more_members_than_anybody_reads_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="more than 500 files"):
        opened(tmp_path, zipped({str(each): b"x" for each in range(501)}))


def test_a_member_with_a_password_is_told(tmp_path: Path) -> None:
    content = bytearray(zipped({"a.log": LOG.encode()}))
    for magic, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(magic) + place
        content[at : at + 2] = struct.pack("<H", 1)
    assert [member.why for member in opened(tmp_path, bytes(content))] == ["needs a password"]


def test_of_a_damaged_member_what_is_whole_is_read_and_the_damage_told(tmp_path: Path) -> None:
    whole = tarred({"a.log": LOG.encode() * 40})
    found = opened(tmp_path, whole[: len(whole) // 2])
    reading = read_member(found[0])
    list(reading)
    assert reading.frames > 6
    assert [str(each.fields["why"]).startswith("is damaged") for each in reading.samples] == [True]


def test_a_sheet_is_a_table_and_its_name_the_inputs_name(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        HEAD,
        [datetime(2031, 5, 1, 10, 0), "CP-1", 1, "Verfügbar", "NoError"],  # noqa: DTZ001  # as sheets hold it
        [datetime(2031, 5, 1, 10, 5), "CP-1", 1, "Gestört", "GroundFailure"],  # noqa: DTZ001  # as above
    ]
    found = opened(tmp_path, book(Störungen=rows, Leer=[]))
    assert told(found) == {"Störungen": ("status-table", 0, 0)}
    statuses = [each for each in read_member(found[0]) if each.kind == "status"]
    assert [(each.charger, each.connector, each.fields["status"]) for each in statuses] == [
        ("CP-1", 1, "Available"),
        ("CP-1", 1, "Faulted"),
    ]


def test_a_formula_is_never_run_and_an_entity_never_grows(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book(S=[HEAD, ["=1+1", "x"]]))) as source, zipfile.ZipFile(out, "w") as made:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/workbook.xml":
                lol = b'<!DOCTYPE w [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]>'
                content = content.replace(b"<workbook", lol + b"<workbook", 1)
            made.writestr(name, content)
    with pytest.raises(InputError, match="damaged Excel file"):
        opened(tmp_path, out.getvalue())


def test_a_sheet_with_more_text_than_fits_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "LARGEST_PART", 100)
    with pytest.raises(InputError, match="save the sheet as CSV"):
        opened(tmp_path, book(S=[HEAD]))


@pytest.mark.parametrize("content", [LOG.encode(), b"", b"PK", gzip.compress(LOG.encode()), b"\x1f\x8bx"])
def test_what_is_no_archive_is_left_to_the_reader(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "f").write_bytes(content)
    assert not is_parcel(tmp_path / "f")
    assert not is_parcel(tmp_path / "missing")


PARCELS = {
    "zip": zipped({"a.log": LOG.encode(), "b.zip": zipped({"c.log": LOG.encode()})}),
    "tar": tarred({"a.log": LOG.encode(), "b.zip": zipped({"c.log": LOG.encode()})}, links=("l",)),
    "tgz": gzip.compress(tarred({"a.log": LOG.encode()})),
    "xlsx": book(S=[HEAD, ["2031-05-01 10:00:00", "CP-1", 1, "Faulted", "GroundFailure"]]),
}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(st.sampled_from(sorted(PARCELS)), st.data())
def test_a_parcel_cut_or_garbled_anywhere_ends_in_members_or_one_sentence(
    tmp_path: Path, name: str, data: st.DataObject
) -> None:
    content = bytearray(PARCELS[name][: data.draw(st.integers(1, len(PARCELS[name])))])
    for _ in range(data.draw(st.integers(0, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    (tmp_path / "given").write_bytes(bytes(content))
    if not is_parcel(tmp_path / "given"):
        return
    try:
        found = opened(tmp_path, bytes(content))
    except InputError:
        return
    frames = [signal for member in found for signal in read_member(member) if signal.fields.get("uid")]
    assert {signal.fields["uid"] for signal in frames} <= {*log_lines.UIDS, "m"} or name != "xlsx"
