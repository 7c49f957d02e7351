"""The judge without a model: what it takes for yes, for a key, and what it is not fooled by."""

from __future__ import annotations

import pytest
from lateral_house_samples import PUZZLE, PUZZLE_ZH
from pytest_smallbench.benchmarks.agentbench.environments.lateral_thinking.judges import Ruling
from pytest_smallbench.benchmarks.agentbench.environments.lateral_thinking.key_judge import KeyJudge
from pytest_smallbench.benchmarks.agentbench.environments.lateral_thinking.puzzle import read_puzzle
from pytest_smallbench.benchmarks.agentbench.environments.lateral_thinking.reading import read
from pytest_smallbench.benchmarks.agentbench.environments.lateral_thinking.statements import opposed

ALL = range(3)


def judge(data: dict[str, object] = PUZZLE, **changes: object) -> KeyJudge:
    return KeyJudge(read_puzzle({**data, **changes}, "sample"))


@pytest.mark.parametrize(
    ("question", "answer", "key"),
    [
        ("Is the woman a lighthouse keeper?", "yes", 0),
        ("Isn't she a lighthouse keeper?", "yes", 0),
        ("She is the keeper of a lighthouse, isn't she?", "yes", 0),
        ("Is it true that she was the keeper of a lighthouse?", "yes", 0),
        ("Is it false that the woman is a lighthouse keeper?", "no", 0),
        ("Did a vessel strike rocks in the dark?", "yes", 1),
        ("Did nobody warn the captain?", "yes", 2),
        ("Did anyone warn the captain?", "no", 2),
        ("Is there a ship?", "yes", None),  # true, but little of a key
        ("Did the woman put out a lamp?", "yes", None),  # the story says so
        ("Does she have a brother?", "irrelevant", None),
        ("Did the woman go to bed?", "irrelevant", None),
    ],
)
def test_english_questions(question, answer, key):
    assert judge().ask(question, ALL) == Ruling(answer, key)


@pytest.mark.parametrize(
    ("question", "answer", "key"),
    [
        ("她是灯塔管理员吗？", "yes", 0),
        ("她是不是灯塔管理员？", "yes", 0),
        ("女人不是灯塔管理员，对吗？", "no", 0),
        ("轮船在黑暗中触礁了吗？", "yes", 1),
        ("船只是在黑暗里触礁的吗？", "yes", 1),
        ("没有人警告船长吗？", "yes", 2),
        ("有人警告船长了吗？", "no", 2),
        ("她有弟弟吗？", "irrelevant", None),
        ("女人是医生吗？", "irrelevant", None),
    ],
)
def test_chinese_questions(question, answer, key):
    assert judge(PUZZLE_ZH).ask(question, ALL) == Ruling(answer, key)


def test_confirmed_parts_add_up_to_a_key():
    patient = judge()
    rulings = [patient.ask(q, ALL) for q in ("Was there a ship?", "Did it hit rocks in the dark?")]
    assert [(r.answer, r.key) for r in rulings] == [("yes", None), ("yes", 1)]


def test_one_question_finds_one_key():
    both = "Is the woman a lighthouse keeper and did a ship hit the rocks in the dark?"
    patient = judge()
    first = patient.ask(both, ALL)
    second = patient.ask(both, [key for key in ALL if key != first.key])
    assert {first.key, second.key} == {0, 1}


def test_a_found_key_is_not_found_again():
    assert judge().ask("Is the woman a lighthouse keeper?", [1, 2]) == Ruling("yes")


WORDS = "ship rocks captain lighthouse keeper storm dark warned light woman lamp radio"
NONSENSE = "spy poison twin mirror ice prison ghost train dream mushroom knife island circus"


@pytest.mark.parametrize(
    "question",
    [
        "yes no everything",
        "Is it anything at all?",
        f"{WORDS} {NONSENSE} {NONSENSE.upper()} {NONSENSE.replace(' ', 's ')}",
        " ".join(f"word{n}" for n in range(500)),
        PUZZLE["story"],
        "Is she a lighthouse keeper or a spy or a nurse?",
        "Is she a lighthouse keeper, or is she not?",
        "lighthouse, circus, prison, island, mirror, train, ghost, dream, poison, knife?",
        "?!",
        "🗼🚢",
    ],
)
def test_no_key_comes_of_guessing_in_bulk(question):
    assert judge().ask(question, ALL).key is None


def test_the_alternatives_of_a_question_are_refused_with_a_reason():
    assert judge().ask("Was it the ship or the lamp?", ALL) == Ruling(
        "irrelevant", note="one thing"
    )
    assert judge(PUZZLE_ZH).ask("是轮船还是灯塔？", ALL).note == "one thing"


def test_a_key_that_says_or_may_be_asked_as_it_stands():
    keys = ["The woman does not know whether it rains or snows."]
    assert judge(truth_keys=keys).ask(keys[0], [0]) == Ruling("yes", 0)


def test_a_key_that_the_story_tells_is_found_by_saying_just_that():
    told = judge(truth_keys=["A woman goes to bed."])
    assert told.ask(PUZZLE["story"], [0]).key is None
    assert told.ask("Does the woman go to bed?", [0]).key == 0


TOLD = "She keeps a lighthouse as its keeper. In the dark a ship hit the rocks. "


@pytest.mark.parametrize(
    ("explanation", "keys"),
    [
        (TOLD, [0, 1]),
        (TOLD + "The captain was not warned by anybody.", [0, 1, 2]),
        (TOLD + "The captain had been warned.", [0, 1]),
        ("The woman is no lighthouse keeper.", []),
        ("It was all a dream.", []),
        (f"{TOLD} {NONSENSE} " * 2 + NONSENSE * 20, []),
        ("", []),
    ],
)
def test_an_explanation_has_the_keys_that_its_sentences_tell(explanation, keys):
    assert judge().solve(explanation, ALL) == keys


def test_a_chinese_explanation():
    assert judge(PUZZLE_ZH).solve("女人是灯塔管理员。轮船在黑暗中触礁。", ALL) == [0, 1]


def test_a_restored_judge_knows_what_was_confirmed():
    patient = judge()
    patient.ask("Was there a ship?", ALL)
    state = patient.snapshot()
    other = judge()
    other.restore(state)
    question = "Did it hit rocks in the dark?"
    assert other.ask(question, ALL) == patient.ask(question, ALL) == Ruling("yes", 1)


SLOTS = {
    "truth_keys": ["The letter was written by a lawyer.", "The journey led to an island."],
    "slots": [
        {"true": ["a lawyer", "an attorney"], "others": [["a spy"], ["a twin sister"]]},
        {"true": ["an island"], "others": [["a desert"]]},
    ],
}


@pytest.mark.parametrize(
    ("question", "ruling"),
    [
        ("Was the letter written by a lawyer?", Ruling("yes", 0)),
        ("Was it an attorney who wrote the letter?", Ruling("yes", 0)),
        ("Was the letter not written by a lawyer, then?", Ruling("no", 0)),
        ("Was the letter written by a spy?", Ruling("no")),
        ("Is it false that the letter was written by a spy?", Ruling("yes")),
        ("Was the letter written by a nurse?", Ruling("irrelevant")),
        ("Was the letter written by a lawyer, a spy?", Ruling("irrelevant", note="one thing")),
        ("Did the lawyer travel to an island?", Ruling("yes", 0)),
        ("Did the lawyer travel to a desert?", Ruling("no")),
        ("Is it dark?", Ruling("irrelevant")),
    ],
)
def test_made_up_facts_are_answered_exactly(question, ruling):
    assert judge(**SLOTS).ask(question, [0, 1]) == ruling


def test_an_explanation_with_a_wrong_value_does_not_have_that_key():
    told = judge(**SLOTS)
    assert told.solve("A lawyer wrote the letter. The journey led to a desert.", [0, 1]) == [0]
    assert told.solve("A lawyer wrote the letter. A spy wrote the letter.", [0, 1]) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("He killed himself.", "Did he commit suicide?"),
        ("The baby is deceased.", "Is the baby dead?"),
        ("The husband's mother wept.", "Was his husband's mum crying?"),
        ("They were terrified of the thieves.", "Are they afraid of a robber?"),
    ],
)
def test_the_same_in_other_words(one, other):
    assert set(read(one, "en").tokens) == set(read(other, "en").tokens)


@pytest.mark.parametrize(
    ("one", "other", "contradicts"),
    [
        ("The baby is dead.", "The baby is alive.", True),
        ("He could not sleep.", "He slept.", True),
        ("He could not sleep.", "He was unable to sleep.", False),
        ("He was seen, but did nothing about the fire.", "He was seen.", False),
        ("No one gave up the seat.", "Somebody gave up a seat.", True),
    ],
)
def test_denials(one, other, contradicts):
    assert opposed(read(one, "en"), read(other, "en")) is contradicts
