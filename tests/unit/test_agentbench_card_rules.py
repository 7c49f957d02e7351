"""Aquawar's rules: guesses, hits, passives, skills and the end of a game."""

from __future__ import annotations

import pytest
from card_samples import STANDARD, game
from pytest_smallbench.benchmarks.agentbench.environments.card_game.damage import strike
from pytest_smallbench.benchmarks.agentbench.environments.card_game.dice import Dice
from pytest_smallbench.benchmarks.agentbench.environments.card_game.fish import NAMEABLE, SPECIES
from pytest_smallbench.benchmarks.agentbench.environments.card_game.game import Game, Move, deal
from pytest_smallbench.benchmarks.agentbench.environments.card_game.moves import (
    legal_moves,
    perform,
)

from pytest_smallbench.errors import UsageMistake


def hp(played: Game, side: int) -> list[int]:
    return [fish.hp for fish in played.teams[side]]


def hit(team: tuple[str, ...], position: int, damage: int, attacker: str = "barracuda") -> Game:
    """A direct hit by position 0 of the other side."""
    played = game((attacker, "octopus", "flame", "eel"), team)
    strike(played, played.teams[1][position], damage, played.teams[0][0])
    return played


# -- guesses ------------------------------------------------------------------------


def test_a_right_guess_exposes_the_fish_and_costs_every_enemy_50() -> None:
    played = deal((STANDARD, STANDARD), Dice("x"))
    played.guess(2, "eel")
    assert hp(played, 1) == [350] * 4
    assert [fish.exposed for fish in played.teams[1]] == [False, False, True, False]
    assert played.phase == "action"


def test_a_wrong_guess_changes_nothing() -> None:
    played = deal((STANDARD, STANDARD), Dice("x"))
    played.guess(2, "spray")
    assert hp(played, 1) == [400] * 4
    assert not played.teams[1][2].exposed


def test_guessing_at_a_known_fish_loses_the_game() -> None:
    played = deal((STANDARD, STANDARD), Dice("x"))
    played.teams[1][0].exposed = True
    played.guess(0, "spray")
    assert (played.winner, played.forfeited) == (1, True)


def test_a_guess_can_kill_the_last_fish_and_win() -> None:
    played = deal((STANDARD, STANDARD), Dice("x"))
    for fish in played.teams[1]:
        fish.hp = 40
    played.guess(0, "spray")
    assert (played.winner, hp(played, 1)) == (0, [0, 0, 0, 0])


# -- hits and passives --------------------------------------------------------------


def test_a_normal_action_deals_half_the_attack() -> None:
    played = game()
    perform(played, Move(0, "normal", 0))
    assert hp(played, 1) == [300, 400, 400, 400]
    assert (played.mover, played.phase) == (1, "guess")


def test_eel_keeps_seven_tenths_and_shares_the_rest() -> None:
    played = hit(("spray", "flame", "eel", "sunfish"), 2, 100)
    assert hp(played, 1) == [390, 390, 330, 390]


def test_eel_alone_keeps_everything() -> None:
    played = game()
    for fish in played.teams[1][:2] + played.teams[1][3:]:
        fish.alive = False
    strike(played, played.teams[1][2], 100, played.teams[0][0])
    assert played.teams[1][2].hp == 300


def test_each_200_damage_taken_raise_a_deflecting_fishs_attack_by_40() -> None:
    played = game()
    eel = played.teams[1][2]
    for _ in range(3):
        strike(played, eel, 100)
    assert (eel.attack, eel.taken) == (240, 100)


def test_every_living_counter_fish_strikes_back_for_a_weak_team_mate() -> None:
    played = game()
    played.teams[1][2].hp = 150
    strike(played, played.teams[1][2], 100, played.teams[0][0])
    assert played.teams[0][0].hp == 340  # spray and flame, 30 each
    assert (1, 0, "counter") in played.passives


def test_a_team_mate_without_hp_left_neither_shares_nor_strikes_back() -> None:
    played = game()
    played.teams[1][0].hp, played.teams[1][2].hp = 0, 150
    strike(played, played.teams[1][2], 100, played.teams[0][0])
    assert hp(played, 1) == [0, 385, 80, 385]
    assert played.teams[0][0].hp == 370


def test_damage_without_an_attacker_is_neither_shared_nor_answered() -> None:
    played = game()
    played.teams[1][2].hp = 150
    strike(played, played.teams[1][2], 100)
    assert hp(played, 1) == [400, 400, 50, 400]
    assert hp(played, 0) == [400] * 4


def test_healing_fish_regain_20_after_a_hit_that_they_survive() -> None:
    played = hit(("octopus", "whiteshark", "eel", "spray"), 0, 100)
    assert played.teams[1][0].hp == 320


def test_hammerhead_explodes_when_a_direct_hit_kills_it() -> None:
    played = game(STANDARD, ("hammerhead", "octopus", "eel", "sunfish"))
    strike(played, played.teams[1][0], 400, played.teams[0][1])
    assert played.teams[0][1].hp == 360


def test_clownfish_strikes_back_itself_when_weak() -> None:
    played = hit(("clownfish", "octopus", "eel", "sunfish"), 0, 300)
    assert (1, 0, "counter") in played.passives


def test_a_turtles_first_three_hits_do_nothing() -> None:
    played = game(STANDARD, ("turtle", "octopus", "eel", "sunfish"))
    for _ in range(3):
        strike(played, played.teams[1][0], 100)
    assert played.teams[1][0].hp == 400


def test_barracuda_evades_about_three_hits_in_ten() -> None:
    played = game(STANDARD, ("barracuda", "octopus", "eel", "sunfish"))
    for _ in range(1000):
        strike(played, played.teams[1][0], 1)
    assert 250 <= played.passives.count((1, 0, "reduce")) <= 350


# -- skills -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "move", "enemy"),
    [
        ("spray", Move(0, "active"), [330] * 4),
        ("eel", Move(0, "active"), [330] * 4),
        ("barracuda", Move(0, "active", 1), [400, 280, 400, 400]),
        ("whiteshark", Move(0, "active", 1), [400, 280, 400, 400]),
        ("hammerhead", Move(0, "active", 1), [400, 280, 400, 400]),
        ("turtle", Move(0, "active", 1, 2), [400, 280, 400, 400]),
        ("clownfish", Move(0, "active", 1), [365] * 4),
        ("mobula", Move(0, "active", 0), [400] * 4),
        ("imitator:spray", Move(0, "active"), [330] * 4),
    ],
)
def test_what_a_skill_does_to_the_enemy(name: str, move: Move, enemy: list[int]) -> None:
    plain = ("spray", "flame", "hammerhead", "clownfish")
    played = game((name, "flame", "octopus", "sunfish"), plain)
    assert move in legal_moves(played, 0)
    perform(played, move)
    assert hp(played, 1) == enemy


def test_infight_costs_a_team_mate_75_and_raises_the_attack() -> None:
    played = game()
    perform(played, Move(1, "active", 0))
    assert (hp(played, 0), played.teams[0][1].attack) == ([325, 400, 400, 400], 340)


def test_a_shield_takes_most_of_the_next_direct_hit_only() -> None:
    played = game(("mobula", "spray", "octopus", "clownfish"))
    perform(played, Move(0, "active", 1))
    sprayed = played.teams[0][1]
    for _ in range(2):
        strike(played, sprayed, 100, played.teams[1][0])
    assert sprayed.hp == 400 - 30 - 100


def test_a_clownfish_lets_a_team_mate_share_its_next_hit() -> None:
    played = game(("clownfish", "spray", "flame", "eel"))
    perform(played, Move(0, "active", 1))
    strike(played, played.teams[0][1], 100, played.teams[1][0])
    assert hp(played, 0) == [390, 330, 390, 390]


def test_a_turtles_fourth_skill_takes_no_enemy() -> None:
    played = game(("turtle", "spray", "flame", "eel"))
    played.teams[0][0].uses = 3
    active = [move for move in legal_moves(played, 0) if (move.fish, move.action) == (0, "active")]
    assert [(move.target, move.ally) for move in active] == [(None, 1), (None, 2), (None, 3)]


def test_whiteshark_can_only_take_the_weakest_enemy_and_hurts_it_more_when_weak() -> None:
    played = game(("whiteshark", "spray", "flame", "octopus"))
    played.teams[1][0].hp = 159
    active = [move for move in legal_moves(played, 0) if (move.fish, move.action) == (0, "active")]
    assert active == [Move(0, "active", 0)]
    perform(played, active[0])
    assert played.teams[1][0].hp == 19


def test_a_skill_that_needs_a_team_mate_is_gone_with_the_last_one() -> None:
    played = game()
    for position in (0, 2, 3):
        played.teams[0][position].alive = False
    assert {move.action for move in legal_moves(played, 0)} == {"normal"}


# -- ends ---------------------------------------------------------------------------


def test_when_both_sides_die_the_one_that_moved_wins() -> None:
    played = game()
    for fish in (*played.teams[0], *played.teams[1]):
        fish.alive = fish.position == 0
    played.teams[0][0].hp, played.teams[1][0].hp = 0, 0
    perform(played, Move(0, "normal", 0))
    assert (played.winner, played.ending) == (0, "no fish is left")


def test_after_phase_128_more_fish_win_then_more_hp_then_the_strongest_then_the_second() -> None:
    def ended(first: list[int], second: list[int]) -> int | None:
        played = deal((STANDARD, STANDARD), Dice("x"))
        played.clock = 128
        for side, team in enumerate((first, second)):
            for fish, value in zip(played.teams[side], team, strict=True):
                fish.hp = value
        played.guess(None)
        return played.winner

    assert ended([1, 1, 0, 0], [400, 0, 0, 0]) == 0
    assert ended([100, 90, 0, 0], [100, 91, 0, 0]) == 1
    assert ended([150, 50, 0, 0], [100, 100, 0, 0]) == 0
    assert ended([100, 100, 0, 0], [100, 100, 0, 0]) == 1


def test_nine_of_the_fish_can_be_named_by_what_they_show() -> None:
    assert set(SPECIES) - set(NAMEABLE) == {"mobula", "turtle"}


def test_a_pick_that_is_no_fish_is_named() -> None:
    with pytest.raises(UsageMistake, match="'shark' is no fish"):
        deal((("shark", *STANDARD[1:]), STANDARD), Dice("x"))
