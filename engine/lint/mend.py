"""Mend: the safe fixes of lint, spliced into the text of a rule; whatever else stands in the file stays as it is."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import yaml

from chargelore.engine.lint.issue import Edit
from chargelore.engine.rule import rule_in
from chargelore.kb.errors import RuleError
from chargelore.kb.yamlfile import Trail, parse


def mended(text: str, edits: Iterable[Edit], file: Path) -> str:
    """The text with the value at each trail replaced; RuleError when what comes out is no rule any more."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    assert root is not None  # noqa: S101  # a rule was read from it
    first = {edit.trail: edit.value for edit in reversed(tuple(edits))}
    places = [(_node(root, trail), value) for trail, value in first.items()]
    for node, value in sorted(places, key=lambda each: -each[0].start_mark.index):
        text = text[: node.start_mark.index] + _written(value) + text[node.end_mark.index :]
    rule_in(parse(file, RuleError, text))
    return text


def _node(node: yaml.Node, trail: Trail) -> yaml.Node:
    """The value at a trail of keys and places."""
    for step in trail:
        if isinstance(node, yaml.SequenceNode):
            node = node.value[int(step)]
        else:
            node = next(value for key, value in node.value if key.value == str(step))
    return node


def _written(value: object) -> str:
    """The value in one line of flow style."""
    said: str = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=1_000_000)
    return said.removesuffix("...\n").strip()
