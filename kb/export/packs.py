"""Packs: the knowledge as YAML that `chargelore kb check FOLDER` loads again, in the layout of `kb/knowledge`.

What may not be told cannot be left half written, so a link without its grade is left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass, replace
from itertools import groupby
from typing import Any

from chargelore.kb.codetable import CodeLine, CodeTable
from chargelore.kb.export.text import distinct, safe_name
from chargelore.kb.export.view import View
from chargelore.kb.model import Cause, Code, Grade, Knowledge, Maker, Source, SourceId, Step
from chargelore.kb.travel import ANYHOW

NEUTRAL: Grade = "sometimes"  # the grade of whoever gives none
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_/-]*( [A-Za-z0-9_/-]+)*")
_BRACKET = re.compile(r"[\[\]{}]")
MOST_BRACKETS = 40  # of one text that stay as they are
_NOT_PLAIN = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
LINE_KEYS = frozenset(each.name for each in fields(CodeLine))
SHARED = frozenset(each.name for each in fields(CodeTable))  # said once, at the head of a table

Values = dict[str, Any]


def render(shown: View) -> dict[str, bytes]:
    """One file a domain of faults and causes, one a maker, one a register map, and the rest by kind."""
    told = shown.knowledge
    files = {
        "sources.yaml": _file({"sources": [_written(each) for each in told.sources.values()]}),
        "causes/evidence.yaml": _file({"evidence": [_written(each) for each in told.evidence.values()]}),
        "causes/steps.yaml": _file({"steps": [_step(each, shown) for each in told.steps.values()]}),
        "quirks/quirks.yaml": _file({"quirks": [_written(each) for each in told.quirks.values()]}),
        "taxonomy/products.yaml": _file({"products": [_written(each) for each in told.products.values()]}),
        **dict(_domains(shown)),
        **dict(maker_files(told)),
    }
    for each in told.registers.values():
        name = safe_name(each.map)
        files[f"registers/{name}.yaml"] = _file(_written(replace(each, map=name)))
    return {name: content for name, content in sorted(files.items()) if content}


def _domains(shown: View) -> Iterator[tuple[str, bytes]]:
    faults, causes = shown.knowledge.faults.values(), shown.knowledge.causes.values()
    for domain in sorted({fault.domain for fault in faults}):
        own = [fault for fault in faults if fault.domain == domain]
        names = {fault.id for fault in own}
        yield f"taxonomy/{safe_name(domain)}.yaml", _file({"faults": [_written(each) for each in own]})
        rows = [_cause(each, shown) for each in causes if each.fault in names]
        yield f"causes/{safe_name(domain)}.yaml", _file({"causes": rows})


def _cause(cause: Cause, shown: View) -> Any:
    if shown.tells_rates_of(cause.id):
        return _written(cause)
    return _written(replace(cause, prior=NEUTRAL, shows=()))


def _step(step: Step, shown: View) -> Any:
    return _written(replace(step, fixes=tuple(each for each in step.fixes if shown.tells_rates_of(each.cause))))


def maker_files(told: Knowledge) -> Iterator[tuple[str, bytes]]:
    """One file a maker, platform or standard, with its tables of codes."""
    files = distinct(told.makers.keys() | {code.vendor for code in told.codes})
    for name in sorted(files):
        maker = told.makers.get(name) or Maker(name=name)
        folder = "standards" if maker.kind == "standard" else "vendors"
        head = {"vendor": name} | {key: each for key, each in _written(maker).items() if key != "name"}
        codes = [code for code in told.codes if code.vendor == name]
        yield f"{folder}/{files[name]}.yaml", _file(head | {"tables": list(_tables(codes, told))})


def _tables(codes: Iterable[Code], told: Knowledge) -> Iterator[Values]:
    """Codes that share table, model, firmware, channel and source stand under one head."""
    for head, members in groupby(sorted(codes, key=_head), key=_head):
        shared = dict(zip(("table", "model", "firmware", "channel"), head, strict=False))
        name = SourceId(head[-1])
        source = told.sources.get(name) or Source(id=name, title=name)
        table = {key: text for key, text in shared.items() if text or key == "table"}
        codes = list(members)
        travel = {"travel": _written(codes[0].travel)} if codes[0].travel != ANYHOW else {}
        yield table | {"source": _written(source)} | travel | {"codes": [_line(code) for code in codes]}


def _head(code: Code) -> tuple[str, ...]:
    return code.table, code.model, code.firmware, code.channel, repr(code.travel), code.source


def _line(code: Code) -> Values:
    """A code as a table writes it, without what the head of the table says."""
    return {key: each for key, each in _written(code).items() if key in LINE_KEYS - SHARED}


def _written(value: Any) -> Any:
    """What a person would write: what has its default is left out."""
    if is_dataclass(value):
        return {
            each.name: _written(getattr(value, each.name)) for each in fields(value) if not _is_default(value, each)
        }
    if isinstance(value, Mapping):
        return {key: _written(value[key]) for key in sorted(value)}
    return [_written(each) for each in value] if isinstance(value, tuple) else value


def _is_default(value: Any, field: Any) -> bool:
    given = getattr(value, field.name)
    if field.default is not MISSING:
        return bool(given == field.default)
    return field.default_factory is not MISSING and given == field.default_factory()


def _file(values: Values) -> bytes:
    """Block style down to the entry, one line a key; nothing where there is no entry."""
    lines: list[str] = []
    for key, value in values.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            lines += [f"{key}:", *(line for each in value for line in _entry(each))]
        elif value not in ([], {}) or key == "tables":
            lines.append(f"{key}: {_flow(value)}")
    return ("\n".join(lines) + "\n").encode() if lines else b""


def _entry(values: Values) -> Iterator[str]:
    lead = "  - "
    for key, value in values.items():
        if key in ("codes", "registers") and isinstance(value, list):
            yield f"{lead}{key}:"
            yield from (f"      - {_flow(each)}" for each in value)
        else:
            yield f"{lead}{key}: {_flow(value)}"
        lead = "    "


def _flow(value: Any) -> str:
    """A value on one line, as YAML reads it back and JSON would quote it."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(key)}: {_flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _NOT_PLAIN:
        return value
    return _quoted(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _quoted(text: str) -> str:
    """A text as JSON quotes it. Who reads it counts nesting before parsing, so brackets without partner are spelled."""
    told = json.dumps(text, ensure_ascii=False)
    opened, closed = (sum(map(text.count, each)) for each in ("[{", "]}"))
    if opened == closed < MOST_BRACKETS:
        return told
    return _BRACKET.sub(lambda each: f"\\u{ord(each.group()):04x}", told)


def _key(key: object) -> str:
    return str(key) if isinstance(key, int) else _flow(key)
