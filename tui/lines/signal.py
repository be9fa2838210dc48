"""A signal as one line of the timeline: time, layer, and what it says in the words of the trade."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from rich.text import Text

from chargelore.engine.case import Case
from chargelore.engine.signal import Signal
from chargelore.kb.model import Layer
from chargelore.tui.lines.paint import DANGER, GOOD, NAME, NONE, QUIET, STRONG, WARN, line
from chargelore.tui.speech import later, t
from chargelore.tui.text import brief, clock, day, plain, words

LAYER: Mapping[Layer, str] = {
    "ocpp": "ocpp", "csms": "csms", "modbus": "mbus", "firmware": "fw", "vehicle": "car", "grid": "grid",
    "field": "note",
}  # fmt: skip
LAYER_STYLE: Mapping[Layer, str] = {
    "ocpp": "layer.ocpp", "csms": "layer.csms", "modbus": WARN, "firmware": GOOD, "field": STRONG,
}  # fmt: skip
WORDLESS = frozenset({"timestamp", "from", "uniqueId", "messageId"})
QUIET_ERRORS = frozenset({"", "NoError", "None"})
BAD_ANSWERS = frozenset({"rejected", "notsupported", "notimplemented", "failed", "invalid", "blocked", "expired"})
FAULT_KINDS, WARNING_KINDS = frozenset({"fault", "disconnected"}), frozenset({"unreadable", "unanswered"})


def is_fault(signal: Signal) -> bool:
    """Whether the charger tells of a fault, or is gone; `e` and `E` jump between these."""
    if signal.kind == "status":
        return _field(signal, "status") == "Faulted" or _field(signal, "errorCode") not in QUIET_ERRORS
    return signal.kind in FAULT_KINDS


def is_warning(signal: Signal) -> bool:
    """Whether the signal is odd, refused, unanswered or not readable; `w` and `W` jump between these."""
    is_refused = bool(_field(signal, "error")) or _field(signal, "status").casefold() in BAD_ANSWERS
    return signal.kind in WARNING_KINDS or bool(signal.marks) or (signal.kind == "answer" and is_refused)


def is_trouble(signal: Signal) -> bool:
    """Whether the signal itself tells of trouble."""
    return is_fault(signal) or signal.kind in WARNING_KINDS or (signal.kind == "answer" and is_warning(signal))


def signal_line(
    signal: Signal, width: int, *, is_used: bool = False, mark: str = "", connector: int | None = None
) -> Text:
    """One line: clock, layer, what is to be noted, and what it says; `connector` goes without saying.

    Noted are `■` evidence, `◆` a bookmark, `•` what a rule used, as `mark` says, and `!` trouble.
    """
    head = (clock(signal.at), QUIET), " ", (f"{LAYER[signal.layer]:<5}", LAYER_STYLE.get(signal.layer, NONE))
    style = DANGER if is_trouble(signal) else STRONG if is_used else NONE
    place = f"#{signal.connector} " if signal.connector not in (None, 0, connector) else ""
    note = (mark or ("•" if is_used else " "), WARN), ("!" if is_trouble(signal) else " ", DANGER)
    return line(*head, *note, " ", (brief(place + said(signal), width - 17), style))


def said(signal: Signal) -> str:
    """What the signal says, without its time, layer and connector. Not yet cut, but plain."""
    tell = SAYS.get(signal.kind, _other)
    return plain((tell(signal) or signal.kind)[:2000])


def signal_words(signal: Signal) -> dict[str, str]:
    """What a filter of the timeline searches."""
    names = {"layer": signal.layer, "kind": signal.kind, "time": clock(signal.at), "text": said(signal)}
    names["connector"] = f"#{signal.connector}" if signal.connector else ""
    return {**{name: str(value) for name, value in signal.fields.items()}, **names}


def signal_detail(signal: Signal, symptoms: tuple[str, ...]) -> list[Text]:
    """Everything about one signal: its fields, its marks, the symptoms it is part of, and the raw text."""
    rows = [(t("when"), day(signal.at) + f":{signal.at:%S} UTC" if signal.at else t("no time given"))]
    rows += [(t("layer"), signal.layer), (t("kind"), signal.kind), (t("line"), str(signal.line or "—"))]
    rows += [(t("symptom"), text) for text in symptoms]
    rows += [(t("odd about it"), words(mark)) for mark in signal.marks]
    rows += [(name, _value(value)) for name, value in signal.fields.items()]
    told = [line((f"{brief(name, 22):<23}", QUIET), brief(value, 4000)) for name, value in rows]
    return [*told, Text(), line((t("raw"), NAME)), raw_text(signal)]


def raw_text(signal: Signal) -> Text:
    """A signal as it came, made harmless."""
    return Text(brief(signal.raw or "—", 20_000))


def symptoms_of(case: Case, signal: Signal) -> tuple[str, ...]:
    """The symptoms of a case that a signal is part of."""
    return tuple(dict.fromkeys(words(each.symptom) for each in case.firings if signal in each.signals))


def _field(signal: Signal, name: str) -> str:
    value = signal.fields.get(name)
    return "" if value is None else str(value)


def _value(value: object) -> str:
    return "—" if value is None else str(value)


def _status(signal: Signal) -> str:
    more = (_field(signal, name) for name in ("errorCode", "vendorErrorCode", "info"))
    return " · ".join([_field(signal, "status") or "status", *(each for each in more if each not in QUIET_ERRORS)])


def _fault(signal: Signal) -> str:
    code = _field(signal, "code")
    fault = t("fault: {fault}", fault=words(_field(signal, "fault")))
    return fault + (f" ({t('code')} {code})" if code else "")


def _boot(signal: Signal) -> str:
    named = (_field(signal, each) for each in ("vendor", "model", "firmware", "reason"))
    return t("boots: ") + " ".join(filter(None, named))


UNITS: Mapping[str, str] = {
    "power": "W", "current": "A", "voltage": "V", "energy": "Wh", "temperature": "°C", "soc": "%",
    "current.offered": later("A offered"),
}  # fmt: skip


def _meter(signal: Signal) -> str:
    shown = [f"{signal.fields[name]} {t(unit)}" for name, unit in UNITS.items() if signal.fields.get(name) is not None]
    return t("meter ") + (", ".join(shown) if shown else t("without values"))


def _answer(signal: Signal) -> str:
    result = _field(signal, "error") or _field(signal, "status") or "ok"
    more = _field(signal, "description")
    return f"{_field(signal, 'action') or t('request')} → {result}" + (f": {more}" if more else "")


def _command(signal: Signal) -> str:
    return f"← {_field(signal, 'action') or t('command')} {_few(signal, but='action')}"


def _unanswered(signal: Signal) -> str:
    return f"{_field(signal, 'action') or t('request')} → {t('no answer')}"


def _call(signal: Signal) -> str:
    return f"{_field(signal, 'action') or t('call')} {_few(signal, but='action')}"


def _reading(signal: Signal) -> str:
    name, value = _field(signal, "name"), _field(signal, "value")
    return f"{name} = {value} {_field(signal, 'unit')}" if name and value else _text(signal)


def _text(signal: Signal) -> str:
    return _field(signal, "text") or signal.raw


def _code(signal: Signal) -> str:
    return " ".join(filter(None, (t("code"), _field(signal, "code"), _field(signal, "text"))))


def _unreadable(signal: Signal) -> str:
    return t("not readable: {why}", why=_field(signal, "why") or _text(signal))


def _other(signal: Signal) -> str:
    return f"{words(signal.kind)} {_few(signal)}"


def _few(signal: Signal, but: str = "") -> str:
    fields = ((name, value) for name, value in signal.fields.items() if name not in WORDLESS and name != but)
    told = [f"{name}={value}" for name, value in fields if value not in (None, "")]
    return " ".join(told[:6])


SAYS: Mapping[str, Callable[[Signal], str]] = {
    "status": _status, "fault": _fault, "boot": _boot, "meter": _meter, "answer": _answer, "command": _command,
    "unanswered": _unanswered, "call": _call, "reading": _reading, "log": _text, "observation": _text, "code": _code,
    "unreadable": _unreadable,
}  # fmt: skip
