"""Benchscript: errands at one charger without a screen: waits for it, asks before what acts, and prints each result."""

from __future__ import annotations

import asyncio
import csv
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import click

from chargelore.engine.sources.bench.answers import Result
from chargelore.engine.sources.bench.bench import Bench
from chargelore.engine.sources.bench.effects import Consent, Effect
from chargelore.engine.sources.bench.guest import Guest
from chargelore.engine.triage import Found, as_json
from chargelore.kb.errand import Errand, errand
from chargelore.kb.errors import SourceError, UseError
from chargelore.kb.model import Knowledge, StepId
from chargelore.tui.cli.output import as_json as line_of_json
from chargelore.tui.cli.output import cell, say
from chargelore.tui.text import brief, chance, plain

COMES = 10  # times the patience for an answer: how long a charger may take to come
LOOK = 0.05  # seconds between two looks at who is there
COLUMNS = ("kind", "charger", "what", "verdict", "text", "seconds", "file")


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """What to do at which charger (None: at the first that comes), and what was agreed to beforehand."""

    errands: tuple[Errand, ...]
    charger: str | None
    consent: Consent
    seconds: float

    def fits(self) -> None:
        """UseError where it acts and nobody can be asked."""
        acting = [str(each) for each in self.errands if each.is_acting]
        if acting and self.consent is Consent.NOTHING and not sys.stdin.isatty():
            raise UseError(f"{acting[0]} acts on the charger, and nobody is here to agree", mend="say --yes")


def errand_of(text: str, knowledge: Knowledge) -> Errand:
    """The message of that name, or that of a step of a plan. UseError where it is neither."""
    step = knowledge.steps.get(StepId(text.strip()))
    if step is not None and not step.message:
        raise UseError(f"{step.id}: no message does this step", mend="a person has to do it; send a message")
    return errand(step.message if step else text)


async def played(bench: Bench, script: Script, prints: Callable[[Result], None]) -> list[Result]:
    """Run a script to its end. SourceError when its charger does not come."""
    charger = await _here(bench, script)
    results: list[Result] = []
    for each in script.errands:
        consent = await _agreed(bench, charger, each, script.consent) if each.is_acting else Consent.NOTHING
        results.append(await bench.does(charger, each, consent))
        prints(results[-1])
    return results


async def _here(bench: Bench, script: Script) -> str:
    """The charger, once it has come and said how it is; one that says nothing of itself is not waited for twice."""
    who = script.charger or "any charger"
    found = await _until(lambda: _present(bench, script.charger), script.seconds * COMES)
    if found is None:
        came = ", ".join(brief(each, 40) for each in list(bench.guests)[:5])
        raise SourceError(
            f"{who} did not come within {script.seconds * COMES:g} s" + (f"; {came} did" if came else ""),
            where=bench.address,
            mend="check the address that the charger was given, its network, and its password",
        )
    await _until(lambda: found if bench.guests[found].connectors else None, script.seconds)
    return found


def _present(bench: Bench, wanted: str | None) -> str | None:
    here: Mapping[str, Guest] = {name: guest for name, guest in bench.guests.items() if guest.is_here}
    return next(iter(here), None) if wanted is None else (wanted if wanted in here else None)


async def _until(look: Callable[[], str | None], seconds: float) -> str | None:
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while (found := look()) is None and loop.time() < end:
        await asyncio.sleep(LOOK)
    return found


async def _agreed(bench: Bench, charger: str, errand: Errand, consent: Consent) -> Consent:
    """What a person agrees to; on a terminal they are asked for what was not said beforehand."""
    try:
        means = await bench.effect(charger, errand)
    except UseError:  # the errand itself will tell
        return consent
    if means.forbids or consent >= means.needs or not sys.stdin.isatty():
        return consent
    return await asyncio.to_thread(_asked, charger, errand, means)


def _asked(charger: str, errand: Errand, means: Effect) -> Consent:
    """A plain yes; or, where a session may end, the charger's own id, which no finger types by mistake."""
    click.echo(plain(f"{charger}: {errand}. {' '.join((means.does, *means.warns))}"), err=True)
    if means.needs is Consent.THE_EFFECT:
        return Consent.THE_EFFECT if click.confirm("Send it?", err=True) else Consent.NOTHING
    typed = click.prompt("Type the charger's id to send it all the same", default="", show_default=False, err=True)
    return Consent.ENDING_A_SESSION if typed == charger else Consent.NOTHING


def result_json(each: Result) -> dict[str, object]:
    """A result as the command line prints it."""
    return {
        "event": "did",
        "charger": each.charger,
        "errand": each.errand,
        "verdict": each.verdict,
        "text": each.text,
        "seconds": each.seconds,
        "rows": dict(each.rows),
        "file": each.file or None,
    }


def _json_result(each: Result) -> None:
    click.echo(line_of_json(result_json(each)))


def _json_case(one: Found) -> None:
    click.echo(line_of_json({"event": "case", **as_json(one)}))


def _table_result(each: Result) -> None:
    say(f"{each.verdict:<10}  {each.charger}: {each.errand}. {each.text}")
    width = min(40, max((len(name) for name, _ in each.rows), default=0))
    for name, value in each.rows:
        say(f"            {brief(name, 60):<{width}}  {brief(value, 200)}")
    if each.file:
        say(f"            Read it with: chargelore triage {each.file}")


def _table_case(one: Found) -> None:
    row = _case(one)
    say(f"case        {row['charger']}: {row['what']}; {row['verdict']}")
    step = one.diagnosis.steps[0] if one.diagnosis.steps else None
    say(f"            NEXT: {row['text']}" + (f" (from here: --do {step.step})" if step and step.message else ""))


def _csv_result(each: Result) -> None:
    row = result_json(each) | {"kind": "did", "what": each.errand}
    _csv_line([cell(row[column]) for column in COLUMNS])


def _csv_case(one: Found) -> None:
    row = _case(one)
    _csv_line([cell(row.get(column)) for column in COLUMNS])


def _case(one: Found) -> dict[str, object]:
    first = one.diagnosis.hypotheses[0] if one.diagnosis.hypotheses else None
    return {
        "kind": "case",
        "charger": one.case.charger.id,
        "what": f"{first.cause_label} ({chance(first.probability)})" if first else "no cause known",
        "verdict": one.diagnosis.verdict,
        "text": one.diagnosis.steps[0].label if one.diagnosis.steps else "nothing that would help",
    }


def _csv_line(cells: Sequence[str]) -> None:
    csv.writer(sys.stdout, lineterminator="\n").writerow(cells)


RESULTS: Mapping[str, Callable[[Result], None]] = {"json": _json_result, "csv": _csv_result, "table": _table_result}
CASES: Mapping[str, Callable[[Found], None]] = {"json": _json_case, "csv": _csv_case, "table": _table_case}


def begins(form: str) -> None:
    """What stands above all results."""
    if form == "csv":
        _csv_line(COLUMNS)
