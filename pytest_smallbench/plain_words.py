"""What environments say alike: how many turns there are, and what text no tool can take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pytest_smallbench.contracts import Limits

TEXT_LIMIT = 100_000  # characters of one text among a call's arguments


def turns(limits: Limits) -> str:
    """A sentence for the first observation."""
    if limits.max_steps is None:
        return "There is no limit of turns."
    count = "1 turn" if limits.max_steps == 1 else f"{limits.max_steps} turns"
    return f"You have {count}."


def unusable(arguments: Mapping[str, Any]) -> str:
    """Why no tool should be asked to take a text anywhere in these arguments, or nothing."""
    return next(_problems(arguments), "")


def _problems(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for part in (*value.keys(), *value.values()):
            yield from _problems(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _problems(part)
    elif isinstance(value, str):
        if len(value) > TEXT_LIMIT:
            yield f"a text of {len(value)} characters is too long, {TEXT_LIMIT} is the most"
        elif "\0" in value:
            yield "a text holds the character NUL"
        elif any("\ud800" <= character <= "\udfff" for character in value):
            yield "a text holds half a surrogate pair"
