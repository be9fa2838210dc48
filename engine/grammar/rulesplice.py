"""Rule splice: changes to a rule's file that leave remarks, order and spelling of everything else as they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from chargelore.engine.grammar.ruletext import flow, inside
from chargelore.kb.errors import RuleError
from chargelore.kb.yamlfile import Trail, parse


@dataclass(frozen=True, slots=True)
class Put:
    """The value at a trail becomes another one; a key that is not there yet goes behind `after`, else to the end."""

    trail: Trail
    value: Any
    after: str = ""


@dataclass(frozen=True, slots=True)
class Append:
    """A value joins the list at a trail."""

    trail: Trail
    value: Any


Change = Put | Append


def changed(body: Mapping[str, Any], changes: Iterable[Change]) -> dict[str, Any]:
    """The keys of a rule with the changes made."""
    made: dict[str, Any] = deepcopy(dict(body))
    for each in changes:
        *above, last = each.trail
        holder: Any = made
        for step in above:
            holder = holder[step]
        if isinstance(each, Append):
            holder.setdefault(last, []).append(each.value)
        else:
            holder[last] = each.value
    return made


def spliced(text: str, changes: Iterable[Change], file: Path) -> str:
    """The text with the changes made in place. RuleError should it not read back as they say."""
    body = parse(file, RuleError, text).value
    for each in changes:
        text = _made(text, each)
        body = changed(body, [each])
        if parse(file, RuleError, text).value != body:
            raise RuleError("cannot be changed in place", where=str(file), mend="change it by hand, as the draft says")
    return text


def _made(text: str, change: Change) -> str:
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    assert root is not None  # noqa: S101  # a rule was read from it
    found = _node(root, change.trail)
    if found is None:
        value = [change.value] if isinstance(change, Append) else change.value
        entry = flow({change.trail[-1]: value})[1:-1]
        behind = _node(root, (*change.trail[:-1], change.after)) if isinstance(change, Put) and change.after else None
        holder = _at(root, change.trail[:-1])
        return _added(text, holder, entry) if behind is None else _put_behind(text, holder, behind, entry)
    if isinstance(change, Append):
        return _added(text, found, inside(change.value))
    return text[: found.start_mark.index] + inside(change.value) + text[_end(found) :]


def _node(node: yaml.Node, trail: Trail) -> yaml.Node | None:
    """The value at a trail of keys and places; None where a key is not there."""
    for step in trail:
        if isinstance(node, yaml.SequenceNode):
            node = node.value[int(step)]
            continue
        below = next((value for key, value in node.value if key.value == str(step)), None)
        if below is None:
            return None
        node = below
    return node


def _at(root: yaml.Node, trail: Trail) -> yaml.Node:
    found = _node(root, trail)
    assert found is not None  # noqa: S101  # only the last key of a change may be new
    return found


def _added(text: str, holder: yaml.Node, entry: str) -> str:
    """An entry at the end of a mapping or list, in its own style."""
    assert isinstance(holder, yaml.CollectionNode)  # noqa: S101  # only those hold entries
    if holder.flow_style:
        before = text[: holder.end_mark.index - 1].rstrip()
        return before + (", " if holder.value else "") + entry + text[holder.end_mark.index - 1 :].lstrip(" ")
    return _on_a_line(text, holder, _end(holder), entry)


def _put_behind(text: str, holder: yaml.Node, behind: yaml.Node, entry: str) -> str:
    """An entry behind another one."""
    assert isinstance(holder, yaml.CollectionNode)  # noqa: S101  # only those hold entries
    if holder.flow_style:
        return f"{text[: _end(behind)]}, {entry}{text[_end(behind) :]}"
    return _on_a_line(text, holder, _end(behind), entry)


def _on_a_line(text: str, holder: yaml.Node, end: int, entry: str) -> str:
    """An entry on a line of its own below the one where something ends, and below the remark there."""
    end = text.find("\n", end)
    end = len(text) if end < 0 else end
    dash = "- " if isinstance(holder, yaml.SequenceNode) else ""
    return f"{text[:end]}\n{' ' * holder.start_mark.column}{dash}{entry}{text[end:]}"


def _end(node: yaml.Node) -> int:
    """Where a value ends: for a block that is its last part, before the remarks that follow."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.index)
