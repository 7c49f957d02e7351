"""Rates and how far to trust them. Plain arithmetic: no scipy, no numpy."""

from __future__ import annotations

import math
from collections.abc import Sequence

Z95 = 1.959963984540054  # the 97.5% point of the normal distribution


def rate(amount: float, trials: int) -> float | None:
    """amount / trials; None where nothing was tried."""
    return amount / trials if trials else None


def mean(values: Sequence[float]) -> float | None:
    """The average, summed without rounding; None of nothing."""
    return math.fsum(values) / len(values) if values else None


def wilson(hits: float, trials: int, z: float = Z95) -> tuple[float, float] | None:
    """Wilson's score interval of a rate, 95% by default; None where nothing was tried.

    It stays inside 0..1 and holds its coverage for few trials and for rates near 0 or 1,
    where the textbook interval (rate ± z·sqrt(...)) collapses to a point. ``hits`` is a whole
    number but where it stands for a sum of shares.
    """
    if not trials:
        return None
    share = hits / trials
    spread = z * z / trials
    centre = (share + spread / 2) / (1 + spread)
    half = z * math.sqrt(share * (1 - share) / trials + spread / (4 * trials)) / (1 + spread)
    # At 0 and at all hits the bound is exact; rounding would leave 1e-17 there.
    low = 0.0 if hits == 0 else max(centre - half, 0.0)
    high = 1.0 if hits == trials else min(centre + half, 1.0)
    return low, high
