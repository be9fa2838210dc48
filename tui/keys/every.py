"""Every: all bindings of the terminal UI, found in its screens and widgets, so that a new screen is never forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from inspect import getmembers, isclass
from pkgutil import iter_modules
from types import ModuleType

from textual.binding import Binding
from textual.dom import DOMNode

ROOMS = ("chargelore.tui.screens", "chargelore.tui.widgets")
ALONE = ("chargelore.tui.app", "chargelore.tui.onsiteapp", "chargelore.tui.replaying.app", "chargelore.tui.touring.app")


@cache
def owners() -> tuple[type[DOMNode], ...]:
    """All classes of ours that bind keys, by name."""
    found = {owner for module in _modules() for owner in _of(module)}
    return tuple(sorted(found, key=lambda owner: owner.__qualname__))


@cache
def every() -> tuple[Binding, ...]:
    """Each binding with its default key; one of two keys stands there twice. In the order of ids."""
    found = {(each.id or "", each.key): each for owner in owners() for each in Binding.make_bindings(owner.BINDINGS)}
    return tuple(found[name] for name in sorted(found))


def _modules() -> Iterator[ModuleType]:
    yield from map(import_module, ALONE)
    for room in ROOMS:
        package = import_module(room)
        yield from (import_module(f"{room}.{each.name}") for each in iter_modules(package.__path__))


def _of(module: ModuleType) -> Iterator[type[DOMNode]]:
    for _, owner in getmembers(module, isclass):
        if issubclass(owner, DOMNode) and owner.__module__ == module.__name__ and "BINDINGS" in vars(owner):
            yield owner
