"""The card game through its tools: what is answered, refused, judged and remembered."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from card_samples import STANDARD, played, world
from pytest_smallbench.benchmarks.agentbench.environments.card_game.world import CardWorld

from pytest_smallbench.contracts import Observation
from pytest_smallbench.errors import UsageMistake

FAITHFUL = {"card_mode": "faithful"}


def act(game: CardWorld, fish: str = "spray", action: str = "active", **more: Any) -> Observation:
    return game.call("act", {"fish": fish, "action": action, **more})


def in_action_phase(**values: str) -> CardWorld:
    game = world(None, **values)
    assert game.call("skip_guess", {}).valid
    return game


def enemy_rows(game: CardWorld) -> list[dict[str, Any]]:
    text = game.call("state", {}).text
    return list(json.loads(text[text.index('{"you"') :])["enemy"])


# -- what it shows ------------------------------------------------------------------


def test_the_first_observation_tells_rules_fish_and_phase_but_no_enemy_position() -> None:
    text = world().observe()
    assert text.startswith("Win.\n")
    assert all(f"{name}. Attack 200" in text for name in STANDARD)
    assert "Phase: guess." in text
    assert {row["fish"] for row in enemy_rows(world())} == {"unknown"}


def test_the_one_who_moves_second_sees_the_enemys_first_turn() -> None:
    text = world({"agent_player": 1}).observe()
    assert "The enemy moves first." in text
    assert "The enemy's last action: fish " in text


def test_a_right_guess_is_told_and_shown() -> None:
    game = world(None, **FAITHFUL)  # positions are in the record's order
    assert "Right: the enemy's fish at 2 is the eel." in played_text(
        game, "guess", position=2, fish="Eel"
    )
    assert [row["fish"] for row in enemy_rows(game)] == ["unknown", "unknown", "eel", "unknown"]
    assert [row["hp"] for row in enemy_rows(game)] == [350] * 4


def played_text(game: CardWorld, tool: str, **arguments: Any) -> str:
    observation = game.call(tool, arguments)
    assert observation.valid, observation.text
    return observation.text


def test_after_an_action_the_enemys_turn_is_told() -> None:
    text = act(in_action_phase()).text
    assert "Your last action: fish " in text
    assert "aoe at 0, 1, 2, 3, expected damage 70." in text
    assert "The enemy's last action: fish " in text
    assert "The enemy guessed " in text
    assert "Phase: guess." in text


def test_an_enemys_imitator_is_not_told_apart_by_the_rules() -> None:
    data = {"enemy_team": ["imitator:eel", "spray", "flame", "sunfish"]}
    text = world(data).observe()
    assert "- imitator. Behaves in all like one of the other eleven fish" in text
    assert "as eel" not in text


# -- what it refuses ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"position": 4, "fish": "eel"}, "there is no position 4"),
        ({"position": -1, "fish": "eel"}, "there is no position -1"),
        ({"position": 10**4000, "fish": "eel"}, "there is no position of that size"),
        ({"position": 0, "fish": "shark"}, "there is no fish 'shark'"),
        ({"position": 0, "fish": "\x00" * 1_000_000}, "there is no fish '"),
    ],
)
def test_a_guess_that_makes_no_sense_is_a_try(arguments: dict[str, Any], said: str) -> None:
    game = world()
    observation = game.call("guess", arguments)
    assert (observation.valid, observation.done) == (False, False)
    assert said in observation.text
    assert "Tries left: 4." in observation.text
    assert len(observation.text) < 500


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"fish": "hammerhead", "action": "normal", "target": 0}, "you have no fish 'hammerhead'"),
        ({"fish": "eel", "action": "bite", "target": 0}, "there is no action 'bite'"),
        ({"fish": "eel", "action": "normal"}, "normal of eel can take target 0 or 1 or 2 or 3"),
        ({"fish": "eel", "action": "normal", "target": 9}, "can take target 0 or 1 or 2 or 3"),
    ],
)
def test_an_action_that_makes_no_sense_is_a_try(arguments: dict[str, Any], said: str) -> None:
    game = in_action_phase()
    observation = game.call("act", arguments)
    assert (observation.valid, observation.done) == (False, False)
    assert said in observation.text


def test_dead_and_known_fish_are_named_as_such() -> None:
    game = world(None, **FAITHFUL)
    game.call("guess", {"position": 2, "fish": "eel"})
    act(game)
    assert "is known: it is the eel" in game.call("guess", {"position": 2, "fish": "eel"}).text
    killed(game, side=0, position=0)
    killed(game, side=1, position=0)
    assert "at 0 is dead" in game.call("guess", {"position": 0, "fish": "spray"}).text
    game.call("skip_guess", {})
    assert "your spray is dead" in act(game).text
    assert "target 1 or 2 or 3" in act(game, "eel", "normal", target=0).text


def killed(game: CardWorld, side: int, position: int) -> None:
    """No tool kills a fish at will: a snapshot does."""
    state = json.loads(game.snapshot())
    fish = state["teams"][side][position]
    fish[5:7] = [0, False]  # hp, alive
    game.restore(json.dumps(state))


def test_a_tool_of_the_other_phase_is_refused() -> None:
    assert "this is the guess phase: use guess or skip_guess" in act(world()).text
    assert "this is the action phase: use act" in in_action_phase().call("skip_guess", {}).text


def test_five_unusable_guesses_are_no_guess() -> None:
    game = world()
    texts = [game.call("guess", {"position": 7, "fish": "eel"}).text for _ in range(5)]
    assert "Tries left: 1." in texts[3]
    assert "That was the last of 5 tries. No guess was made." in texts[4]
    assert "Phase: action." in texts[4]


def test_five_unusable_actions_lose_the_game() -> None:
    game = in_action_phase()
    last = [act(game, "nobody") for _ in range(5)][-1]
    assert last.done
    assert "you lost" in last.text
    judgement = game.judge(None)
    assert (judgement.resolved, judgement.line) == (False, "loss")


def test_after_the_end_nothing_can_be_done() -> None:
    game = in_action_phase()
    for _ in range(5):
        act(game, "nobody")
    before = game.snapshot()
    observation = act(game)
    assert (observation.done, observation.valid) == (True, False)
    assert game.snapshot() == before


def test_faithful_mode_refuses_the_skills_that_the_original_refuses() -> None:
    game = in_action_phase(**FAITHFUL)
    assert not act(game, "eel").valid
    assert not act(game, "sunfish", target=0).valid
    assert act(in_action_phase(), "eel").valid


def test_faithful_mode_tells_the_wrong_shares_and_marks_wrong_guesses() -> None:
    faithful, fixed = world(None, **FAITHFUL), world()
    assert "takes 30 % itself" in faithful.observe()
    assert "takes 70 % itself" in fixed.observe()
    for game, listed in ((faithful, "positions: 1, 2, 3."), (fixed, "positions: 0, 1, 2, 3.")):
        game.call("guess", {"position": 0, "fish": "octopus"})
        assert listed in act(game).text


def test_a_mode_that_is_not_there_is_a_usage_mistake() -> None:
    with pytest.raises(UsageMistake, match="card_mode=hard: take fixed or faithful"):
        world(None, card_mode="hard")


# -- the verdict --------------------------------------------------------------------


def test_gold_play_wins_and_half_of_it_does_not() -> None:
    game, half = world(), world()
    calls = game.reference()
    played(game, calls)
    judgement = game.judge(None)
    assert (judgement.resolved, judgement.line) == (True, "win")
    assert judgement.score == pytest.approx(0.7 + 0.3 * judgement.metrics["damage"] / 1600)
    played(half, calls[: len(calls) // 2])
    assert not half.judge("win").resolved
    assert half.judge("win").explanation == "the game was not played to its end"


def test_doing_nothing_is_a_loss_without_a_score() -> None:
    judgement = world().judge(None)
    assert (judgement.resolved, judgement.score, judgement.line) == (False, 0.0, "loss")


def test_a_record_without_a_game_can_be_played_but_not_resolved() -> None:
    game = world({})
    played(game, game.reference())
    judgement = game.judge(None)
    assert (judgement.resolved, judgement.line) == (False, "win")
    assert "its expected output decides" in judgement.explanation


def test_all_twelve_fish_can_be_won_with() -> None:
    data = {
        "my_team": ["imitator:spray", "barracuda", "turtle", "hammerhead"],
        "enemy_team": ["mobula", "octopus", "whiteshark", "clownfish"],
    }
    game = world(data)
    played(game, game.reference())
    assert game.judge(None).resolved


# -- sameness -----------------------------------------------------------------------


def test_after_restore_the_same_calls_give_the_same_answers() -> None:
    game = world({"opponent": "baseline2", "agent_player": 1, "seed": 5})
    calls = game.reference()
    played(game, calls[:3])
    kept = game.snapshot()
    first = played(game, calls[3:])
    assert game.judge(None).resolved
    game.restore(kept)
    assert game.snapshot() == kept
    assert played(game, calls[3:]) == first


def test_another_process_gives_the_same_answers_byte_for_byte() -> None:
    code = """
import sys
sys.path.insert(0, sys.argv[1])
from card_samples import played, world
for opponent in ("baseline1", "baseline2"):
    game = world({"opponent": opponent, "seed": "s"})
    print(game.observe(), *played(game, game.reference()), game.snapshot())
"""
    folder = __file__.rpartition("/")[0]
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code, folder],
            env={"PYTHONHASHSEED": seed},
            cwd=folder,  # not the checkout, which would be imported instead of the wheel
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
    assert b"you won" in outputs.pop()
