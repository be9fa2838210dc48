"""Keymap: the file in which a person gives actions other keys, and what is wrong with it.

It is `keys.yaml` in the data folder, one line an action: `case.why: x, f5`. What is wrong in it is told with its line
and how to mend it; the lines that are right count all the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from textual.binding import Binding
from textual.keys import Keys, _character_to_key, key_to_character

from chargelore.kb.errors import UseError
from chargelore.kb.home import home
from chargelore.kb.yamlfile import Document, parse
from chargelore.tui.keys.common import NEAREST_WINS, NOT_OURS, meet
from chargelore.tui.keys.every import every

ALIKE = 0.75  # of 1: a name that is less like an action is no misspelling of it
NAMED = frozenset(each.value for each in Keys)
Wanted = dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Keymap:
    """Keys by action, as Textual takes them: `{"case.why": "x,f5"}`; and a sentence for each thing that is wrong."""

    keys: Mapping[str, str] = field(default_factory=dict)
    complaints: tuple[str, ...] = ()


def keymap_file() -> Path:
    """Where it is looked for; it need not be there."""
    return home() / "keys.yaml"


def keymap(file: Path | None = None) -> Keymap:
    """The keymap of a file, that of the data folder if none is named; never an error, for screens open all the same."""
    file = file or keymap_file()
    if file.is_dir():
        return Keymap(complaints=(f"{file}: is a folder — keys stand in a file of that name",))
    if not file.is_file():
        return Keymap()
    try:
        document = parse(file, UseError)
    except UseError as error:
        return Keymap(complaints=(str(error),))
    return read(document)


def read(document: Document) -> Keymap:
    """What a parsed file means. A key that two actions of one screen would share stays with the one that had it."""
    if not isinstance(document.value, dict):
        told = () if document.value is None else (f"{document.place()}: holds no mapping — write `case.why: x`",)
        return Keymap(complaints=told)
    wanted: Wanted = {}
    complaints: list[str] = []
    for name, value in document.value.items():
        keys, wrong = _line(str(name), value)
        if wrong:
            complaints.append(f"{document.place((name,))}: {wrong}")
        else:
            wanted[str(name)] = keys
    while (clash := next(clashes(wanted), None)) is not None:
        name, wrong = clash
        complaints.append(f"{document.place((name,))}: {wrong}")
        del wanted[name]
    return Keymap({name: ",".join(keys) for name, keys in wanted.items()}, tuple(complaints))


def _line(name: str, value: object) -> tuple[tuple[str, ...], str]:
    """The keys on a line, or what is wrong with it."""
    known = {each.id for each in every() if each.id}
    if name not in known:
        close = get_close_matches(name, known, n=1, cutoff=ALIKE)
        return (), f"{name[:60]} is no action — " + (f"did you mean {close[0]}?" if close else "`?` lists all of them")
    written = [each.strip() for each in str(value if value is not None else "").split(",")]
    keys = tuple(normal(each) for each in written if each)
    if not keys:
        return (), f"{name} has no key — name at least one, or remove the line"
    for key, as_written in zip(keys, written, strict=False):
        if not is_key(key):
            return (), f"{as_written[:30]!r} is no key — write x, X, f5, ctrl+x, slash, enter"
        if key in NOT_OURS:
            return (), f"{key} belongs to the terminal — take another key"
    return keys, ""


def normal(key: str) -> str:
    """`?` and `question_mark` are one key, as are `control+x` and `ctrl+x`."""
    return _character_to_key(key) if len(key) == 1 else key.replace("control+", "ctrl+")


def is_key(key: str) -> bool:
    """Whether a terminal can send it."""
    bare = key.removeprefix("ctrl+").removeprefix("shift+")
    return key in NAMED or (len(bare) == 1 and bare.isalnum()) or key_to_character(bare) is not None


def clashes(wanted: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    """The actions of a keymap that share a key with another one of a screen, each with a sentence."""
    on_key: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for each in every():
        if each.id and each.id not in wanted:
            on_key[each.key][each.id] = None
    for name, keys in wanted.items():
        for key in keys:
            other = next((one for one in on_key[key] if one != name and _collide(name, one)), None)
            if other is not None and key not in NEAREST_WINS:
                yield name, f"{key} is the key of {other} on the same screen — give that another key too"
            else:
                on_key[key][name] = None


def _collide(one: str, other: str) -> bool:
    return meet(one.partition(".")[0], other.partition(".")[0])


def in_force(keys: Mapping[str, str]) -> Iterable[tuple[Binding, tuple[str, ...]]]:
    """Each action with the keys that it has now, in the order of ids."""
    defaults: dict[str, list[str]] = {}
    bindings: dict[str, Binding] = {}
    for each in every():
        if each.id:
            defaults.setdefault(each.id, []).append(each.key)
            bindings.setdefault(each.id, each)
    return [
        (bindings[name], tuple(keys[name].split(",")) if name in keys else tuple(own)) for name, own in defaults.items()
    ]
