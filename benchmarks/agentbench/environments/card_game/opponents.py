"""The two scripted opponents of the benchmark (specification, section 5).

Both are functions of the game alone, with its dice, for whichever side is to move. They see
what a player may see; of their own side, everything.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from .fish import NAMEABLE, told_by
from .game import Fish, Game, Move
from .modes import Mode
from .moves import active_moves

Chosen: TypeAlias = tuple[int, str] | None


@dataclass(frozen=True)
class Policy:
    """A way to play. ``guess`` gives (position, fish's name) or None, ``act`` a legal move."""

    guess: Callable[[Game, Mode], Chosen]
    act: Callable[[Game], Move]


# -- baseline1: chance --------------------------------------------------------------


def _random_guess(game: Game, mode: Mode) -> Chosen:
    enemy = 1 - game.mover
    marks = game.living(enemy) if mode.suicidal_guesses else game.hidden(enemy)
    if not marks:
        return None
    own_types = [fish.name for fish in game.teams[game.mover]]
    return game.dice.choose(marks).position, game.dice.choose(own_types)


def _random_act(game: Game) -> Move:
    fish = game.dice.choose(game.living(game.mover))
    skill = active_moves(game, fish)
    if game.dice.chance(30) or not skill:
        enemy = game.dice.choose(game.living(1 - game.mover))
        return Move(fish.position, "normal", enemy.position)
    return game.dice.choose(skill)


# -- baseline2: clues and a fixed plan ----------------------------------------------


def _clue_guess(game: Game, mode: Mode) -> Chosen:
    enemy = 1 - game.mover
    hidden = game.hidden(enemy)
    if not hidden:
        return None
    known = {fish.name for fish in game.teams[enemy] if fish.exposed}
    if not mode.lost_clues:
        for fish in hidden:
            name = told_by(game.clues[enemy][fish.position])
            if name and name not in known and not _was_wrong(game, fish, name):
                return fish.position, name
    names = [name for name in NAMEABLE if name not in known]
    return game.dice.choose(hidden).position, game.dice.choose(names)


def _was_wrong(game: Game, fish: Fish, name: str) -> bool:
    """Whether this very guess was the last one: an imitator shows another fish's clues."""
    last = game.guesses[game.mover]
    return last is not None and (last.position, last.name) == (fish.position, name)


def planned_act(game: Game) -> Move:
    """Kill if a normal attack can; else hit all; else the hardest blow there is."""
    own, enemies = game.living(game.mover), game.living(1 - game.mover)
    strongest = max(own, key=lambda fish: fish.force)
    weakest = min(enemies, key=lambda fish: fish.hp)
    if strongest.force // 2 >= weakest.hp:
        return Move(strongest.position, "normal", weakest.position)
    for fish in own:
        if fish.species.skill_class == "aoe" and len(enemies) > 1:
            return Move(fish.position, "active")
    for fish in own:
        if fish.species.skill_class == "crit":
            return Move(fish.position, "active", weakest.position)
    return Move(strongest.position, "normal", _last_actor(game, weakest))


def _last_actor(game: Game, otherwise: Fish) -> int:
    """The position of the enemy that acted last, if it still lives."""
    deed = game.deeds[1 - game.mover]
    if deed is not None and game.teams[1 - game.mover][deed.fish].alive:
        return deed.fish
    return otherwise.position


OPPONENTS = {
    "baseline1": Policy(_random_guess, _random_act),
    "baseline2": Policy(_clue_guess, planned_act),
}
