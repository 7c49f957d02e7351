"""Card games of any number: two teams, an opponent, a side and a seed (specification, section 5).

A task is one where winning can be done and has to be earned: ``gold.winning_line`` wins it, and
an agent that never guesses and lets its first fish hit the enemy's first one loses it.
"""

from __future__ import annotations

from ..environments.card_game.deals import Deal
from ..environments.card_game.dice import Dice
from ..environments.card_game.fish import SPECIES, TEAM
from ..environments.card_game.gold import winning_line
from ..environments.card_game.match import begin
from ..environments.card_game.modes import FIXED
from ..environments.card_game.opponents import OPPONENTS
from ..environments.card_game.policies import POLICIES, play
from ..worlds import Record

INSTRUCTION = "Win a game of Aquawar."
EXPECTED = "win"
ROLLOUTS = 8  # most games are won by the first; for the rest a new deal is quicker than a search
_POOLS = {
    # (opponent, side); measured over 500 tasks each, policies.POLICIES["random"] wins 76, 42
    # and 24 % of them, baseline2 on the agent's side 92, 71 and 50 %.
    "easy": (("baseline1", 0),),
    "medium": (("baseline1", 1), ("baseline2", 0)),
    "hard": (("baseline2", 1),),
}


def generate(seed: int, number: int, difficulty: str) -> Record:
    """Task ``card/g<seed>-<number>``, alone. Teams are four of eleven fish each: an imitator
    cannot be told from what it copies until it is guessed, which would leave it to luck."""
    name = f"g{seed}-{number:05d}"
    dice = Dice(f"card {name} {difficulty}")
    while not _worth_playing(deal := _deal(dice, difficulty)):
        pass
    return Record(
        id=f"card/{name}",
        environment="card",
        instruction=INSTRUCTION,
        expected_output=EXPECTED,
        data=deal.data(),
        difficulty=difficulty,
    )


def _deal(dice: Dice, difficulty: str) -> Deal:
    opponent, side = dice.choose(_POOLS[difficulty])
    names = list(SPECIES)
    mine, theirs = (tuple(dice.shuffled(names)[:TEAM]) for _ in range(2))
    return Deal(opponent, side, dice.below(1 << 31), mine, theirs)


def _worth_playing(deal: Deal) -> bool:
    return not _plain_play_wins(deal) and bool(winning_line(begin(deal, FIXED), ROLLOUTS))


def _plain_play_wins(deal: Deal) -> bool:
    game = deal.game(FIXED)
    players = (POLICIES["plain"], OPPONENTS[deal.opponent])
    play(game, players if deal.agent == 0 else players[::-1], FIXED)
    return game.winner == deal.agent
