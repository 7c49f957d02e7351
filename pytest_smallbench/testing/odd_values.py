"""Arguments that no sensible agent gives, and that every tool must answer all the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pytest_smallbench.contracts import Tool

HUGE = 200_000  # characters

TEXTS = (
    "",
    " \r\n\t",
    "a\0b",
    "half a pair: \ud83d",
    "\u202e\u0301\U0001f916\ufeff",
    "../../../../etc/passwd",
    "'; DROP TABLE tasks; --",
    "{{7*7}} {0} {x!r} %s ${HOME} `id`",
    "-1e309",
    "x" * HUGE,
    "y" * 90_000,
    "\n" * 10_000,
)
BY_KIND: Mapping[str, tuple[Any, ...]] = {
    "string": TEXTS,
    "integer": (0, -1, 10**30),
    "number": (0.0, -1e308, 0.1),
    "boolean": (True, False),
    "array": ([], ["x"] * 1000),
    "object": ({}, {"x": {"y": "z"}}),
    "null": (None,),
}
BROKEN_JSON = (
    *("", "{", "[]", "null", '"text"', '{"a": 1', "x" * HUGE, "[" * 5000),
    '{"a": "\\ud83d"}',
)


def odd_arguments(tool: Tool) -> Iterator[dict[str, Any]]:
    """Arguments of the right types with odd values, every value once."""
    properties: Mapping[str, Mapping[str, Any]] = tool.parameters.get("properties", {})
    values = {name: _values(schema) for name, schema in properties.items()}
    for turn in range(max(map(len, values.values()), default=1)):
        yield {name: odd[turn % len(odd)] for name, odd in values.items()}


def wrong_arguments(tool: Tool) -> Iterator[dict[str, Any]]:
    """Arguments of wrong types, too few, and too many."""
    properties: Mapping[str, Any] = tool.parameters.get("properties", {})
    wrongs: tuple[Any, ...] = (None, {"deep": [1]}, [[]])
    for wrong in wrongs:
        yield dict.fromkeys(properties, wrong) | {"unknown": wrong}
    if properties:
        yield {}
    yield {**next(odd_arguments(tool)), "no such argument": 1}


def _values(schema: Mapping[str, Any]) -> tuple[Any, ...]:
    if schema.get("enum"):
        return (*schema["enum"], "no such choice")
    kinds = schema.get("type", "string")
    listed = kinds if isinstance(kinds, list) else [kinds]
    return tuple(value for kind in listed for value in BY_KIND.get(kind, TEXTS))
