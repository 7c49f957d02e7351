"""A line of calls that wins a match: the opponent's chance is seeded, so it can be searched."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_smallbench.contracts import ToolCall

from .dice import Dice
from .game import Game, Move
from .match import Match
from .opponents import planned_act
from .policies import any_act, true_guess

ROLLOUTS = 300


def winning_line(match: Match, rollouts: int = ROLLOUTS) -> list[ToolCall]:
    """Calls that win from here, empty where none was found in so many tries.

    Knows the enemy's fish, so it guesses right; it acts by baseline2's plan at first, then by
    the plan with more and more random moves between. Draws from dice of its own only.
    """
    for number in range(rollouts):
        calls = _rollout(match.copy(), Dice(f"gold {number}"), whims=min(3 * number, 90))
        if calls:
            return calls
    return []


def _rollout(match: Match, dice: Dice, whims: int) -> list[ToolCall]:
    """One game to its end; ``whims`` is the share of random moves, in percent."""
    calls = []
    while not match.over:
        if match.game.phase == "guess":
            calls.append(_guess(match))
        else:
            calls.append(_act(match, _considered(match, dice, whims)))
    return calls if match.won else []


def _considered(match: Match, dice: Dice, whims: int) -> Move:
    game = match.game
    move = planned_act(game)
    if dice.chance(whims) or not allowed(match, move):
        move = _whim(game, dice)
        while not allowed(match, move):
            move = _whim(game, dice)
    return move


def _whim(game: Game, dice: Dice) -> Move:
    """A random move that does not touch the game's own dice."""
    aside, game.dice = game.dice, dice
    try:
        return any_act(game)
    finally:
        game.dice = aside


def allowed(match: Match, move: Move) -> bool:
    """Whether the mode lets an agent make the move."""
    species = match.game.teams[match.agent][move.fish].species
    skill = move.action == "active" and species.name in ("eel", "sunfish")
    return not (skill and match.mode.refused_skills)


def _guess(match: Match) -> ToolCall:
    chosen = true_guess(match.game, match.mode)
    assert chosen is not None  # a phase without anything to guess passes by itself
    match.guess(*chosen)
    return ToolCall("guess", {"position": chosen[0], "fish": chosen[1]})


def _act(match: Match, move: Move) -> ToolCall:
    name = match.game.teams[match.agent][move.fish].name
    match.act(move)
    arguments: Mapping[str, Any] = {
        "fish": name,
        "action": move.action,
        "target": move.target,
        "ally": move.ally,
    }
    return ToolCall("act", {key: value for key, value in arguments.items() if value is not None})
