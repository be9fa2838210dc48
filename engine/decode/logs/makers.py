"""Makers: whether what a log calls one charger introduces itself as chargers of several makers."""

from __future__ import annotations

from collections.abc import Iterator

from chargelore.engine.signal import Signal
from chargelore.kb.codekey import bare

MOST = 1_000  # chargers; a log may invent any number


class Makers:
    """Who each charger of a log said that it is; lives for one reading."""

    def __init__(self) -> None:
        self._named: dict[str, dict[str, str]] = {}

    def notes(self, signal: Signal) -> None:
        """A BootNotification names a maker."""
        maker = str(signal.fields.get("vendor") or "").strip() if signal.kind == "boot" else ""
        if bare(maker) and (signal.charger in self._named or len(self._named) < MOST):
            self._named.setdefault(signal.charger, {}).setdefault(bare(maker), maker)

    def fused(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The chargers that named makers of which none is the beginning of another, with these."""
        for charger, makers in self._named.items():
            short = [each for each in makers if not any(each != one and each.startswith(one) for one in makers)]
            if len(short) > 1:
                yield charger, tuple(makers[each] for each in short)
