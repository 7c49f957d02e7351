"""MySQL's implicit conversions between text and numbers."""

from __future__ import annotations

import re
from typing import TypeAlias

Sql: TypeAlias = str | int | float | bytes | None
"""What SQLite hands to a function and takes from it."""

LONGEST = 65_535
"""Bytes that a TEXT column holds; what a function would make longer is NULL."""

_NUMBER = re.compile(r"\s*[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?", re.ASCII)


def text(value: Sql) -> str:
    """A value as MySQL would write it: whole doubles have no ``.0``."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return "" if value is None else str(value)


def number(value: Sql) -> float:
    """The number that a value starts with, 0 if it starts with none."""
    if isinstance(value, int | float):
        return float(value)
    match = _NUMBER.match(text(value))
    return float(match[0]) if match else 0.0


def whole(value: Sql) -> int:
    """A value as an integer, kept in the range of 64 bits."""
    bound = float(1 << 62)
    return int(max(-bound, min(bound, number(value))))


def tidy(value: float) -> int | float:
    """A number for SQLite: whole ones as integers."""
    return int(value) if value.is_integer() and abs(value) < 1e15 else value


def fitting(value: str) -> str | None:
    return value if len(value) <= LONGEST else None
