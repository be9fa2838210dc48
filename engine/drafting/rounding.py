"""Rounding: limits and spans as people would choose them, in the gap between two sides and away from both."""

from __future__ import annotations

from datetime import timedelta
from math import inf, log, sqrt

SECONDS = (
    1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600, 900, 1200, 1800, 2700, 3600, 5400, 7200, 10_800, 14_400,
    21_600, 28_800, 43_200, 86_400, 172_800,
)  # fmt: skip
MARGIN = 1.1  # a span keeps a tenth away from either side
LEAST_GAP = 0.05  # of the larger side: what lies closer together cannot be told apart by a number


def span_between(low: float, high: float) -> timedelta | None:
    """A round span between two numbers of seconds; `inf` for no upper side, 0 for no lower one; None in a thin gap.

    With one side only it is twice, or half, of that side.
    """
    if low * MARGIN >= high:
        return None
    target = low * 2 if high == inf else high / 2 if low <= 0 else sqrt(low * high)
    fit = [each for each in SECONDS if low * MARGIN <= each <= high / MARGIN]
    best = min(fit, key=lambda each: abs(log(each / target)) if target > 0 else each, default=None)
    return None if best is None else timedelta(seconds=best)


def limit_between(low: float, high: float) -> float | None:
    """The roundest number in the middle half of a gap; None where the gap is too thin for any."""
    gap = high - low
    if not gap > LEAST_GAP * max(abs(low), abs(high)):
        return None
    middle, quarter = (low + high) / 2, gap / 4
    tries = (float(f"{middle:.{digits}g}") for digits in range(1, 8))
    return next((each for each in tries if abs(each - middle) <= quarter), None)


def plain_number(value: float) -> str:
    """A number without exponent or idle noughts."""
    text = f"{value:.6f}"
    return text.rstrip("0").rstrip(".")
