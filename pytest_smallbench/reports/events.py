"""Reading a trajectory's events, which a user's agent or a cut-off file may have made.

Any JSON is met where another shape was meant: nothing here raises for it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from pytest_smallbench.reports.formatting import money

Data: TypeAlias = Mapping[str, Any]


def content(message: Data) -> str:
    """A message's text; of a list of parts, the texts, and what the others are."""
    content = message.get("content")
    if not isinstance(content, list):
        return plain(content)
    return "\n".join(
        str(part.get("text") or f"({part.get('type', 'part')})")
        if isinstance(part, Mapping)
        else plain(part)
        for part in content
    )


def called(call: object) -> str:
    """The name in a tool call of the chat-completions protocol."""
    function = call.get("function") if isinstance(call, Mapping) else None
    return str(function.get("name", "?")) if isinstance(function, Mapping) else "?"


def bill(data: Data) -> str:
    """`` (1,204 + 33 tokens, $0.0002)``; also how the reply ended, if it was not by itself."""
    usage = data.get("usage")
    told = []
    if isinstance(usage, Mapping):
        prompt, completion = number(usage.get("prompt")), number(usage.get("completion"))
        told.append(f"{prompt:,.0f} + {completion:,.0f} tokens")
    if isinstance(data.get("cost_usd"), int | float):
        told.append(money(number(data["cost_usd"])))
    if data.get("finish_reason") not in (None, "", "stop", "tool_calls"):
        told.append(f"finish reason {data['finish_reason']}")
    return f" ({', '.join(told)})" if told else ""


def words(values: Data) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items() if value is not None)


def plain(value: object) -> str:
    """A JSON value as text: strings as they are, nothing for null."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def items(value: object) -> Sequence[object]:
    return value if isinstance(value, list | tuple) else ()


def number(value: object) -> float:
    """A finite number, or 0: Python's JSON knows NaN and Infinity."""
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else 0.0
