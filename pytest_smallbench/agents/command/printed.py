"""What a program printed, read: its last text, and the tokens and dollars that it names.

Known are the JSON of claude (``--output-format json`` or ``stream-json``), of codex (``exec
--json``) and of gemini (``--output-format json``). They are told by their shape, whatever the
program is called. All else is text, and what it used is not known: nothing is estimated.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from pytest_smallbench.contracts import Usage

Record: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True)
class Printed:
    """``usage`` and ``cost_usd`` are None where the program did not say."""

    text: str
    usage: Usage | None = None
    cost_usd: float | None = None


def read(stdout: str, *, cut: bool = False) -> Printed:
    """``cut``: the output's start is missing, so that a sum over it would be too small."""
    records = _records(stdout)
    for reader in _READERS:
        printed = reader(records, cut)
        if printed is not None:
            return printed
    return Printed(stdout.strip())


def _records(stdout: str) -> list[Record]:
    """The JSON objects of the output: all of it as one (claude has a list, too), or a line each."""
    whole = _parsed(stdout)
    if isinstance(whole, list):
        return [each for each in whole if isinstance(each, dict)]
    if isinstance(whole, dict):
        return [whole]
    lines = (_parsed(line) for line in stdout.splitlines() if line.startswith("{"))
    return [each for each in lines if isinstance(each, dict)]


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _claude(records: list[Record], cut: bool) -> Printed | None:
    """Its last event, ``result``, has the sums of the whole session."""
    result = _last(records, lambda record: record.get("type") == "result")
    if result is None or not ({"usage", "total_cost_usd"} & result.keys()):
        return None
    usage = _mapping(result.get("usage"))
    cached = _count(usage, "cache_read_input_tokens")
    fresh = _count(usage, "input_tokens") + _count(usage, "cache_creation_input_tokens")
    known = Usage(fresh + cached, _count(usage, "output_tokens"), cached) if usage else None
    return Printed(_text(result.get("result")), known, _dollars(result.get("total_cost_usd")))


def _codex(records: list[Record], cut: bool) -> Printed | None:
    """``turn.completed`` has a turn's tokens, ``item.completed`` the messages. No dollars."""
    turns = [record for record in records if record.get("type") == "turn.completed"]
    if not turns and not any(record.get("type") == "thread.started" for record in records):
        return None
    said = [_mapping(each.get("item")) for each in records if each.get("type") == "item.completed"]
    texts = [_text(item.get("text")) for item in said if item.get("type") == "agent_message"]
    usages = [_mapping(turn.get("usage")) for turn in turns]
    known = all(usages) and usages and not cut
    total = sum((_codex_usage(usage) for usage in usages), Usage())
    return Printed(texts[-1] if texts else "", total if known else None)


def _codex_usage(usage: Record) -> Usage:
    return Usage(
        _count(usage, "input_tokens"),
        _count(usage, "output_tokens"),
        _count(usage, "cached_input_tokens"),
    )


def _gemini(records: list[Record], cut: bool) -> Printed | None:
    """``stats.models`` has each model's tokens; thoughts are billed as output. No dollars."""
    answer = _last(records, lambda record: "models" in _mapping(record.get("stats")))
    if answer is None:
        return None
    models = _mapping(answer["stats"]["models"]).values()
    tokens = [_mapping(_mapping(model).get("tokens")) for model in models]
    total = sum((_gemini_usage(each) for each in tokens), Usage())
    return Printed(_text(answer.get("response")), total if all(tokens) and tokens else None)


def _gemini_usage(tokens: Record) -> Usage:
    completion = _count(tokens, "candidates") + _count(tokens, "thoughts")
    return Usage(_count(tokens, "prompt"), completion, _count(tokens, "cached"))


_READERS: tuple[Callable[[list[Record], bool], Printed | None], ...] = (_claude, _codex, _gemini)


def _last(records: list[Record], wanted: Callable[[Record], bool]) -> Record | None:
    return next((record for record in reversed(records) if wanted(record)), None)


def _mapping(value: object) -> Record:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _count(record: Record, name: str) -> int:
    value = record.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def _dollars(value: object) -> float | None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if number and 0 <= value < 1e9 else None  # type: ignore[arg-type,operator]  # a number
