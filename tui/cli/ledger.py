"""Ledger: the cases of a live watch as lines: one when a case opens, one whenever its first suspicion changes."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from io import StringIO

import click

from chargelore.engine.case import Charger, spoken
from chargelore.engine.clocks import clockwords
from chargelore.engine.clocks.clockwords import Clocked
from chargelore.engine.freeze import moves
from chargelore.engine.infer import Standing
from chargelore.engine.relay.said import Gist
from chargelore.engine.signal import Signal
from chargelore.engine.triage import Found, Json, as_json
from chargelore.engine.watch import Watch
from chargelore.tui.cli.inferring import told_anew
from chargelore.tui.cli.output import as_json as line_of_json
from chargelore.tui.cli.output import cell
from chargelore.tui.cli.troubles.triage import few
from chargelore.tui.text import chance, clock, plain

COLUMNS = ("at", "event", "case", "charger", "connector", "verdict", "fault", "cause", "probability", "next", "rules")
TICK = timedelta(seconds=1)  # between two looks at what has become absent, however many batches come in


class Ledger:
    """Feeds a watch and tells of cases, again when they change. Lives as long as the watch; used by one thread.

    `tells` gets each text with the case and its gist; without it they are printed.
    """

    def __init__(
        self,
        watch: Watch,
        form: str,
        each_tick: Callable[[], None] | None = None,
        *,
        tells: Callable[[str, str, Gist], None] | None = None,
    ) -> None:
        self._watch, self._text, self._each_tick = watch, TEXTS[form], each_tick
        self._told: dict[str, Gist] = {}
        self._tell = tells or _prints
        self._changed: set[str] = set()
        self.signals = self.errors = 0
        self.last_error = ""
        self._standing: Standing | None = None
        self._ticked: datetime | None = None

    @property
    def cases(self) -> int:
        """How many cases were opened."""
        return len(self._told)

    @property
    def has_cases(self) -> bool:
        """Whether anything was found."""
        return bool(self._told)

    @property
    def told(self) -> Mapping[str, Gist]:
        """What was told of each case."""
        return dict(self._told)

    def knows(self, charger: Charger) -> None:
        """Who a charger is that cannot say so itself."""
        self._watch.identify(charger)

    def was_told(self, case: str, gist: Gist) -> None:
        """Something was told of a case before."""
        self._told[case] = gist

    def remembers(self) -> None:
        """The watch went on where another stopped: all that it knows of its cases was told."""
        self._told = {case: _gist(self._found(case)) for case in self._watch.cases}

    def goes_on(self, told: Mapping[str, Gist]) -> None:
        """The watch went on where another stopped, and this was told of its cases; of the others nothing."""
        self._told = dict(told)
        self._changed |= {case for case in self._watch.cases if case not in told}

    def takes(self, signals: Iterable[Signal], now: datetime) -> None:
        """Signals came in, or none did and time went on; what changed is told once."""
        self.hears(signals)
        self.beats(now)
        self.says()

    def hears(self, signals: Iterable[Signal]) -> None:
        """Signals came in."""
        for signal in signals:
            self.signals += 1
            self._guarded(lambda signal=signal: self._watch.feed(signal))  # type: ignore[misc]  # bound now

    def beats(self, now: datetime) -> None:
        """Time went on."""
        if self._ticked is None or now - self._ticked >= TICK:
            self._ticked = now
            if self._each_tick is not None:
                self._each_tick()
            self._guarded(lambda: self._watch.tick(now))
            self._standing = told_anew(self._watch.standing, self._standing)

    def looks_again(self, cases: Iterable[str]) -> None:
        """What is known of these cases may have changed without a signal."""
        self._changed |= {*cases}

    def says(self) -> None:
        """Tell what is new about the cases that changed since the last time."""
        changed, self._changed = self._changed, set()
        for case_id in sorted(changed):
            self._tells(case_id)

    def _guarded(self, work: Callable[[], frozenset[str]]) -> None:
        try:
            self._changed |= work()
        except Exception as error:  # noqa: BLE001  # one bad signal must not end a watch of a whole site
            self.errors += 1
            self.last_error = f"{type(error).__name__}: {error}"[:500]

    def _found(self, case_id: str) -> Found:
        return Found(self._watch.case(case_id), self._watch.diagnosis(case_id))

    def _clocked(self, one: Found) -> Clocked:
        return Clocked(one.case.charger.id, self._watch.clock(one.case.charger.id))

    def _tells(self, case_id: str) -> None:
        one = self._found(case_id)
        gist = _gist(one)
        before, self._told[case_id] = self._told.get(case_id), gist
        if gist != before:
            self._tell(self._text("changed" if before else "opened", one, self._clocked(one)), case_id, gist)


def _gist(one: Found) -> Gist:
    """Verdict, likeliest cause, next step."""
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


def _as_json(event: str, one: Found, clocked: Clocked) -> str:
    told = {"event": event, "at": _row(event, one)["at"], **as_json(one)}
    return line_of_json(told | {"clocks": clockwords.as_json([clocked], "this machine")})


def _as_csv(event: str, one: Found, _: Clocked) -> str:
    row = _row(event, one)
    return _csv_line([cell(row[column]) for column in COLUMNS])


def _csv_line(cells: Sequence[str]) -> str:
    line = StringIO()
    csv.writer(line, lineterminator="").writerow(cells)
    return line.getvalue()


def _as_table(event: str, one: Found, clocked: Clocked) -> str:
    row = _row(event, one)
    odds = f" ({chance(float(str(row['probability'])))})" if row["cause"] else ""
    where = f"{row['charger']}, connector {row['connector'] or '-'}"
    first = one.case.first_words
    lines = [
        *([f"                    First words: {' '.join(first.raw.split())}"] if first else []),
        f"{clock(one.case.last_at)}  {event:<7}  {where}: {row['cause'] or 'no cause known'}{odds}; {row['verdict']}",
        f"                    NEXT: {row['next'] or 'nothing that would help'}",
    ]
    if moved := moves(one.case.frame):
        lines.append(f"                    Before: {moved}")
    lines.append(f"                    Rules: {few(spoken(one.case))}")
    lines += [f"                    Clock: {each}" for each in clockwords.sentences(clocked.skews, "this machine")]
    return "\n".join(plain(line) for line in lines)


def header(form: str) -> str:
    """What stands above all lines of this form; empty for most."""
    return _csv_line(COLUMNS) if form == "csv" else ""


def _prints(text: str, _case: str, _gist: Gist) -> None:
    click.echo(text)


TEXTS: Mapping[str, Callable[[str, Found, Clocked], str]] = {"json": _as_json, "csv": _as_csv, "table": _as_table}
