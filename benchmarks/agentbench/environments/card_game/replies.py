"""Reads the agent's calls: the guess or move that is meant, or in words why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .fish import NAMES, TEAM
from .game import Fish, Move
from .gold import allowed
from .match import Match
from .moves import moves_of


class Refused(Exception):
    """The call cannot be used; the message says why."""


def guess_of(match: Match, arguments: Mapping[str, Any]) -> tuple[int, str]:
    """The position and the fish's name. Raises Refused."""
    position, name = arguments["position"], _word(arguments["fish"])
    if name not in NAMES:
        raise Refused(f"there is no fish {name!r}; the fish are {', '.join(NAMES)}")
    if not 0 <= position < TEAM:
        raise Refused(f"there is no position {_short(position)}; positions are 0 to 3")
    fish = match.game.teams[match.enemy][int(position)]
    if not fish.alive:
        raise Refused(f"the enemy's fish at {fish.position} is dead")
    if fish.exposed:
        raise Refused(f"the enemy's fish at {fish.position} is known: it is the {fish.name}")
    return fish.position, name


def move_of(match: Match, arguments: Mapping[str, Any]) -> Move:
    """The move that the arguments mean. A target that the skill does not need is ignored.

    Raises Refused.
    """
    fish = _own(match, _word(arguments["fish"]))
    action = _word(arguments["action"])
    if action not in ("normal", "active"):
        raise Refused(f"there is no action {action!r}; take normal or active")
    moves = [move for move in moves_of(match.game, fish) if move.action == action]
    if not moves:
        raise Refused(f"the skill of {fish.name} needs a living team-mate, and it has none")
    for move in moves:
        if not allowed(match, move):
            raise Refused(f"the active skill of {fish.name} cannot be used with that target")
        if _fits(move.target, arguments.get("target")) and _fits(move.ally, arguments.get("ally")):
            return move
    raise Refused(f"{action} of {fish.name} can take {_choices(moves)}")


def _own(match: Match, name: str) -> Fish:
    own = match.game.teams[match.agent]
    for fish in own:
        if fish.name == name:
            if not fish.alive:
                raise Refused(f"your {name} is dead")
            return fish
    raise Refused(f"you have no fish {name!r}; yours are {', '.join(fish.name for fish in own)}")


def _fits(needed: int | None, given: int | None) -> bool:
    return needed is None or needed == given


def _choices(moves: list[Move]) -> str:
    """The arguments that would do, in words."""
    targets = sorted({move.target for move in moves if move.target is not None})
    allies = sorted({move.ally for move in moves if move.ally is not None})
    parts = [
        f"{name} {' or '.join(map(str, values))}"
        for name, values in (("target", targets), ("ally", allies))
        if values
    ]
    return " with ".join(parts)


def _word(text: str) -> str:
    """A name as it is compared: no case, no space around, never long."""
    return text[:200].strip().lower()[:40]


def _short(number: int) -> str:
    return str(number) if abs(number) < 10**9 else "of that size"
