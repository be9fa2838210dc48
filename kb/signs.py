"""Signs: what lights and tones do, as the few facts that two ways of describing them share, English and German."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from chargelore.kb.claim import Written

Colour = Literal["", "red", "green", "blue", "yellow", "orange", "white", "any"]
Does = Literal["on", "off", "flash", "pulse", "beep", "tone"]
Pace = Literal["", "slow", "fast"]

MOST_TIMES = 32
_LONGEST = 200
_COLOURS: Mapping[str, Colour] = {
    "red": "red", "rot": "red", "rote": "red", "green": "green", "gruen": "green", "grün": "green", "grüne": "green",
    "blue": "blue", "blau": "blue", "blaue": "blue", "yellow": "yellow", "gelb": "yellow", "amber": "orange",
    "orange": "orange", "white": "white", "weiss": "white", "weiß": "white", "weiße": "white",
}  # fmt: skip
_DOES: Mapping[str, Does] = {
    "flash": "flash", "flashe": "flash", "flashing": "flash", "blink": "flash", "blinking": "flash", "blinkt": "flash",
    "blinken": "flash", "blinkend": "flash", "puls": "pulse", "pulse": "pulse", "pulsing": "pulse",
    "pulsiert": "pulse", "solid": "on", "steady": "on", "constant": "on", "lit": "on", "on": "on", "leuchtet": "on",
    "dauerhaft": "on", "off": "off", "dark": "off", "aus": "off", "beep": "beep", "beeping": "beep", "piept": "beep",
    "piepton": "beep", "tone": "tone", "ton": "tone", "dauerton": "tone",
}  # fmt: skip
_PACES: Mapping[str, Pace] = {
    "fast": "fast", "quick": "fast", "rapid": "fast", "rapidly": "fast", "quickly": "fast", "schnell": "fast",
    "slow": "slow", "slowly": "slow", "langsam": "slow",
}  # fmt: skip
_NUMBERS: Mapping[str, int] = {
    "once": 1, "one": 1, "einmal": 1, "twice": 2, "two": 2, "zweimal": 2, "three": 3, "dreimal": 3, "four": 4,
    "viermal": 4, "five": 5, "fünfmal": 5, "six": 6, "sechsmal": 6, "seven": 7, "siebenmal": 7, "eight": 8,
    "achtmal": 8, "nine": 9, "ten": 10,
}  # fmt: skip
_WORD = re.compile(r"[a-zäöüß]+|\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign(Written):
    """One light or tone: its colour, what it does, how often in a row (0: on and on), and how fast where that matters.

    The signs of one code show together, or one after the other.
    """

    does: Does
    colour: Colour = ""
    times: int = 0
    pace: Pace = ""


def sign(text: str) -> Sign | None:
    """The one sign that a person described, such as `blinks red three times`; None when it is no such description."""
    words = [_plain(word) for word in _WORD.findall(text[:_LONGEST].lower())]
    colours = {_COLOURS[word] for word in words if word in _COLOURS}
    does = [_DOES[word] for word in words if word in _DOES]
    times = {number for word in words if 0 < (number := _number(word)) <= MOST_TIMES}
    if len(colours) > 1 or len(times) > 1 or not (does or (colours and times)):
        return None
    paces = [_PACES[word] for word in words if word in _PACES]
    return Sign(
        does=_done(does), colour=min(colours, default=""), times=min(times, default=0), pace=paces[0] if paces else ""
    )


def is_alike(ours: Sign, told: Sign) -> bool:
    """Whether a description fits: the same colour and count; the pace only where both tell it."""
    same = (ours.does, ours.colour, ours.times) == (told.does, told.colour, told.times)
    return same and (not ours.pace or not told.pace or ours.pace == told.pace)


def _plain(word: str) -> str:
    return word[:-1] if word.endswith("s") and word[:-1] in _DOES else word


def _number(word: str) -> int:
    return int(word) if word.isdigit() and len(word) < 4 else _NUMBERS.get(word, 0)


def _done(does: list[Does]) -> Does:
    """Tones before lights; `LED on, flashing` flashes."""
    order: tuple[Does, ...] = ("beep", "tone", "flash", "pulse", "off", "on")
    return next((each for each in order if each in does), "flash")
