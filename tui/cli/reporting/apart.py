"""`chargelore report apart`: which causes a model reports in the same way, and what would tell them apart."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import get_args

import click

from chargelore.engine.case import Charger
from chargelore.engine.grammar.rule import shipped as rules
from chargelore.engine.heard.reportability import Sheet, report_on
from chargelore.engine.lookalikes.pairs import Lookalikes, Pair, lookalikes
from chargelore.engine.lookalikes.reportable import reportable
from chargelore.engine.scope import matches_name
from chargelore.engine.triage import split_json
from chargelore.kb.errors import UseError
from chargelore.kb.model import Knowledge, Layer
from chargelore.tui.apartwords import NOTHING_SPLITS, way_words
from chargelore.tui.cli.listing import db_option
from chargelore.tui.cli.output import as_json, chosen, markdown_option, markdown_row, say, write_csv
from chargelore.tui.live import known_here, sheet_here
from chargelore.tui.text import count, plain

WIDTH = 80
LAYERS: tuple[Layer, ...] = tuple(each for each in get_args(Layer) if each != "field")
USUAL: tuple[Layer, ...] = ("ocpp", "csms")  # what a management system sees of any charger
COLUMNS = (
    "vendor", "model", "firmware", "faults", "cause", "looks_like", "how", "evidence", "question", "step", "minutes",
    "where", "why",
)  # fmt: skip
HEADER = ("Fault", "Cause", "Looks like", "What splits them")


@click.command(epilog="Example: chargelore report apart --vendor Alfen --layer ocpp")
@click.option("--vendor", default="", help="Only chargers of this maker.")
@click.option("--model", default="", help="Only this model.")
@click.option("--firmware", default="", help="Only at this firmware.")
@click.option(
    "--layer", "layers", multiple=True, type=click.Choice(LAYERS),
    help="What is listened to; may be given again. As heard of the model, or else ocpp and csms.",
)  # fmt: skip
@click.option("--most", default=25, show_default=True, type=click.IntRange(1), help="Pairs of a model in a table.")
@db_option
@markdown_option
def apart(  # noqa: PLR0913  # one argument for each option
    *,
    vendor: str,
    model: str,
    firmware: str,
    layers: tuple[Layer, ...],
    most: int,
    db: str | None,
    form: str | None,
) -> int:
    """List the causes that look the same in all that a model reports, and the one observation that splits each pair.

    Of every model that was heard (`report reportability --learn`, `watch`); of one that was not, as if it sent all that
    a rule asks for. No case is needed.
    """
    knowledge, learned = known_here(db)
    wanted, sheet = Charger(id="", vendor=vendor, model=model, firmware=firmware), sheet_here(db)
    found = [
        lookalikes(knowledge, learned, each, reportable(rules(), each, sheet), layers or _heard(sheet, each))
        for each in _models(sheet, wanted)
    ]
    PRINTERS[chosen(form)](knowledge, found, most)
    return 0


def _models(sheet: Sheet, wanted: Charger) -> list[Charger]:
    """Every model that was heard and is wanted; where there is none, the wanted one as far as it was named.

    UseError where that is too little to say whose model or firmware it is.
    """
    asked = (wanted.vendor, wanted.model, wanted.firmware)
    found = [each for each in sorted(sheet.models) if all(map(matches_name, asked, each))]
    if not found and (lacks := _lacks(wanted)):
        named = f"firmware {wanted.firmware}" if wanted.firmware else f"model {wanted.model}"
        raise UseError(f"no charger with {named} was heard", mend=f"say whose it is with {' and '.join(lacks)}")
    return [Charger(id="", **each._asdict()) for each in found] or [wanted]


def _lacks(wanted: Charger) -> list[str]:
    """What must be named beside the model or the firmware."""
    vendor = ["--vendor"] if (wanted.model or wanted.firmware) and not wanted.vendor else []
    return [*vendor, *(["--model"] if wanted.firmware and not wanted.model else [])]


def _heard(sheet: Sheet, charger: Charger) -> tuple[Layer, ...]:
    report = report_on(sheet, charger)
    return (tuple(each for each in LAYERS if each in report.layers) if report is not None else ()) or USUAL


def _print_json(knowledge: Knowledge, found: list[Lookalikes], most: int) -> None:  # noqa: ARG001  # as all printers
    say(as_json({"reports": [_as_json(each) for each in found]}))


def _as_json(one: Lookalikes) -> dict[str, object]:
    return {
        **_made(one),
        "layers": one.layers,
        "causes": one.causes,
        "symptoms": one.symptoms,
        "never": one.never,
        "pairs": [
            {
                "faults": each.faults,
                "causes": [
                    {"cause": cause, "label": label} for cause, label in zip(each.causes, each.labels, strict=True)
                ],
                "splits_by": split_json(each.by) if each.by else None,
            }
            for each in one.pairs
        ],
    }


def _made(one: Lookalikes) -> dict[str, str]:
    charger = one.charger
    return {"vendor": charger.vendor, "model": charger.model, "firmware": charger.firmware}


def _print_csv(knowledge: Knowledge, found: list[Lookalikes], most: int) -> None:  # noqa: ARG001  # as all printers
    write_csv((_row(one, each) for one in found for each in one.pairs), COLUMNS)


def _row(one: Lookalikes, pair: Pair) -> Mapping[str, object]:
    told = split_json(pair.by) if pair.by else {"how": NOTHING_SPLITS}
    named = {"faults": " ".join(pair.faults), "cause": pair.causes[0], "looks_like": pair.causes[1]}
    return {**told, **_made(one), **named}


def _print_table(knowledge: Knowledge, found: list[Lookalikes], most: int) -> None:
    for one in found:
        say("\n".join(line for each in _lines(knowledge, one, most) for line in _wrapped(*each)) + "\n")


def _lines(knowledge: Knowledge, one: Lookalikes, most: int) -> Iterator[tuple[int, str]]:
    """The lines of a report, each with how far it stands to the right."""
    yield 0, f"{_title(one)}: {_told(one)}"
    yield 0, _sum(one)
    for each in one.pairs[:most]:
        yield 0, ""
        yield 2, _faults(knowledge, each)
        yield from ((4, label) for label in each.labels)
        yield 6, way_words(each.by) if each.by else NOTHING_SPLITS
    if len(one.pairs) > most:
        yield from ((0, ""), (2, f"and {count(len(one.pairs) - most, 'more pair')}: --most {len(one.pairs)}"))


def _wrapped(right: int, text: str) -> list[str]:
    margin = " " * right
    return textwrap.wrap(plain(text), WIDTH, initial_indent=margin, subsequent_indent=margin + "  ") or [""]


def _title(one: Lookalikes) -> str:
    return " ".join(filter(None, _made(one).values())) or "Any charger"


def _told(one: Lookalikes) -> str:
    never = f", {count(one.never, 'symptom')} out of its reach" if one.never else ""
    return f"{count(one.symptoms, 'symptom')} by {' '.join(one.layers) or 'no layer'}{never}"


def _sum(one: Lookalikes) -> str:
    left = sum(1 for each in one.pairs if each.by is None)
    open_ones = f"; {left} of them nothing here splits" if left else ""
    return f"{count(len(one.pairs), 'pair')} of {one.causes:,} causes look the same, the commonest first{open_ones}"


def _faults(knowledge: Knowledge, pair: Pair) -> str:
    return " / ".join(knowledge.faults[each].label for each in pair.faults)


def _print_markdown(knowledge: Knowledge, found: list[Lookalikes], most: int) -> None:  # noqa: ARG001  # as all printers
    for one in found:
        say(f"## {_title(one)}\n\n{_told(one)}. {_sum(one)}.\n")
        say(f"| {' | '.join(HEADER)} |\n|{' --- |' * len(HEADER)}")
        for each in one.pairs:
            by = way_words(each.by) if each.by else NOTHING_SPLITS
            say(markdown_row((_faults(knowledge, each), *each.labels, by)))
        say()


PRINTERS = {"json": _print_json, "csv": _print_csv, "table": _print_table, "markdown": _print_markdown}
