"""Label: who may see what (Traffic Light Protocol 2.0), and the local key that turns names into pseudonyms.

The key never leaves this machine: the same serial number gives the same pseudonym here, and nobody elsewhere can tell
which serial number it was.
"""

from __future__ import annotations

import base64
import getpass
import hashlib
import hmac
import os
import secrets
from pathlib import Path
from typing import get_args

from chargelore.kb.claim import Tlp
from chargelore.kb.errors import StoreError
from chargelore.kb.home import made, unwritable

LABELS: tuple[Tlp, ...] = get_args(Tlp)
KEY_BYTES = 32
PSEUDONYM_LETTERS = 16


def strictest(*labels: Tlp) -> Tlp:
    """The label of something made of these parts: as secret as its most secret one."""
    return max(labels, key=LABELS.index, default="CLEAR")


def may_go(label: Tlp, audience: Tlp) -> bool:
    """Whether something so labelled may be handed to this audience."""
    return LABELS.index(label) <= LABELS.index(audience)


def pseudonym(key: bytes, name: str) -> str:
    """A name that stands for another one, sixteen letters and digits; empty stays empty."""
    if not name:
        return ""
    mac = hmac.new(key, name.strip().casefold().encode("utf-8", "replace"), hashlib.sha256).digest()
    return base64.b32encode(mac).decode("ascii")[:PSEUDONYM_LETTERS].lower()


def author(folder: Path) -> str:
    """Who is speaking, as a pseudonym: the person of `CHARGELORE_AUTHOR`, or the one who is logged in."""
    return pseudonym(local_key(folder), os.environ.get("CHARGELORE_AUTHOR") or _logged_in())


def _logged_in() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # a container may run as a number without a name
        return "nobody"


def local_key(folder: Path) -> bytes:
    """The key of this data folder, made on first use; StoreError where it can be neither read nor written."""
    path = folder / "pseudonym.key"
    try:
        return _sound(path, path.read_bytes())
    except FileNotFoundError:
        return _made_key(path)
    except OSError as error:
        raise StoreError(f"cannot be read ({error.strerror})", where=str(path), mend="check who owns it") from error


def _sound(path: Path, key: bytes) -> bytes:
    if len(key) != KEY_BYTES:
        raise StoreError(
            "the key of pseudonyms is damaged", where=str(path), mend="restore it, or delete it to start anew"
        )
    return key


def _made_key(path: Path) -> bytes:
    """Written beside and linked into place, so that two first starts at once end with one key."""
    made(path.parent)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        _write_private(draft, secrets.token_bytes(KEY_BYTES))
        _first_wins(draft, path)
        return _sound(path, path.read_bytes())
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        draft.unlink(missing_ok=True)


def _write_private(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _first_wins(draft: Path, path: Path) -> None:
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return
    except OSError:  # a file system without hard links
        draft.replace(path)
