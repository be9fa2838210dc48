"""Load a register map by its name; every complaint names file, line and cure."""

from __future__ import annotations

from pathlib import Path

from chargelore.kb.errors import KnowledgeError
from chargelore.kb.registermap import RegisterMap
from chargelore.kb.yamlfile import checked, parse

MAPS = Path(__file__).parent / "knowledge" / "registers"


def load_map(name: str, folder: Path = MAPS) -> RegisterMap:
    """The map of that name. KnowledgeError with file, line and cure when it is not there or wrong."""
    known = sorted(file.stem for file in folder.glob("*.yaml"))
    if name not in known:
        raise KnowledgeError(f"there is no register map {name}", mend=f"use one of {', '.join(known)}")
    document = parse(folder / f"{name}.yaml", KnowledgeError)
    found: RegisterMap = checked(RegisterMap, document.value, document, (), KnowledgeError)
    if found.map != name:
        raise KnowledgeError(f"calls itself {found.map}", where=document.place(("map",)), mend="name it as its file")
    for place, each in enumerate(found.registers):
        if (each.type == "text") != bool(each.words):
            what = f"{each.name} is a {each.type} of {each.words} words"
            raise KnowledgeError(what, where=document.place(("registers", place)), mend="give `words` to a text, only")
    return found
