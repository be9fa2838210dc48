"""Place: where a store lies, by path or by URL, and what to tell a person when it cannot be used."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from chargelore.kb.errors import StoreError
from chargelore.kb.home import made, owned, store_path

MEMORY = "sqlite://"
ELSEWHERE = "name another store with --db, or another data folder with CHARGELORE_HOME"

# What the database says -> what is wrong, how to mend it; the first that fits.
SENTENCES = (
    ("locked", "another program has held it for too long", "close that program or try again"),
    ("busy", "another program has held it for too long", "close that program or try again"),
    ("readonly", "it can be read but not written", f"give yourself the right to write, or {ELSEWHERE}"),
    ("read-only", "it can be read but not written", f"give yourself the right to write, or {ELSEWHERE}"),
    ("disk is full", "the disk is full", "free some space; what was confirmed before is kept"),
    ("disk i/o", "the disk refuses to write or read", "see whether it is full; what was confirmed before is kept"),
    ("not a database", "this file is no store of events", ELSEWHERE),
    ("malformed", "the file is damaged", f"bring back a copy of it, or {ELSEWHERE}"),
    ("unable to open", "the file cannot be opened", "see whether its folder is there and yours"),
    ("no such", "this is the database of another program", ELSEWHERE),
    ("connection", "the database server does not answer", "see whether it runs and the URL is right"),
    ("authentication", "the database server refuses this user", "see whether name and password are right"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """A store by its URL; `file` is where it lies on the disk, None for memory and servers."""

    url: str
    file: Path | None = None
    is_own: bool = False  # in the data folder, which may be created

    @property
    def name(self) -> str:
        """How it is called before a person: never with a password."""
        return str(self.file) if self.file is not None else self.url.split("@")[-1]

    def exists(self) -> bool:
        """Whether there is anything to read; StoreError when not even its folder is there, or when it is no database.

        A connection that is kept takes no note of what is written over its file: what it is given would be lost.
        """
        if self.file is None:
            return True
        if not self.is_own and not self.file.parent.is_dir():
            raise StoreError("its folder is not there", where=self.name, mend=f"create it, or {ELSEWHERE}")
        if is_foreign(self.file):
            raise sentence("not a database", self.name)
        return self.file.exists()

    def identity(self) -> tuple[int, int] | None:
        """Which file lies there now, as device and inode; None where there is none, and for memory and servers."""
        try:
            status = self.file.stat() if self.file is not None else None
        except OSError:
            return None
        return (status.st_dev, status.st_ino) if status is not None else None

    def prepare(self) -> None:
        """Make what is missing before the first write."""
        if self.file is not None and self.is_own:
            made(self.file.parent)
            owned(self.file)
        self.exists()


def is_foreign(file: Path) -> bool:
    """Whether a file holds something, and that no database; not so where it cannot be read: the database says why.

    SQLite itself looks: whoever else opens and closes the file gives up all locks that this process holds on it.
    """
    try:
        with closing(sqlite3.connect(f"file:{quote(str(file.resolve()))}?mode=ro&immutable=1", uri=True)) as opened:
            opened.execute("PRAGMA schema_version")
    except sqlite3.Error as error:
        return "not a database" in str(error)
    return False


def place_of(named: str | Path | None) -> Place:
    """The place that a person named: nothing, a path, or a URL."""
    if named is None:
        return Place("", store_path(), is_own=True)
    text = str(named)
    if isinstance(named, Path) or "://" not in text:
        return Place("", Path(text).expanduser())
    if text in {MEMORY, f"{MEMORY}/:memory:"}:
        return Place(MEMORY)
    if text.startswith(f"{MEMORY}/"):
        return Place("", Path(text.removeprefix(f"{MEMORY}/")))
    return Place(text)


def sentence(said: str, where: str) -> StoreError:
    """The error of a database in words for its user."""
    low = said.lower()
    for needle, what, mend in SENTENCES:
        if needle in low:
            return StoreError(what, where=where, mend=mend)
    return StoreError(f"the database says: {said.splitlines()[0] if said else 'nothing'}", where=where, mend=ELSEWHERE)
