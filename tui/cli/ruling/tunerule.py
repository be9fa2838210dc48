"""`chargelore rules tune`: a change that silences a rule's false alarms and is proved to hide no true hit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from difflib import unified_diff
from pathlib import Path
from typing import Any

import click

from chargelore.engine.drafting.examples import written as as_written
from chargelore.engine.drafting.session import Hearing
from chargelore.engine.gathering import Library, confirmed
from chargelore.engine.grammar.rule import SHIPPED
from chargelore.engine.grammar.rulesplice import Append, Put, spliced
from chargelore.engine.proving.judge import FEWEST
from chargelore.engine.tuning.recorded import Proofs, Tally, outcomes
from chargelore.engine.tuning.stored import of_findings, tune_stored
from chargelore.engine.tuning.tune import Tuned, Written
from chargelore.engine.tuning.tune import tune as tuned
from chargelore.kb.errors import RuleError, UseError
from chargelore.kb.home import home
from chargelore.kb.label import local_key
from chargelore.kb.load import shipped
from chargelore.kb.yamlfile import parse
from chargelore.tui.cli.listing import db_option
from chargelore.tui.cli.output import as_json, chosen, format_option, say, write_csv
from chargelore.tui.cli.ruling.named import written_rule
from chargelore.tui.cli.ruling.newrule import findings
from chargelore.tui.cli.ruling.rulesaving import save, text_of

COLUMNS = ("recording", "before", "after")
WORDS = {"alarm": "false alarm on a healthy charger", "wrong": "false alarm"}


@click.command(epilog="Example: chargelore rules tune ground-fault-at-plug-in recordings/")
@click.argument("name", metavar="RULE")
@click.argument("recorded", nargs=-1, metavar="RECORDINGS…")
@click.option("--rules", "folder", type=click.Path(path_type=Path), default=SHIPPED, help="Another folder of rules.")
@click.option("--write", is_flag=True, help="Change the rule's file, and add a false alarm to its examples.")
@db_option
@format_option
def tune(**options: Any) -> int:
    """Propose a change of RULE that silences its false alarms and hides no true hit on the same RECORDINGS.

    RECORDINGS are folders with a confirmed.csv; without them the findings of the store are used, which tell of codes
    and makers only. What changes is a test, a limit, a count, a span or an exception, and the rule's own examples go on
    doing as they say. Exit 1 when there are false alarms, unless --write silenced them all.
    """
    rule, file = written_rule(options["name"], options["folder"])
    if getattr(rule, "across", ""):
        raise UseError(f"{rule.id} speaks of several chargers at once", mend="tune it by hand")
    text = text_of(file)
    written = Written(rule, parse(file, RuleError, text).value, file)
    found = _tuned(written, options["recorded"], options["db"])
    new = _changed(text, written, found)
    if options["write"] and found.is_sound:
        save(file, new)
    said = list(_sentences(written, found, is_stored=not options["recorded"], is_written=options["write"]))
    _print(written, found, (said, _diff(text, new, file)), chosen(options["form"]))
    return int(bool(found.left if options["write"] and found.is_sound else found.false))


def _tuned(written: Written, recorded: tuple[str, ...], db: str | None) -> Tuned:
    knowledge = shipped()
    library = Library(knowledge, Hearing.of(knowledge, local_key(home())))
    if recorded:
        seen = outcomes(written.rule, confirmed(recorded, library), knowledge)
        return tuned(written, seen, knowledge, Proofs())
    stored = of_findings(written, findings(db), knowledge, library.hearing)
    return tune_stored(written, stored, knowledge)


def _changed(text: str, written: Written, found: Tuned) -> str:
    """The file's text after the change; the same where there is none."""
    if found.move is None or not found.is_sound:
        return text
    examples = [Append(("examples",), as_written(found.example))] if found.example is not None else []
    version = Put(("version",), written.body.get("version", 1) + 1, after="status")
    return spliced(text, [*found.move.changes, version, *examples], written.file)


def _diff(before: str, after: str, file: Path) -> str:
    lines = unified_diff(before.splitlines(), after.splitlines(), f"a/{file.name}", f"b/{file.name}", lineterm="")
    return "\n".join(lines)


def _sentences(written: Written, found: Tuned, *, is_stored: bool, is_written: bool) -> Iterator[str]:
    """What was looked at, what is proposed, and the proof."""
    of = "findings" if is_stored else "recordings"
    yield f"{written.rule.id}: {_counts(found.before)} on {found.before.judged} {of} that judge it."
    if found.before.judged < FEWEST:
        yield f"That is fewer than {FEWEST}: whatever they say may be chance."
    if not found.false:
        yield "No false alarm, nothing to tune."
    elif not found.is_sound:
        yield from _refused(found)
    else:
        yield from _proposed(found, is_written=is_written)


def _refused(found: Tuned) -> Iterator[str]:
    yield f"False alarms: {', '.join(found.false)}."
    if not found.before.right:
        yield "No true hit among them, so nothing would prove that a change hides none. Add recordings of its causes."
        return
    if found.move is not None:
        yield f"No change: {found.move.says} would do, but by chance, as far as one can tell."
        yield from _held_out(found)
        return
    yield f"No change of {found.looked_at} that were tried silences any of them without hiding a true hit."
    if found.set_aside:
        yield f"{found.set_aside} more would have broken the rule's own examples."


def _proposed(found: Tuned, *, is_written: bool) -> Iterator[str]:
    assert found.move is not None  # noqa: S101  # who asks has looked
    assert found.after is not None  # noqa: S101  # what is proposed was tried
    yield f"{'Changed' if is_written else 'Proposed'}: {found.move.says}."
    yield f"Before: {_counts(found.before)}. After: {_counts(found.after)}. No true hit is hidden."
    for name, before, after in found.moved:
        yield f"  {name}: {WORDS.get(before, before)} -> {after}"
    yield from (f"  {name}: still a false alarm" for name in found.left)
    yield from _held_out(found)
    if len(found.false) == 1:
        yield "One false alarm is no proof that the next one looks the same."
    if found.example is None:
        yield "No false alarm could be told as a short example; add one by hand."


def _held_out(found: Tuned) -> Iterator[str]:
    held = found.held
    if held.false:
        yield f"Found without each false alarm in turn, it silences {held.silenced} of {held.false} all the same."
    if held.hits:
        yield f"Found without each true hit in turn, it still lets {held.kept} of {held.hits} through."


def _counts(each: Tally) -> str:
    healthy = f" ({each.alarm} on healthy chargers)" if each.alarm else ""
    return f"right {each.right}, wrong {each.wrong + each.alarm}{healthy}, missed {each.missed}"


def _print(written: Written, found: Tuned, said: tuple[list[str], str], form: str) -> None:
    sentences, diff = said
    moved = [dict(zip(COLUMNS, each, strict=True)) for each in found.moved]
    if form == "json":
        after = asdict(found.after) if found.after is not None else None
        says = found.move.says if found.move is not None and found.is_sound else ""
        told = {"rule": written.rule.id, "proposed": says, "before": asdict(found.before), "after": after}
        more = {"false_alarms": found.false, "left": found.left, "changed": moved, "because": sentences, "diff": diff}
        say(as_json({**told, **more, "held_out": asdict(found.held)}))
    elif form == "csv":
        write_csv(moved, COLUMNS)
    else:
        say("\n".join([*sentences, *([diff] if diff else [])]))
