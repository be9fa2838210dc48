"""Aftercare in `triage`: what a later log says of fixes that were recorded before; verdicts go into the store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import cast

from chargelore.engine.aftercare.sequel import Followed, Sequel, all_together, together, verdict
from chargelore.engine.triage import Json
from chargelore.kb.errors import ChargeloreError
from chargelore.kb.store import Store, system_now
from chargelore.tui.aftercare import note, sentence
from chargelore.tui.cli.output import aside

WORDS: Mapping[bool | None, str] = {True: "held", False: "came back", None: "open"}
LOST = " in this log; the store has it that the fault came back"


def fixed_in(seen: Sequence[Mapping[str, Sequel]], fixes: Sequence[Followed], db: str | None) -> list[list[Json]]:
    """For each file what it shows of fixes, as rows; what all files together show is recorded.

    A store that refuses is told on stderr: the log was read all the same.
    """
    now, whole = system_now(), all_together(seen)
    known = {one.fix.finding: _with(one, whole[one.fix.finding]) for one in fixes if one.fix.finding in whole}
    if known:
        try:
            with Store.open(db) as store:
                note(store, known.values(), now)
        except ChargeloreError as error:
            aside(f"what came of fixes is not recorded: {error}")
    return [[_row(known[name], now) for name in each if name in known] for each in seen]


def unseen(fixes: Iterable[Followed]) -> tuple[Followed, ...]:
    """The fixes as if nothing had been seen of them yet, so that a log tells what is in it however often it is read."""
    return tuple(Followed(each.fix) for each in fixes)


def _with(one: Followed, seen: Sequel) -> Followed:
    return Followed(one.fix, together((one.sequel, seen)))


def sentences_of_fixes(told: Iterable[Json]) -> Iterator[str]:
    """What came of each fix, once."""
    rows = (row for each in told for row in cast("list[Json]", each.get("fixes", [])))
    return iter(dict.fromkeys(str(row["says"]) for row in rows))


def _row(one: Followed, now: datetime) -> Json:
    """What a log shows of a fix. It does not clear one that another log proved not to hold, and says so."""
    found = verdict(one.fix, one.sequel, now)
    is_lost = one.fix.held is False and (found is None or found.held)
    back = found.back if found is not None else None
    return {
        "finding": one.fix.finding,
        "charger": one.fix.charger,
        "connector": one.fix.connector,
        "fault": one.fix.fault,
        "fixed_at": one.fix.since.isoformat(),
        "verdict": WORDS[False if is_lost else found.held if found is not None else None],
        "sessions": len(one.sequel.charges),
        "back": {"at": back.at.isoformat(), "connector": back.connector, "sign": back.sign} if back else None,
        "says": sentence(one, found) + (LOST if is_lost else ""),
    }
