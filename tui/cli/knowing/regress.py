"""`chargelore kb regress`: confirmed cases are diagnosed anew when the knowledge changed, and the difference told."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from chargelore.engine.grammar.rule import Rules, load_rules
from chargelore.engine.grammar.rule import shipped as shipped_rules
from chargelore.engine.proving.answers import Answer, Change, compared, tally
from chargelore.engine.proving.reasked import of_findings, of_recordings
from chargelore.engine.proving.recordings import Recording, recordings
from chargelore.kb.errors import InputError, UseError
from chargelore.kb.finding import Finding
from chargelore.kb.fold import in_order, live
from chargelore.kb.fold import told as findings_of
from chargelore.kb.learned import NOTHING_LEARNED, Learned
from chargelore.kb.load import load, shipped
from chargelore.kb.model import Knowledge
from chargelore.kb.overlay import overlaid
from chargelore.kb.projection import Projection
from chargelore.tui.cli.junit import write_junit
from chargelore.tui.cli.knowing.answersheet import is_sheet, sheet, written
from chargelore.tui.cli.knowing.changewords import counts, sentence, summary
from chargelore.tui.cli.knowing.folder import SHIPPED
from chargelore.tui.cli.listing import db_option, opened
from chargelore.tui.cli.output import as_json, chosen, format_option, say, write_csv
from chargelore.tui.cli.ruling.backtest import jobs_option

COLUMNS = ("case", "confirmed", "became", "accepted", "says")
UNSETTLED = frozenset({"worse", "new", "gone"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cases:
    """The confirmed cases, how they are heard, and what people taught and said beside them."""

    recordings: tuple[Recording, ...] = ()
    findings: tuple[Finding, ...] = ()
    learned: Learned = NOTHING_LEARNED
    statements: Projection | None = None


@click.command(epilog="Example: chargelore kb regress knowledge-of-last-month/ shipped --cases recordings/")
@click.argument("before", metavar="BEFORE")
@click.argument("after", metavar="[AFTER]", default=SHIPPED)
@click.option("--cases", "folder", type=click.Path(path_type=Path), help="Recordings, with a confirmed.csv.")
@click.option("--rules", "rules", type=click.Path(path_type=Path), help="Another folder of rules, for both sides.")
@click.option("--accept", multiple=True, metavar="CASE", help="This case may get worse; exit 0 all the same.")
@click.option("--record", type=click.Path(path_type=Path), help="Keep the answers of AFTER in this file, and accept.")
@click.option("--junit", type=click.Path(path_type=Path), help="Also write the verdicts as JUnit XML.")
@jobs_option
@db_option
@format_option
def regress(  # noqa: PLR0913  # one argument for each option
    before: str,
    after: str,
    *,
    folder: Path | None,
    rules: Path | None,
    accept: tuple[str, ...],
    record: Path | None,
    junit: Path | None,
    jobs: int,
    db: str | None,
    form: str | None,
) -> int:
    """Diagnose confirmed cases with the knowledge BEFORE and AFTER, and say in words what became of each answer.

    BEFORE and AFTER are folders of knowledge (such as kb/knowledge of an older revision, or an export as YAML) or the
    word `shipped`; BEFORE may also be a file of answers that --record wrote. The cases are the recordings of --cases,
    else the findings in the store that say what it was; with --db both.

    Exit 1 when a confirmed case got worse, or the file of answers lacks it. Whoever finds the change right says so:
    with --accept for one case, or with --record, whose file a reviewer then sees change.
    """
    earlier, known = sheet(Path(before)) if is_sheet(before) else None, _knowledge(after)
    other = known if earlier is not None else _knowledge(before)
    heard_by = load_rules(rules) if rules else shipped_rules()
    cases = _cases(folder, db, known, {*other.causes, *(each.confirmed for each in earlier or ())})
    if earlier is None:
        earlier = _asked(cases, other, heard_by, jobs)
    now = _asked(cases, known, heard_by, jobs)
    changes = compared(earlier, now)
    _refuse_strangers(accept, changes)
    told = [_row(each, known, accept) for each in changes if each.became != "same"]
    if record:
        written(record, now)
    if junit:
        write_junit(junit, "regress", ((each.became, each.case, _failures(each, known, accept)) for each in changes))
    _print(told, changes, summary(changes, tally(earlier), tally(now)), form)
    return int(not record and any(_is_open(each, accept) for each in changes))


def _knowledge(named: str) -> Knowledge:
    """A folder of knowledge, or what ships."""
    if is_sheet(named):
        raise UseError("AFTER is a knowledge base", where=named, mend="name the file of answers as BEFORE")
    return shipped() if named == SHIPPED and not Path(named).exists() else load(Path(named))


def _cases(folder: Path | None, db: str | None, known: Knowledge, also: Collection[str]) -> _Cases:
    listed = recordings(folder, known, also) if folder else ()
    if folder and not db:
        return _Cases(recordings=listed)
    with opened(db) as store:
        alive, _ = live(in_order(store.events()), store.owners)
        learned, statements = store.learned(), store.statements()
    standing = tuple(each.counted.finding for each in findings_of(alive) if each.counted.held is not False)
    if not listed and not any(each.known_cause or each.unlisted for each in standing):
        raise InputError("nobody has confirmed a case here", mend="name recordings with --cases, or a store with --db")
    return _Cases(recordings=listed, findings=standing, learned=learned, statements=statements)


def _asked(cases: _Cases, knowledge: Knowledge, rules: Rules, jobs: int) -> tuple[Answer, ...]:
    """The answers on the recordings and then on the findings."""
    whole = overlaid(knowledge, cases.statements) if cases.statements else knowledge
    return (
        *of_recordings(cases.recordings, whole, rules, jobs),
        *of_findings(cases.findings, whole, rules, cases.learned),
    )


def _refuse_strangers(accept: Collection[str], changes: Sequence[Change]) -> None:
    """Whoever misspells what they accept is told so."""
    for name in accept:
        if name not in {each.case for each in changes}:
            raise UseError(f"there is no case {name}", mend="write it as it is told")


def _is_open(change: Change, accept: Collection[str]) -> bool:
    return change.became in UNSETTLED and change.case not in accept


def _failures(change: Change, knowledge: Knowledge, accept: Collection[str]) -> tuple[str, ...]:
    return (sentence(change, knowledge),) if _is_open(change, accept) else ()


def _row(change: Change, knowledge: Knowledge, accept: Collection[str]) -> dict[str, object]:
    told = change.after or change.before
    return {
        "case": change.case,
        "confirmed": told.confirmed if told else "",
        "became": change.became,
        "accepted": change.case in accept,
        "says": sentence(change, knowledge),
    }


def _print(told: Sequence[dict[str, object]], changes: Sequence[Change], whole: str, form: str | None) -> None:
    if chosen(form) == "json":
        sides = {each.case: {"before": _json(each.before), "after": _json(each.after)} for each in changes}
        rows = [{**row, **sides[str(row["case"])]} for row in told]
        say(as_json({"summary": whole, "counts": counts(changes), "changes": rows}))
    elif chosen(form) == "csv":
        write_csv(told, COLUMNS)
    else:
        for row in told:
            say(f"{row['became']:<6} {row['case']}: {row['says']}{' (accepted)' if row['accepted'] else ''}")
        say(whole)


def _json(one: Answer | None) -> dict[str, object] | None:
    return asdict(one) if one else None
