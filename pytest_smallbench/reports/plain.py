"""Values as JSON can hold them: no NaN, no infinity, no types of other libraries."""

from __future__ import annotations

import math
from collections.abc import Mapping
from numbers import Real

from pytest_smallbench.contracts import Usage
from pytest_smallbench.reports.shape import Tokens


def tokens(usage: Usage) -> Tokens:
    if not usage.known:
        return {"prompt": None, "completion": None, "cached": None}
    return {"prompt": usage.prompt, "completion": usage.completion, "cached": usage.cached}


def usage_of(tokens: Tokens) -> Usage:
    """The other way round."""
    prompt, completion, cached = tokens["prompt"], tokens["completion"], tokens["cached"]
    if prompt is None or completion is None or cached is None:
        return Usage(known=False)
    return Usage(prompt, completion, cached)


def finite(value: float | None) -> float | None:
    """JSON has no NaN and no infinity: null stands for them, and for what is no number.

    An int stays one; numbers of other makes (a benchmark may use numpy's) become floats.
    """
    if isinstance(value, bool | int | float | None):
        return value if value is None or math.isfinite(value) else None
    return float(value) if isinstance(value, Real) else None


def finite_values(values: Mapping[str, float | None]) -> dict[str, float | None]:
    return {name: finite(value) for name, value in values.items()}
