"""Bundle: a packet with its evidence as a zip: the same bytes for the same case, small enough for a mail. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from chargelore.engine.escalating.enclosing import Enclosure
from chargelore.engine.escalating.packet import Packet
from chargelore.engine.escalating.packetjson import as_json
from chargelore.engine.escalating.page import page

PAGE, JSON, SIGNALS, SUMS = "packet.md", "packet.json", "signals.jsonl", "SHA256SUMS"
FIRST = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can name
OWNER_ONLY = 0o600
UNIX = 3


def members(packet: Packet, enclosure: Enclosure) -> dict[str, bytes]:
    """The files that go along, by name, with their checksums."""
    told = {
        **as_json(packet),
        "evidence": {"file": SIGNALS, "signals": len(enclosure.lines), "left_out": enclosure.left_out},
    }
    files = {
        PAGE: page(packet).encode("utf-8", "replace"),
        JSON: json_text(told).encode("utf-8", "replace"),
        SIGNALS: "".join(f"{line}\n" for line in enclosure.lines).encode("utf-8", "replace"),
    }
    sums = "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    return {**files, SUMS: sums.encode("ascii")}


def json_text(told: Mapping[str, object]) -> str:
    """JSON for people too."""
    return json.dumps(told, ensure_ascii=True, indent=1) + "\n"


def bundle(packet: Packet, enclosure: Enclosure) -> bytes:
    """All members in a zip, in order of their names, without times or owners."""
    out, files = BytesIO(), members(packet, enclosure)
    with ZipFile(out, "w", ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            info = ZipInfo(name, FIRST)
            info.compress_type, info.create_system, info.external_attr = ZIP_DEFLATED, UNIX, OWNER_ONLY << 16
            archive.writestr(info, files[name])
    return out.getvalue()
