"""When committed answers equal a label: the rule of AgentBench's function-calling version.

Values are compared as text and numbers only; nothing of an answer is ever evaluated.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

TOLERANCE = 0.01
NOTHING = frozenset({"", "none", "null", "undefined", "nan", "inf"})


def same_answer(committed: Sequence[str], label: Sequence[str]) -> bool:
    """Order never matters (section 2).

    One value each: equal within 0.01 as numbers, else equal as strings. Otherwise all
    numbers: a one-to-one matching within 0.01; else equal as sets.
    """
    ours, theirs = [normal(v) for v in committed], [normal(v) for v in label]
    if len(ours) == len(theirs) == 1:
        return _same_value(ours[0], theirs[0])
    numbers, wanted = _numbers(ours), _numbers(theirs)
    if numbers is None or wanted is None:
        return set(ours) == set(theirs)
    # Sorted lists pair off within a tolerance whenever any pairing does.
    return len(numbers) == len(wanted) and all(map(_near, sorted(numbers), sorted(wanted)))


def normal(value: str) -> str:
    """A value without quotes, thousands commas and a trailing ``%``; nothing is ``0``."""
    text = value.strip().strip("'\"").strip()
    text = text.removesuffix("%").replace(",", "").strip()
    return "0" if text.lower() in NOTHING else text


def _same_value(ours: str, theirs: str) -> bool:
    numbers = _numbers([ours, theirs])
    return _near(*numbers) if numbers else ours == theirs


def _numbers(values: Sequence[str]) -> list[float] | None:
    try:
        numbers = [float(value) for value in values]
    except ValueError:
        return None
    return numbers if numbers and all(map(math.isfinite, numbers)) else None


def _near(ours: float, theirs: float) -> bool:
    return abs(ours - theirs) <= TOLERANCE + 1e-12
