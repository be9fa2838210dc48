"""`chargelore keys`: every action of the screens with its keys, and whether a keymap of one's own is right."""

from __future__ import annotations

from collections.abc import Sequence

import click

from chargelore.tui.cli.output import as_json, aside, chosen, markdown_option, say, table, write_csv

COLUMNS = ("action", "keys", "own", "does")
BAD = 2


@click.command(epilog="Example: chargelore keys --format markdown")
@markdown_option
def keys(form: str | None) -> int:
    """List the actions of the screens and their keys; exit 2 when `keys.yaml` in the data folder has a mistake.

    \b
    A line of keys.yaml gives an action other keys: `case.why: x, f5`.
    """  # \b is click's mark for "keep these lines"
    from chargelore.tui.keys.keymap import in_force, keymap, keymap_file  # noqa: PLC0415  # loads the screen library

    own = keymap()
    if form == "markdown":
        from chargelore.tui.keys.sheet import cheat_sheet  # noqa: PLC0415  # as above

        say(cheat_sheet(own.keys).strip("\n"))
        return _told(own.complaints)
    rows = [
        {"action": str(each.id), "keys": " ".join(keys), "own": each.id in own.keys, "does": each.description}
        for each, keys in in_force(own.keys)
    ]
    if chosen(form) == "json":
        say(as_json({"file": str(keymap_file()), "keys": rows, "complaints": list(own.complaints)}))
    elif chosen(form) == "csv":
        write_csv([row | {"own": str(row["own"]).lower()} for row in rows], COLUMNS)
    else:
        say(table([(row["action"], row["keys"], "own" if row["own"] else "", row["does"]) for row in rows], COLUMNS))
    return _told(own.complaints)


def _told(complaints: Sequence[str]) -> int:
    for each in complaints:
        aside(each)
    return BAD if complaints else 0
