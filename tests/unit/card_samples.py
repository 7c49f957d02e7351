"""Games and worlds for the tests of the card game."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pytest_smallbench.benchmarks.agentbench.environments.card_game.dice import Dice
from pytest_smallbench.benchmarks.agentbench.environments.card_game.game import Game, deal
from pytest_smallbench.benchmarks.agentbench.environments.card_game.world import (
    CardWorld,
    open_world,
)
from pytest_smallbench.benchmarks.agentbench.worlds import Host, Record

from pytest_smallbench.contracts import Sandbox, SandboxLimits

STANDARD = ("spray", "flame", "eel", "sunfish")


def no_sandbox(limits: SandboxLimits) -> Sandbox:
    raise AssertionError("this environment needs no sandbox")


def host(**values: str) -> Host:
    return Host(Path("unused"), no_sandbox, values)


def game(mine: Sequence[str] = STANDARD, theirs: Sequence[str] = STANDARD, seed: str = "x") -> Game:
    """A game at player 0's action phase, both teams in the given order."""
    started = deal((mine, theirs), Dice(seed))
    started.guess(None)
    return started


def world(data: Mapping[str, Any] | None = None, **values: str) -> CardWorld:
    """A game against baseline1, the agent first, unless the data say otherwise."""
    fields = {"opponent": "baseline1"} if data is None else data
    return open_world(Record("card/x", "card", "Win.", "win", fields), host(**values))


def played(shop_or_game: Any, calls: Sequence[Any]) -> list[str]:
    """What a world answers to calls."""
    return [shop_or_game.call(call.name, call.arguments).text for call in calls]
