"""Modbus: what a maker's registers mean, as its register map says; words become readings and codes. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chargelore.engine.signal import Scalar, Signal
from chargelore.engine.units import FACTORS
from chargelore.kb.registermap import FaultRule, Register, RegisterMap, Value
from chargelore.kb.registerwords import codes_of, is_plausible, reach_of, value_of

FIT = "another map, word order, connector or firmware?"
EMPTY: Mapping[int, int] = {0: 8, 0xFFFF: 4}  # words that say nothing, and how many of them are no accident
FEWEST_ODD = 2  # one odd value may be a broken sensor
FEWEST_LACKING = 3  # registers that are not there
FEW = 3  # odd values that a sentence names


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Turns the words of one charger into signals; `connector` is the one that its map is read for."""

    map: RegisterMap
    charger: str
    connector: int | None = None

    def signals(self, register: Register, words: Sequence[int], at: datetime, before: Scalar = None) -> list[Signal]:
        """The reading, and the codes that were not there `before`; a fault that stays is not a new fault.

        None of them for what the charger does not measure; an `unreadable` for what it cannot mean.
        """
        try:
            value = value_of(register, words)
        except ValueError as error:
            return [self.unreadable(register, str(error), at)]
        if value is None:
            return []
        if not is_plausible(register, value):
            return [self.unreadable(register, f"{value} {register.unit} makes no sense: {FIT}", at)]
        return [self._signal(kind, at, fields) for kind, fields in self._told(register, value, before)]

    def value(self, register: Register, words: Sequence[int]) -> Value | None:
        """The value alone, None where it is none."""
        try:
            return value_of(register, words)
        except ValueError:
            return None

    def misfit(self, answers: Sequence[tuple[Register, Sequence[int]]]) -> str:
        """Why the map cannot be that of this charger, in a sentence; empty when nothing speaks against it.

        Refused are words that are all 0 or all FFFF, and more than half of what can be judged making no sense.
        """
        words = [word for _, some in answers for word in some]
        for empty, fewest in EMPTY.items():
            if len(words) >= fewest and set(words) == {empty}:
                return f"all {len(words)} words are {empty:X}: nothing stands behind these addresses; {FIT}"
        judged = [(each, self.value(each, some)) for each, some in answers if each.values or reach_of(each)]
        odd = [f"{each.name} {value} {each.unit}".strip() for each, value in judged if not _is_known(each, value)]
        if len(odd) < FEWEST_ODD or 2 * len(odd) <= len(judged):
            return ""
        some_of = ", ".join(odd[:FEW]) + (", …" if len(odd) > FEW else "")
        return f"{len(odd)} of {len(judged)} values make no sense ({some_of}): {FIT}"

    def lacks(self, answers: Sequence[tuple[Register, Sequence[int]]], lacking: int) -> str:
        """Why the map cannot be that of a charger that has no such registers as so many of it; empty where it may be.

        Chargers lack some registers of their maps. One that has a single one of many, or none with a value that the
        map knows, is another one, and what that register says means something else there.
        """
        if lacking < FEWEST_LACKING:
            return ""
        judged = [_is_known(each, self.value(each, some)) for each, some in answers if each.values or reach_of(each)]
        judged += [bool(self.value(each, some)) for each, some in answers if each.type == "text" and not each.values]
        if len(answers) > 1 and any(judged):
            return ""
        return f"{lacking} of its {lacking + len(answers)} registers are not there: {FIT}"

    def silent(self, device: int, seconds: float, at: datetime, why: str = "") -> Signal:
        """A device that does not answer: the reading `silent` with how long it has not, and why as far as one sees."""
        part = self.map.parts.get(device, "charger")
        text = f"{part}: no answer for {seconds:.0f} s"
        fields: dict[str, Scalar] = {"name": "silent", "value": seconds, "unit": "s", "part": part, "text": text}
        return self._signal("reading", at, fields | ({"why": why} if why else {}))

    def unreadable(self, register: Register, why: str, at: datetime) -> Signal:
        """A register that cannot be read."""
        return self._signal("unreadable", at, {"text": f"{register.name} at {register.address}", "why": why})

    def refused(self, why: str, at: datetime) -> Signal:
        """The map is not that of this charger."""
        return self._signal("unreadable", at, {"text": f"register map {self.map.map}", "why": why})

    def _told(self, register: Register, value: Value, before: Scalar) -> Iterator[tuple[str, dict[str, Scalar]]]:
        rule = self.map.rule(register)
        if self.map.measures == "site" and not register.values:
            yield "supply", {register.name: _in_si(register, value)}
        elif rule is None or rule.is_of_a_state:
            yield "reading", self._reading(register, value)
        if rule is not None:
            yield from (("code", fields) for fields in self._codes(register, rule, value, before))

    def _reading(self, register: Register, value: Value) -> dict[str, Scalar]:
        """Name, value and unit but no text: rules that read what people write must not read a healthy `power 0 W`."""
        part = self.map.parts.get(register.device)
        fields: dict[str, Scalar] = {"name": register.name, "value": register.shown(value), "unit": register.unit}
        return fields | ({"part": part} if part else {})

    def _codes(self, register: Register, rule: FaultRule, value: Value, before: Scalar) -> Iterator[dict[str, Scalar]]:
        common: dict[str, Scalar] = {"channel": register.channel, "vendor": rule.of or self.map.vendor}
        for code, text in codes_of(register, rule, value, before):
            yield common | {"code": code, "text": text}

    def _signal(self, kind: str, at: datetime, fields: Mapping[str, Scalar]) -> Signal:
        said = fields.get("text") or " ".join(str(fields.get(key, "")) for key in ("name", "value", "unit")).strip()
        return Signal(
            layer="grid" if self.map.measures == "site" else "modbus",
            kind=kind,
            charger=self.charger,
            connector=self.connector,
            at=at,
            fields=dict(fields),
            raw=str(said),
        )


def _in_si(register: Register, value: Value) -> Scalar:
    """A number in the unit that signals carry; kW are W there."""
    _, factor = FACTORS.get(register.unit.lower(), (register.unit, 1.0))
    return value * factor if isinstance(value, int | float) else value


def _is_known(register: Register, value: Value | None) -> bool:
    """Whether a charger of this map can say so; a state that the map does not name speaks against the map."""
    if register.values and value is not None:
        return value in register.values
    return is_plausible(register, value)
