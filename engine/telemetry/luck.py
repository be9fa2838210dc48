"""Luck: the same text gives the same luck on every machine, whatever was asked before."""

from __future__ import annotations

import random


def luck(*seed: object) -> random.Random:
    """Luck of its own for what these name together."""
    return random.Random("-".join(map(str, seed)))  # noqa: S311  # it plays cases, it keeps no secret
