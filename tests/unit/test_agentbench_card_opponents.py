"""The two opponents, what ``fixed`` mends of them, and how often players win against them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from card_samples import STANDARD, game
from pytest_smallbench.benchmarks.agentbench.environments.card_game.deals import Deal
from pytest_smallbench.benchmarks.agentbench.environments.card_game.dice import Dice
from pytest_smallbench.benchmarks.agentbench.environments.card_game.game import (
    Deed,
    Game,
    Move,
    deal,
)
from pytest_smallbench.benchmarks.agentbench.environments.card_game.modes import FAITHFUL, FIXED
from pytest_smallbench.benchmarks.agentbench.environments.card_game.moves import legal_moves
from pytest_smallbench.benchmarks.agentbench.environments.card_game.opponents import (
    OPPONENTS,
    planned_act,
)
from pytest_smallbench.benchmarks.agentbench.environments.card_game.policies import matches

OF_THE_SPECIFICATION = replace(FAITHFUL, suicidal_guesses=False)


def guessing(seed: int = 0) -> Game:
    return deal((STANDARD, STANDARD), Dice(f"guessing {seed}"))


def expose(played: Game, *positions: int) -> None:
    for position in positions:
        played.teams[1][position].exposed = True


@pytest.mark.parametrize("opponent", OPPONENTS)
def test_an_opponent_only_does_what_is_legal(opponent: str) -> None:
    for seed in range(200):
        played = game(seed=f"legal {seed}")
        assert OPPONENTS[opponent].act(played) in legal_moves(played, 0)


def test_baseline1_guesses_at_known_fish_in_faithful_mode_only() -> None:
    def positions(faithful: bool) -> set[int]:
        guesses = set()
        for seed in range(50):
            played = guessing(seed)
            expose(played, 0, 1, 2)
            chosen = OPPONENTS["baseline1"].guess(played, FAITHFUL if faithful else FIXED)
            assert chosen is not None
            guesses.add(chosen[0])
        return guesses

    assert positions(faithful=True) == {0, 1, 2, 3}
    assert positions(faithful=False) == {3}


def test_baseline2_names_what_two_clues_tell_in_fixed_mode_only() -> None:
    played = guessing()
    played.clues[1][3].update(("infight", "deflect"))
    assert OPPONENTS["baseline2"].guess(played, FIXED) == (3, "sunfish")
    guesses = {OPPONENTS["baseline2"].guess(guessing(seed), FAITHFUL) for seed in range(50)}
    assert len(guesses) > 10


def test_baseline2_has_nothing_to_guess_when_all_is_known() -> None:
    played = guessing()
    expose(played, 0, 1, 2, 3)
    assert OPPONENTS["baseline2"].guess(played, FIXED) is None


def test_baseline2_kills_if_it_can_else_hits_all_else_takes_the_hardest_blow() -> None:
    played = game()
    assert planned_act(played) == Move(0, "active")
    played.teams[1][2].hp = 100
    assert planned_act(played) == Move(0, "normal", 2)
    others = game(("barracuda", "flame", "octopus", "sunfish"))
    others.teams[1][1].hp = 300
    assert planned_act(others) == Move(0, "active", 1)


def test_baseline2_hits_whoever_acted_last_when_it_has_no_better_plan() -> None:
    played = game(("flame", "sunfish", "octopus", "mobula"))
    played.deeds[1] = Deed(3, "normal", 100, (0,))
    assert planned_act(played) == Move(0, "normal", 3)


def test_the_seed_shuffles_both_teams_in_fixed_mode_only() -> None:
    def order(seed: int, faithful: bool) -> list[str]:
        played = Deal(seed=seed).game(FAITHFUL if faithful else FIXED)
        return [fish.name for fish in played.teams[0]]

    assert {tuple(order(seed, faithful=True)) for seed in range(20)} == {STANDARD}
    assert len({tuple(order(seed, faithful=False)) for seed in range(20)}) > 5


@pytest.mark.parametrize(
    ("player", "opponent", "first", "second"),
    [
        ("random", "baseline1", 54, 46),
        ("random", "baseline2", 26, 12),
        ("scripted", "baseline1", 88, 74),
        ("deducing", "baseline2", 100, 98),
    ],
)
def test_players_win_about_as_often_as_the_specification_says(
    player: str, opponent: str, first: int, second: int
) -> None:
    """300 seeded games, so the bound holds or fails for good: 5 points and three deviations.
    tests/performance plays 10,000 of each."""
    for side, expected in enumerate((first, second)):
        won = sum(won for won, _ in matches(player, opponent, side, 300, OF_THE_SPECIFICATION))
        deviation = (expected * (100 - expected) / 300) ** 0.5
        assert abs(100 * won / 300 - expected) <= 5 + 3 * deviation


def test_baseline1_as_published_gives_most_games_away() -> None:
    given = sum(won and lost for won, lost in matches("scripted", "baseline1", 0, 300, FAITHFUL))
    assert 0.5 < given / 300 < 0.7
    assert not any(lost for _, lost in matches("scripted", "baseline1", 0, 300, FIXED))
