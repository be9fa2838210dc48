"""What is known about chargers and their faults; useful with no charger and no screen.

    >>> from chargelore.kb import lookup
    >>> lookup("Ground failure", vendor="OCPP 1.6")[0].fault
    'ground-fault-trip'

A program that only looks things up needs nothing else of this package; nothing is imported before it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chargelore.kb.search import Hit, lookup

__all__ = ["Hit", "lookup"]


def __getattr__(name: str) -> object:
    if name in __all__:
        from chargelore.kb import search  # noqa: PLC0415  # importing this package stays free of cost

        return getattr(search, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
