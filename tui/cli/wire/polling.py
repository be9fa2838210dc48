"""Polling: what a person is told of requests that got no usable answer."""

from __future__ import annotations

from chargelore.engine.sources.copies import Health
from chargelore.tui.text import count

FEW = 5  # reasons that the summary names


def in_vain(health: Health) -> str:
    """How many requests there were, and why some were in vain, most first; nothing where we asked nobody."""
    if not health.in_vain:
        return ""
    most = [f"{times} x {why}" for why, times in health.in_vain.most_common(FEW)]
    return f"; of {count(health.asked, 'request')} in vain: {', '.join(most)}"
