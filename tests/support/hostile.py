"""Text that a charger may write to do harm, and a case in which it stands wherever a charger can write."""

from __future__ import annotations

from dataclasses import replace

from fake_watch import signal, trip
from msgspec import structs

from chargelore.engine.case import Case, Charger

HOSTILE = (
    "[red]not red[/red] [/] [@click=app.quit]x[/] $error",
    "\x1b[31mred\x1b[0m\x1b]0;title\x07",
    "a\u202eb\u2066c\u200b\ufeff",
    "🔌🧯👩‍👩‍👧‍👦 充电桩充电桩",
    "x" * 10_000,
    "line\r\nbreak\ttab\x00nul\ud800",
)


def hostile_case(text: str) -> Case:
    """A case in which everything that a charger can write is hostile."""
    log = [signal(text, second, "status", info=text, status=text, errorCode=text) for second in range(30)]
    log += [signal(text, 40, "log", text=text), signal(text, 41, "answer", action=text, status=text)]
    log += [structs.replace(signal(text, 42, text, **{text: text}), raw=text, marks=(text,))]
    named = replace(trip(text, log), charger=Charger(id=text, vendor=text, model=text, firmware=text))
    return replace(named, words=(text,), codes=tuple(replace(code, code=text, text=text) for code in named.codes))
