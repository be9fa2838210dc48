"""Age: how old a claim is, in words, from its date and today."""

from __future__ import annotations

import re
from datetime import date

_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
IN_YEARS_FROM = 24  # months


def aged(dated: str, today: date | None = None) -> str:
    """`from 2024-05, 2 years old`; only the date where today is not told, and nothing where no date is.

    `dated` is 2024, 2024-05 or 2024-05-17. A date to come, as after a wrong clock, has no age.
    """
    found = _DATE.fullmatch(dated.strip())
    if found is None:
        return ""
    months = _months(found, today) if today else 0
    if today is None or months < 0:
        return f"from {dated}"
    about = "" if found[2] else "about "
    return f"from {dated}, {about}{_spoken(months)} old"


def _months(found: re.Match[str], today: date) -> int:
    """Full months since then; a year alone is taken at its middle, or at its beginning when it has not ended."""
    year = int(found[1])
    month = int(found[2]) if found[2] else (7 if year < today.year else 1)
    is_before_its_day = bool(found[3]) and today.day < int(found[3])
    return (today.year - year) * 12 + today.month - month - is_before_its_day


def _spoken(months: int) -> str:
    if months < 1:
        return "less than a month"
    if months < IN_YEARS_FROM:
        return "1 month" if months == 1 else f"{months} months"
    return f"{months // 12} years"
