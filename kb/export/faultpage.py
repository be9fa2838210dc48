"""Faultpage: one fault on one page: what it means, its causes and how to tell them apart, what to do, its codes."""

from __future__ import annotations

from collections.abc import Iterator

from chargelore.kb.export.page import chips, esc, grade, page
from chargelore.kb.export.shelf import Shelf
from chargelore.kb.model import Cause, Fault, Quirk, Shows, Step

SEVERITY = ("danger", "hardware failure", "system failure", "critical", "error", "alert", "warning", "notice",
            "information", "debug")  # fmt: skip
WHERE = {"remote": "from afar", "desk": "at the desk", "at-charger": "at the charger", "cabinet": "in the cabinet"}
RELATION = {
    "exact": "",
    "close": "close to this",
    "broad": "a case of this",
    "narrow": "also other faults",
    "not": "not this",
}
AGAINST = ("never", "rarely")


def fault_page(fault: Fault, around: Shelf) -> bytes:
    """The page of a fault; it stands on its own."""
    causes = around.causes.get(fault.id, ())
    body = "".join((_head(fault), "<main>", _causes(causes, around), _codes(fault, around), _sources(fault, around)))
    return page(f"{fault.label} · Chargelore", f"{body}</main>", around.view)


def _head(fault: Fault) -> str:
    others = " · ".join(f'<span lang="{esc(at)}">{esc(fault.labels[at])}</span>' for at in sorted(fault.labels))
    domain = fault.domain.replace("-", " ").capitalize()
    aliases = f'<p class="meta">Also called: {esc(", ".join(fault.aliases))}</p>' if fault.aliases else ""
    return (
        f'<header><nav><a href="../index.html">Chargelore</a> › {esc(domain)}</nav><h1>{esc(fault.label)}</h1>'
        f'<p class="other">{others}</p><p class="lead">{esc(fault.definition)}</p>{chips(*_facts(fault))}{aliases}'
        f"{_said(fault)}{_deprecated(fault)}</header>"
    )


def _said(fault: Fault) -> str:
    """What people say when they meet it, by language."""
    lines = (
        f'<p class="meta" lang="{esc(at)}">“{"” · “".join(map(esc, fault.symptoms[at]))}”</p>'
        for at in sorted(fault.symptoms)
        if fault.symptoms[at]
    )
    return "".join(lines)


def _facts(fault: Fault) -> Iterator[str]:
    if fault.safety:
        yield "safety|Safety: look before you reset"
    if not fault.is_fault:
        yield "no fault"
    if fault.responsible:
        yield f"first|Acts first: {fault.responsible[0]}"
        yield from (f"then {each}" for each in fault.responsible[1:])
    yield f"severity {fault.severity}: {SEVERITY[fault.severity] if 0 <= fault.severity < len(SEVERITY) else 'unknown'}"
    if fault.mrec:
        yield f"MREC {fault.mrec} ({fault.mrec_relation or 'close'})"


def _deprecated(fault: Fault) -> str:
    if fault.status != "deprecated":
        return ""
    told = f"replaced by {fault.replaced_by}" if fault.replaced_by else fault.reason
    return f'<p class="hazard">Deprecated: {esc(told)}</p>'


def _causes(causes: tuple[Cause, ...], around: Shelf) -> str:
    if not causes:
        return ""
    return "<h2>What can lie behind it</h2>" + "".join(_cause(each, around) for each in causes)


def _cause(cause: Cause, around: Shelf) -> str:
    shown = around.view
    told = shown.tells_rates_of(cause.id)
    rate = grade(cause.prior if told else "", shown.counts.causes.get((cause.fault, cause.id), ""))
    scope = " ".join(text for text in (cause.scope.vendor, cause.scope.model, cause.scope.firmware) if text)
    facts = ", ".join(esc(text) for text in (cause.responsible or "", f"only {scope}" if scope else "") if text)
    detail = f"<p>{esc(cause.detail)}</p>" if cause.detail else ""
    return (
        f'<article class="card" id="{esc(cause.id)}"><div class="top"><h3>{esc(cause.label)}</h3>{rate}</div>'
        f"{f'<small>{facts}</small>' if facts else ''}{detail}{_evidence(cause, around)}{_steps(cause, around)}"
        f"{''.join(map(_quirk, around.quirks.get(cause.id, ())))}</article>"
    )


def _evidence(cause: Cause, around: Shelf) -> str:
    speaking = [each for each in cause.shows if each.grade not in AGAINST]
    against = [each for each in cause.shows if each.grade in AGAINST]
    if not around.view.tells_rates_of(cause.id):
        speaking, against = list(cause.shows), []
    columns = (("Speaks for it", speaking), ("Speaks against it", against))
    parts = (f"<div><h4>{title}</h4>{_list(found, cause, around)}</div>" for title, found in columns if found)
    return "".join(parts)


def _list(found: list[Shows], cause: Cause, around: Shelf) -> str:
    return f'<ul class="plain">{"".join(_shows(each, cause, around) for each in found)}</ul>'


def _shows(link: Shows, cause: Cause, around: Shelf) -> str:
    shown, asked = around.view, around.view.knowledge.evidence[link.evidence]
    cases = shown.counts.shown.get((cause.id, link.evidence, link.answer), "")
    rate = grade(link.grade if shown.tells_rates_of(cause.id) else "", cases)
    steps = around.answering.get(link.evidence, ())
    how = f"<small>{esc(steps[0].label)}, {steps[0].minutes} min</small>" if steps else ""
    answer = link.answer.replace("-", " ")
    return f'<li><div class="top"><span>{esc(asked.question)} <b>{esc(answer)}</b></span>{rate}</div>{how}</li>'


def _steps(cause: Cause, around: Shelf) -> str:
    steps = around.curing.get(cause.id, ())
    return "<h4>What helps</h4>" + "".join(_step(each, cause, around) for each in steps) if steps else ""


def _step(step: Step, cause: Cause, around: Shelf) -> str:
    shown, pair = around.view, (step.id, cause.id)
    word = next((each.grade for each in step.fixes if each.cause == cause.id), "")
    rate = grade(word if shown.tells_rates_of(cause.id) else "", shown.counts.fixed.get(pair, ""))
    more = [f"{step.minutes} min", WHERE[step.where], step.needs, *step.parts]
    more += [] if step.reversible else ["cannot be undone"]
    return (
        f'<div class="step"><div class="top"><span>{esc(step.label)}</span>{rate}</div>'
        f"<small>{esc(' · '.join(more))}</small>"
        f"{_hazard(step)}</div>"
    )


def _hazard(step: Step) -> str:
    told = " ".join(text for text in (f"{step.hazard}." if step.hazard else "", step.precondition) if text)
    return f'<p class="hazard">{esc(told)}</p>' if told else ""


def _quirk(quirk: Quirk) -> str:
    scope = " ".join(text for text in (quirk.scope.vendor, quirk.scope.model, quirk.scope.firmware) if text)
    cure = f" {quirk.cure}" if quirk.cure else ""
    return f'<p class="meta"><b>{esc(scope)}:</b> {esc(quirk.label)}.{esc(cure)}</p>'


def _codes(fault: Fault, around: Shelf) -> str:
    found = around.codes.get(fault.id, ())
    if not found:
        return ""
    lines = []
    for code, means in found:
        where = " ".join(text for text in (code.vendor, code.model, code.firmware) if text)
        old = ' class="old"' if code.status == "deprecated" else ""
        lines.append(
            f"<tr{old}><td><code>{esc(code.code)}</code></td><td>{esc(where)}<br><small>{esc(code.channel)}</small></td>"
            f"<td>{esc(code.text)}</td><td><small>{esc(RELATION[means.relation])}</small></td></tr>"
        )
    head = "<thead><tr><th>Code</th><th>Charger</th><th>It says</th><th></th></tr></thead>"
    return f'<h2 id="codes">Codes that say so</h2><table>{head}<tbody>{"".join(lines)}</tbody></table>'


def _sources(fault: Fault, around: Shelf) -> str:
    told = around.view.knowledge
    names = {fault.source} | {each.source for each in around.causes.get(fault.id, ())}
    names |= {code.source for code, _ in around.codes.get(fault.id, ())}
    items = [
        f"<li>{esc(source.title)} <small>{esc(source.licence)}</small></li>"
        for source in (told.sources[name] for name in sorted(names) if name in told.sources)
    ]
    return f'<h2>Sources</h2><ul class="plain meta">{"".join(items)}</ul>' if items else ""
