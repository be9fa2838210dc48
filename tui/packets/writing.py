"""Writing: an escalation packet as a file or a folder, whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

from chargelore.engine.escalating.bundle import bundle, json_text, members
from chargelore.engine.escalating.desk import Matter
from chargelore.engine.escalating.enclosing import enclosed
from chargelore.engine.escalating.packet import Packet
from chargelore.engine.escalating.packetjson import as_json
from chargelore.engine.escalating.page import page
from chargelore.kb.errors import UseError

Bytes = Callable[[Packet, Matter, bytes], bytes]
WRITERS: Mapping[str, Bytes] = {
    ".zip": lambda packet, matter, key: bundle(packet, enclosed(matter.case, key, packet.head.tlp)),
    ".md": lambda packet, _, __: page(packet).encode("utf-8", "replace"),
    ".json": lambda packet, _, __: json_text(as_json(packet)).encode("utf-8", "replace"),
}


def name_of(packet: Packet) -> str:
    """What a packet is called in a folder; its reference names no charger."""
    return f"escalation-{packet.head.reference}"


def put_packet(place: Path, packet: Packet, matter: Matter, key: bytes) -> None:
    """The packet at a place: as its suffix says, else all of its parts in a folder. UseError when it cannot be."""
    write = WRITERS.get(place.suffix.lower())
    if write is not None:
        put(place, write(packet, matter, key))
    else:
        put_all(place, members(packet, enclosed(matter.case, key, packet.head.tlp)))


def put_all(folder: Path, files: Mapping[str, bytes]) -> None:
    """Every file into the folder, which is made where it is not there."""
    make(folder)
    for name, content in files.items():
        put(folder / name, content)


def make(folder: Path) -> None:
    """A folder, with those above it. UseError when it cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UseError(f"cannot be made ({error.strerror})", where=str(folder), mend="name another place") from error


def put(place: Path, content: bytes) -> None:
    """Written aside and moved into place, so that nobody mails half of it."""
    draft = place.with_name(f".{place.name}.{secrets.token_hex(4)}")
    try:
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(place)
    except OSError as error:
        raise UseError(f"cannot be written ({error.strerror})", where=str(place), mend="name another place") from error
    finally:
        draft.unlink(missing_ok=True)
