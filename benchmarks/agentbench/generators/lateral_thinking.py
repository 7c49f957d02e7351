"""Puzzles made up from scenes: an odd observation in front, a chain of facts behind it.

Of a scene's five facts the harder puzzles leave more open; the others are told with the story,
and so is what each open one may be: the truth can be found by elimination, if not by luck.
Each open fact knows its true value and those that it does not have, so that every question has
an exact answer. A puzzle counts when its gold questions find every key and questions for wrong
values find none.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ..environments.lateral_thinking.key_judge import KeyJudge
from ..environments.lateral_thinking.puzzle import read_puzzle
from ..worlds import Record
from .lateral_scenes import SCENES, WHO, Fact, Pair, Scene

_OPEN = {"easy": 3, "medium": 4, "hard": 5}  # facts to be found, of five
_CHOICES = {"easy": 3, "medium": 4, "hard": 5}  # values that each may have, as far as is told
_AS_IT_STANDS = {"en": "Is it true that {}?", "zh": "{}，对吗？"}


@dataclass(frozen=True)
class _Draw:
    """A scene with everything drawn. ``values`` has each fact's true value first, ``choices``
    which of them are told, in which order."""

    scene: Scene
    story: Pair
    place: Pair
    who: tuple[Pair, Pair]
    values: tuple[tuple[str, ...], ...]
    open_facts: tuple[int, ...]
    choices: tuple[tuple[int, ...], ...]
    plain_questions: tuple[bool, ...]


def generate(seed: int, number: int, difficulty: str, language: str = "en") -> Record:
    """The puzzle ``lateral/g<seed>-<number:05d>`` in English, Chinese (zh), or both by turns.

    The same number is the same puzzle in both languages.
    """
    spoken = ("en", "zh")[number % 2] if language == "both" else language
    attempt = 0
    while True:
        rng = random.Random(f"lateral {seed} {number} {difficulty} {attempt}")
        data = _data(_draw(rng, difficulty), spoken)
        if _is_sound(data):
            break
        attempt += 1
    return Record(
        id=f"lateral/g{seed}-{number:05d}",
        environment="lateral",
        instruction=data["story"],
        expected_output="solved",
        data=data,
        difficulty=difficulty,
    )


def _draw(rng: random.Random, difficulty: str) -> _Draw:
    scene = rng.choice(SCENES)
    numbers = range(len(scene.facts))
    choices = range(_CHOICES[difficulty])
    return _Draw(
        scene,
        rng.choice(scene.stories),
        rng.choice(scene.places),
        rng.choice(WHO),
        tuple(tuple(rng.sample(fact.values, len(fact.values))) for fact in scene.facts),
        tuple(sorted(rng.sample(numbers, _OPEN[difficulty]))),
        tuple(tuple(rng.sample(choices, len(choices))) for _ in numbers),
        tuple(rng.random() < 0.5 for _ in numbers),
    )


def _data(draw: _Draw, language: str) -> dict[str, Any]:
    filled = [_Filled(draw, number, language) for number in range(len(draw.scene.facts))]
    told = [fact.key for number, fact in enumerate(filled) if number not in draw.open_facts]
    opened = [filled[number] for number in draw.open_facts]
    observation = _said(draw, draw.story, language)
    known = [_KNOWN[language], *told] if told else []
    choices = [_CHOICE[language], *(fact.choice for fact in opened)]
    return {
        "lang": language,
        "story": _SPACE[language].join([observation, *known, *choices]),
        "truth": _SPACE[language].join(fact.key for fact in filled),
        "story_keys": [observation, *told],
        "truth_keys": [fact.key for fact in opened],
        "slots": [{"true": fact.names[0], "others": fact.names[1:]} for fact in opened],
        "questions": [fact.question for fact in opened],
    }


_SPACE = {"en": " ", "zh": ""}
_KNOWN = {"en": "This is known:", "zh": "已知："}
_CHOICE = {
    "en": "In each sentence that follows, exactly one choice is true:",
    "zh": "下面每句话里只有一种说法是真的：",
}


class _Filled:
    """One fact in one language, its true value put in."""

    def __init__(self, draw: _Draw, number: int, language: str) -> None:
        fact: Fact = draw.scene.facts[number]
        self.names = [_names(value, language) for value in draw.values[number]]
        self.key = _said(draw, fact.key, language, self.names[0][0])
        choices = [self.names[choice][0] for choice in draw.choices[number]]
        self.choice = _said(draw, fact.key, language, _either(choices, language))
        self.question = _said(draw, fact.ask, language, self.names[0][0])
        if draw.plain_questions[number]:
            stated = self.key[:1].lower() + self.key[1:].rstrip(".。")
            self.question = _AS_IT_STANDS[language].format(stated)


def _said(draw: _Draw, text: Pair, language: str, value: str = "") -> str:
    filled = _in(text, language).format(
        a=_in(draw.who[0], language),
        who=_in(draw.who[1], language),
        place=_in(draw.place, language),
        v=value,
    )
    return filled[:1].upper() + filled[1:]


def _either(choices: list[str], language: str) -> str:
    comma, last = ("、", "或") if language == "zh" else (", ", " or ")
    return comma.join(choices[:-1]) + last + choices[-1]


def _in(text: Pair, language: str) -> str:
    return text.zh if language == "zh" else text.en


@lru_cache(maxsize=1024)
def _named(value: str, language: str) -> tuple[str, ...]:
    english, _, chinese = value.partition(" = ")
    return tuple((chinese if language == "zh" else english).split(", "))


def _names(value: str, language: str) -> list[str]:
    return list(_named(value, language))


def _is_sound(data: dict[str, Any]) -> bool:
    puzzle = read_puzzle(data, "generated")
    found: set[int] = set()
    judge = KeyJudge(puzzle)
    for question in puzzle.questions:
        ruling = judge.ask(question, [key for key in range(len(puzzle.keys)) if key not in found])
        found |= set() if ruling.key is None else {ruling.key}
    return len(found) == len(puzzle.keys) and not _finds_by_wrong_values(data, judge)


def _finds_by_wrong_values(data: dict[str, Any], judge: KeyJudge) -> bool:
    """Whether any question for another value of a fact is answered yes, or finds a key."""
    keys = range(len(data["truth_keys"]))
    for slot, question in zip(data["slots"], data["questions"], strict=True):
        wrong = question.replace(slot["true"][0], slot["others"][0][0])
        ruling = judge.ask(wrong, keys)
        if wrong == question or ruling.answer != "no" or ruling.key is not None:
            return True
    return False
