"""Layout: how one logger writes its lines - the head it puts in front, its side of the wire, its layer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from chargelore.engine.decode.clock import STAMP
from chargelore.engine.decode.logs.members import BEGINS, structured_head
from chargelore.engine.decode.logs.record import Head
from chargelore.kb.model import Layer

_LEVEL = re.compile(
    r"\b(TRACE|DEBUG|DBG|INFO|NOTICE|WARN(?:ING)?|ERROR|ERR|FATAL|CRITICAL|CRIT|ALERT|EMERG|SEVERE|VERBOSE)\b",
    re.IGNORECASE,
)
_LOGGER = re.compile(r"\[([A-Za-z][\w. /:-]{0,60}?)\s*\]|\b([\w-]+(?:\.[\w-]+){1,8})\b(?=\s*[:\]-])")
_FILLING = re.compile(r"[\s\]\)>|:,;-]*")
LEVELS = {
    "w": "warning", "warn": "warning", "e": "error", "err": "error", "severe": "error", "i": "info", "d": "debug",
    "dbg": "debug", "v": "trace", "verbose": "trace", "crit": "critical", "fatal": "critical", "emerg": "critical",
    "erro": "error", "verb": "trace", "trac": "trace", "debg": "debug",
}  # fmt: skip
_TIME_MEMBER = re.compile(
    rf"\s*\"(?:@?timestamp|time|ts|date|datetime|created_?at)\"\s*:\s*\"?({STAMP.pattern})\"?,?\s*\Z", re.IGNORECASE
)  # of a JSON object printed over many lines
HEAD_WITHIN = 60
_OPENINGS = ("{", "t", "l", "T", " ", "\t")  # of a structured line


@dataclass(frozen=True, slots=True)
class Layout:
    """`head` matches the start of a line with the groups at, level, logger, charger as far as it has them.

    `side` is whose log it is: `charger` or `csms`. A line that `unfinished` matches belongs together with the next.
    `tell` are words that only this logger writes, for logs whose heads were cut off.
    """

    name: str
    head: re.Pattern[str]
    side: str = ""
    layer: Layer = "firmware"
    unfinished: re.Pattern[str] | None = None
    tell: re.Pattern[str] | None = None
    weight: float = 1.0
    talks: bool = True  # whether words around a frame are worth a record; in an envelope of members they are not

    def looks(self, sample: Sequence[str]) -> float:
        """How much a sample of lines looks like this logger: 0 to 1."""
        said = [line for line in sample if line.strip()]
        return self.weight * _share(self._knows(line) for line in said)

    def _knows(self, line: str) -> bool:
        return self.head.match(line) is not None or (self.tell is not None and self.tell.search(line) is not None)

    def head_of(self, text: str) -> Head:
        """The head of a line as this logger writes it, or as any logger might."""
        if text[:1] in _OPENINGS and BEGINS.match(text):
            head = structured_head(text)
            return head._replace(level=_level(head.level))
        found = self.head.match(text)
        if found is None:
            return any_head(text)
        at, at2, level, level2, logger, logger2, charger = _parts(self.head)
        taken = (*found.groups(""), "")
        return Head(
            found.end(), taken[at] or taken[at2], _level(taken[level] or taken[level2]),
            taken[logger] or taken[logger2], taken[charger],
        )  # fmt: skip


def any_head(text: str) -> Head:
    """The head of a line of nobody we know: a time near the start, a level, a logger."""
    if named := _TIME_MEMBER.match(text):
        return Head(named.end(), named[1])
    stamp = STAMP.search(text, 0, HEAD_WITHIN + 40)
    if stamp is not None and (
        stamp.start() > HEAD_WITHIN or "{" in text[: stamp.start()] or '"' in text[: stamp.start()]
    ):
        stamp = None
    end = stamp.end() if stamp else 0
    level = _LEVEL.search(text, 0, end + 30)
    if level is not None and level.start() > end + 12 and stamp is None:
        level = None
    end = max(end, level.end() if level and _is_set_apart(text, level) else 0)
    if end == 0:
        return Head(0, level=LEVELS.get(level.group().lower(), level.group().lower()) if level else "")
    logger = _LOGGER.search(text, 0, end)
    name = (logger.group(1) or logger.group(2)) if logger else ""
    filling = _FILLING.match(text, end)
    word = level.group(1).lower() if level else ""
    return Head(filling.end() if filling else end, stamp.group() if stamp else "", LEVELS.get(word, word), name or "")


def _is_set_apart(text: str, level: re.Match[str]) -> bool:
    """Whether a level stands for itself; in `error code 80` it is a word of the sentence."""
    after = text[level.end() : level.end() + 2]
    return level.group().isupper() or not (after[:1] == " " and after[1:].islower())


@lru_cache(maxsize=64)
def _parts(head: re.Pattern[str]) -> tuple[int, ...]:
    """Where time, level, logger and charger stand among a head's groups; -1, the empty last one, for what it lacks."""
    names = ("at", "at2", "level", "level2", "logger", "logger2", "charger")
    return tuple(head.groupindex.get(name, 0) - 1 for name in names)


@lru_cache(maxsize=256)
def _level(word: str) -> str:
    return LEVELS.get(word.lower(), word.lower())


def _share(votes: Iterable[bool]) -> float:
    counted = list(votes)
    return sum(counted) / len(counted) if counted else 0.0
