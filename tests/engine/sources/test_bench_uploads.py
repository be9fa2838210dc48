"""What chargers upload to the bench, by FTP and HTTP, is kept whole and for its owner alone; nothing else is done."""

from __future__ import annotations

import asyncio
import ftplib
import io
import logging
import socket
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit

import pytest
from charge_points import LOG, plugged, put, put_by_ftp
from hypothesis import given
from hypothesis import strategies as st

from chargelore.engine.signal import Signal
from chargelore.engine.sources.bench import ftpbox, inbox, running
from chargelore.engine.sources.bench.answers import Result
from chargelore.engine.sources.bench.bench import Bench
from chargelore.engine.sources.bench.form import boundary_in, file_in
from chargelore.engine.sources.bench.receiver import Parcel, Receiver
from chargelore.engine.sources.bench.setup import Setup
from chargelore.engine.sources.bench.transfer import named, offered
from chargelore.kb.errand import errand

READS = {"1.6": ["GetConfiguration"], "2.0.1": ["GetVariables OCPPCommCtrlr.FileTransferProtocols"]}
BOTH = pytest.mark.parametrize("version", ["1.6", "2.0.1"])


@asynccontextmanager
async def expected(folder: Path) -> AsyncIterator[Parcel]:
    async with Receiver(folder, "127.0.0.1") as uploads:
        yield uploads.expects("CP-1", "127.0.0.1")


async def fetched(folder: Path, version: str = "1.6", told: list[Signal] | None = None, **how: object) -> Result:
    """The log of a charge point that is as a test wants it; it has sent the log at least once it says so."""
    signals = told if told is not None else []
    async with (
        Receiver(folder, "127.0.0.1") as uploads,
        Bench("127.0.0.1:0", signals.append, Setup(uploads=uploads, key=b"k" * 32)) as it,
        plugged(it.address, version, **how) as box,
    ):
        for each in READS[version] if how.get("names_it") else ():
            await it.does("CP-1", errand(each))
        result = await it.does("CP-1", errand("GetDiagnostics"))
        await it.drained()
        told_to = [each.partition(":")[0] for each in box.locations]
    assert told_to == sorted(set(told_to), key=told_to.index)  # nothing was offered twice
    return result


def opened(location: str) -> ftplib.FTP:
    """A line of commands, logged in."""
    place = urlsplit(location)
    line = ftplib.FTP()  # noqa: S321  # as chargers do
    try:
        line.connect(place.hostname or "", place.port or 0)
        line.login(place.username or "", place.password or "")
    except ftplib.Error:
        line.close()
        raise
    return line


def kept(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*"))


# Chargers as they should be.


@pytest.mark.parametrize(("version", "protocol"), [("1.6", "FTP"), ("2.0.1", "HTTP")])
async def test_a_log_comes_by_what_most_chargers_of_a_version_speak(
    version: str, protocol: str, tmp_path: Path
) -> None:
    result = await fetched(tmp_path, version)
    assert (result.verdict, result.text) == ("done", f"Its file is here, asked for by {protocol}.")
    assert Path(result.file).read_bytes() == LOG
    assert Path(result.file).stat().st_mode & 0o777 == 0o600
    assert len(kept(tmp_path)) == 1


@BOTH
async def test_a_charger_that_names_its_protocol_is_offered_no_other(version: str, tmp_path: Path) -> None:
    speaks = "HTTP" if version == "1.6" else "FTP"
    result = await fetched(tmp_path, version, sends_by=speaks, names_it=True)
    assert (result.verdict, result.text) == ("done", f"Its file is here, asked for by {speaks}.")


@BOTH
async def test_a_charger_that_fails_by_one_protocol_is_offered_the_other(version: str, tmp_path: Path) -> None:
    first, speaks = ("FTP", "HTTP") if version == "1.6" else ("HTTP", "FTP")
    result = await fetched(tmp_path, version, sends_by=speaks)
    assert result.verdict == "done"
    assert f"It said yes to {first}, and it tells that the upload failed" in result.text
    assert result.text.endswith(f"Its file is here, asked for by {speaks}.")
    assert Path(result.file).read_bytes() == LOG


@pytest.mark.parametrize("how", [{"sends_by": "SFTP"}, {"ignores": True}])
@BOTH
async def test_a_charger_that_sends_nothing_either_way_is_told(
    version: str, how: dict[str, object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BOOTS", 0.02 if "ignores" in how else 10)
    result = await fetched(tmp_path, version, **how)
    assert result.verdict == "ignored"
    assert "It said yes to FTP" in result.text
    assert "It said yes to HTTP" in result.text
    assert kept(tmp_path) == []


async def test_the_password_of_an_upload_reaches_no_signal_and_no_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    made: list[str] = []
    told: list[Signal] = []
    spoken = Receiver.expects

    def listens(self: Receiver, charger: str, host: str) -> Parcel:
        parcel = spoken(self, charger, host)
        made.append(urlsplit(parcel.locations["FTP"]).password or "")
        return parcel

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Receiver, "expects", listens)
        result = await fetched(tmp_path, told=told)
    assert result.verdict == "done"
    assert len(made[0]) == 16
    assert "GetDiagnostics" in str(told)
    assert made[0] not in f"{told} {result} {kept(tmp_path)}"
    assert made[0] not in "".join(capfd.readouterr())
    assert not [each for each in caplog.records if made[0] in each.getMessage() and "tests" not in each.name]


def test_what_a_charger_says_of_its_protocols_counts_and_nonsense_does_not() -> None:
    setting = "SupportedFileTransferProtocols"
    assert offered("1.6", named(((setting, "http, ftps"), ("Proxy", "ftp")))) == ("HTTP",)
    assert offered("1.6", named(((setting, "HTTP,FTP"),))) == ("FTP", "HTTP")
    assert offered("2.1", named((("OCPPCommCtrlr.FileTransferProtocols", "FTP,FTPS"),))) == ("FTP",)
    for nonsense in ("", "SFTP", "(unknown to it)", "\x1b[31mHTTPS", "7"):
        assert offered("1.6", named(((setting, nonsense),))) == ("FTP", "HTTP")
        assert offered("2.0.1", named(((setting, nonsense),))) == ("HTTP", "FTP")


# FTP as chargers speak it, and as nobody may.


async def test_ftp_takes_active_and_passive_mode_folders_and_text_as_it_is(tmp_path: Path) -> None:
    def sends(location: str) -> None:
        with opened(location) as line:
            line.set_pasv(False)
            line.cwd("logs/today")
            for name in ("a.LOG", "b.tar.gz"):
                line.voidcmd("TYPE A")
                with line.transfercmd(f"STOR {name}") as data:
                    data.sendall(b"one\r\ntwo\r")
                line.voidresp()

    async with expected(tmp_path) as parcel:
        await asyncio.to_thread(sends, parcel.locations["FTP"])
    assert [each.read_bytes() for each in kept(tmp_path)] == [b"one\r\ntwo\r"] * 2
    assert [each.name.partition(".")[2] for each in kept(tmp_path)] == ["LOG", "tar.gz"]


@pytest.mark.parametrize("name", ["../../escaped.log", "/etc/cron.d/escaped", "..\\escaped.log", "a\x00b.log", "~root"])
async def test_whatever_name_a_charger_gives_its_file_it_stays_in_the_folder(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "uploads"

    def sends(location: str) -> None:
        with opened(location) as line:
            line.storbinary(f"STOR {name}", io.BytesIO(LOG))

    async with expected(folder) as parcel:
        await asyncio.to_thread(sends, parcel.locations["FTP"])
    (file,) = (each for each in kept(tmp_path) if each.is_file())
    assert file.parent == folder
    assert file.name.startswith("CP-1-")


@pytest.mark.parametrize(
    "command",
    ["RETR CP-1.log", "LIST", "NLST", "MLSD", "STAT /", "SIZE a.log", "DELE a.log", "MKD a", "RMD a", "RNFR a",
     "REST 5", "SITE CHMOD 777 a", "STOU", "MDTM a", "HELP", "PORT 10,0,0,1,4,1", "EPRT |1|10.0.0.1|1025|",
     "PORT 127,0,0,1,0,22"],
)  # fmt: skip
async def test_by_ftp_nothing_is_read_listed_changed_or_sent_elsewhere(command: str, tmp_path: Path) -> None:
    def tries(location: str) -> None:
        put_by_ftp(f"{location}a.log", LOG)
        with opened(location) as line:
            line.makepasv()
            with pytest.raises(ftplib.error_perm):
                line.voidcmd(command)

    async with expected(tmp_path) as parcel:
        await asyncio.to_thread(tries, parcel.locations["FTP"])
    assert [each.read_bytes() for each in kept(tmp_path)] == [LOG]


async def test_a_wrong_password_or_that_of_another_request_lets_nobody_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ftpbox._Slot, "auth_failed_timeout", 0.01)

    def tries(location: str) -> None:
        with pytest.raises(ftplib.error_perm, match="530"):
            put_by_ftp(f"{location}a.log", LOG)

    async with Receiver(tmp_path, "127.0.0.1") as uploads:
        one, other = (urlsplit(uploads.expects("CP-1", "127.0.0.1").locations["FTP"]) for _ in range(2))
        port = one.port
        for user, password in ((one.username, other.password), (one.username, "x"), ("anonymous", "x"), ("ü", "ü")):
            await asyncio.to_thread(tries, f"ftp://{user}:{password}@127.0.0.1:{port}/")
    assert kept(tmp_path) == []


@pytest.mark.parametrize("protocol", ["FTP", "HTTP"])
async def test_a_file_that_is_too_large_is_refused_and_nothing_of_it_stays(
    protocol: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "LARGEST", 100_000)
    sends = put_by_ftp if protocol == "FTP" else put
    async with expected(tmp_path) as parcel:
        with pytest.raises((ftplib.error_temp, HTTPError, OSError)):
            await asyncio.to_thread(sends, f"{parcel.locations[protocol]}a.log", b"x" * 4_000_000)
        await asyncio.to_thread(sends, f"{parcel.locations[protocol]}a.log", b"x" * 100_000)
    (file,) = kept(tmp_path)
    assert file.stat().st_size == 100_000


async def test_who_never_ends_a_file_or_a_line_holds_up_nobody_and_is_cut_off_at_the_end(tmp_path: Path) -> None:
    def lingers(location: str) -> tuple[ftplib.FTP, socket.socket]:
        line = opened(location)
        data = line.transfercmd("STOR a.log")
        data.sendall(b"and then")
        return line, data

    async with expected(tmp_path) as parcel:
        line, data = await asyncio.to_thread(lingers, parcel.locations["FTP"])
        await asyncio.to_thread(put_by_ftp, f"{parcel.locations['FTP']}b.log", LOG)
    with line, data:
        assert await asyncio.to_thread(data.recv, 1) == b""
        line.close()
    assert [each.read_bytes() for each in kept(tmp_path)] == [LOG]


async def test_who_says_nothing_for_long_is_shown_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ftpbox._Slot, "timeout", 0.05)

    def waits(location: str) -> bytes:
        place = urlsplit(location)
        with socket.create_connection((place.hostname or "", place.port or 0)) as idle, idle.makefile("rb") as said:
            return said.read()

    async with expected(tmp_path) as parcel:
        assert b"421 Control connection timed out" in await asyncio.to_thread(waits, parcel.locations["FTP"])


async def test_one_address_has_few_lines_at_once(tmp_path: Path) -> None:
    def crowds(location: str) -> None:
        lines = [opened(location) for _ in range(ftpbox.MOST_OF_ONE)]
        try:
            with pytest.raises(ftplib.error_temp, match="421"):
                opened(location)
        finally:
            for each in lines:
                each.close()

    async with expected(tmp_path) as parcel:
        await asyncio.to_thread(crowds, parcel.locations["FTP"])


async def test_one_request_fills_no_disk_with_files(tmp_path: Path) -> None:
    def sends(location: str) -> None:
        with opened(location) as line:
            for number in range(inbox.MOST_FILES + 5):
                line.storbinary(f"STOR a.{number}", io.BytesIO(LOG))

    async with expected(tmp_path) as parcel:
        await asyncio.to_thread(sends, parcel.locations["FTP"])
    assert len(kept(tmp_path)) == inbox.MOST_FILES


# Forms that are posted.

FORM = b'--b\r\nContent-Disposition: form-data; name="id"\r\n\r\nCP-1\r\n--b\r\nContent-Disposition: form-data; name="f"; filename="../diag.zip"\r\nContent-Type: application/zip\r\n\r\n\x00\r\n--c--\r\n\r\n--b--\r\n'  # fmt: skip # noqa: E501  # as it goes over the wire
INNER = b"\x00\r\n--c--\r\n"


def post(url: str, content: bytes, kind: str) -> None:
    request = urllib.request.Request(url, content, {"Content-Type": kind}, method="POST")  # noqa: S310  # our bench
    with urllib.request.urlopen(request) as answer:  # noqa: S310  # as above
        answer.read()


async def test_the_file_is_taken_out_of_a_posted_form(tmp_path: Path) -> None:
    async with expected(tmp_path) as parcel:
        await asyncio.to_thread(post, parcel.locations["HTTP"], FORM, "multipart/form-data; boundary=b")
    (file,) = kept(tmp_path)
    assert (file.suffix, file.read_bytes()) == (".zip", INNER)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (FORM[:-30], "multipart/form-data; boundary=b"),
        (FORM, "multipart/form-data; boundary=other"),
        (FORM, "multipart/form-data"),
        (FORM, f"multipart/form-data; boundary={'b' * 500}"),
        (FORM[:60] + b"--b--\r\n", "multipart/form-data; boundary=b"),
        (b"", "multipart/form-data; boundary=b"),
    ],
)
async def test_a_form_without_a_whole_file_is_kept_as_it_came(content: bytes, kind: str, tmp_path: Path) -> None:
    async with expected(tmp_path) as parcel:
        await asyncio.to_thread(post, parcel.locations["HTTP"], content, kind)
    assert [each.read_bytes() for each in kept(tmp_path)] == [content]


@given(size=st.integers(1, 200))
def test_a_form_is_read_the_same_however_it_is_cut(size: int) -> None:
    got = bytearray()
    name = file_in((FORM[at : at + size] for at in range(0, len(FORM), size)), b"b", got.extend)
    assert (name, bytes(got)) == ("../diag.zip", INNER)


@given(body=st.binary(max_size=200), header=st.text(st.characters(max_codepoint=255), max_size=60))
def test_no_form_breaks_the_reading_of_it(body: bytes, header: str) -> None:
    assert isinstance(boundary_in(f"multipart/form-data; {header}"), bytes)
    got = bytearray()
    file_in([b'--b\r\nContent-Disposition: form-data; filename="', body], b"b", got.extend)
