"""MySQL's aggregate functions that SQLite has not, or has otherwise."""

from __future__ import annotations

import functools
import statistics
from collections.abc import Callable, Sequence
from typing import Any

from .conversions import LONGEST, Sql, number, text
from .table_hash import GROUP_CONCAT_MAX


class GroupConcat:
    """``(separator, distinct, directions, value, key...)``: values in the order of their keys.

    ``directions`` holds a ``d`` for each descending key, an ``a`` for the others.
    """

    def __init__(self) -> None:
        self._rows: list[tuple[str, tuple[Sql, ...]]] = []
        self._separator, self._distinct, self._directions = ",", False, ""
        self._size = 0

    def step(self, separator: Sql, distinct: int, directions: str, value: Sql, *keys: Sql) -> None:
        self._separator, self._distinct = text(separator), bool(distinct)
        self._directions = directions
        if value is not None and self._size < 8 * LONGEST:
            self._rows.append((text(value), keys))
            self._size += len(text(value))

    def finalize(self) -> str | None:
        if not self._rows:
            return None
        rows = list(dict.fromkeys(self._rows)) if self._distinct else self._rows
        for place in reversed(range(len(self._directions))):
            rows.sort(key=_place(place), reverse=self._directions[place] == "d")
        values = [value for value, _ in rows]
        joined = self._separator.join(dict.fromkeys(values) if self._distinct else values)
        return joined.encode("utf-8", "replace")[:GROUP_CONCAT_MAX].decode("utf-8", "ignore")


def _place(place: int) -> Callable[[tuple[str, tuple[Sql, ...]]], tuple[int, float, str]]:
    return lambda row: sort_key(row[1][place])


def sort_key(value: Sql) -> tuple[int, float, str]:
    """MySQL's order: NULL, numbers by value, text without regard to case."""
    if value is None:
        return (0, 0.0, "")
    if isinstance(value, int | float):
        return (1, float(value), "")
    return (2, 0.0, text(value).casefold())


class AnyValue:
    """The first value of a group."""

    def __init__(self) -> None:
        self._seen: list[Sql] = []

    def step(self, value: Sql) -> None:
        if not self._seen:
            self._seen.append(value)

    def finalize(self) -> Sql:
        return self._seen[0] if self._seen else None


class Spread:
    """A statistic of the numbers of a group; NULL where there are too few of them."""

    def __init__(self, statistic: Callable[[Sequence[float]], float]) -> None:
        self._statistic = statistic
        self._numbers: list[float] = []

    def step(self, value: Sql) -> None:
        if value is not None and len(self._numbers) < 1_000_000:
            self._numbers.append(number(value))

    def finalize(self) -> float | None:
        try:
            return float(self._statistic(self._numbers))
        except statistics.StatisticsError:
            return None


def _spread(statistic: Callable[[Sequence[float]], float]) -> Callable[[], Spread]:
    return functools.partial(Spread, statistic)


AGGREGATES: dict[str, Any] = {
    "group_concat": GroupConcat,
    "any_value": AnyValue,
    "std": _spread(statistics.pstdev),
    "stddev": _spread(statistics.pstdev),
    "stddev_pop": _spread(statistics.pstdev),
    "stddev_samp": _spread(statistics.stdev),
    "variance": _spread(statistics.pvariance),
    "var_pop": _spread(statistics.pvariance),
    "var_samp": _spread(statistics.variance),
}
"""Classes, or callables that make an aggregate, as ``create_aggregate`` takes them."""
