"""What a verifier wrote: reward.json before reward.txt, both read as Harbor reads them.

A file that is missing, empty or no number is no verdict: an error, and never a zero.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from pytest_smallbench.errors import GradingError

FULL = 1.0  # the reward of a task that is solved
USUAL = "reward"


def read_rewards(read: Mapping[str, bytes | None]) -> dict[str, float]:
    """Rewards by name, from the contents of both files. Raises GradingError."""
    for name, parse in (("reward.json", _from_json), ("reward.txt", _from_text)):
        data = read[name]
        if data is not None:
            if not data.strip():
                raise GradingError(f"the verifier left {name} empty")
            return parse(data)
    raise GradingError("the verifier wrote neither reward.json nor reward.txt to /logs/verifier")


def resolved(rewards: Mapping[str, float]) -> bool:
    """The reward called ``reward`` decides; where there is none, all of them must be full."""
    decisive = [rewards[USUAL]] if USUAL in rewards else list(rewards.values())
    return all(reward >= FULL for reward in decisive)


def score(rewards: Mapping[str, float]) -> float:
    """0 to 1: the reward called ``reward``, or the mean of all."""
    value = rewards[USUAL] if USUAL in rewards else sum(rewards.values()) / len(rewards)
    return min(max(value, 0.0), 1.0)


def in_words(rewards: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {value:g}" for name, value in rewards.items())


def _from_text(data: bytes) -> dict[str, float]:
    try:
        value = float(data.decode("utf-8"))
    except ValueError:
        raise GradingError(f"reward.txt holds no number: {_shown(data)}") from None
    return {USUAL: _finite(value, "reward.txt")}


def _from_json(data: bytes) -> dict[str, float]:
    try:
        values: Any = json.loads(data)
    except (ValueError, RecursionError):
        raise GradingError(f"reward.json is not valid JSON: {_shown(data)}") from None
    if not isinstance(values, dict) or not values:
        raise GradingError(f"reward.json must hold an object of numbers: {_shown(data)}")
    return {name: _number(value, f"reward.json: {name}") for name, value in values.items()}


def _number(value: Any, where: str) -> float:
    if not isinstance(value, int | float):
        raise GradingError(f"{where} is no number: {str(value)[:80]!r}")
    try:
        return _finite(float(value), where)
    except OverflowError:
        raise GradingError(f"{where} is too large a number") from None


def _finite(value: float, where: str) -> float:
    if not math.isfinite(value):
        raise GradingError(f"{where} is {value}, which is no finite number")
    return value


def _shown(data: bytes) -> str:
    return repr(data[:80].decode("utf-8", "replace"))
