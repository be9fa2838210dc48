"""Logs of chargers that fail with a code that nobody mapped, and commands run without a process of their own."""

from __future__ import annotations

from pathlib import Path

from click import ClickException
from click.testing import CliRunner
from shell import Said

from chargelore.kb.errors import ChargeloreError
from chargelore.tui.cli import chargelore as program

CARD, SERIAL = "04A1B2C3D4E5F6", "ACE0123456"
FRAMES = (
    '[2,"1","BootNotification",{"chargePointVendor":"Alfen","chargePointModel":"Eve Single Pro-line",'
    f'"chargePointSerialNumber":"{SERIAL}","firmwareVersion":"5.8.1-4123"}}]',
    '[2,"2","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Preparing"}]',
    f'[2,"3","Authorize",{{"idTag":"{CARD}"}}]',
    '[2,"4","StatusNotification",{"connectorId":1,"errorCode":"OtherError","status":"Faulted",'
    '"vendorErrorCode":"CODE","info":"internal","vendorId":"Alfen"}]',
    '[2,"5","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Available"}]',
)


def log(folder: Path, charger: str = "CP-77", code: str = "0x7F3A", hour: int = 10) -> Path:
    """A log of one charger that fails once."""
    place = folder / f"{charger}-{code}-{hour}.log"
    lines = [
        f"2031-05-01 {hour:02}:00:{second:02},000 INFO ocpp {charger}: received {frame.replace('CODE', code)}\n"
        for second, frame in enumerate(FRAMES)
    ]
    place.write_text("".join(lines), encoding="utf-8")
    return place


def ran(*arguments: str | Path, stdin: bytes = b"") -> Said:
    """What a command prints and how it ends, in this process; the errors that `main` makes sentences of are told."""
    found = CliRunner().invoke(program, [str(each) for each in arguments], input=stdin, standalone_mode=False)
    if found.exception is None:
        return Said(found.return_value or 0, found.stdout, found.stderr)
    if not isinstance(found.exception, ChargeloreError | ClickException):
        raise found.exception
    return Said(2, found.stdout, found.stderr + str(found.exception))
