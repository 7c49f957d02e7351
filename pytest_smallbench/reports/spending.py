"""What attempts used: tokens and dollars, added up."""

from __future__ import annotations

import math
from collections.abc import Iterable

from pytest_smallbench.contracts import Result, Usage


def cost(result: Result) -> float | None:
    """What the attempt cost. One that used no tokens asked no model, and cost nothing."""
    if result.cost_usd is None and result.usage.known and result.usage.total == 0:
        return 0.0
    return result.cost_usd


def total_cost(results: Iterable[Result]) -> float | None:
    """The sum; None where one price is unknown, for a part of the bill is not the bill."""
    costs = [cost(result) for result in results]
    known = [each for each in costs if each is not None]
    return math.fsum(known) if len(known) == len(costs) else None


def total_usage(results: Iterable[Result]) -> Usage:
    return sum((result.usage for result in results), Usage())
