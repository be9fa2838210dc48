"""Drafts: half-filled findings, one small file each in the data folder, so that a crash loses no typing."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

from chargelore.kb.home import made, unwritable
from chargelore.tui.finding import Filled


class Drafts:
    """The drafts in a folder. A file is replaced whole: it holds the old text or the new, never half of one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def load(self, case_id: str) -> Filled | None:
        """What was typed on a case; None where nothing was, or where the file cannot be understood."""
        try:
            kept = json.loads(self._place(case_id).read_text(encoding="utf-8"))
            return Filled(**{name: kept[name] for name in Filled.__dataclass_fields__})
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def save(self, case_id: str, filled: Filled) -> None:
        """Keep what is typed so far. StoreError when the folder cannot be written."""
        place = self._place(case_id)
        fresh = place.with_suffix(f".{os.getpid()}.new")
        try:
            made(self.folder)
            fresh.write_text(json.dumps(asdict(filled)), encoding="utf-8")
            fresh.replace(place)
        except OSError as error:
            raise unwritable(place, error) from error

    def forget(self, case_id: str) -> None:
        """The finding was recorded: its draft goes, unless the disk keeps it."""
        with suppress(OSError):
            self._place(case_id).unlink()

    def _place(self, case_id: str) -> Path:
        # A case id holds a charger's own name, which may be no file name.
        return self.folder / f"{sha256(case_id.encode('utf-8', 'surrogatepass')).hexdigest()[:24]}.json"
