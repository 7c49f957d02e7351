"""What a card record holds: the two teams, the opponent, who moves first, the seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pytest_smallbench.errors import UsageMistake

from .dice import Dice
from .fish import TEAM, picked
from .game import Game, Side, deal
from .modes import Mode
from .opponents import OPPONENTS

STANDARD_TEAM = ("spray", "flame", "eel", "sunfish")


@dataclass(frozen=True)
class Deal:
    """A game before its first phase. Picks are fish, or ``imitator:NAME``; ``agent`` is 0 for
    the first mover; the seed decides all of the opponent's chance."""

    opponent: str = "baseline1"
    agent: Side = 0
    seed: int | str = 0
    mine: tuple[str, ...] = STANDARD_TEAM
    theirs: tuple[str, ...] = STANDARD_TEAM

    def game(self, mode: Mode) -> Game:
        dice = Dice(f"aquawar {self.seed}")
        teams = [list(self.mine), list(self.theirs)]
        if not mode.given_order:
            teams = [dice.shuffled(team) for team in teams]
        return deal(teams if self.agent == 0 else teams[::-1], dice)

    def data(self) -> dict[str, Any]:
        """The fields as a record has them."""
        return {
            "opponent": self.opponent,
            "agent_player": self.agent,
            "seed": self.seed,
            "my_team": list(self.mine),
            "enemy_team": list(self.theirs),
        }


def deal_of(data: Mapping[str, Any], where: str) -> Deal:
    """The deal in a record's fields; what is missing is as in the published games.

    ``where`` (file and line, or the task) leads each error. Raises UsageMistake.
    """
    opponent = data.get("opponent", "baseline1")
    if not isinstance(opponent, str) or opponent not in OPPONENTS:
        raise UsageMistake(f"{where}: field 'opponent' must be {' or '.join(OPPONENTS)}")
    agent = data.get("agent_player", 0)
    if isinstance(agent, bool) or agent not in (0, 1):
        raise UsageMistake(f"{where}: field 'agent_player' must be 0 (moves first) or 1")
    seed = data.get("seed", 0)
    if isinstance(seed, bool) or not isinstance(seed, int | str):
        raise UsageMistake(f"{where}: field 'seed' must be a whole number or a string")
    teams = (_team(data, name, where) for name in ("my_team", "enemy_team"))
    return Deal(opponent, agent, seed, *teams)


def _team(data: Mapping[str, Any], name: str, where: str) -> tuple[str, ...]:
    picks = data.get(name, STANDARD_TEAM)
    if not isinstance(picks, list | tuple) or not all(isinstance(pick, str) for pick in picks):
        raise UsageMistake(f"{where}: field {name!r} must be a list of {TEAM} fish")
    try:
        names = [picked(pick)[0] for pick in picks]
    except UsageMistake as mistake:
        raise UsageMistake(f"{where}: field {name!r}: {mistake}") from None
    if len(names) != TEAM or len(set(names)) != TEAM:
        raise UsageMistake(f"{where}: field {name!r} must name {TEAM} different fish")
    return tuple(picks)
