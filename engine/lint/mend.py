"""Mend: the safe fixes of lint, spliced into the text of a rule; whatever else stands in the file stays as it is."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import yaml

from chargelore.engine.grammar.rule import rule_in
from chargelore.engine.grammar.ruletext import inside
from chargelore.engine.lint.issue import Edit
from chargelore.kb.errors import RuleError
from chargelore.kb.yamlfile import Trail, parse


def mended(text: str, edits: Iterable[Edit], file: Path) -> str:
    """The text with the value at each trail replaced; RuleError when what comes out is no rule any more."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    assert isinstance(root, yaml.MappingNode)  # noqa: S101  # a rule was read from it
    first = {edit.trail: edit for edit in reversed(tuple(edits))}
    line_end = "\r\n" if "\r\n" in text else "\n"
    splices = [_added(root, edit, line_end) if edit.adds else _replaced(root, edit) for edit in first.values()]
    for start, end, new in sorted(splices, reverse=True):
        text = text[:start] + new + text[end:]
    rule_in(parse(file, RuleError, text))
    return text


Splice = tuple[int, int, str]  # from where to where, and what stands there then


def _replaced(root: yaml.MappingNode, edit: Edit) -> Splice:
    node = _node(root, edit.trail)
    return node.start_mark.index, node.end_mark.index, inside(edit.value)


def _added(root: yaml.MappingNode, edit: Edit, end: str) -> Splice:
    """A new key of the rule itself, before its status, or before its first key where it names none."""
    keys = [key for key, _ in root.value]
    mark = next((key for key in keys if key.value == "status"), keys[0]).start_mark
    rest = ", " if root.flow_style else f"{end}{' ' * mark.column}"
    return mark.index, mark.index, f"{edit.trail[-1]}: {inside(edit.value)}{rest}"


def _node(node: yaml.Node, trail: Trail) -> yaml.Node:
    """The value at a trail of keys and places."""
    for step in trail:
        if isinstance(node, yaml.SequenceNode):
            node = node.value[int(step)]
        else:
            node = next(value for key, value in node.value if key.value == str(step))
    return node
