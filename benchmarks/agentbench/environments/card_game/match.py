"""A game between an agent and an opponent: after the agent's phases the opponent plays its own."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from .deals import Deal
from .dice import Dice
from .fish import MAX_HP, TEAM
from .game import Deed, Fish, Game, Guess, Move, Side
from .modes import Mode
from .moves import perform
from .opponents import OPPONENTS
from .policies import step

TRIES = 5
WIN_SHARE, DAMAGE_SHARE = 0.7, 0.3


@dataclass(slots=True)
class Match:
    """Stands at a phase of the agent's, or at the end. ``tries`` counts replies that could not
    be used in this phase; ``marked`` are positions at which the agent guessed wrong."""

    game: Game
    agent: Side
    opponent: str
    mode: Mode
    tries: int = 0
    marked: set[int] = field(default_factory=set)

    @property
    def enemy(self) -> Side:
        return 1 - self.agent

    @property
    def over(self) -> bool:
        return self.game.winner is not None

    @property
    def won(self) -> bool:
        return self.game.winner == self.agent

    def guess(self, position: int | None, name: str = "") -> bool:
        """The agent's guess, None for none; whether it was right."""
        self.tries = 0
        self.game.guess(position, name)
        last = self.game.guesses[self.agent]
        if last and not last.right:
            self.marked.add(last.position)
        return bool(last and last.right)

    def act(self, move: Move) -> Deed:
        """The agent's action, and the opponent's turn after it."""
        self.tries = 0
        deed = perform(self.game, move)
        self.proceed()
        return deed

    def fail(self) -> None:
        """A reply that could not be used. The last try is no guess, or loses the game."""
        self.tries += 1
        if self.tries < TRIES:
            return
        if self.game.phase == "guess":
            self.guess(None)
        else:
            self.game.forfeit(f"gave no usable action in {TRIES} tries")

    def proceed(self) -> None:
        """Go on until the agent has something to decide: the opponent's phases are played,
        and a guess phase of the agent's in which there is nothing left to guess passes."""
        game = self.game
        while game.winner is None:
            if game.mover != self.agent:
                step(game, OPPONENTS[self.opponent], self.mode)
            elif game.phase == "guess" and not game.hidden(self.enemy):
                game.guess(None)
            else:
                return

    @property
    def damage(self) -> int:
        """Hp that the enemy has lost, however that came about; at most 1600."""
        return sum(MAX_HP - max(fish.hp, 0) for fish in self.game.teams[self.enemy])

    @property
    def score(self) -> float:
        """The benchmark's own figure of one game: 0.7 for winning, up to 0.3 for damage."""
        share = min(DAMAGE_SHARE, DAMAGE_SHARE * self.damage / (MAX_HP * TEAM))
        return WIN_SHARE * self.won + share

    def copy(self) -> Match:
        return Match(
            self.game.copy(), self.agent, self.opponent, self.mode, self.tries, set(self.marked)
        )


def begin(deal: Deal, mode: Mode) -> Match:
    """A new match, at the agent's first decision."""
    match = Match(deal.game(mode), deal.agent, deal.opponent, mode)
    match.proceed()
    return match


# -- as plain values, for snapshots -------------------------------------------------


def dump(match: Match) -> str:
    """All that can change, as JSON; the same state gives the same text."""
    game = match.game
    state = {
        "teams": [[fish.dump() for fish in team] for team in game.teams],
        "drawn": game.dice.drawn,
        "phase": [game.mover, game.phase, game.clock, game.winner, game.ending],
        "deeds": [deed and _deed_values(deed) for deed in game.deeds],
        "guesses": [last and [last.position, last.name, last.right] for last in game.guesses],
        "clues": [[sorted(seen) for seen in side] for side in game.clues],
        "tries": match.tries,
        "marked": sorted(match.marked),
    }
    return json.dumps(state, separators=(",", ":"))


def load(text: str, match: Match) -> Match:
    """A match like the given one in the state that ``dump`` wrote."""
    state = json.loads(text)
    mover, phase, clock, winner, ending = state["phase"]
    first, second = ([Fish.load(values) for values in team] for team in state["teams"])
    seen_first, seen_second = ([set(seen) for seen in side] for side in state["clues"])
    game = Game(
        (first, second),
        Dice(match.game.dice.seed, state["drawn"]),
        mover,
        phase,
        clock,
        winner,
        ending,
        [_deed(values) for values in state["deeds"]],
        [Guess(*values) if values else None for values in state["guesses"]],
        (seen_first, seen_second),
    )
    return Match(
        game, match.agent, match.opponent, match.mode, state["tries"], set(state["marked"])
    )


def _deed_values(deed: Deed) -> list[Any]:
    return [deed.fish, deed.kind, deed.damage, list(deed.targets), list(map(list, deed.passives))]


def _deed(values: list[Any] | None) -> Deed | None:
    if values is None:
        return None
    fish, kind, damage, targets, passives = values
    return Deed(fish, kind, damage, tuple(targets), tuple((s, p, name) for s, p, name in passives))
