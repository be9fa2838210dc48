"""The supply: columns of a site meter or a power-quality recorder, known by their names, as values in SI units.

A column's name says quantity, phase, statistic and unit in many ways: `U L1 [V]`, `Spannung_L2_min`, `THD I3 (%)`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from statistics import median

from chargelore.engine.decode.clock import moment, whole_time
from chargelore.engine.decode.logs.tables.form import Form
from chargelore.engine.signal import Scalar

FORM = Form(name="supply-table", layer="grid")
JOINT = "|"  # between a field and its factor in a role
FEWEST = 2  # quantities that make it a meter
OF_A_CHARGER = frozenset({"connector", "transaction", "evse", "tag"})  # whose meter it then is
SHORT = 60.0  # seconds; a mean over more shows no dip
PHASES = ("l1", "l2", "l3")

# What a column's name says, the first that fits: English, German, French, Dutch, Spanish, and the letters of the trade.
_QUANTITIES = tuple(
    (name, re.compile(rf"(?:\A|(?<= ))(?:{pattern})(?=\Z| |\d)"))
    for name, pattern in (
        ("", r"energy|energie|wirkarbeit|blindarbeit|arbeit|k?wh|k?varh|cos ?phi|cosphi|pf"
             r"|power factor|leistungsfaktor|ea"),
        ("flicker.short", r"pst(?: ?l)?|flicker short.*|kurzzeitflicker"),
        ("flicker.long", r"plt(?: ?l)?|flicker long.*|langzeitflicker"),
        ("thd", r"thd ?[a-z]*|total harmonic distortion|harmonics|oberschwingung\w*|klirrfaktor"),
        ("unbalance", r"(?:voltage )?unbalance|imbalance|unsymmetrie|spannungsunsymmetrie|asymmetr\w*|desequilibre"
                      r"|onbalans|desequilibrio|u2 ?u1"),
        ("frequency", r"frequency|frequenz|netzfrequenz|frequence|frequentie|frecuencia|freq|f|hz"),
        ("power.reactive", r"reactive(?: power)?|blindleistung|puissance reactive|blindvermogen|q(?: ?l)?"),
        ("power.apparent", r"apparent(?: power)?|scheinleistung|puissance apparente|schijnbaar\w*|s(?: ?l)?"),
        ("power", r"(?:active |real )?power|wirkleistung|leistung|puissance(?: active)?|vermogen|potencia(?: activa)?"
                  r"|p(?: ?l)?|netzbezug|grid power"),
        ("voltage", r"(?:phase |line |supply |netz)?voltage|(?:netz|phasen|leiter)?spannung|tension|spanning|voltaje"
                    r"|(?:u|v)(?: ?l)?|urms|vrms|uln|vln|phv"),
        ("current", r"(?:phase |line )?current|(?:phasen|leiter)?strom|courant|stroom|intensit\w*|corriente"
                    r"|i(?: ?l)?|irms|amps?|in"),
    )
)  # fmt: skip
_UNITS: Mapping[str, tuple[str, float]] = {
    "v": ("voltage", 1.0), "kv": ("voltage", 1e3), "mv": ("voltage", 1e-3),
    "a": ("current", 1.0), "ma": ("current", 1e-3),
    "w": ("power", 1.0), "kw": ("power", 1e3), "mw": ("power", 1e6), "va": ("power.apparent", 1.0),
    "kva": ("power.apparent", 1e3), "var": ("power.reactive", 1.0), "kvar": ("power.reactive", 1e3),
    "hz": ("frequency", 1.0), "mhz": ("frequency", 1e-3), "%": ("", 1.0),
}  # fmt: skip
_UNIT = re.compile(r"[\[(/ _.,-](k?v(?:ar|a)?|mv|m?a|[km]?w|m?hz|%)[\])]?\s*\Z", re.IGNORECASE)
_BETWEEN = re.compile(r"(?:l|phase |u|v|ph)? ?([1-3abc]) ?(?:[-/]|to| )? ?(?:l|phase |ph)?([1-3abc])(?=\Z| )")
_ONE = re.compile(
    r"(?:\A|(?<=[ a-z]))(?:l ?|phase |ph |ph|leiter |aussenleiter )?([1-3])(?=\Z| |n\b)"
    r"|(?:\A| )(?:phase |ph |l)([abcrst])(?=\Z| )"
)
_NEUTRAL = re.compile(r"(?:\A| )(?:n|in|neutral|neutralleiter|l?n ?pe)(?=\Z| )")
_LETTERS = dict(zip("abcrst", (1, 2, 3, 1, 2, 3), strict=True))
_OF_ALL_PHASES = ("unbalance", "frequency")
_LEAST = re.compile(r"(?:\A| )(?:min|minimum|mindest\w*|low|lowest)(?=\Z| )")
_MOST = re.compile(r"(?:\A| )(?:max|maximum|peak|hochst\w*|highest)(?=\Z| )")
_MEAN = re.compile(
    r"(?:\A|(?<= ))(?:avg|average|mean|mittelwert|mittel|moyenne|gemiddelde|rms|eff|value|wert|instantaneous)(?=\Z| )"
)
_TOTAL = re.compile(r"(?:\A|(?<= ))(?:total|sum|summe|gesamt|sigma|all|3p|tot|totale?)(?=\Z| )")
_NUMBER = re.compile(r"[-+]?\d{1,12}(?:[.,]\d{1,12})?")


def plain_name(name: str) -> str:
    """A column's name in letters, digits and single blanks: `Spannung_L1 [V]` is `spannung l1`."""
    bare = _UNIT.sub("", name)
    text = unicodedata.normalize("NFKD", bare.lower().replace("ß", "ss")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", " ", re.sub(r"(?<=[a-z])(?=l[1-3])", " ", text)).strip()


def field_of(name: str) -> tuple[str, float] | None:
    """The field that a column of this name holds, and the factor to its SI unit; None where it is no such quantity."""
    unit = _UNIT.search(name)
    of_unit, factor = _UNITS[unit[1].lower()] if unit else ("", 1.0)
    said = _MEAN.sub("", _TOTAL.sub("", plain_name(name))).strip()
    statistic = "min" if _LEAST.search(said) else "max" if _MOST.search(said) else ""
    said = re.sub(r"\s+", " ", _LEAST.sub(" ", _MOST.sub(" ", said))).strip()
    quantity = next((known for known, pattern in _QUANTITIES if pattern.search(said)), None) or of_unit
    if not quantity or (of_unit and of_unit.partition(".")[0] != quantity.partition(".")[0]):
        return None
    phase = "" if quantity in _OF_ALL_PHASES else _phase(said, quantity)
    return ".".join(filter(None, (*_kind(quantity, said), statistic, phase))), factor


def _kind(quantity: str, said: str) -> tuple[str, ...]:
    if quantity != "thd":
        return (quantity,)
    is_current = re.search(r"\bthd ?i|current|strom|courant|stroom|corriente", said) is not None
    return "thd", "current" if is_current else "voltage"


def _phase(said: str, quantity: str) -> str:
    if quantity == "voltage" and (between := _BETWEEN.search(said)):
        first, second = (_LETTERS.get(each, each) for each in between.groups())
        return f"l{first}l{second}" if first != second else ""
    one = _ONE.search(said)
    if one is not None:
        return f"l{one[1] or _LETTERS[one[2]]}"
    return "n" if _NEUTRAL.search(said) else ""


def fields_in(names: Sequence[str]) -> dict[str, int]:
    """The columns that hold quantities of the supply: role (field and factor) -> place; none where too few do."""
    found: dict[str, int] = {}
    for place, name in enumerate(names):
        known = field_of(name)
        if known is not None and not any(role.startswith(known[0] + JOINT) for role in found):
            found[f"{known[0]}{JOINT}{known[1]}"] = place
    tells = any(role.startswith(("voltage", "current", "flicker", "thd", "frequency")) for role in found)
    return found if tells and len(found) >= FEWEST else {}


def is_field(role: str) -> bool:
    """Whether a person may name a column so: `voltage.l1`, `flicker.long`, `power`."""
    return role.partition(".")[0] in ("voltage", "current", "power", "frequency", "thd", "flicker", "unbalance")


def values_of(cells: Mapping[str, str]) -> dict[str, Scalar]:
    """The values of a row, by field, in SI units; a voltage alone is the highest of its phases."""
    found: dict[str, Scalar] = {}
    for role, cell in cells.items():
        field, joint, factor = role.partition(JOINT)
        number = number_in(cell) if joint else None
        if number is not None:
            found[field] = round(number * float(factor), 6)
    for name in ("voltage", "current"):
        phases = [found[f"{name}.{each}"] for each in PHASES if f"{name}.{each}" in found]
        if phases and name not in found:
            found[name] = max(each for each in phases if isinstance(each, int | float))
    return found


def number_in(cell: str) -> float | None:
    """The number in a cell, with a decimal comma too, and with its unit behind it."""
    text = cell.strip()
    if "," in text and "." in text:
        text = text.replace("." if text.rfind(",") > text.rfind(".") else ",", "")
    found = _NUMBER.match(text)
    return float(found.group().replace(",", ".")) if found is not None and len(text) - found.end() < 8 else None


def interval_in(stamps: Sequence[str]) -> float:
    """The seconds between two rows, as most stand; 0 where it cannot be told."""
    written = [moment(whole_time(each)) for each in stamps]
    times = [each.at for each in written if each is not None]
    steps = [(later - earlier).total_seconds() for earlier, later in pairwise(times) if later > earlier]
    return median(steps) if steps else 0.0


def nominal_of(voltages: Sequence[float]) -> float:
    """The nominal voltage of a supply that mostly reads so: the nearest that there is, 230 where nothing tells."""
    live = [each for each in voltages if each > 50]
    usual = median(live) if live else 230.0
    return min((100.0, 120.0, 127.0, 230.0, 277.0, 400.0), key=lambda each: abs(each - usual))


def blind(seconds: float, names: Iterator[str]) -> str:
    """What means of this length cannot show, in a sentence; empty where they show enough."""
    if seconds <= SHORT or any(".min" in name for name in names):
        return ""
    return (
        f"each row is {seconds / 60:.3g} minutes: a dip, a swell or an interruption that is shorter does not show in"
        " such means; export the recorder's list of events too"
    )
