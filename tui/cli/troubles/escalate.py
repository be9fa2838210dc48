"""`chargelore escalate`: a case for its maker: one page, JSON, or a zip with the evidence, and one question."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import cast

import click

from chargelore.engine.diagnosing.person import Person
from chargelore.engine.escalating.desk import Matter
from chargelore.engine.escalating.packet import Packet
from chargelore.engine.escalating.packetjson import as_json
from chargelore.engine.escalating.packing import packed
from chargelore.engine.escalating.page import page
from chargelore.kb.claim import Tlp
from chargelore.kb.errors import StoreError, UseError
from chargelore.kb.label import LABELS
from chargelore.kb.store import Store
from chargelore.tui.cli.going import person_options
from chargelore.tui.cli.listing import db_option, listed
from chargelore.tui.cli.output import as_json as line_of_json
from chargelore.tui.cli.output import aside, chosen, format_option
from chargelore.tui.cli.troubles.matters import Grounds, matters, one_of, steps_of
from chargelore.tui.cli.troubles.seeing import seen_of, seen_options
from chargelore.tui.live import key_at_hand, known_here
from chargelore.tui.packets.recording import hands_over, refuse_over
from chargelore.tui.packets.writing import WRITERS, name_of, put_packet

OWN_TEXTS = (
    "texts of the charger go along as it wrote them; a bare name in them is not recognised: read before you send"
)
COLUMNS = ("case", "reference", "charger", "verdict", "question", "file", "recorded")


@click.command(epilog="Example: chargelore escalate charger.log --case CP-7-1 -o packet.zip")
@click.argument("case", metavar="CASE|FILE")
@click.option("--case", "only", metavar="CASE", default="", help="Only this case of a FILE that holds several.")
@click.option(
    "-o", "--out", metavar="PLACE", type=click.Path(path_type=Path), default=None,
    help="Write it: FILE.zip, FILE.md, FILE.json, or a folder. Without it, it is only shown.",
)  # fmt: skip
@click.option(
    "--tlp", type=click.Choice(LABELS, case_sensitive=False), default="AMBER", show_default=True,
    help="Who may read it (Traffic Light Protocol). What people said in their own words is RED.",
)  # fmt: skip
@click.option("--tried", metavar="STEP", multiple=True, help="A step that was done and did not help.")
@click.option(
    "--record/--no-record", "is_recorded", default=None,
    help="Whether to keep that the case was handed to its maker; by default when it is written with -o.",
)  # fmt: skip
@seen_options
@person_options
@db_option
@format_option
def escalate(  # noqa: PLR0913  # one argument for each option
    case: str,
    *,
    only: str,
    out: Path | None,
    tlp: str,
    tried: tuple[str, ...],
    is_recorded: bool | None,
    seen: tuple[str, ...],
    seen_from: Path | None,
    person: Person,
    db: str | None,
    form: str | None,
) -> int:
    """Put a CASE that nobody here can solve to the charger's maker: on one page, as JSON, or with the evidence.

    CASE is a case of a watch, or a log (`-` reads stdin). Chargers, cards, serial numbers, addresses and people go by
    pseudonyms. The answer is kept with `chargelore answer`. Exit 1 when a log holds no trouble.
    """
    known, learned = known_here(db)
    grounds = Grounds(
        db=db, knowledge=known, learned=learned, seen=seen_of(seen, seen_from, known),
        tried=steps_of(tried, known.steps), person=person,
    )  # fmt: skip
    some, key = one_of(matters(case, grounds), only), key_at_hand()
    if is_recorded or (is_recorded is None and out is not None):
        _refuse_over(db, some)
    packets = [packed(each, key, cast("Tlp", tlp.upper())) for each in some]
    if out is not None:
        rows = _written(out, packets, some, key)
        if is_recorded is not False:
            rows = [row | {"recorded": new} for row, new in zip(rows, _recorded(db, packets, some), strict=True)]
        listed(rows, COLUMNS, form, name="escalated", nothing="No trouble found.", wide=True)
    else:
        _shown(packets, some, form)
        if is_recorded:
            _recorded(db, packets, some)
    return int(not some)


def _refuse_over(db: str | None, some: Iterable[Matter]) -> None:
    """Nothing is written for a case that is over; where the book cannot be read, nothing will be kept of it either."""
    with suppress(StoreError), Store.open(db) as store:
        for each in some:
            refuse_over(store, each)


def _shown(packets: Iterable[Packet], some: Iterable[Matter], form: str | None) -> None:
    """The page on a terminal; JSON and CSV for programs."""
    kind = chosen(form)
    pairs = list(zip(packets, some, strict=True))
    if kind == "csv":
        listed([_row(packet, matter) for packet, matter in pairs], COLUMNS, form, name="escalated", nothing="")
    elif kind == "json":
        for packet, _ in pairs:
            click.echo(line_of_json(as_json(packet)))
    else:
        click.echo("\n".join(page(packet) for packet, _ in pairs) or "No trouble found.")
        _warn(packets)


def _row(packet: Packet, matter: Matter) -> dict[str, object]:
    head = packet.head
    return {
        "case": matter.case.id,
        "reference": head.reference,
        "charger": head.charger.name,
        "verdict": head.verdict,
        "question": packet.question.text,
    }


def _written(out: Path, packets: list[Packet], some: Iterable[Matter], key: bytes) -> list[dict[str, object]]:
    """The packets on the disk, and a row for each."""
    write = WRITERS.get(out.suffix.lower()) if not out.is_dir() else None
    if write is not None and len(packets) > 1:
        names = ", ".join(each.case.id for each in some)
        raise UseError(
            f"this log holds {len(packets)} cases: {names[:300]}", mend="choose one with --case, or -o FOLDER"
        )
    if write is None and out.suffix and not out.is_dir():
        raise UseError(f"{out} is neither .zip, .md or .json nor a folder", mend="write -o packet.zip")
    rows = []
    for packet, matter in zip(packets, some, strict=True):
        place = out if write is not None else out / name_of(packet)
        put_packet(place, packet, matter, key)
        rows.append(_row(packet, matter) | {"file": str(place)})
    _warn(packets)
    return rows


def _warn(packets: Iterable[Packet]) -> None:
    """What speaks against handing it over now: a step that is worth its minutes, or an answer that is there."""
    for each in packets:
        if each.worth_it and each.head.verdict not in ("escalate", "unknown"):
            aside(f"{each.head.reference}: a step is still worth its minutes: {each.worth_it[0]}")
        if each.maker_said:
            aside(f"{each.head.reference}: the maker answered such a case before; see `chargelore triage`")
        if any(one.text for one in each.codes):
            aside(f"{each.head.reference}: {OWN_TEXTS}")


def _recorded(db: str | None, packets: Sequence[Packet], some: Sequence[Matter]) -> list[bool]:
    """Keep that the cases were handed over, and which of them that is new of.

    Where nothing can be kept it is said: the packet is there all the same.
    """
    new = []
    try:
        with Store.open(db) as store:
            for packet, matter in zip(packets, some, strict=True):
                new.append(bool(hands_over(store, packet, matter)))
                if not new[-1]:
                    aside(f"{matter.case.id} was escalated before, and nobody has answered yet")
    except StoreError as error:
        aside(f"it is not kept that the case was escalated: {error}")
    return new + [False] * (len(some) - len(new))
