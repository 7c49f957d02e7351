"""Players to measure the game by, and the informed one that gold play starts from.

``random``: a guess of one of the enemy's types at a hidden fish, if there is one, and a random
fish doing a random thing. ``scripted``: baseline2 on the agent's side. ``deducing``: knows each
enemy, as the published games' fixed order lets an agent know (specification, section 5).
"""

from __future__ import annotations

from collections.abc import Iterator

from .deals import Deal
from .game import Game, Move, Side
from .modes import Mode
from .moves import moves_of, perform
from .opponents import OPPONENTS, Chosen, Policy, planned_act


def _any_guess(game: Game, mode: Mode) -> Chosen:
    enemy = 1 - game.mover
    hidden = game.hidden(enemy)
    if not hidden:
        return None
    return game.dice.choose(hidden).position, game.dice.choose(game.teams[enemy]).name


def any_act(game: Game) -> Move:
    """A random fish, one of the things that it can do, at a random target."""
    moves = moves_of(game, game.dice.choose(game.living(game.mover)))
    action = game.dice.choose(sorted({move.action for move in moves}))
    return game.dice.choose([move for move in moves if move.action == action])


def true_guess(game: Game, mode: Mode) -> Chosen:
    hidden = game.hidden(1 - game.mover)
    return (hidden[0].position, hidden[0].name) if hidden else None


def plain_act(game: Game) -> Move:
    """The first living fish hits the first living enemy: play without any thought."""
    first, enemy = game.living(game.mover)[0], game.living(1 - game.mover)[0]
    return Move(first.position, "normal", enemy.position)


def no_guess(game: Game, mode: Mode) -> Chosen:
    return None


POLICIES = {
    "random": Policy(_any_guess, any_act),
    "scripted": OPPONENTS["baseline2"],
    "deducing": Policy(true_guess, planned_act),
    "plain": Policy(no_guess, plain_act),
}


def matches(
    policy: str, opponent: str, side: Side, games: int, mode: Mode
) -> Iterator[tuple[bool, bool]]:
    """Games of the published teams with seeds 0, 1 ...: whether the policy won, and whether
    the loser gave the game away instead of being beaten."""
    for seed in range(games):
        game = Deal(opponent, side, seed).game(mode)
        players = (POLICIES[policy], OPPONENTS[opponent])
        play(game, players if side == 0 else players[::-1], mode)
        yield game.winner == side, game.forfeited


def play(game: Game, players: tuple[Policy, Policy], mode: Mode) -> None:
    """Play a game to its end, each side by its policy."""
    while game.winner is None:
        step(game, players[game.mover], mode)


def step(game: Game, player: Policy, mode: Mode) -> None:
    """One phase of the mover's."""
    if game.phase == "action":
        perform(game, player.act(game))
    elif chosen := player.guess(game, mode):
        game.guess(*chosen)
    else:
        game.guess(None)
