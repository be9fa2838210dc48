"""Denial: whether a no in a sentence denies what was seen, or something else beside it. Pure."""

from __future__ import annotations

import re

DENIAL = re.compile(
    r"\b(?:no|not|never|without|none|neither|nope|nobody|nothing|cannot|kein(?:e[nmrs]?)?|nicht|nie|niemals|niemand|nichts|ohne|nein)\b"
    r"|n['’]t\b",
    re.IGNORECASE,
)
_DOUBLE = re.compile(r"\b(?:without|ohne)\b", re.IGNORECASE)  # beside another no: `cannot be touched without a shock`
_ASIDE = re.compile(
    r",?\s+(?=(?:although|though|because|when(?:ever)?|while|if|since|until|after|before|without|with no"
    r"|obwohl|obgleich|weil|wenn|während|sobald|seit|nachdem|bevor|als|ohne)\b)",
    re.IGNORECASE,
)
_OF_ANOTHER = re.compile(
    r"(?:\b(?:not|cannot|never|no longer)|n['’]t)\s+(?:\w+ly\s+)?"
    r"(?:charg|work|start|respond|react|connect|trip|open|stop|only|just|safe|normal|funny|pleasant)\w*"
    r"|\bno\s+(?:charg|power|display|connect|reaction|response|function|message|fault|error|car\b|vehicle|load)\w*"
    r"|\bkein\w*\s+(?:lad|strom\b|anzeige|verbindung|reaktion|funktion|meldung|fehler|auto\b|fahrzeug|last\b)\w*"
    r"|\b(?:lädt|laden|geht|startet|funktioniert|reagiert|antwortet|löst|hört|tut|verbindet)(?:\s+[\w-]+){0,3}\s+nicht(?:\s+(?:mehr|auf|aus))*"
    r"|\bnicht\s+(?:geladen|gestartet|nur|sicher|normal|auszuhalten)",
    re.IGNORECASE,
)


def beyond_no(text: str) -> str:
    """What a sentence says whatever its no denies: that stands apart from it, or is denied twice."""
    rest = " ".join(_OF_ANOTHER.sub(" ", text).split())
    if _DOUBLE.search(rest) and len(DENIAL.findall(text)) > 1:
        return DENIAL.sub("", text)
    return ". ".join(part for part in _ASIDE.split(rest) if not DENIAL.search(part))
