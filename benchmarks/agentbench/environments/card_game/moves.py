"""Which actions a fish has, and what they do (specification, section 5)."""

from __future__ import annotations

from itertools import product

from .damage import strike
from .game import Deed, Fish, Game, Move, Side

FIRST_USES = 3  # a turtle's and a clownfish's skill hits enemies that often


def legal_moves(game: Game, side: Side) -> list[Move]:
    """All that a side may do in its action phase; never empty while it has a living fish."""
    return [move for fish in game.living(side) for move in moves_of(game, fish)]


def moves_of(game: Game, fish: Fish) -> list[Move]:
    enemies = [enemy.position for enemy in game.living(1 - fish.side)]
    normal = [Move(fish.position, "normal", enemy) for enemy in enemies]
    return normal + active_moves(game, fish)


def active_moves(game: Game, fish: Fish) -> list[Move]:
    """The ways to use a fish's skill; none where it needs a team-mate and has none."""
    own, kind = fish.position, fish.species.target
    mates = [mate.position for mate in game.living(fish.side) if mate is not fish]
    enemies = game.living(1 - fish.side)
    if kind == "none":
        return [Move(own, "active")]
    if kind == "ally, enemy":
        marks = [enemy.position for enemy in enemies] if fish.uses < FIRST_USES else [None]
        return [Move(own, "active", mark, mate) for mark, mate in product(marks, mates)]
    least = min(enemy.hp for enemy in enemies)
    marks = {
        "ally": mates,
        "ally or self": [mate.position for mate in game.living(fish.side)],
        "enemy": [enemy.position for enemy in enemies],
        "weakest enemy": [enemy.position for enemy in enemies if enemy.hp == least],
    }[kind]
    return [Move(own, "active", mark) for mark in marks]


def perform(game: Game, move: Move) -> Deed:
    """Carry out a legal move of the mover and end its phase; what could be seen of it."""
    fish = game.teams[game.mover][move.fish]
    game.passives = []
    if move.action == "active":
        kind: str = fish.species.skill_class
        damage, targets = _active(game, fish, move)
        fish.uses += 1
    else:
        kind = "normal"
        damage, targets = _normal(game, fish, move)
    deed = Deed(move.fish, kind, damage, targets, tuple(game.passives))
    game.acted(deed)
    return deed


def _normal(game: Game, fish: Fish, move: Move) -> tuple[int, tuple[int, ...]]:
    assert move.target is not None
    damage = fish.force // 2
    strike(game, game.teams[1 - fish.side][move.target], damage, fish)
    return damage, (move.target,)


def _active(game: Game, fish: Fish, move: Move) -> tuple[int, tuple[int, ...]]:
    """The nominal damage of the skill to each target, and the positions that it took."""
    name = fish.species.name
    own = game.teams[fish.side]
    if name == "spray":
        return _wave(game, fish, 70)
    if name == "eel":
        return _wave(game, fish, int(0.35 * fish.force))
    if name == "turtle":
        return _turtle(game, fish, move)
    assert move.target is not None
    if name in ("flame", "sunfish"):
        fish.attack += 140
        strike(game, own[move.target], 75)
        return 75, (move.target,)
    if name in ("mobula", "octopus"):
        fish.attack += 20
        own[move.target].shielded = True
        return 0, (move.target,)
    if name == "clownfish":
        own[move.target].shared = True
        return _wave(game, fish, 35) if fish.uses < FIRST_USES else (0, (move.target,))
    return _crit(game, fish, game.teams[1 - fish.side][move.target])


def _wave(game: Game, fish: Fish, damage: int) -> tuple[int, tuple[int, ...]]:
    enemies = game.living(1 - fish.side)
    for enemy in enemies:
        strike(game, enemy, damage, fish)
    return damage, tuple(enemy.position for enemy in enemies)


def _turtle(game: Game, fish: Fish, move: Move) -> tuple[int, tuple[int, ...]]:
    assert move.ally is not None
    game.teams[fish.side][move.ally].mending = True
    if move.target is None:
        return 0, (move.ally,)
    strike(game, game.teams[1 - fish.side][move.target], 120, fish)
    return 120, (move.target,)


def _crit(game: Game, fish: Fish, enemy: Fish) -> tuple[int, tuple[int, ...]]:
    damage = 120
    if fish.species.name != "barracuda":
        damage = int((1.4 if enemy.hp < 160 else 1.2) * fish.force)
    strike(game, enemy, damage, fish)
    return damage, (enemy.position,)
