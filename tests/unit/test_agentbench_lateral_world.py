"""The game around the judge: rounds, hints, the end, the score, and both languages."""

from __future__ import annotations

import pytest
from lateral_house_samples import PUZZLE, PUZZLE_ZH, ask, host, lateral, play

from pytest_smallbench.contracts import ToolCall
from pytest_smallbench.errors import UsageMistake

KEYS = (
    "Is the woman a lighthouse keeper?",
    "Did a ship hit the rocks in the dark?",
    "Did nobody warn the captain?",
)


def test_the_first_observation_has_the_rules_and_the_story_and_nothing_of_the_truth():
    text = lateral().observe()
    assert PUZZLE["story"] in text
    assert "25 rounds" in text
    assert "3 keys" in text
    assert "lighthouse" not in text


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (KEYS[0], "Yes. Key found: 1 of 3."),
        ("Did anyone warn the captain?", "No. Key found: 1 of 3."),
        ("Is it raining?", "Irrelevant."),
        ("Was it a ship or a plane?", "Irrelevant. Ask about one thing at a time: a question"),
        (KEYS[0] + " Or a spy?", "Only the first question counts. Yes. Key found: 1 of 3."),
        (KEYS[0] + "\nGood.", "Only the first question counts. Yes. Key found: 1 of 3."),
        ('Did she say "who is there?" and leave?', "Irrelevant."),
        ("A woman puts a lamp out?", "The story says that already."),
        ("Great job! Any further question?", "Stay with this story"),
        ("", "That is no question."),
        ("...\x1b[?", "That is no question."),
        ("Is she " + "very " * 200 + "old?", "The question is too long"),
    ],
)
def test_what_is_said_to_a_question(question, said):
    assert ask(lateral(), question).startswith(said)


def test_chinese_stories_are_answered_in_chinese():
    world = lateral(PUZZLE_ZH)
    assert PUZZLE_ZH["story"] in world.observe()
    assert ask(world, "她是灯塔管理员吗？") == "是。 找到关键点：1/3。"
    assert ask(world, "有人警告船长了吗？") == "不是。 找到关键点：2/3。"
    assert ask(world, "她有弟弟吗？") == "无关。"


def test_all_keys_end_the_game_solved():
    world = lateral()
    assert not world.call("ask", {"question": KEYS[0]}).done
    assert world.judge("solved").line == "progress 1/3"
    assert world.judge(None).score == pytest.approx(1 / 3)
    ask(world, KEYS[1])
    assert world.call("ask", {"question": KEYS[2]}).done
    judgement = world.judge(None)
    assert (judgement.resolved, judgement.score, judgement.line) == (True, 1.0, "solved")


def test_the_same_key_asked_in_many_ways_is_one_key():
    world = lateral()
    ask(world, KEYS[0], "Is she the keeper of a lighthouse?", "She is a lighthouse keeper?")
    assert world.judge(None).line == "progress 1/3"


def test_an_explanation_ends_the_game_and_keeps_what_was_found():
    world = lateral()
    ask(world, KEYS[0])
    told = {"explanation": "In the dark a ship hit the rocks. The captain was a spy."}
    observation = world.call("solve", told)
    assert observation.done
    assert "Your explanation contains 1 of the keys that were open." in observation.text
    assert world.judge(None).line == "progress 2/3"
    assert not world.call("ask", {"question": KEYS[2]}).valid
    assert world.judge(None).line == "progress 2/3"


def test_the_whole_truth_explained_is_solved():
    world = lateral()
    world.call("solve", {"explanation": " ".join(PUZZLE["truth_keys"])})
    assert world.judge(None).resolved


def test_an_explanation_of_a_book_costs_a_round_and_ends_nothing():
    world = lateral()
    observation = world.call("solve", {"explanation": " ".join(PUZZLE["truth_keys"]) * 100})
    assert not observation.done
    assert observation.text.startswith("The explanation is too long")
    assert observation.text.endswith("Rounds left: 24.")
    assert world.judge(None).line == "progress 0/3"


def test_twenty_five_rounds_are_all_and_hints_cost_one_each():
    world = lateral()
    ends = [world.call("ask", {"question": q}).done for q in ["", "Is it raining?"] * 12 + ["?"]]
    assert ends == [False] * 24 + [True]
    assert world.judge(None).line == "progress 0/3"


def test_asking_for_another_game_three_times_ends_it():
    world = lateral()
    ends = [world.call("ask", {"question": "A new story, please?"}).done for _ in range(3)]
    assert ends == [False, False, True]


def test_the_side_figures_of_the_original():
    world = lateral()
    ask(world, "Is it raining?", "Did anyone warn the captain?", *KEYS[:2])
    assert world.judge(None).metrics == {
        "yes_share": 2 / 25,
        "relevant_share": 3 / 25,
        "round_efficiency": 1 - 4 / 25,
    }


def test_a_restored_game_goes_on_as_it_did():
    world = lateral()
    ask(world, "Was there a ship?", KEYS[0])
    state = world.snapshot()
    rest = ["Did it hit rocks in the dark?", "Is it raining?", KEYS[2]]
    first = [ask(world, question) for question in rest]
    assert world.judge(None).resolved
    for again in (world, lateral()):
        again.restore(state)
        assert again.judge(None).line == "progress 1/3"
        assert [ask(again, question) for question in rest] == first


@pytest.mark.parametrize("data", [PUZZLE, PUZZLE_ZH])
def test_the_reference_asks_for_each_key(data):
    world = lateral(data)
    assert len(world.reference()) == 3
    play(world)
    assert world.judge(None).resolved


def test_a_record_brings_its_own_questions():
    questions = ["One?", "Two?", "Three?"]
    reference = lateral({**PUZZLE, "questions": questions}).reference()
    assert list(reference) == [ToolCall("ask", {"question": q}) for q in questions]


@pytest.mark.parametrize(
    "key",
    [
        "She hears " + ", ".join(f"voice{n} of the harbour{n}" for n in range(60)) + ".",
        "The woman reads a new story to the captain.",
    ],
)
def test_a_key_that_is_long_or_talks_of_games_can_still_be_asked_for(key):
    world = lateral({**PUZZLE, "truth_keys": [key]})
    play(world)
    assert world.judge(None).resolved


def test_a_record_without_a_puzzle_has_no_keys():
    world = lateral({})
    assert "Solve it." in world.observe()
    assert ask(world, "Is it a ship?") == "Irrelevant."
    assert world.call("solve", {"explanation": "A ship."}).done
    judgement = world.judge("solved")
    assert (judgement.resolved, judgement.line) == (False, "")
    assert "no puzzle" in judgement.explanation


def test_an_unknown_judge_is_a_usage_mistake():
    with pytest.raises(UsageMistake, match=r"judge=oracle.*keys, llm"):
        lateral(at=host(values={"judge": "oracle"}))
