"""Release: what changed between two exports, the version that follows from it, and the manifest of an export.

Major: an id is gone, something is deprecated without a successor, or a code no longer means a fault. Minor: something
was added, deprecated with a successor, or means another degree. Patch: texts and counts.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, Literal

from chargelore.kb.errors import InputError
from chargelore.kb.export.csvs import as_json
from chargelore.kb.export.formats import FORMATS
from chargelore.kb.export.rows import Row
from chargelore.kb.export.tables import TABLES, Table
from chargelore.kb.export.view import View, code_id, licences

MANIFEST, INVENTORY, NOTICE = "MANIFEST.json", "INVENTORY.json", "NOTICE.txt"
FIRST = "1.0.0"
NAMED = ("label", "question", "text", "title")  # the words by which a thing goes
COUNTED = frozenset({"cases", "held"})
SHELVES = (
    "faults",
    "codes",
    "causes",
    "evidence",
    "steps",
    "quirks",
    "makers",
    "register_maps",
    "registers",
    "sources",
)
PARTS = ("leads", "shows", "fixes", "answers", "register_values", "labels", "symptoms")

Weight = Literal["major", "minor", "patch"]
WEIGHTS: tuple[Weight, ...] = ("patch", "minor", "major")
Shelf = Mapping[str, Mapping[str, Any]]
Inventory = Mapping[str, Any]
_VERSION = re.compile(r"(\d{1,9})\.(\d{1,9})\.(\d{1,9})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference: what happened to which thing, how heavy it is, and the words before and after."""

    weight: Weight
    what: str
    kind: str
    id: str
    before: str = ""
    after: str = ""


def inventory(shown: View) -> dict[str, Any]:
    """What is in a view, short: by kind and id its words, status, successor and a digest of the rest.

    Mappings stand by code, and name fault and relation; every export carries this file, so that any two compare.
    """
    shelves = {table.name: dict(_entries(table, shown)) for table in TABLES if table.name in SHELVES}
    parts = {table.name: _sums(table, shown) for table in TABLES if table.name in PARTS}
    means = {
        code_id(code): {each.fault: each.relation for each in code.means}
        for code in shown.knowledge.codes
        if code.means
    }
    return {"version": shown.version, "audience": f"TLP:{shown.audience}", **shelves, "mappings": means, "parts": parts}


def _entries(table: Table, shown: View) -> Iterator[tuple[str, dict[str, str]]]:
    for row in table.rows(shown):
        name = " ".join(str(row[column]) for column in table.key)
        words = next((str(row[column]) for column in NAMED if row.get(column)), "")
        entry = {"words": words, "digest": _digest(row, drop=COUNTED | {"status", "replaced_by", *NAMED})}
        entry |= {"counts": _digest({each: row[each] for each in COUNTED & row.keys()})} if "cases" in row else {}
        yield name, entry | {each: row[each] for each in ("status", "replaced_by") if row.get(each)}


def _sums(table: Table, shown: View) -> dict[str, str]:
    """A digest of all links of a thing, and one of their counts."""
    texts: dict[str, list[str]] = {}
    for row in table.rows(shown):
        texts.setdefault(str(row.get("id") or row[table.key[0]]), []).append(_digest(row, drop=COUNTED))
    return {name: _digest({"all": sorted(each)}) for name, each in sorted(texts.items())}


def _digest(row: Row, drop: Iterable[str] = ()) -> str:
    kept = {name: each for name, each in row.items() if name not in set(drop)}
    plain = json.dumps(kept, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(plain.encode()).hexdigest()[:12]


def changes(old: Inventory, new: Inventory) -> tuple[Change, ...]:
    """Everything that differs, the heaviest first."""
    shelves = chain.from_iterable(_shelf(kind, old.get(kind, {}), new.get(kind, {})) for kind in SHELVES)
    mappings = _mappings(old, new)
    parts = chain.from_iterable(_parts(kind, old, new) for kind in PARTS)
    found = {(each.kind, each.id, each.what): each for each in chain(shelves, mappings, parts)}
    return tuple(sorted(found.values(), key=lambda each: (-WEIGHTS.index(each.weight), each.kind, each.id, each.what)))


def _shelf(kind: str, old: Shelf, new: Shelf) -> Iterator[Change]:
    for name in sorted(old.keys() | new.keys()):
        if name not in new:
            yield Change(weight="major", what="removed", kind=kind, id=name, before=_words(old[name]))
        elif name not in old:
            yield Change(weight="minor", what="added", kind=kind, id=name, after=_words(new[name]))
        else:
            yield from _differing(kind, name, old[name], new[name])


def _differing(kind: str, name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    if _words(old) != _words(new):
        yield Change(weight="patch", what="renamed", kind=kind, id=name, before=_words(old), after=_words(new))
    if old.get("status") != new.get("status") or old.get("replaced_by") != new.get("replaced_by"):
        yield _standing(kind, name, old, new)
    if old.get("digest") != new.get("digest"):
        yield Change(weight="patch", what="changed", kind=kind, id=name)
    if old.get("counts") != new.get("counts"):
        yield Change(weight="patch", what="counts changed", kind=kind, id=name)


def _standing(kind: str, name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Change:
    """Its status or its successor is another one."""
    successor, status = str(new.get("replaced_by", "")), str(new.get("status", ""))
    if status != "deprecated":
        return Change(
            weight="minor", what="status changed", kind=kind, id=name, before=str(old.get("status", "")), after=status
        )
    if successor:
        return Change(weight="minor", what="deprecated with successor", kind=kind, id=name, after=successor)
    return Change(weight="major", what="deprecated without successor", kind=kind, id=name)


def _mappings(old: Inventory, new: Inventory) -> Iterator[Change]:
    before, after = old.get("mappings", {}), new.get("mappings", {})
    for code in sorted(before.keys() | after.keys()):
        yield from _means(code, before.get(code, {}), after.get(code, {}), is_new=code not in old.get("codes", {}))


def _means(code: str, old: Mapping[str, str], new: Mapping[str, str], *, is_new: bool) -> Iterator[Change]:
    for fault in sorted(old.keys() | new.keys()):
        name, before, after = f"{code} -> {fault}", old.get(fault, ""), new.get(fault, "")
        if before == after or is_new:
            continue
        if not after or after == "not":
            yield Change(weight="major", what="mapping removed", kind="mappings", id=name, before=before, after=after)
        else:
            what = "mapping changed" if before else "mapping added"
            yield Change(weight="minor", what=what, kind="mappings", id=name, before=before, after=after)


def _parts(kind: str, old: Inventory, new: Inventory) -> Iterator[Change]:
    before, after = old.get("parts", {}).get(kind, {}), new.get("parts", {}).get(kind, {})
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            yield Change(weight="patch", what="changed", kind=kind, id=name)


def _words(entry: Mapping[str, Any]) -> str:
    return str(entry.get("words", ""))


def next_version(old: str, found: Iterable[Change]) -> str:
    """The version that these changes ask for; the old one when there are none. InputError when the old one is none."""
    major, minor, patch = parsed(old)
    weights = {each.weight for each in found}
    if "major" in weights:
        return f"{major + 1}.0.0"
    if "minor" in weights:
        return f"{major}.{minor + 1}.0"
    return f"{major}.{minor}.{patch + bool(weights)}"


def parsed(version: str) -> tuple[int, int, int]:
    """The three numbers of a version; InputError when there are not three."""
    found = _VERSION.fullmatch(version)
    if found is None:
        raise InputError(f"{version[:40]!r} is no version", mend="write three numbers such as 1.4.0")
    major, minor, patch = map(int, found.groups())
    return major, minor, patch


def log_head(ids: Iterable[str]) -> str:
    """One name for a whole event log, whatever order it came in; empty for an empty log."""
    names = sorted(set(ids))
    return hashlib.sha256("\n".join(names).encode()).hexdigest() if names else ""


def notice(shown: View) -> bytes:
    """Whom to name for what, source by source."""
    lines = ["Chargelore: what is known about the faults of EV chargers.", "Own texts: Apache-2.0.", "", "Sources:"]
    for each in shown.knowledge.sources.values():
        rest = ", ".join(text for text in (each.edition, each.dated, each.url) if text)
        lines.append(f"- {each.title}{f' ({rest})' if rest else ''}: {each.licence or 'licence not known'}")
    return ("\n".join(lines) + "\n").encode()


def manifest(shown: View, form: str, files: Mapping[str, bytes], head: str = "") -> bytes:
    """What is in the folder: hashes, licences, audience, log head, and what was held back and why."""
    return as_json(
        {
            "name": "chargelore",
            "format": form,
            "version": shown.version,
            "audience": f"TLP:{shown.audience}",
            "oem_safe": shown.oem_safe,
            "log_head": head,
            "files": {name: _sum(content) for name, content in files.items()},
            "licences": licences(shown),
            "counts": {table.name: sum(1 for _ in table.rows(shown)) for table in TABLES},
            "withheld": [{"what": each.what, "why": each.why, "count": each.count} for each in shown.withheld],
        }
    )


def _sum(content: bytes) -> dict[str, Any]:
    return {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}


def release(shown: View, form: str, head: str = "") -> dict[str, bytes]:
    """Every file of an export folder: the format's own, the inventory, the notice, and the manifest over all."""
    files = FORMATS[form](shown) | {INVENTORY: as_json(inventory(shown)), NOTICE: notice(shown)}
    clashing = [name for name, times in Counter(name.casefold() for name in files).items() if times > 1]
    if clashing:
        raise InputError(f"two files would be called {clashing[0]}", mend="give one of them another id")
    return dict(sorted(files.items())) | {MANIFEST: manifest(shown, form, files, head)}
