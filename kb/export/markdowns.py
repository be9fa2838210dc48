"""Markdown: a file a domain with its faults, a file a maker with its codes; for wikis, repositories and readers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from chargelore.kb.export.faultpage import RELATION, WHERE
from chargelore.kb.export.shelf import Shelf, shelf
from chargelore.kb.export.text import distinct, safe_name
from chargelore.kb.export.view import View
from chargelore.kb.model import Cause, Code, Fault, Step

# What Markdown or HTML would take for markup; a backslash before it makes it a letter.
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~&!])")


def render(shown: View) -> dict[str, bytes]:
    """README.md with the contents, `faults/` by domain, `makers/` by maker."""
    around = shelf(shown)
    domains = {f"faults/{safe_name(name)}.md": _domain(name, faults, around) for name, faults in around.domains.items()}
    named = distinct({code.vendor for code in shown.knowledge.codes})
    makers = {f"makers/{named[name]}.md": _maker(name, codes, around) for name, codes in _makers(shown)}
    files = dict(sorted((domains | makers).items()))
    return {"README.md": _bytes(_contents(files, shown)), **{name: _bytes(lines) for name, lines in files.items()}}


def md(text: object) -> str:
    """Text that stays text in Markdown."""
    return _MARKUP.sub(r"\\\1", str(text))


def _bytes(lines: Iterable[str]) -> bytes:
    return ("\n".join(lines).rstrip("\n") + "\n").encode()


def _contents(files: Iterable[str], shown: View) -> Iterator[str]:
    yield from ("# What is known about the faults of EV chargers", "")
    yield from (f"Chargelore {md(shown.version)}, TLP:{shown.audience}. Sources and licences: NOTICE.txt.", "")
    yield from (f"- [{name.removesuffix('.md')}]({name})" for name in files)


def _domain(name: str, faults: Iterable[Fault], around: Shelf) -> list[str]:
    lines = [f"# {md(name.replace('-', ' ').capitalize())}", ""]
    for fault in faults:
        lines += _fault(fault, around)
    return lines


def _fault(fault: Fault, around: Shelf) -> Iterator[str]:
    labels = ", ".join(md(fault.labels[at]) for at in sorted(fault.labels))
    yield from (f"## {md(fault.label)}", "")
    yield f"`{md(fault.id)}`{f' · {labels}' if labels else ''}{' · **safety**' if fault.safety else ''}"
    yield from ("", md(fault.definition), "")
    yield from (f"Acts first: {', '.join(fault.responsible)}. Severity {fault.severity}.", "")
    if fault.status == "deprecated":
        yield from (f"Deprecated: {md(fault.replaced_by or fault.reason)}", "")
    for cause in around.causes.get(fault.id, ()):
        yield from _cause(cause, around)


def _cause(cause: Cause, around: Shelf) -> Iterator[str]:
    shown = around.view
    told = shown.tells_rates_of(cause.id)
    cases = shown.counts.causes.get((cause.fault, cause.id), "")
    rate = ", ".join(text for text in (cause.prior if told else "", f"{cases} cases" if cases else "") if text)
    yield from (f"### {md(cause.label)}{f' ({md(rate)})' if rate else ''}", "")
    if cause.detail:
        yield from (md(cause.detail), "")
    for link in cause.shows:
        asked = shown.knowledge.evidence[link.evidence].question
        yield f"- {md(asked)} **{md(link.answer.replace('-', ' '))}**{f': {link.grade}' if told else ''}"
    yield ""
    for step in around.curing.get(cause.id, ()):
        yield _step(step)
    yield ""


def _step(step: Step) -> str:
    hazard = f" **{md(step.hazard)}.** {md(step.precondition)}" if step.hazard or step.precondition else ""
    return f"1. {md(step.label)} ({step.minutes} min, {WHERE[step.where]}, {step.needs}).{hazard}"


def _makers(shown: View) -> Iterator[tuple[str, list[Code]]]:
    for maker in sorted({code.vendor for code in shown.knowledge.codes}):
        yield maker, [code for code in shown.knowledge.codes if code.vendor == maker]


def _maker(name: str, codes: Iterable[Code], around: Shelf) -> list[str]:
    faults = around.view.knowledge.faults
    lines = [f"# {md(name)}", "", "| code | model | channel | it says | fault |", "|---|---|---|---|---|"]
    for code in codes:
        means = "; ".join(
            f"{md(faults[each.fault].label)}{f' ({RELATION[each.relation]})' if RELATION[each.relation] else ''}"
            for each in code.means
        )
        model = " ".join(text for text in (code.model, code.firmware) if text)
        lines.append(f"| {md(code.code)} | {md(model)} | {md(code.channel)} | {md(code.text)} | {means} |")
    return lines
