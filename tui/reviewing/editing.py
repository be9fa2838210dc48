"""Editing: what waits as YAML that a person may correct before it is accepted, and what waits once it is corrected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path
from typing import Any, get_args

import yaml

from chargelore.kb.errors import InputError, UseError
from chargelore.kb.home import made, unwritable
from chargelore.kb.model import Grade
from chargelore.kb.yamlfile import Document, parse
from chargelore.tui.reviewing.waiting import Waiting
from chargelore.tui.text import plain

GRADES: tuple[str, ...] = get_args(Grade)
APART = frozenset({"status", "replaced_by", "proposed"})  # what a review says, and what speaks for it
WIDTH = 100


def fields_of(one: Waiting) -> Mapping[str, Any]:
    """What of it can be changed: label and fields of a node, the grade of a link, the fields of a correction."""
    if one.proposed is not None:
        return {"grade": one.proposed.grade} if one.proposed.grade else {}
    if one.kind == "correction":
        return dict(one.fields)
    if one.kind != "draft":
        return {}
    if one.edge is not None:
        return {"grade": one.edge.grade} if one.edge.grade else {}
    return {"label": one.node.label, **_kept(one.node.attrs)} if one.node is not None else {}


def _kept(attrs: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in attrs.items() if name not in APART}


def text_file(folder: Path, one: Waiting, title: str) -> Path:
    """The file to be edited; text that could not be read last time is still in it. UseError where nothing can be."""
    fields = fields_of(one)
    if not fields:
        raise UseError("nothing of this can be edited", mend="accept it with Enter, or decline it with d")
    file = folder / f"review-{sha256(one.key.encode('utf-8', 'surrogatepass')).hexdigest()[:24]}.yaml"
    if not file.exists():
        said = yaml.safe_dump(fields, allow_unicode=True, sort_keys=False, width=WIDTH)
        try:
            made(folder)
            file.write_text(f"# {plain(title)}\n# Save and leave: what you wrote is shown before it is kept.\n{said}",
                            encoding="utf-8")  # fmt: skip
        except OSError as error:
            raise unwritable(file, error) from error
    return file


def corrected(one: Waiting, file: Path) -> Waiting:
    """The same as the file says it. InputError, with its line, for what it cannot be."""
    document = parse(file, InputError)
    before = fields_of(one)
    if not isinstance(document.value, dict):
        raise InputError("holds no fields", where=document.place(), mend=f"write {next(iter(before))}: …")
    for name, value in document.value.items():
        _check(document, before, str(name), value)
    changed = {name: value for name, value in document.value.items() if value != before[name]}
    if one.proposed is not None:
        return replace(one, proposed=replace(one.proposed, grade=changed.get("grade", one.proposed.grade)))
    return replace(one, fields={**one.fields, **changed})


def _check(document: Document, before: Mapping[str, Any], name: str, value: object) -> None:
    where = document.place((name,))
    if name not in before:
        close = get_close_matches(name, before, n=1)
        mend = f"did you mean {close[0]}?" if close else f"write {', '.join(before)}"
        raise InputError(f"{name[:60]} is no field of this", where=where, mend=mend)
    if name == "grade" and value not in GRADES:
        raise InputError(f"{str(value)[:60]!r} is no grade", where=where, mend=f"use one of {', '.join(GRADES)}")
    if type(value) is not type(before[name]) or value == "":
        kind = {"str": "words", "list": "a list", "dict": "fields of its own", "bool": "true or false"}
        wanted = kind.get(type(before[name]).__name__, "a number")
        raise InputError(f"{name} is something else than before", where=where, mend=f"write {wanted}")


def told(before: Waiting, after: Waiting) -> Iterator[str]:
    """What became of each field, in a line."""
    then, now = fields_of(before), {**fields_of(before), **fields_of(after), **after.fields}
    for name, value in now.items():
        if name in then and value != then[name]:
            yield f"- {name}: {then[name]}"
            yield f"+ {name}: {value}"
