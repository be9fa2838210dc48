"""How log lines say what time it is: a dozen notations, some without year, date or zone."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from typing import NamedTuple

NO_DAY = date(1970, 1, 1)
START_OF_TIME = datetime(1970, 1, 1, tzinfo=UTC)
UPTIME = "uptime-ms:"  # in front of milliseconds since power-on
LEAP_DAY_YEAR = 1972  # the first year after 1970 that has a 29th of February
_DAY = timedelta(days=1)

# English and German month names as loggers and web pages print them.
_MONTH_NAMES = "jan/jän feb mar/mär/mrz/mae apr may/mai jun jul aug sep oct/okt nov dec/dez"
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES.split(), 1) for name in names.split("/")}
_MONTH = r"(?P<month>[A-Za-zÄä]{3,9})\.?"
_HMS = r"(?P<h>\d{1,2}):(?P<mi>\d\d):(?P<s>\d\d)(?:[.,:](?P<f>\d{1,9}))?(?:\s?(?P<half>[AaPp])\.?[Mm]\.?)?"
_ZONE = r"(?:\s?(?P<zone>Z\b|UTC\b|GMT\b|[+-]\d\d:?\d\d))?"

_ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?")
_NOTATIONS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<y>\d{{4}})[-/.](?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}})[T ,_-]+{_HMS}{_ZONE}",
        rf"(?P<d>\d{{1,2}})\.(?P<m>\d{{1,2}})\.(?P<y>\d{{4}}|\d\d)[T ,_-]+{_HMS}{_ZONE}",
        rf"(?P<us_m>\d{{1,2}})[/-](?P<us_d>\d{{1,2}})[/-](?P<y>\d{{4}})[T ,_-]+{_HMS}{_ZONE}",
        rf"(?P<d>\d{{1,2}})[/ -]{_MONTH}[/ -](?P<y>\d{{4}})[: ,T]+{_HMS}{_ZONE}",
        rf"(?P<d>\d{{1,2}})\.\s?{_MONTH}\s(?:(?P<y>\d{{4}})[ ,]+)?(?:um )?{_HMS}{_ZONE}",
        rf"(?:[A-Z][a-z]{{1,2}},?\s+)?{_MONTH}\s+(?P<d>\d{{1,2}}),?\s+(?P<y>\d{{4}})[ ,]+(?:at )?{_HMS}{_ZONE}",
        rf"(?:[A-Z][a-z]{{1,2}}\s+)?{_MONTH}\s+(?P<d>\d{{1,2}})\s+{_HMS}{_ZONE}(?:\s+(?P<y>\d{{4}})\b)?",
        rf"{_HMS}(?!\d)",
    )
)
STAMP = re.compile(
    rf"{_ISO.pattern}|\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}[T ,_-]+\d{{1,2}}:\d\d:\d\d(?:[.,:]\d+)?"
    r"|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}[T ,_-]+\d{1,2}:\d\d:\d\d(?:[.,:]\d+)?(?:\s?[AP]M)?(?:Z|\s?[+-]\d\d:?\d\d\b)?"
    r"|\d{1,2}[/ -][A-Za-zÄä]{3,9}[/ -]\d{4}[: ,T]+\d{1,2}:\d\d:\d\d(?:[.,]\d+)?(?:\s?[+-]\d{4}| GMT| UTC)?"
    r"|\d{1,2}\.\s?[A-Za-zÄä]{3,9}\.?\s(?:\d{4}[ ,]+)?(?:um )?\d\d:\d\d:\d\d(?:[.,]\d+)?"
    r"|(?:[A-Z][a-z]{1,2},?\s+)?[A-Z][a-zä]{2,8}\.?\s+\d{1,2}(?:,?\s+\d{4},?)?\s+\d{1,2}:\d\d:\d\d(?:[.,]\d+)?(?:\s?[AP]M)?"
    r"(?:\s+(?:UTC\s+|GMT\s+|[A-Z]{3,4}\s+)?\d{4}\b)?"
    r"|\d{1,2}:\d\d:\d\d(?:[.,:]\d{1,9})?(?!\d)"
    r"|1[0-9]{9}(?:\.\d{1,9}|\d{3}|\d{6})?(?![\w.:-])"
)

_NO_SECONDS = re.compile(r"(?<![\d:.])(\d{1,2}:\d\d)(?![\d:])")
_SHORT_ZONE = re.compile(r"(:\d\d(?:\.\d+)?)([+-]\d\d)\Z")


class Moment(NamedTuple):
    """A time as written: with a date, with a date but no year, the time of day alone, or the time since power-on."""

    at: datetime
    has_date: bool = True
    has_year: bool = True
    since_start: bool = False


def whole_time(text: str) -> str:
    """A time as spreadsheets and databases write it, with the seconds and the whole zone that they leave out."""
    return _SHORT_ZONE.sub(r"\1\2:00", _NO_SECONDS.sub(r"\1:00", text.strip()))


def moment(text: str) -> Moment | None:
    """The time that this text writes, in UTC (where it names no zone, UTC is assumed); None where it writes none."""
    if len(text) > 18 and text[4] == "-":
        try:  # the one notation worth hurrying for: most loggers write it, no two lines the same
            return Moment(datetime.fromisoformat(text if text[-1] == "Z" else text + "+00:00"))
        except ValueError:
            pass
    return _moment(text)


@lru_cache(maxsize=4096)
def _moment(text: str) -> Moment | None:
    if text.startswith(UPTIME):
        return _guarded(_uptime, text.removeprefix(UPTIME))
    if text.isascii() and (text.isdigit() or text.replace(".", "", 1).isdigit()):
        return _epoch(text)
    if _ISO.fullmatch(text):
        return _guarded(_iso, text)
    for notation in _NOTATIONS:
        if found := notation.match(text):
            return _guarded(_written, found.groupdict())
    return None


def payload_time(text: object) -> datetime | None:
    """The time in a payload's `timestamp` or `currentTime`, in UTC."""
    if not isinstance(text, str) or len(text) > 40:
        return None
    found = moment(text.strip())
    return found.at if found is not None and found.has_date else None


@dataclass(slots=True)
class Clock:
    """Turns moments without date or year into a time that only moves on; lives for one reading.

    `hint` is the day that a log without dates seems to be of.
    """

    hint: date | None = None
    day: date | None = None
    last: datetime | None = None
    last_partial: datetime | None = field(default=None)

    def at(self, written: Moment) -> tuple[datetime, tuple[str, ...]]:
        """The time in UTC, with the marks `no-date`, `payload-date` (taken from the frames), `1970` (not set)."""
        if written.has_date and written.has_year:
            self.day, self.last = written.at.date(), written.at
            return written.at, (("1970",) if written.at.year == 1970 else ())
        at = self._moved_on(written) if written.has_date else self._today(written)
        self.last_partial = at
        return at, (() if self.day else ("payload-date",) if self.hint else ("no-date",))

    def _from_day(self) -> date:
        return self.day or self.hint or NO_DAY

    def _moved_on(self, written: Moment) -> datetime:
        """A date without its year: the year of the last whole date, or 1970; New Year moves it on."""
        at = _in_year(written.at, self._from_day().year)
        if self.last_partial and self.last_partial - at > timedelta(days=180):
            at = _in_year(at, self.last_partial.year + 1)
        return at

    def _today(self, written: Moment) -> datetime:
        """A time of day alone: on the day of the last whole date, or 1970-01-01; midnight moves it on."""
        if written.since_start:
            return datetime.combine(self._from_day(), datetime.min.time(), UTC) + (written.at - START_OF_TIME)
        at = datetime.combine(self._from_day(), written.at.timetz())
        before = max(filter(None, (self.last, self.last_partial)), default=None)
        if before is None:
            return at
        at += _DAY * (before.date() - at.date()).days
        return at + _DAY if before - at > timedelta(hours=12) else at


def _guarded(read: Callable[..., Moment], written: object) -> Moment | None:
    try:
        return read(written)
    except (ValueError, OverflowError):
        return None


def _uptime(milliseconds: str) -> Moment:
    return Moment(START_OF_TIME + timedelta(milliseconds=int(milliseconds)), has_date=False, since_start=True)


def _iso(text: str) -> Moment:
    return Moment(_utc(datetime.fromisoformat(text)))


def _epoch(text: str) -> Moment | None:
    """Seconds, milliseconds or microseconds since 1970."""
    digits = text.partition(".")[0]
    scale = {10: 1, 13: 1_000, 16: 1_000_000}.get(len(digits))
    return None if scale is None else Moment(datetime.fromtimestamp(float(text) / scale, UTC))


def _written(parts: dict[str, str | None]) -> Moment:
    month, day = _month_and_day(parts)
    year = _year(parts.get("y"))
    at = datetime.combine(
        _date(year or NO_DAY.year, month or 1, day or 1),
        datetime.min.time().replace(
            hour=_hour(int(parts["h"] or 0), parts.get("half")),
            minute=int(parts["mi"] or 0),
            second=min(int(parts["s"] or 0), 59),  # a leap second is written 60
            microsecond=int((parts["f"] or "0").ljust(6, "0")[:6]),
        ),
        _zone(parts.get("zone")),
    )
    return Moment(_utc(at), has_date=day is not None, has_year=year is not None)


def _month_and_day(parts: dict[str, str | None]) -> tuple[int | None, int | None]:
    if us_month := parts.get("us_m"):
        first, second = int(us_month), int(parts["us_d"] or 0)
        return (second, first) if first > 12 else (first, second)
    if name := parts.get("month"):
        number = _MONTHS.get(name.lower()[:3])
        if number is None:
            raise ValueError(name)
        return number, int(parts["d"] or 0)
    return (int(parts["m"] or 0), int(parts["d"] or 0)) if parts.get("m") else (None, None)


def _year(text: str | None) -> int | None:
    if not text:
        return None
    return int(text) + 2000 if len(text) == 2 else int(text)


def _hour(hour: int, half: str | None) -> int:
    if half is None:
        return hour
    return hour % 12 + (12 if half.lower() == "p" else 0)


def _zone(text: str | None) -> timezone:
    if not text or text in ("Z", "UTC", "GMT"):
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=minutes if text[0] == "+" else -minutes))


def _date(year: int, month: int, day: int) -> date:
    return date(LEAP_DAY_YEAR if (month, day, year) == (2, 29, NO_DAY.year) else year, month, day)


def _in_year(at: datetime, year: int) -> datetime:
    try:
        return at.replace(year=year)
    except ValueError:  # 29 February in a common year
        return at


def _utc(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
