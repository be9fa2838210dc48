"""Writes: which actions write something for good. Where the screens are only to be read, none of them can be done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

Action = TypeVar("Action", bound=Callable[..., Any])
MARK = "__writes__"


def writes(action: Action) -> Action:
    """Mark an action method: it changes the store, a case, a draft or a charger."""
    setattr(action, MARK, True)
    return action


def is_write(node: object, action: str) -> bool:
    """Whether an action of a node, by the name in its binding, is marked so."""
    return hasattr(getattr(node, f"action_{action}", None), MARK)
