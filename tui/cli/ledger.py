"""Ledger: the cases of a live watch as lines: one when a case opens, one whenever its first suspicion changes."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import click

from chargelore.engine import clockwords
from chargelore.engine.case import Charger, spoken
from chargelore.engine.clockwords import Clocked
from chargelore.engine.freeze import moves
from chargelore.engine.infer import Standing
from chargelore.engine.signal import Signal
from chargelore.engine.triage import Found, Json, as_json
from chargelore.engine.watch import Watch
from chargelore.tui.cli.inferring import told_anew
from chargelore.tui.cli.output import as_json as line_of_json
from chargelore.tui.cli.output import cell, say
from chargelore.tui.cli.triage import few
from chargelore.tui.text import chance, clock

COLUMNS = ("at", "event", "case", "charger", "connector", "verdict", "fault", "cause", "probability", "next", "rules")
TICK = timedelta(seconds=1)  # between two looks at what has become absent, however many batches come in
Gist = tuple[str, str, str]  # verdict, likeliest cause, next step: what makes a line worth printing again


class Ledger:
    """Feeds a watch and prints. Lives as long as the watch; used by one thread at a time.

    With `goes_on` the cases that the watch has already were told before, and are told again when they change.
    """

    def __init__(
        self, watch: Watch, form: str, each_tick: Callable[[], None] | None = None, *, goes_on: bool = False
    ) -> None:
        self._watch, self._print, self._each_tick = watch, PRINTERS[form], each_tick
        self._told: dict[str, Gist] = {case: _gist(self._found(case)) for case in watch.cases} if goes_on else {}
        self.signals = self.errors = self.missed = 0
        self.last_error = ""
        self._standing: Standing | None = None
        self._ticked: datetime | None = None
        if form == "csv":
            _csv_line(COLUMNS)

    @property
    def cases(self) -> int:
        """How many cases were opened."""
        return len(self._told)

    @property
    def has_cases(self) -> bool:
        """Whether anything was found."""
        return bool(self._told)

    def knows(self, charger: Charger) -> None:
        """Who a charger is that cannot say so itself."""
        self._watch.identify(charger)

    def takes(self, signals: Iterable[Signal], now: datetime) -> None:
        """Signals came in, or none did and time went on; what changed is printed once."""
        changed: set[str] = set()
        for signal in signals:
            self.signals += 1
            changed |= self._guarded(lambda signal=signal: self._watch.feed(signal))  # type: ignore[misc]  # bound now
        if self._ticked is None or now - self._ticked >= TICK:
            self._ticked = now
            if self._each_tick is not None:
                self._each_tick()
            changed |= self._guarded(lambda: self._watch.tick(now))
            self._standing = told_anew(self._watch.standing, self._standing)
        for case_id in sorted(changed):
            self._tells(case_id)

    def _guarded(self, work: Callable[[], frozenset[str]]) -> frozenset[str]:
        try:
            return work()
        except Exception as error:  # noqa: BLE001  # one bad signal must not end a watch of a whole site
            self.errors += 1
            self.last_error = f"{type(error).__name__}: {error}"[:500]
            return frozenset()

    def _found(self, case_id: str) -> Found:
        return Found(self._watch.case(case_id), self._watch.diagnosis(case_id))

    def _clocked(self, one: Found) -> Clocked:
        return Clocked(one.case.charger.id, self._watch.clock(one.case.charger.id))

    def _tells(self, case_id: str) -> None:
        one = self._found(case_id)
        gist = _gist(one)
        before, self._told[case_id] = self._told.get(case_id), gist
        if gist != before:
            self._print("changed" if before else "opened", one, self._clocked(one))


def _gist(one: Found) -> Gist:
    row = _row("", one)
    return str(row["verdict"]), str(row["cause"]), str(row["next"])


def _row(event: str, one: Found) -> Json:
    case, diagnosis = one.case, one.diagnosis
    first = diagnosis.hypotheses[0] if diagnosis.hypotheses else None
    return {
        "at": case.last_at.isoformat() if case.last_at else None,
        "event": event,
        "case": case.id,
        "charger": case.charger.id,
        "connector": case.connector,
        "verdict": diagnosis.verdict,
        "fault": first.fault if first else None,
        "cause": first.cause_label if first else None,
        "probability": first.probability if first else None,
        "next": diagnosis.steps[0].label if diagnosis.steps else None,
        "rules": " ".join(spoken(case)),
    }


def _print_json(event: str, one: Found, clocked: Clocked) -> None:
    told = {"event": event, "at": _row(event, one)["at"], **as_json(one)}
    click.echo(line_of_json(told | {"clocks": clockwords.as_json([clocked], "this machine")}))


def _print_csv(event: str, one: Found, _: Clocked) -> None:
    row = _row(event, one)
    _csv_line([cell(row[column]) for column in COLUMNS])


def _csv_line(cells: Sequence[str]) -> None:
    csv.writer(sys.stdout, lineterminator="\n").writerow(cells)
    sys.stdout.flush()


def _print_table(event: str, one: Found, clocked: Clocked) -> None:
    row = _row(event, one)
    odds = f" ({chance(float(str(row['probability'])))})" if row["cause"] else ""
    where = f"{row['charger']}, connector {row['connector'] or '-'}"
    say(f"{clock(one.case.last_at)}  {event:<7}  {where}: {row['cause'] or 'no cause known'}{odds}; {row['verdict']}")
    say(f"                    NEXT: {row['next'] or 'nothing that would help'}")
    if moved := moves(one.case.frame):
        say(f"                    Before: {moved}")
    say(f"                    Rules: {few(spoken(one.case))}")
    for sentence in clockwords.sentences(clocked.skews, "this machine"):
        say(f"                    Clock: {sentence}")


PRINTERS: Mapping[str, Callable[[str, Found, Clocked], None]] = {
    "json": _print_json,
    "csv": _print_csv,
    "table": _print_table,
}
