"""Generated puzzles: solved by their questions, by nothing less, and the same everywhere."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from lateral_house_samples import host, play
from pytest_smallbench.benchmarks.agentbench.environments.lateral_thinking.world import (
    LateralWorld,
    open_world,
)
from pytest_smallbench.benchmarks.agentbench.generators.lateral_thinking import generate
from pytest_smallbench.benchmarks.agentbench.worlds import DIFFICULTIES, Record

SEEDS = (0, 1, 2)
LANGUAGES = ("en", "zh")


def fifty(seed: int, language: str) -> list[Record]:
    return [generate(seed, n, DIFFICULTIES[n % 3], language) for n in range(50)]


def wrong_questions(record: Record, choice: int) -> list[str]:
    """The gold questions, each for another value."""
    pairs = zip(record.data["slots"], record.data["questions"], strict=True)
    return [q.replace(slot["true"][0], slot["others"][choice][0]) for slot, q in pairs]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("seed", SEEDS)
def test_every_puzzle_is_solved_by_its_questions_and_by_nothing_less(seed, language):
    for record in fifty(seed, language):
        world = open_world(record, host())
        for call in world.reference():
            assert not world.judge("solved").resolved
            world.call(call.name, dict(call.arguments))
        assert world.judge(None).resolved


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("seed", SEEDS)
def test_questions_for_wrong_values_get_no_and_find_nothing(seed, language):
    no = {"en": "No.", "zh": "不是。"}[language]
    for record in fifty(seed, language):
        world = open_world(record, host())
        for choice in (0, 1):
            for question in wrong_questions(record, choice):
                assert world.call("ask", {"question": question}).text.startswith(no)
        assert world.judge("solved").score == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_repeating_the_story_or_every_choice_finds_nothing(language):
    for record in fifty(0, language):
        world = open_world(record, host())
        choices = [
            ", ".join(names[0] for names in [slot["true"], *slot["others"]])
            for slot in record.data["slots"]
        ]
        for text in (record.data["story"], *record.data["story_keys"], *choices):
            world.call("ask", {"question": text})
        world.call("solve", {"explanation": record.data["story"]})
        assert world.judge(None).score == 0


def eliminate(world: LateralWorld, record: Record) -> None:
    """Asks for one told value after another: what a patient agent can do."""
    for slot, question in zip(record.data["slots"], record.data["questions"], strict=True):
        for names in [*slot["others"], slot["true"]]:
            if names[0] in record.data["story"]:
                world.call("ask", {"question": question.replace(slot["true"][0], names[0])})


@pytest.mark.parametrize("language", LANGUAGES)
def test_elimination_solves_within_the_rounds(language):
    for record in fifty(1, language):
        world = open_world(record, host())
        eliminate(world, record)
        assert world.judge(None).resolved


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_truth_explained_in_synonyms_is_solved(language):
    record = generate(0, 2, "hard", language)
    names = [slot["true"][-1] for slot in record.data["slots"]]
    questions = zip(record.data["slots"], record.data["truth_keys"], names, strict=True)
    told = " ".join(key.replace(slot["true"][0], name) for slot, key, name in questions)
    world = open_world(record, host())
    world.call("solve", {"explanation": told})
    assert world.judge(None).resolved


def test_harder_puzzles_have_more_open_facts_and_more_choices():
    for difficulty, keys in zip(DIFFICULTIES, (3, 4, 5), strict=True):
        record = generate(0, 0, difficulty)
        assert len(record.data["truth_keys"]) == keys
        slot = record.data["slots"][0]
        told = [names[0] for names in slot["others"] if names[0] in record.data["story"]]
        assert len(told) == keys - 1


def test_the_same_number_is_the_same_puzzle_in_both_languages():
    english, chinese = generate(0, 4, "hard"), generate(0, 4, "hard", "zh")
    assert english.id == chinese.id == "lateral/g0-00004"
    assert len(english.data["slots"]) == len(chinese.data["slots"])
    both = [generate(0, n, "hard", "both").data["lang"] for n in range(4)]
    assert both == ["en", "zh", "en", "zh"]


def test_puzzles_differ():
    stories = {generate(0, n, "easy").instruction for n in range(300)}
    assert len(stories) > 290


SAID = """
import json, sys
sys.path.insert(0, sys.argv[1])
from lateral_house_samples import host, play
from pytest_smallbench.benchmarks.agentbench.environments.lateral_thinking.world import open_world
from pytest_smallbench.benchmarks.agentbench.generators.lateral_thinking import generate
print(json.dumps([play(open_world(generate(5, n, "hard", "both"), host())) for n in (3, 0, 2)]))
"""


def test_another_process_sees_and_hears_the_same():
    folder = __file__.rpartition("/")[0]  # in the checkout, that would be imported, not the wheel
    argv = [sys.executable, "-c", SAID, folder]
    said = json.loads(subprocess.run(argv, check=True, capture_output=True, cwd=folder).stdout)
    here = [play(open_world(generate(5, n, "hard", "both"), host())) for n in (3, 0, 2)]
    assert said == here


def test_a_record_is_plain_json():
    record = generate(0, 0, "hard")
    assert json.loads(json.dumps(record.data)) == record.data
    assert record.expected_output == "solved"
