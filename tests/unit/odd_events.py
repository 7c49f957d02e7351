"""Trajectories that are not what they should be: each event's data replaced or mangled."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from export_samples import WHOLE

ODD: list[Any] = [None, 7, "text", [], {}, [None, 3, ["x"]], {"role": 7, "content": {"a": [1]}}]
HOSTILE = "half \udc80 pair, nul \0, \x1b[2J, </script>, \u202e, 🦀"


def mangled() -> Iterator[list[Any]]:
    """The whole record with one value at a time replaced by each odd one."""
    for number, event in enumerate(WHOLE):
        for odd in ODD:
            yield [*WHOLE[:number], odd, *WHOLE[number + 1 :]]
            yield _with(number, ("data",), odd)
            for name in event["data"]:
                yield _with(number, ("data", name), odd)
                yield from _within(number, event["data"][name], ("data", name), odd)


def _within(number: int, value: Any, at: tuple[Any, ...], odd: Any) -> Iterator[list[Any]]:
    keys = value if isinstance(value, dict) else range(len(value)) if _is_list(value) else ()
    for key in keys:
        yield _with(number, (*at, key), odd)


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _with(number: int, at: tuple[Any, ...], odd: Any) -> list[Any]:
    events = copy.deepcopy(WHOLE)
    place: Any = events[number]
    for key in at[:-1]:
        place = place[key]
    place[at[-1]] = odd
    return events


def deep(levels: int) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(levels):
        value = {"in": value}
    return value
