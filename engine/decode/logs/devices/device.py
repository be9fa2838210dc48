"""Device: how one maker's interface writes the state of its charger as a JSON object, and what that means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from chargelore.engine.decode.flat import flat
from chargelore.engine.decode.logs.record import Head, Record
from chargelore.engine.decode.native import is_null
from chargelore.engine.signal import Scalar
from chargelore.kb.model import Layer


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """One kind of object that a maker's interface gives out.

    An object with all keys of one of `signs` is of this kind. `meters` says of a key which value of a `meter` signal it
    is, and by what to multiply it for the SI unit; `codes` which key holds native codes, and the channel they come on;
    `normal` which values there are no trouble; `words` what the numbers of a state mean; `who` which keys hold the
    `model`, `firmware`, `charger` (its id) and `at` (the time).
    """

    name: str
    vendor: str
    signs: tuple[frozenset[str], ...]
    meters: Mapping[str, tuple[str, float]] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)
    normal: Mapping[str, frozenset[str]] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    who: Mapping[str, str] = field(default_factory=dict)
    layer: Layer = "firmware"

    def knows(self, body: Mapping[str, object]) -> bool:
        """Whether an object is of this kind."""
        return any(body.keys() >= sign for sign in self.signs)

    def records(self, body: Mapping[str, object]) -> Iterator[Record]:
        """What the object says: who the charger is, all values as they are, the meters, the codes."""
        said = flat(body)
        charger, stamp = (str(_of(said, self.who, name) or "") for name in ("charger", "at"))
        base = Record(0, "", Head(0, stamp), charger=charger, layer=self.layer)
        named = {name: _of(said, self.who, name) for name in ("model", "firmware")}
        meanings = dict(self._meanings(said))
        yield reading(base, {"name": self.name, **said, **meanings}, identity(self.vendor, **named))
        if meters := dict(self._measured(said)):
            yield base._replace(kind="meter", fields=meters)
        for code, channel in self._codes(said):
            yield code_record(base, self.vendor, code, channel)

    def _meanings(self, said: Mapping[str, Scalar]) -> Iterator[tuple[str, Scalar]]:
        for key, words in self.words.items():
            if meaning := words.get(str(said.get(key))):
                yield f"{key}.meaning", meaning

    def _measured(self, said: Mapping[str, Scalar]) -> Iterator[tuple[str, Scalar]]:
        for key, (name, factor) in self.meters.items():
            number = as_number(said.get(key))
            if number is not None:
                yield name, round(number * factor, 6)

    def _codes(self, said: Mapping[str, Scalar]) -> Iterator[tuple[str, str]]:
        for key, channel in self.codes.items():
            code = said.get(key)
            if code is not None and not is_null(str(code)) and str(code) not in self.normal.get(key, ()):
                yield str(code), channel


def identity(vendor: str, model: Scalar = None, firmware: Scalar = None) -> dict[str, Scalar]:
    """The fields of a reading that say who the charger is."""
    named = {"charger.vendor": vendor, "charger.model": model, "charger.firmware": firmware}
    return {key: str(each) for key, each in named.items() if each}


def reading(base: Record, said: Mapping[str, Scalar], who: Mapping[str, Scalar]) -> Record:
    """A reading of these values, of a charger that they identify."""
    return base._replace(kind="reading", fields={**said, **who})


def code_record(base: Record, vendor: str, code: str, channel: str, text: str = "") -> Record:
    """A native code in the namespace of this vendor."""
    return base._replace(kind="code", fields={"code": code, "channel": channel, "text": text, "vendor": vendor})


def as_number(value: object) -> float | None:
    """A number, also where an interface writes it as a text."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        try:
            value = float(value) if len(value) < 40 else None
        except ValueError:
            return None
    return float(value) if isinstance(value, int | float) and abs(value) < 2**63 else None


def _of(said: Mapping[str, Scalar], who: Mapping[str, str], name: str) -> Scalar:
    return next((said[key] for key, meant in who.items() if meant == name and said.get(key)), None)
