"""`chargelore kb import`: another party's codes and mappings become drafts for a person to review, never truth."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from chargelore.kb.claim import Source, SourceId
from chargelore.kb.errors import UseError
from chargelore.kb.export.text import slug, tame
from chargelore.kb.home import home
from chargelore.kb.intake import draft_files, drafts, text_of
from chargelore.kb.intakesssom import head_of, is_sssom, sssom_lines
from chargelore.kb.intaketable import table_lines
from chargelore.kb.label import author as speaker
from chargelore.kb.load import shipped
from chargelore.tui.cli.knowing.folder import write_folder
from chargelore.tui.cli.output import as_json, chosen, format_option, say


@click.command("import", epilog="Example: chargelore kb import theirs.sssom.tsv --source 'Acme mappings 2026'")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--source", "title", required=True, help="Where it comes from, in a few words.")
@click.option("--licence", default="", help="Under which licence; an SSSOM set may say so itself.")
@click.option("--author", default="", help="Who reviewed it last; a pseudonym of yours when left out.")
@click.option("--out", type=click.Path(path_type=Path), default=None, help="The folder of the drafts.")
@format_option
def take_in(file: Path, form: str | None, **options: Any) -> int:
    """Turn an SSSOM set, or a CSV with the columns vendor, code, text and fault, into drafts in YAML.

    Nothing is written when a line is wrong. Drafts go to the data folder unless --out names another one; look at them
    with `chargelore kb check FOLDER --over-shipped`, correct them, and move what holds into your knowledge.
    """
    text, known = text_of(file), shipped()
    source = _source(text, str(file), options["title"], options["licence"])
    lines = (sssom_lines if is_sssom(text) else table_lines)(text, str(file), known)
    codes = drafts(lines, known, source, tame(options["author"]) or speaker(home()), str(file))
    folder = options["out"] or home() / "drafts" / slug(options["title"])
    if folder.exists():
        raise UseError("is there already", where=str(folder), mend="name another folder with --out")
    write_folder(folder, draft_files(codes, known, source))
    makers = len({code.vendor for code in codes})
    if chosen(form) == "json":
        say(as_json({"folder": str(folder), "codes": len(codes), "makers": makers, "status": "draft"}))
    else:
        say(f"{folder}: {len(codes)} codes of {makers} makers, as drafts")
    return 0


def _source(text: str, where: str, title: str, licence: str) -> Source:
    """What the drafts rest on; UseError when nobody says under which licence."""
    told = licence or (head_of(text, where).licence if is_sssom(text) else "")
    if not told.strip():
        raise UseError("says not under which licence it may be used", where=where, mend="name it with --licence")
    return Source(id=SourceId(f"import-{slug(title)}"), title=tame(title), licence=tame(told))
