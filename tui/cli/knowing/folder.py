"""Folder: an export as files on the disk: written beside and moved into place, never half; read back for comparison."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from chargelore.kb.claim import Tlp
from chargelore.kb.errors import InputError, UseError
from chargelore.kb.export.view import view
from chargelore.kb.load import load, shipped
from chargelore.kb.release import FIRST, INVENTORY, MANIFEST, SHELVES, Inventory, inventory
from chargelore.kb.stats import counted

LARGEST = 200_000_000  # bytes of an inventory; a hundred thousand codes have a tenth of it
SHIPPED = "shipped"


def write_folder(out: Path, files: Mapping[str, bytes]) -> None:
    """The files become the folder; an older export there makes way, anything else is left alone with a UseError."""
    _may_make_way(out)
    draft = out.parent / f".{out.name}.{secrets.token_hex(4)}"
    try:
        for name, content in files.items():
            _write(draft / name, content)
        _into_place(draft, out)
    except OSError as error:
        mend = "name another folder with --out"
        raise UseError(f"cannot be written ({error.strerror})", where=str(out), mend=mend) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _may_make_way(out: Path) -> None:
    """Only an export of ours, or an empty folder, may be replaced."""
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise UseError("is no folder", where=str(out), mend="name another folder with --out")
    if out.is_dir() and any(out.iterdir()) and _manifest(out).get("name") != "chargelore":
        raise UseError(
            "is there and holds no export of ours", where=str(out), mend="empty it, or name another with --out"
        )


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _into_place(draft: Path, out: Path) -> None:
    old = out.parent / f"{draft.name}.old"
    if out.exists():
        out.rename(old)
    try:
        draft.rename(out)
    except OSError:
        if old.exists():
            old.rename(out)
        raise
    shutil.rmtree(old, ignore_errors=True)


def read_inventory(named: str, audience: Tlp) -> Inventory:
    """What an export folder, a folder of knowledge, or `shipped` holds; InputError when it is none or damaged.

    A folder of knowledge is taken as this audience would see it.
    """
    place = Path(named)
    if named == SHIPPED and not place.exists():
        return inventory(view(shipped(), audience=audience, version=FIRST))
    if not place.is_dir():
        raise InputError(
            "is no folder", where=named, mend="name an export, a folder of knowledge YAML, or the word shipped"
        )
    if (place / MANIFEST).exists():
        return _sound(place)
    found = load(place)
    if not any(counted(found).values()):
        mend = "name an export, or a folder with YAML as `kb export --format yaml` writes it"
        raise InputError("holds no knowledge", where=named, mend=mend)
    return inventory(view(found, audience=audience, version=FIRST))


def is_export(named: str) -> bool:
    """Whether a folder is an export, which has an audience of its own."""
    return (Path(named) / MANIFEST).exists()


def _sound(folder: Path) -> Inventory:
    """The inventory, if it is the one that the manifest speaks of."""
    manifest, content = _manifest(folder), _content(folder / INVENTORY)
    files = manifest.get("files")
    told = files.get(INVENTORY) if isinstance(files, dict) else None
    wanted = told.get("sha256") if isinstance(told, dict) else None
    if hashlib.sha256(content).hexdigest() != wanted:
        raise InputError(
            "is not the file that the manifest names", where=str(folder / INVENTORY), mend="export once more"
        )
    found = _parsed(content, folder / INVENTORY)
    if not all(isinstance(found.get(name), dict) for name in (*SHELVES, "mappings", "parts")):
        raise InputError("is no inventory of ours", where=str(folder / INVENTORY), mend="export once more")
    return found


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    return _parsed(_content(path), path) if path.exists() else {}


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            raise InputError("is too large", where=str(path), mend="export once more")
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", where=str(path), mend="export once more") from error


def _parsed(content: bytes, path: Path) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise InputError("is no JSON", where=str(path), mend="export once more") from error
    if not isinstance(found, dict):
        raise InputError("is no manifest of ours", where=str(path), mend="export once more")
    return found
