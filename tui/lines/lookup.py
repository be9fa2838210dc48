"""Look-up results as lines: what matched, what it means, how sure that is, and where it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from chargelore.engine.case import Charger
from chargelore.kb.model import Knowledge
from chargelore.tui.lines.paint import NAME, QUIET, line
from chargelore.tui.text import brief, plain

if TYPE_CHECKING:
    from chargelore.kb.lookup import Hit


def hit_key(hit: Hit) -> str:
    """What makes a result the same."""
    return str(hit)


def hit_line(hit: Hit, width: int) -> tuple[Text]:
    """One line."""
    return (line(brief(hit, width)),)


def hit_words(hit: Hit) -> dict[str, str]:
    """What a filter searches."""
    return {"text": str(hit)}


def card(hit: Hit, knowledge: Knowledge) -> list[Text]:
    """Everything about one result."""
    return [Text(plain(str(hit)))]


def scope_line(charger: Charger | None, *, is_everywhere: bool) -> Text:
    """Where is searched."""
    if charger is None:
        return line(("Searching all makers. Open a case first to search within its maker.", QUIET))
    made = plain(" ".join(filter(None, (charger.vendor, charger.model, charger.firmware)))) or "an unknown make"
    if is_everywhere:
        return line(("Searching all makers. F2 searches within ", QUIET), (brief(made, 40), NAME))
    return line(("Searching within ", QUIET), (brief(made, 40), NAME), (". F2 searches all makers.", QUIET))


def nothing_found(typed: str) -> Text:
    """What an empty list says."""
    if not typed.strip():
        return Text("Type a code as the charger shows it, or what people say about the trouble.")
    return Text(f"Nothing here knows “{brief(typed, 60)}”.\nF3 notes it as missing, so that it can be added.")
