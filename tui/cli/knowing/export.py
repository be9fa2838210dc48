"""`chargelore kb export` and `diff`: what others may know, as files; and what changed between two exports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import click

from chargelore.kb.claim import Tlp
from chargelore.kb.errors import UseError
from chargelore.kb.export.formats import FORMATS
from chargelore.kb.export.view import View, view
from chargelore.kb.load import load, shipped
from chargelore.kb.release import FIRST, Change, changes, inventory, log_head, next_version, parsed, release
from chargelore.tui.cli.knowing.folder import is_export, read_inventory, write_folder
from chargelore.tui.cli.output import as_json, chosen, format_option, say, table, write_csv

AUDIENCES: dict[str, Tlp] = {"clear": "CLEAR", "green": "GREEN", "amber": "AMBER"}
COLUMNS = ("weight", "what", "kind", "id", "before", "after")


@click.command(epilog="Example: chargelore kb export --format html --audience clear --out faults/")
@click.option("--format", "form", type=click.Choice(tuple(FORMATS)), required=True, help="What to write.")
@click.option("--audience", type=click.Choice(tuple(AUDIENCES)), required=True, help="Who will read it (TLP 2.0).")
@click.option("--oem-safe", is_flag=True, help="Leave out every rate and count by maker.")
@click.option("--out", type=click.Path(path_type=Path), default=None, help="The folder; an older export there goes.")
@click.option("--diff", "old", metavar="OLD", default="", help="Compare with an older export and count the version on.")
@click.option("--release", "version", metavar="X.Y.Z", default="", help="The version; else it follows from --diff.")
@click.option("--from", "folder", type=click.Path(path_type=Path), help="Other knowledge than the shipped one.")
@click.option("--db", metavar="URL", default=None, help="Another store of findings than the one in the data folder.")
def export(**options: Any) -> int:
    """Write the knowledge as one audience may see it, with a manifest of hashes, licences and what was withheld.

    Findings are counted for the amber audience alone, and below five as `<5`. Cases, people, notes and serial numbers
    never leave. The same knowledge and findings give the same bytes.
    """
    shown, head = _view(options)
    found: tuple[Change, ...] = ()
    if options["old"]:
        before = _comparable(read_inventory(options["old"], shown.audience), shown)
        found = changes(before, inventory(shown))
        version = options["version"] or next_version(str(before.get("version", "")), found)
        shown = replace(shown, version=version)
    files = release(shown, options["form"], head)
    out = options["out"] or Path(f"chargelore-{options['form']}-{options['audience']}")
    write_folder(out, files)
    _told(shown, out, files, found)
    return 0


def _view(options: dict[str, Any]) -> tuple[View, str]:
    """What may be seen, and the name of the log of findings behind it."""
    from chargelore.kb.store import Store  # noqa: PLC0415  # SQL loads only where findings are read

    version = options["version"] or FIRST
    parsed(version)
    knowledge = load(options["folder"]) if options["folder"] else shipped()
    with Store.open(options["db"]) as store:
        learned, head = store.learned(), log_head(each.id for each in store.events())
    audience = AUDIENCES[options["audience"]]
    return view(knowledge, learned, audience=audience, oem_safe=options["oem_safe"], version=version), head


def _comparable(before: Any, shown: View) -> Any:
    """What one audience may not see is no change."""
    if before.get("audience") != f"TLP:{shown.audience}":
        what = f"the older export is for {str(before.get('audience'))[:20]}, this one for TLP:{shown.audience}"
        raise UseError(what, mend="compare exports for the same audience")
    return before


def _told(shown: View, out: Path, files: dict[str, bytes], found: Sequence[Change]) -> None:
    told = {
        "folder": str(out),
        "version": shown.version,
        "audience": f"TLP:{shown.audience}",
        "files": len(files),
        "bytes": sum(map(len, files.values())),
        "withheld": [asdict(each) for each in shown.withheld],
        "changes": [asdict(each) for each in found],
    }
    if chosen(None) == "json":
        return say(as_json(told))
    say(f"{out}: {told['files']} files, {told['bytes']:,} bytes, version {shown.version} for {told['audience']}")
    for each in shown.withheld:
        say(f"withheld: {each.count} x {each.what}: {each.why}")
    return say(table([tuple(asdict(each).values()) for each in found], COLUMNS)) if found else None


@click.command(epilog="Example: chargelore kb diff release-1/ release-2/")
@click.argument("old")
@click.argument("new")
@format_option
def diff(old: str, new: str, form: str | None) -> int:
    """Say what changed from OLD to NEW; exit 1 when they differ.

    Each is an export, a folder of knowledge, or the word `shipped`. Major: an id is gone, something is deprecated
    without a successor, a code no longer means a fault. Minor: something was added, or deprecated with a successor.
    Patch: texts and counts.
    """
    first, second = _pair(old, new)
    found = changes(first, second)
    rows = [asdict(each) for each in found]
    proposed = next_version(str(first.get("version", "")), found)
    if chosen(form) == "json":
        say(as_json({"old": first.get("version"), "next": proposed, "changes": rows}))
    elif chosen(form) == "csv":
        write_csv(rows, COLUMNS)
    else:
        say(table([tuple(row.values()) for row in rows], COLUMNS) if rows else "no difference")
        say(f"next version: {proposed}" if rows else "")
    return int(bool(rows))


def _pair(old: str, new: str) -> tuple[Any, Any]:
    """Both sides for the same audience; a folder of knowledge takes that of the export it is compared with."""
    exports = [each for each in (old, new) if is_export(each)]
    audiences = {str(read_inventory(each, "RED").get("audience")) for each in exports}
    if len(audiences) > 1:
        raise UseError("the two exports are for different audiences", mend="compare exports for the same audience")
    audience: Tlp = next((each for each in AUDIENCES.values() if f"TLP:{each}" in audiences), "RED")
    return read_inventory(old, audience), read_inventory(new, audience)
