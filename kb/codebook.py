"""Codebook: the whole look-up of exact codes and masks as plain data, for a management system to load as one JSON file.

How such a system uses it stands in docs/lookup-json.md, in thirty lines; a test holds that page to the look-up itself.

    makers -> name -> channels -> channel -> [table] -> codes -> key -> [entry]
                                                     -> bits -> bit -> entry
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from chargelore.kb.codekey import bare, bare_channel
from chargelore.kb.mask import masks
from chargelore.kb.model import Code, Fault, Knowledge, Travel
from chargelore.kb.namespace import by_key, namespace
from chargelore.kb.travel import ANYHOW

FORMAT, VERSION = "chargelore-codebook", 1
NOTHING: tuple[object, ...] = ("", (), [], {}, None, False, 0)


def codebook(knowledge: Knowledge) -> dict[str, Any]:
    """The codes, makers, faults and sources as dicts, lists, texts, numbers and truth values; nothing else.

    What is empty is left out. Keys stand in a fixed order, so that the same knowledge gives the same bytes. Text in
    `text` is the maker's own or ours; `label` of a fault is keyed by language. Of deprecated codes only those that
    stand are told.
    """
    standing = [code for code in knowledge.codes if code.status != "deprecated"]
    owners = dict.fromkeys(code.vendor for code in standing)
    return {
        "format": FORMAT,
        "version": VERSION,
        "names": _names(knowledge, owners),
        "faults": {name: _fault(knowledge.faults[name]) for name in sorted(knowledge.faults)},
        "sources": {name: _told(asdict(knowledge.sources[name])) for name in sorted(knowledge.sources)},
        "makers": {owner: _maker(owner, standing, knowledge) for owner in sorted(owners)},
    }


def _names(knowledge: Knowledge, owners: Iterable[str]) -> dict[str, str]:
    """The maker for each of its names, lower case and bare."""
    names = {bare(alias): maker for alias, maker in knowledge.vendor_aliases.items()}
    for owner in owners:
        names.setdefault(bare(owner), owner)
    return dict(sorted(names.items()))


def _fault(fault: Fault) -> dict[str, Any]:
    told = {"label": {"en": fault.label, **dict(sorted(fault.labels.items()))}, "is_fault": fault.is_fault}
    facts = {"domain": fault.domain, "responsible": list(fault.responsible), "mrec": fault.mrec, "safety": fault.safety}
    return told | {"severity": fault.severity} | _told(facts)


def _maker(owner: str, standing: Iterable[Code], knowledge: Knowledge) -> dict[str, Any]:
    own = [code for code in standing if code.vendor == owner]
    separators = namespace(own).separators
    maker = knowledge.makers.get(owner)
    return {
        "kind": maker.kind if maker else "maker",
        "separators": None if separators is None else sorted(separators),
        "channels": _channels(own),
    }


def _channels(own: list[Code]) -> dict[str, list[dict[str, Any]]]:
    """The tables by channel. `n` counts the entries of a maker: of two that fit as well, the smaller is the answer."""
    alike = {travel: place for place, travel in enumerate(dict.fromkeys(code.travel for code in own))}
    order = {code: n for n, code in enumerate(sorted(own, key=lambda code: alike[code.travel]))}
    tables: dict[tuple[str, str, str, Travel], list[Code]] = {}
    for code in own:
        tables.setdefault((code.channel, code.table, code.model, code.travel), []).append(code)
    channels: dict[str, list[dict[str, Any]]] = {}
    for (channel, *_), codes in tables.items():
        channels.setdefault(channel, []).append(_table(codes, order))
    return dict(sorted(channels.items()))


def _table(codes: list[Code], order: Mapping[Code, int]) -> dict[str, Any]:
    first = codes[0]
    keyed = {name: [_entry(each, order) for each in found] for name, found in sorted(by_key(codes).items())}
    told = {"table": first.table, "model": first.model, "travel": _travel(first.travel), "codes": keyed}
    for mask in masks(codes):
        told["bits"] = {str(bit): _entry(code, order) for bit, code in sorted(mask.bits.items())}
        told["words"] = {
            bare_channel(word): {str(bit): _entry(code, order) for bit, code in sorted(bits.items())}
            for word, bits in sorted(mask.words.items())
        }
    return _told(told)


def _travel(travel: Travel) -> dict[str, Any]:
    return {name: value for name, value in asdict(travel).items() if value != getattr(ANYHOW, name)}


def _entry(code: Code, order: Mapping[Code, int]) -> dict[str, Any]:
    means = [{"fault": each.fault, "relation": each.relation, "confidence": each.confidence} for each in code.means]
    told = {
        "code": code.code,
        "text": code.text,
        "model": code.model,
        "firmware": code.firmware,
        "severity": code.severity,
        "clears": code.clears,
        "means": means,
        "source": str(code.source),
        "dated": code.dated,
    }
    return {"n": order[code], "is_fault": code.is_fault} | _told(told)


def _told(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What says something."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in facts.items()
        if value not in NOTHING
    }
