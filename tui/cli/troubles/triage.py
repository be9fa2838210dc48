"""`chargelore triage`: any log or case file in, likely causes with reasons and the next step out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from textwrap import fill, wrap

import click

from chargelore.engine.case import Case, spoken
from chargelore.engine.clocks import clockwords
from chargelore.engine.clocks.clockwords import Clocked
from chargelore.engine.diagnosing.diagnosis import Diagnosis, Hypothesis, MakerSaid, Reason
from chargelore.engine.diagnosing.person import Person
from chargelore.engine.freeze import moves
from chargelore.engine.grammar.rule import load_rules, shipped
from chargelore.engine.heard.ear import Hearing
from chargelore.engine.infer import Standing
from chargelore.engine.matching.late import USUAL
from chargelore.engine.matching.strain import sentences
from chargelore.engine.sources.clock import utc_now
from chargelore.engine.triage import Found, Json, Triaged, as_json, strain_json, triaged_together
from chargelore.engine.trial import named, promoted
from chargelore.engine.watch import Watch
from chargelore.engine.witness import not_to_come
from chargelore.kb.errors import UseError
from chargelore.tui.aftercare import fixes_here
from chargelore.tui.apartwords import group_words, left_words, split_words, turn_words
from chargelore.tui.cli.going import person_options
from chargelore.tui.cli.inferring import inference_option, told_anew
from chargelore.tui.cli.output import as_json as line_of_json
from chargelore.tui.cli.output import aside, chosen, format_option, mapped, say, write_csv
from chargelore.tui.cli.parcels import Input, inputs, with_seen
from chargelore.tui.cli.placing import placed, places_option, unasked, unasked_sentences
from chargelore.tui.cli.progress import read_here
from chargelore.tui.cli.troubles.aftercare import fixed_in, sentences_of_fixes, unseen
from chargelore.tui.cli.troubles.seeing import seen_of, seen_options
from chargelore.tui.cli.troubles.sharding import sharded, shards_option
from chargelore.tui.cli.troubles.spans import Span
from chargelore.tui.lines.visit import visit_lines
from chargelore.tui.live import key_at_hand, known_here, live_watch, sheet_here
from chargelore.tui.parties import PARTIES
from chargelore.tui.text import chance, words

COLUMNS = (
    "file", "charger", "connector", "verdict", "fault", "cause", "responsible", "probability", "next", "case", "step",
)  # fmt: skip
SHOWN_SUSPECTS, SHOWN_REASONS, SHOWN_RULES, SHOWN_CLOCKS = 5, 3, 5, 5
MOST_LATE = timedelta(minutes=10)
WIDTH = 80  # columns


@click.command(epilog="Example: chargelore triage charger.log --format json")
@click.argument("files", nargs=-1, metavar="FILE…")
@click.option("--db", metavar="URL", default=None, help="Another store of findings than the one in the data folder.")
@click.option("--rules", "folder", metavar="FOLDER", type=click.Path(path_type=Path), help="Another folder of rules.")
@click.option("--trial", "is_trial", is_flag=True, help="Also believe the rules on trial (shadow); says so.")
@click.option(
    "--lateness",
    type=Span(MOST_LATE),
    default=f"{USUAL.seconds}s",
    show_default=True,
    help="Lines that stand in the log so much too late are put in order of time; 0s takes them as they stand.",
)
@inference_option
@click.option("--standing", "is_told", is_flag=True, help="Add to the JSON how inference fared; it changes no result.")
@click.option("--columns", metavar="ROLE=NAME,…", default="", help="What the columns of a table hold; see above.")
@seen_options
@person_options
@places_option
@shards_option
@format_option
def triage(  # noqa: PLR0913  # one argument for each option
    files: tuple[str, ...],
    *,
    db: str | None,
    folder: Path | None,
    is_trial: bool,
    lateness: timedelta,
    inference: str | None,
    is_told: bool,
    columns: str,
    seen: tuple[str, ...],
    seen_from: Path | None,
    person: Person,
    places: Path | None,
    shards: int,
    form: str | None,
) -> int:
    """Say what is likely wrong in a log, a table, a dump or a .case.json, and what to do next. `-` reads from stdin.

    A table whose columns are named strangely is read with --columns, for instance
    --columns 'time=Since,charger=Post,status=Light'; a column without a name goes by its number.

    With --places all FILEs are heard together, in order of time, so that chargers of one site are seen side by side.

    What you saw yourself counts like a signal: --seen 'burnt smell at the socket', with or without a FILE.

    Each case ends in a plan for one visit, with the parts to take. Say who goes, and it keeps to what they can do:
    --competence technician --tools multimeter,torque-wrench --access at-charger
    """
    if not files and not seen and not seen_from:
        raise UseError("nothing was given", mend="name a FILE, or say what you saw with --seen")
    rules = load_rules(folder) if folder else shipped()
    spots = placed(places)
    known, learned = known_here(db)
    fixes = fixes_here(db, known)
    believed = promoted(rules) if is_trial else rules
    opened = partial(live_watch, learned, believed, known, lateness=lateness, inference=inference)
    opened = partial(opened, person=person)
    opened = partial(opened, hearing=Hearing(sheet_here(db), fixes=unseen(fixes)), places=spots, key=key_at_hand())
    play = partial(sharded, shards, spots) if shards > 1 else _alone
    sights = seen_of(seen, seen_from, known)
    with inputs(files) as unpacked:
        given = with_seen(unpacked, sights, together=bool(spots))
        together = [given] if spots else [{name: each} for name, each in given.items()]
        results = [each for some in together for each in _triaged(play, some, mapped(columns), opened, is_told=is_told)]
    ends = [each.source.last_at for _, each, _ in results if files and each.source.last_at]
    not_to_come(sights, utc_now(), max(ends, default=None))
    fixed = fixed_in([each.sequels for _, each, _ in results], fixes, db)
    results = [(name, each, {**asked, "fixes": rows}) for (name, each, asked), rows in zip(results, fixed, strict=True)]
    PRINTERS[chosen(form)](results, named(rules) if is_trial else None)
    return int(any(each.cases for _, each, _ in results))


Result = tuple[str, Triaged, Json]  # the file, what was found in it, and what else was asked for
OnTrial = tuple[str, ...] | None  # the rules on trial that were believed; None where they were not asked for
Given = Mapping[str, Input]
Play = Callable[[Given, Mapping[str, str], Callable[[], Watch]], tuple[Mapping[str, Triaged], Standing]]


def _triaged(
    play: Play, given: Given, columns: Mapping[str, str], opened: Callable[[], Watch], *, is_told: bool
) -> list[Result]:
    results, standing = play(given, columns, opened)
    told_anew(standing)
    asked: Json = {"inference": standing.as_json()} if is_told else {}
    return [(name, each, asked) for name, each in results.items()]


def _alone(
    given: Given, columns: Mapping[str, str], opened: Callable[[], Watch]
) -> tuple[Mapping[str, Triaged], Standing]:
    with opened() as watch:
        return triaged_together({name: read_here(each, columns) for name, each in given.items()}, watch), watch.standing


def _believed(on_trial: OnTrial) -> str:
    return f"Rules on trial are believed here, proven or not: {', '.join(on_trial or ()) or 'there are none'}."


def _input(name: str, each: Triaged) -> Json:
    source = each.source
    return {
        "file": name,
        "format": source.format,
        "frames": source.frames,
        "repeated": source.repeated,
        "unreadable": source.unreadable,
        "samples": [each._asdict() for each in source.samples],
        "first_at": source.first_at.isoformat() if source.first_at else None,
        "last_at": source.last_at.isoformat() if source.last_at else None,
        **({"moved_s": source.moved} if source.moved else {}),
        **({"hint": source.hint} if source.hint else {}),
        **strain_json(each.strain),
    }


def _print_json(results: Iterable[Result], on_trial: OnTrial) -> None:
    believed = {} if on_trial is None else {"trial": list(on_trial)}
    for name, each, asked in results:
        told = {"input": _input(name, each), **believed, **asked, "cases": [as_json(one) for one in each.cases]}
        told["clocks"] = clockwords.as_json(each.clocks)
        told["unasked"] = unasked(each.unplaced)
        click.echo(line_of_json(told))


def _print_csv(results: Sequence[Result], on_trial: OnTrial) -> None:
    if on_trial is not None:
        click.echo(f"chargelore: {_believed(on_trial)}", err=True)
    for told in sentences_of_fixes(asked for _, _, asked in results):
        aside(told)
    write_csv((row for name, each, _ in results for one in each.cases for row in _rows(name, one)), COLUMNS)


def _rows(name: str, one: Found) -> Iterable[Json]:
    step = one.diagnosis.steps[0].label if one.diagnosis.steps else ""
    base = {"file": name, "charger": one.case.charger.id, "connector": one.case.connector, "next": step}
    base |= {"verdict": one.diagnosis.verdict, "case": one.case.id}
    base["step"] = one.diagnosis.steps[0].step if one.diagnosis.steps else ""
    yield from (base | _row(each) for each in one.diagnosis.hypotheses)
    yield base | {"cause": left_words(one.diagnosis), "probability": round(one.diagnosis.unknown, 4)}


def _row(each: Hypothesis) -> Json:
    return {
        "fault": each.fault,
        "cause": each.cause,
        "responsible": each.responsible,
        "probability": each.probability,
    }


def _print_table(results: Sequence[Result], on_trial: OnTrial) -> None:
    if on_trial is not None:
        say(_believed(on_trial))
    for name, each, _ in results:
        _say_source(name, each)
        if not each.cases:
            say("  No trouble found.")
        for one in each.cases:
            _say_case(one)
    for told in dict.fromkeys(line for _, each, _ in results for line in unasked_sentences(each.unplaced)):
        say(fill(told, WIDTH, subsequent_indent="  ", break_long_words=False))
    for told in sentences_of_fixes(asked for _, _, asked in results):
        say(fill(told, WIDTH, subsequent_indent="  ", break_long_words=False))


def _say_source(name: str, each: Triaged) -> None:
    source = each.source
    twice = f" ({source.repeated} of them printed again)" if source.repeated else ""
    say(f"{name}: {source.format}, {source.frames} OCPP frames{twice}, {source.unreadable} unreadable")
    for sample in source.samples:
        say(f"  line {sample.line} cannot be read ({sample.why}): {sample.text}")
    if source.moved:
        say(f"  {clockwords.moved(source.moved)}")
    for sentence in sentences(each.strain):
        say(f"  {sentence}")
    for sentence in _clocks(each.clocks):
        say(f"  {sentence}")


def _clocks(clocks: Iterable[Clocked]) -> Iterable[str]:
    """A line for each of the first chargers whose clock is off, and how many more there are."""
    told = [(each.charger, line) for each in clocks if (line := "; ".join(clockwords.sentences(each.skews)))]
    yield from (f"{charger or 'charger'}: {line}" for charger, line in told[:SHOWN_CLOCKS])
    if len(told) > SHOWN_CLOCKS:
        yield f"clocks of {len(told) - SHOWN_CLOCKS} more chargers are off or told of a queue; see --format json"


def _say_case(one: Found) -> None:
    case, diagnosis = one.case, one.diagnosis
    who = " ".join(filter(None, (case.charger.id or "charger", case.charger.vendor, case.charger.model)))
    say(f"\n{who}, connector {case.connector or '-'}: {diagnosis.verdict}")
    if case.first_words is not None:
        _say_hung(f"First words: “{_one_line(case.first_words.raw)}”")
    for probability, each in _in_order(diagnosis):
        named = f"{each.cause_label} ({each.label}; {PARTIES[each.responsible]})" if each else left_words(diagnosis)
        _say_hung(named, f"{chance(probability):>9}  ")
        for line in _reasons(each) if each else ():
            _say_hung(line[2:], f"{'':11}{line[:2]}")
    for line in _undecided(diagnosis):
        _say_hung(line)
    for told in diagnosis.maker_said:
        _say_hung(f"MAKER: {_maker_said(told)}")
    for step in diagnosis.steps[:1]:
        _say_hung(
            f"NEXT: {step.label} ({step.minutes} min, {step.where})" + (f"; {step.hazard}" if step.hazard else "")
        )
    for line in visit_lines(one.visit, WIDTH - 2, next(iter(diagnosis.steps), None)):
        say(f"  {line}")
    for line in _behind_it(case, diagnosis):
        _say_hung(line)
    _say_hung(f"Ids: {'; '.join(_ids(case, diagnosis))}")


def _ids(case: Case, diagnosis: Diagnosis) -> Iterable[str]:
    """By what other commands take the case, its first suspects, the next step and the question that splits them."""
    yield f"case {case.id}"
    if causes := [each.cause for _, each in _in_order(diagnosis) if each]:
        yield f"{'causes' if len(causes) > 1 else 'cause'} {', '.join(causes)}"
    if diagnosis.steps:
        yield f"step {diagnosis.steps[0].step}"
    if diagnosis.apart is not None and diagnosis.apart.by is not None:
        yield f"question {diagnosis.apart.by.evidence}"


def _behind_it(case: Case, diagnosis: Diagnosis) -> Iterable[str]:
    yield f"Not seen: {', '.join(diagnosis.layers_missing) or 'nothing'}"
    if moved := moves(case.frame):
        yield f"Before: {moved}"
    yield f"Rules: {few(spoken(case))}"


def _say_hung(text: str, head: str = "") -> None:
    """A sentence behind its head, broken under itself where it is too long for a line."""
    margin = len(head) or 2
    lines = wrap(head + text, WIDTH - 2, subsequent_indent=" " * margin, break_long_words=False, break_on_hyphens=False)
    for line in lines:
        say(f"  {line}")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _in_order(diagnosis: Diagnosis) -> Iterable[tuple[float, Hypothesis | None]]:
    """The first suspects with their chances, and at its place that the cause is not in this knowledge base."""
    rows = [(each.probability, each) for each in diagnosis.hypotheses[:SHOWN_SUSPECTS]]
    return sorted([*rows, (diagnosis.unknown, None)], key=lambda each: -each[0])


def _undecided(diagnosis: Diagnosis) -> Iterable[str]:
    """What cannot be told apart and how it could be, and which findings would change the first place."""
    if diagnosis.apart is not None:
        yield f"Cannot tell apart: {group_words(diagnosis.apart)}."
        yield f"Splits them: {split_words(diagnosis.apart.by)}."
    yield from (f"Would change the first place: {turn_words(each)}." for each in diagnosis.turns[:1])


def few(names: Sequence[str], most: int = SHOWN_RULES) -> str:
    """Some of the rules behind a case, each with its version, or of other names, and how many more there are."""
    more = len(names) - most
    return (", ".join(names[:most]) or "none") + (f" and {more} more" if more > 0 else "")


def _maker_said(told: MakerSaid) -> str:
    """What the maker answered before, and who says so."""
    what = told.cause_label or f"{told.cause}, which is no longer in this knowledge base"
    who = ", ".join(filter(None, (told.said_by, told.source, told.said_at)))
    same = "answered such a case before" if told.likeness == "same" else "answered a case like it before"
    return f"{same}: {what}" + (f"; {told.resolution}" if told.resolution else "") + (f" ({who})" if who else "")


def _reasons(each: Hypothesis) -> Iterable[str]:
    yield from (f"+ {_reason(reason)}" for reason in each.because[:SHOWN_REASONS])
    yield from (f"- {_reason(reason)}" for reason in each.against[:SHOWN_REASONS])
    told = {one.symptom for one in each.unasked}
    if left := [words(name) for name in each.unseen if name not in told]:
        yield f"? not looked for: {few(left, SHOWN_REASONS)}"
    yield from (f"? {one.symptom.replace('-', ' ')}: {one.why}" for one in each.unasked[:SHOWN_REASONS])


def _reason(reason: Reason) -> str:
    return f"{reason.strength}: {reason.text} ({reason.backed_by})"


PRINTERS = {"json": _print_json, "csv": _print_csv, "table": _print_table}
