"""`chargelore rules new`: a rule drafted from confirmed cases against healthy sessions, or a reasoned refusal."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from chargelore.engine.drafting.draft import Material, drafted, held_out, limits, rule_id
from chargelore.engine.drafting.learning import Learned, learn
from chargelore.engine.drafting.session import Hearing
from chargelore.engine.gathering import Gathered, Library, gathered
from chargelore.engine.grammar.rule import shipped as shipped_rules
from chargelore.kb.errors import UseError
from chargelore.kb.finding import Finding
from chargelore.kb.fold import in_order, live, told
from chargelore.kb.home import home
from chargelore.kb.label import local_key
from chargelore.kb.load import shipped
from chargelore.tui.cli.listing import db_option, opened
from chargelore.tui.cli.output import as_json, chosen, format_option, say, write_csv
from chargelore.tui.cli.ruling.spread import Spread

COLUMNS = ("recording", "side", "fires", "held out")
CASES = "Logs, case files, folders with a confirmed.csv, or cases of the store."
HEALTHY = "Logs in which nothing is wrong; else those that confirmed.csv calls healthy."
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@click.command(cls=Spread, epilog="Example: chargelore rules new --from recordings/ --cause water-in-coupler")
@click.option("--from", "cases", multiple=True, required=True, metavar="CASE…", help=CASES)
@click.option("--healthy", multiple=True, metavar="LOG…", help=HEALTHY)
@click.option("--cause", default="", help="What the cases turned out to be; else what confirmed.csv says.")
@click.option("--out", type=click.Path(path_type=Path), help="Write the draft there; the file's name is the rule's id.")
@db_option
@format_option
def new(**options: Any) -> int:
    """Draft a rule from confirmed cases: what they have in common and healthy sessions have not.

    Each case in turn is left out, to see whether a rule learned from the others would have caught it. Exit 1 when no
    rule separates the two sides, with what came closest.
    """
    out: Path | None = options["out"]
    name = _name(out)
    library = _library(options["db"])
    found = gathered(options["cases"], options["healthy"], options["cause"], library)
    if not found.positives:
        raise UseError(f"none of these cases was {found.cause}", mend="name another cause, or other cases")
    _wait(len(found.positives) + len(found.healthy) + len(found.others))
    cause = library.knowledge.causes[found.cause]
    learned = learn(found.positives, found.healthy, found.others, str(cause.fault))
    since = datetime.now(UTC).date().isoformat()
    material = Material(cause=cause, positives=found.positives, healthy=found.healthy, others=found.others, since=since)
    name = name or rule_id(cause, (each.id for each in shipped_rules().signal_rules))
    text = drafted(name, learned, material, library.knowledge) if learned.is_sound else ""
    if text and out is not None:
        _write(out, text)
    _print(_Told(name, text, learned, found, material), out, chosen(options["form"]))
    return int(not text)


def _wait(recordings: int) -> None:
    """Whoever looks on is told why nothing happens yet."""
    if sys.stderr.isatty():
        click.echo(f"chargelore: learning from {recordings} recordings …", err=True)


def _name(out: Path | None) -> str:
    """The id of the rule that a file will hold; empty where none is named."""
    if out is None:
        return ""
    if out.suffix != ".yaml" or not _ID.fullmatch(out.stem):
        raise UseError(f"{out.name} is no name of a rule", mend="write `--out some-words.yaml`")
    if out.exists():
        raise UseError(f"{out} is there already", mend="name another file, or remove it")
    return out.stem


def _write(out: Path, text: str) -> None:
    try:
        with out.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise UseError(f"{out} cannot be written ({error.strerror})", mend="name a folder that is there") from error


def _library(db: str | None) -> Library:
    knowledge = shipped()
    return Library(knowledge, Hearing.of(knowledge, local_key(home())), lambda: findings(db))


def findings(db: str | None) -> Sequence[Finding]:
    """The findings of a store that stand and whose fix held, as far as anybody knows."""
    with opened(db) as store:
        alive, _ = live(in_order(store.events()), store.owners)
    return [each.counted.finding for each in told(alive) if each.counted.held is not False]


class _Told:
    """What the command has to say. Lives while it is printed."""

    def __init__(self, name: str, text: str, learned: Learned, found: Gathered, material: Material) -> None:
        self.name, self.text, self.learned, self.found, self.material = name, text, learned, found, material

    def summary(self) -> Iterator[str]:
        """What was looked at, what came out and how far it holds, in sentences."""
        cases, well, others = map(len, (self.found.positives, self.found.healthy, self.found.others))
        yield f"Looked at {cases} of {self.found.cause}, {well} healthy and {others} of other causes."
        for each in self.found.listed_in:
            yield f"The healthy ones are those of {each}: {', '.join(one.name for one in self.found.healthy)}."
        yield from (f"{each} holds the same as another and is left out." for each in self.found.twins)
        yield from self._drafted() if self.text else self._refused()

    def _drafted(self) -> Iterator[str]:
        learned = self.learned
        assert learned.best is not None  # noqa: S101  # there is a text
        yield f"Drafted {self.name}: {learned.best.says}."
        yield f"It catches {_names(learned.caught)}, and none of the healthy."
        yield from (f"It misses {each}." for each in learned.missed)
        yield from (f"It also fires on {each}, which was something else." for each in learned.strangers)
        yield from held_out(learned)
        yield from (f"Not caught by the rule learned without it: {each}." for each in learned.held.missed)

    def _refused(self) -> Iterator[str]:
        learned = self.learned
        if learned.best is not None:
            yield f"No draft: {learned.best.says} separates them, but by chance, as far as one can tell."
            yield from held_out(learned)
            yield from (f"Not caught by the rule learned without it: {each}." for each in learned.held.missed)
            return
        yield f"No draft: of {learned.looked_at} things that they have in common none separates the two sides."
        if learned.closest is not None:
            catches, fires = _names(learned.caught), _names(learned.alarms) or "nothing else"
            yield f"The closest is {learned.closest.says}: it catches {catches}, and fires on {fires} too."

    def row(self) -> dict[str, object]:
        """The same for a program."""
        learned, held = self.learned, self.learned.held
        best = learned.best or learned.closest
        return {
            "drafted": bool(self.text), "rule": self.name if self.text else "", "cause": self.found.cause,
            "says": best.says if best else "", "caught": learned.caught, "missed": learned.missed,
            "alarms": learned.alarms, "strangers": learned.strangers,
            "held_out": {"caught": held.caught, "missed": held.missed, "quiet": held.quiet, "alarmed": held.alarmed},
            "weak": learned.is_weak, "limits": " ".join(limits(learned, self.material)) if self.text else "",
            "healthy": [each.name for each in self.found.healthy], "because": list(self.summary()), "yaml": self.text,
        }  # fmt: skip

    def rows(self) -> Iterator[dict[str, object]]:
        """One row for each recording."""
        learned, held = self.learned, self.learned.held
        fires = {*learned.caught, *learned.alarms, *learned.strangers}
        sides = (("case", self.found.positives), ("healthy", self.found.healthy), ("other", self.found.others))
        shown = dict.fromkeys((*held.caught, *held.alarmed), "fires")
        shown |= dict.fromkeys((*held.missed, *held.quiet), "silent")
        for side, sessions in sides:
            for each in sessions:
                cells = (each.name, side, "yes" if each.name in fires else "no", shown.get(each.name, ""))
                yield dict(zip(COLUMNS, cells, strict=True))


def _names(names: Sequence[str]) -> str:
    return ", ".join(names)


def _print(said: _Told, out: Path | None, form: str) -> None:
    if form == "json":
        say(as_json({**said.row(), "file": str(out) if out and said.text else ""}))
    elif form == "csv":
        write_csv(said.rows(), COLUMNS)
    else:
        if said.text and out is None:
            say(said.text)
        say("\n".join(said.summary()))
