"""Trigram: a shelf of texts in SQLite's full-text index, by groups of three letters and by concepts.

The index is a file in the cache folder, named by what it holds: another knowledge is another file. Where the disk
cannot be written the index stays in memory; where SQLite has no such index the plain shelf serves.
"""

from __future__ import annotations

import hashlib
import sqlite3
import tempfile
import threading
import weakref
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Sized
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any

from chargelore.kb.cache import stamp
from chargelore.kb.home import cache_folder
from chargelore.kb.shelf import PlainShelf, Said, Shelf, Text, meaning, said, telling, words_of
from chargelore.kb.vocabulary import LANGUAGE

WORTH_KEEPING = 1000  # fewer texts are indexed in an instant
KEPT = 3  # files that may lie side by side, each of another knowledge
MOST_PIECES = 16  # trigrams of one query
READ_AT_MOST = 8_000  # texts that have one of a query's pieces: what keeps a long query over many texts quick
RANKED_AT_MOST = 12_000  # texts that are weighed for one query, the shortest of those that fit
AT_LEAST = 3
PLACES = 32  # bits of a row that number its text; those above are its length, so that short texts are read first
SCHEMA = """
    CREATE VIRTUAL TABLE letters USING fts5(body, content='', tokenize='trigram');
    CREATE VIRTUAL TABLE meaning USING fts5(body, content='', tokenize="unicode61 tokenchars '-_'");
    CREATE VIRTUAL TABLE letters_found USING fts5vocab(letters, row);
    CREATE VIRTUAL TABLE meaning_found USING fts5vocab(meaning, row);
    CREATE TABLE text (number INTEGER PRIMARY KEY, said TEXT NOT NULL);
    CREATE TABLE word (word TEXT PRIMARY KEY) WITHOUT ROWID;
"""
# How often each piece occurs, counted once: the index itself would count anew for every query.
COUNTS = """
    CREATE TABLE piece (term TEXT PRIMARY KEY, docs INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE concept (term TEXT PRIMARY KEY, docs INTEGER NOT NULL) WITHOUT ROWID;
    INSERT INTO piece SELECT term, doc FROM letters_found;
    INSERT INTO concept SELECT term, doc FROM meaning_found;
    INSERT INTO letters (letters) VALUES ('optimize');
    INSERT INTO meaning (meaning) VALUES ('optimize');
    DROP TABLE letters_found;
    DROP TABLE meaning_found;
"""


def shelf(texts: Sequence[Text]) -> Shelf:
    """The quickest shelf that this machine has for these texts."""
    try:
        return TrigramShelf(_kept(texts) if len(texts) >= WORTH_KEEPING else _filled(":memory:", texts))
    except sqlite3.Error:
        return PlainShelf(texts)


class TrigramShelf:
    """Texts in an index of SQLite; may be asked from several threads."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database, self._lock = database, threading.Lock()
        self._said: dict[int, Said] = {}
        weakref.finalize(self, database.close)
        (self._count,) = database.execute("SELECT count(*) FROM text").fetchone()

    @cached_property
    def rarity(self) -> Mapping[str, float]:
        """As every shelf says it."""
        return telling(dict(self._rows("SELECT term, docs FROM concept")), self._count)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """As every shelf says it."""
        return tuple(word for (word,) in self._rows("SELECT word FROM word ORDER BY word"))

    def by_letters(self, letters: str, most: int) -> list[int]:
        """As every shelf does it; the rarest trigrams are asked for, as many as can be read in the time of a key."""
        pieces = list(dict.fromkeys(letters[start : start + 3] for start in range(len(letters) - 2)))[:400]
        known = self._counted("piece", pieces)
        return self._best("letters", _rarest(known, MOST_PIECES), most)

    def by_meaning(self, said: Collection[str], most: int) -> list[int]:
        """As every shelf does it."""
        return self._best("meaning", _rarest(self._counted("concept", sorted(said)[:400]), 400), most)

    def said(self, numbers: Iterable[int]) -> Mapping[int, Said]:
        """As every shelf does it; what was read once is kept, as the next key asks for much the same."""
        new = [number for number in numbers if number not in self._said]
        rows = self._rows(f"SELECT number, said FROM text WHERE number IN ({_marks(new)})", new) if new else []  # noqa: S608  # question marks and names of ours only
        self._said.update((number, said(frozenset(told.split()), self.rarity)) for number, told in rows)
        return self._said

    def _counted(self, table: str, terms: list[str]) -> dict[str, int]:
        return dict(self._rows(f"SELECT term, docs FROM {table} WHERE term IN ({_marks(terms)})", terms))  # noqa: S608  # question marks and names of ours only

    def _best(self, table: str, terms: _Terms, most: int) -> list[int]:
        if not terms.one_of:
            return []
        # Weighing a row costs more than finding it, so that only so many are weighed.
        found = f"""
            SELECT row FROM (
                SELECT rowid AS row, bm25({table}) AS far FROM {table} WHERE {table} MATCH ? LIMIT {RANKED_AT_MOST}
            ) ORDER BY far, row LIMIT ?
        """  # noqa: S608  # names and a number of ours
        return [row % (1 << PLACES) for (row,) in self._rows(found, [terms.wanted, most])]

    def _rows(self, statement: str, values: Sequence[str | int] = ()) -> list[Any]:
        """The rows; none from an index that broke since it was opened: then other ways must find the thing."""
        with self._lock, suppress(sqlite3.Error):
            return self._database.execute(statement, values).fetchall()
        return []


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


@dataclass(frozen=True, slots=True)
class _Terms:
    """What to ask the index for: a text has one of the first; the others only say which of them is nearer."""

    one_of: tuple[str, ...]
    better_with: tuple[str, ...]

    @property
    def wanted(self) -> str:
        """In the words of FTS5."""
        must = _any_of(self.one_of)
        return f"({must}) AND ({_any_of((*self.one_of, *self.better_with))})" if self.better_with else must


def _any_of(terms: Iterable[str]) -> str:
    return " OR ".join('"' + term.replace('"', '""') + '"' for term in terms)


def _rarest(docs: Mapping[str, int], most: int) -> _Terms:
    """The terms that occur least, until what must be read for them is enough, and a few that occur more often."""
    rising = sorted(docs, key=lambda each: (docs[each], each))[:most]
    read = accumulate(docs[each] for each in rising)
    enough = max(1, sum(each <= READ_AT_MOST for each in read))
    return _Terms(tuple(rising[:enough]), tuple(rising[enough:AT_LEAST]))


def _kept(texts: Sequence[Text]) -> sqlite3.Connection:
    """The index on disk, made when it is not there; in memory where the disk cannot be written."""
    place = cache_folder() / f"texts-{_fingerprint(texts)}.sqlite"
    with suppress(sqlite3.Error, OSError):
        if place.is_file():
            return _opened(place)
    try:
        return _made(place, texts)
    except (OSError, sqlite3.OperationalError):
        return _filled(":memory:", texts)


def _opened(place: Path) -> sqlite3.Connection:
    """A file that was renamed into place is never written again."""
    name = f"{place.resolve().as_uri()}?mode=ro&immutable=1"
    database = sqlite3.connect(name, uri=True, check_same_thread=False)
    try:
        database.execute("SELECT 1 FROM text, word, piece, concept LIMIT 1").fetchone()
    except sqlite3.Error:
        database.close()
        raise
    return database


def _made(place: Path, texts: Sequence[Text]) -> sqlite3.Connection:
    """Written aside and moved into place, so that no reader sees half an index; the oldest ones go."""
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent) as folder:
        draft = Path(folder) / place.name
        _filled(str(draft), texts).close()
        draft.replace(place)
    others = sorted(place.parent.glob("texts-*.sqlite"), key=lambda each: each.stat().st_mtime, reverse=True)
    for old in others[KEPT:]:
        old.unlink(missing_ok=True)
    return _opened(place)


def _filled(place: str, texts: Sequence[Text]) -> sqlite3.Connection:
    database = sqlite3.connect(place, check_same_thread=False)
    try:
        database.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {SCHEMA}")
        said = [" ".join(sorted(meaning(text))) for text in texts]
        database.executemany("INSERT INTO text VALUES (?, ?)", enumerate(said))
        database.executemany("INSERT INTO meaning (rowid, body) VALUES (?, ?)", _shortest_first(said, str.split))
        letters = [text.letters for text in texts]
        database.executemany("INSERT INTO letters (rowid, body) VALUES (?, ?)", _shortest_first(letters, str))
        database.executemany("INSERT INTO word VALUES (?)", ((word,) for word in words_of(texts)))
        database.executescript(COUNTS)
        database.commit()
    except BaseException:
        database.close()
        raise
    return database


def _shortest_first(bodies: Sequence[str], parts: Callable[[str], Sized]) -> list[tuple[int, str]]:
    """Rows of the index: by the number of their parts, then in the order of the texts."""
    return sorted((len(parts(body)) << PLACES | number, body) for number, body in enumerate(bodies))


def _fingerprint(texts: Sequence[Text]) -> str:
    """The texts, the vocabulary and the program that reads both."""
    digest = hashlib.sha256(f"{stamp(LANGUAGE)} {sqlite3.sqlite_version} {SCHEMA} {COUNTS} {PLACES}".encode())
    for text in texts:
        digest.update(f"{text.letters}\0{text.says}\0".encode("utf-8", "replace"))
    return digest.hexdigest()[:16]
