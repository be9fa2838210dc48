"""Load a register map by its name; every complaint names file, line and cure."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from chargelore.kb.errors import KnowledgeError
from chargelore.kb.registermap import MOST_WORDS, Register, RegisterMap
from chargelore.kb.yamlfile import checked, parse

MOST_DECIMALS = 9
WIDEST = 64  # bits
MAPS = Path(__file__).parent / "knowledge" / "registers"


def load_map(name: str, folder: Path = MAPS) -> RegisterMap:
    """The map of that name. KnowledgeError with file, line and cure when it is not there or wrong."""
    known = sorted(file.stem for file in folder.glob("*.yaml"))
    if name not in known:
        raise KnowledgeError(f"there is no register map {name}", mend=_where_maps_are(folder, known))
    document = parse(folder / f"{name}.yaml", KnowledgeError)
    found: RegisterMap = checked(RegisterMap, document.value, document, (), KnowledgeError)
    if found.map != name:
        raise KnowledgeError(f"calls itself {found.map}", where=document.place(("map",)), mend="name it as its file")
    for place, each in enumerate(found.registers):
        for what, mend in _unusable(each):
            raise KnowledgeError(f"{each.name} {what}", where=document.place(("registers", place)), mend=mend)
    return found


def _where_maps_are(folder: Path, known: list[str]) -> str:
    """The names of those that ship; in a folder of one's own, whose other files may be anything, only the folder."""
    return (
        f"use one of {', '.join(known)}"
        if folder == MAPS
        else f"put it into {folder}, as .yaml, or name one that ships"
    )


def _unusable(register: Register) -> Iterator[tuple[str, str]]:
    """What would make reading it fail, or take for ever; what is merely odd is told by the checks."""
    if (register.type == "text") != bool(register.words) or not 0 <= register.words <= MOST_WORDS:
        yield (
            f"is a {register.type} of {register.words} words",
            f"give `words` to a text, only, and at most {MOST_WORDS}",
        )
    if register.table in ("coil", "discrete") and register.type != "u16":
        yield f"is a {register.type} of single bits", "leave out the `type` of a coil or discrete input"
    if abs(register.decimals) > MOST_DECIMALS:
        yield f"has {register.decimals} decimals", f"use -{MOST_DECIMALS} to {MOST_DECIMALS}"
    if any(not 0 <= bit < WIDEST for bit in register.bits):
        yield "names a bit that no register has", "number bits from 0, the lowest"
