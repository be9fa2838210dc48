"""Session: what the next start goes on with: the place, the filters, theme, language and bell. One small file."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from chargelore.kb.home import made, unwritable
from chargelore.tui.places import HOME, Place

MOST_FILTERS, LONGEST = 50, 500


@dataclass(frozen=True, slots=True)
class Session:
    """How the screens were left. `filters` are by list; `theme` and `language` are empty where nobody chose."""

    place: Place = HOME
    filters: Mapping[str, str] = field(default_factory=dict)
    theme: str = ""
    language: str = ""
    bell: bool = False


def load(file: Path) -> Session:
    """The session in a file; a fresh one where there is none, or where it cannot be understood."""
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        place = Place(*(str(kept["place"][name])[:LONGEST] for name in ("kind", "name")))
        filters = {str(name): str(text)[:LONGEST] for name, text in kept["filters"].items()}
        return Session(place, filters, str(kept["theme"]), str(kept["language"]), kept.get("bell") is True)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Session()


def save(file: Path, session: Session) -> None:
    """Keep it; the file is replaced whole. StoreError when it cannot be written."""
    newest = dict(list(session.filters.items())[-MOST_FILTERS:])
    fresh = file.with_suffix(f".{os.getpid()}.new")
    try:
        made(file.parent)
        fresh.write_text(json.dumps(asdict(session) | {"filters": newest}), encoding="utf-8")
        fresh.replace(file)
    except OSError as error:
        with suppress(OSError):
            fresh.unlink()
        raise unwritable(file, error) from error
