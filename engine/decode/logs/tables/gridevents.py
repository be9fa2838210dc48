"""Grid events: the dips, swells, interruptions and the like that a power-quality recorder lists (EN 50160)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from chargelore.engine.decode.logs.tables.columns import bare, is_empty, is_time
from chargelore.engine.decode.logs.tables.form import Form
from chargelore.engine.decode.logs.tables.supply import number_in
from chargelore.engine.signal import Scalar

FORM = Form(name="grid-event-table", layer="grid")
EVENT, DURATION, RESIDUAL, DEPTH, PHASE = "grid.event", "grid.duration", "grid.residual", "grid.depth", "grid.phase"
ENOUGH = 0.6
# EN 50160: an interruption is below 5 % of the agreed voltage, a dip below 90 %, a swell above 110 %; what is low or
# high for more than a minute is no dip or swell but under- or overvoltage.
INTERRUPTED, DIPPED, SWOLLEN, LONGEST = 5.0, 90.0, 110.0, 60.0
MOST_PERCENT = 140.0  # a bare number above that is in volts

# What recorders call an event, the first that fits: English, German, French, Dutch, Spanish.
_EVENTS = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("interruption", r"interrupt|unterbrech|ausfall(?!.*phase)|outage|coupure|onderbreking|corte"),
        ("phase-loss", r"phase (?:loss|lost|failure|missing)|phasenausfall|perte de phase|fase-?uitval"),
        ("undervoltage", r"under-?\s?voltage|unterspannung|sous-?tension|onderspanning|subtensi"),
        ("dip", r"\b(?:voltage )?(?:dip|sag)s?\b|einbruch|einbrüche|absenkung|creux|spanningsdip|kuil|hueco"),
        ("transient", r"transient|impuls|surge|stoß|stoss"),
        ("swell", r"swell|überhöhung|ueberhoehung|hausse de tension|zwelling|elevaci|temporary over"),
        ("overvoltage", r"over-?\s?voltage|überspannung|ueberspannung|surtension|overspanning|sobretensi"),
        ("rapid-change", r"rapid voltage change|\brvc\b|schnelle spannungsänderung|rapide verandering"),
        ("flicker", r"flicker|\bp(?:st|lt)\b|papillotement|parpadeo"),
        ("harmonics", r"harmoni|oberschwing|oberwell|\bthd\b|armónic"),
        ("unbalance", r"unbalance|imbalance|unsymmetr|asymmetr|déséquilibre|onbalans|desequilibrio"),
        ("frequency", r"frequen[cz]|fréquence|frecuencia"),
    )
)
_VOLTAGE_EVENT = re.compile(r"voltage|spannung|tension|spanning|rms", re.IGNORECASE)
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    EVENT: ("event", "eventtype", "type", "typ", "art", "ereignis", "ereignistyp", "ereignisart", "category",
            "kategorie", "evenement", "typeevenement", "gebeurtenis", "evento", "tipo", "trigger", "anomaly",
            "disturbance"),
    DURATION: ("duration", "dauer", "duree", "duur", "duracion", "eventduration", "ereignisdauer", "length"),
    RESIDUAL: ("residual", "residualvoltage", "restspannung", "extremum", "extreme", "extremevalue", "extremwert",
               "magnitude", "value", "wert", "worst", "minmax", "minimum", "tensionresiduelle", "restspanning",
               "tensionresidual", "amplitude", "retainedvoltage", "peak", "level"),
    DEPTH: ("depth", "tiefe", "einbruchtiefe", "profondeur", "diepte", "profundidad"),
    PHASE: ("phase", "phasen", "channel", "kanal", "leiter", "fase", "canal", "phases", "line"),
}  # fmt: skip
_BRACKET = re.compile(r"[\[(]([^\])]{1,12})[\])]")
_SPANS: Mapping[str, float] = {
    "s": 1.0, "sec": 1.0, "seconds": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "min": 60.0, "h": 3600.0, "cycles": 0.02,
    "periods": 0.02, "perioden": 0.02,
}  # fmt: skip
_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,3}):(\d{1,2}(?:[.,]\d+)?)\Z")
_WITH_UNIT = re.compile(r"[-+]?\d+(?:[.,]\d+)?\s*([a-zµ%]+)\Z", re.IGNORECASE)
UNIT = "|"  # between a role and the unit that stands in the column's name


def event_in(text: str) -> str:
    """Which event a recorder names; "" where it is none that EN 50160 knows."""
    return next((name for name, pattern in _EVENTS if pattern.search(text)), "") if len(text) < 80 else ""


def columns_in(names: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, int]:
    """The columns of a list of events: role (and unit) -> place; none where it is no such list."""
    found: dict[str, int] = {}
    for role, known in _COLUMNS.items():
        place = next((at for at, name in enumerate(names) if bare(_BRACKET.sub("", name)) in known), None)
        if place is not None and place not in found.values():
            unit = _BRACKET.search(names[place])
            found[f"{role}{UNIT}{unit[1].strip().lower() if unit else ''}"] = place
    named = {role.partition(UNIT)[0]: place for role, place in found.items()}
    measured = named.keys() & {DURATION, RESIDUAL, DEPTH}
    told = [row[named[EVENT]] for row in rows if not is_empty(row[named[EVENT]])] if EVENT in named else []
    known_events = sum(bool(event_in(each) or _VOLTAGE_EVENT.search(each)) for each in told)
    has_time = any(rows and is_time(cell) for cell in (rows[0] if rows else ()))
    return found if measured and has_time and told and known_events >= ENOUGH * len(told) else {}


def event_of(cells: Mapping[str, str]) -> dict[str, Scalar]:
    """The event of a row: event, duration s, residual % of 230 V or voltage V, phase; empty where it names none."""
    said = {role.partition(UNIT)[0]: (cell, role.partition(UNIT)[2]) for role, cell in cells.items()}
    text = said.get(EVENT, ("", ""))[0]
    fields: dict[str, Scalar] = {}
    if (duration := _duration(*said.get(DURATION, ("", "")))) is not None:
        fields["duration"] = duration
    fields |= _residual(*said.get(RESIDUAL, ("", "")), *said.get(DEPTH, ("", "")))
    if PHASE in said:
        fields["phase"] = said[PHASE][0]
    event = event_in(text) or (_by_size(fields) if _VOLTAGE_EVENT.search(text) else "")
    return {"event": sized(event, fields), "text": text, **fields} if event else {}


def sized(event: str, fields: Mapping[str, Scalar]) -> str:
    """The event by what it measured, where recorders draw the line otherwise than EN 50160."""
    residual, duration = fields.get("residual"), fields.get("duration")
    if event == "dip" and isinstance(residual, int | float) and residual < INTERRUPTED:
        return "interruption"
    if event in ("dip", "swell") and isinstance(duration, int | float) and duration > LONGEST:
        return "undervoltage" if event == "dip" else "overvoltage"
    return event


def _by_size(fields: Mapping[str, Scalar]) -> str:
    residual = fields.get("residual")
    if not isinstance(residual, int | float):
        return ""
    return "dip" if residual < DIPPED else "swell" if residual > SWOLLEN else ""


def _duration(cell: str, unit: str) -> float | None:
    """Seconds: `0.12`, `120 ms`, `00:00:00.120`; a bare number is in the unit of the column, else in seconds."""
    clock = _CLOCK.match(cell.strip())
    if clock is not None:
        hours, minutes, seconds = clock.groups()
        return int(hours or 0) * 3600 + int(minutes) * 60 + float(seconds.replace(",", "."))
    number, own = number_in(cell), _WITH_UNIT.match(cell.strip())
    factor = _SPANS.get(own[1].lower() if own else unit, None if own or unit else 1.0)
    return None if number is None or factor is None or number < 0 else round(number * factor, 6)


def _residual(cell: str, unit: str, depth: str, depth_unit: str) -> dict[str, Scalar]:
    """What was left of the voltage, or how high it went, in %; volts are kept beside it."""
    lost, number = number_in(depth), number_in(cell)
    if lost is not None and depth_unit in ("%", ""):
        return {"residual": round(100 - lost, 3)}
    if number is None or number < 0:
        return {}
    own = _WITH_UNIT.match(cell.strip())
    said = (own[1] if own else unit).lower() or ("pu" if number < 2 else "%" if number <= MOST_PERCENT else "v")
    if said.startswith("pu"):
        return {"residual": round(number * 100, 3)}
    if said.startswith("%"):
        return {"residual": round(number, 3)}
    volts = number * (1e3 if said == "kv" else 1.0)
    if said not in ("v", "kv") or volts > 1000:
        return {}
    return {"residual": round(100 * volts / (230.0 if volts < 330 else 400.0), 3), "voltage": volts}
