"""What is no question in this game, and what is done about it (specification, section 6)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..bleu import bleu
from .puzzle import Puzzle

_LONGEST = 400  # characters of a question, or of a sentence in an explanation
_FRAME = 50  # characters that turn a key into a question
LONGEST_EXPLANATION = 4000
_OFF_LIMITS = re.compile(
    r"new story|other game|new round|great job|further question|"
    r"新的故事|其他游戏|新一轮|下一轮|干得好|其他问题",
    re.I,
)
_REPEATED = 0.85
_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|「[^」]*」")
_MARK = re.compile(r"[?？]")


def first_question(text: str) -> tuple[str, bool]:
    """The first question of the first line, and whether anything followed it. A question
    mark within quotation marks ends nothing."""
    lines = text.strip().splitlines() or [""]
    line = lines[0].strip()
    quotes = [match.span() for match in _QUOTED.finditer(line)]
    for match in _MARK.finditer(line):
        if not any(start <= match.start() < end for start, end in quotes):
            first, rest = line[: match.end()], line[match.end() :]
            return first, len(lines) > 1 or bool(re.search(r"\w", rest))
    return line, len(lines) > 1


def longest_question(puzzle: Puzzle) -> int:
    """The most characters of a question: every key can be asked for as it stands."""
    return max(_LONGEST, *(len(key) + _FRAME for key in puzzle.keys), 0)


def is_off_limits(question: str, puzzle: Puzzle) -> bool:
    """Whether it talks about the game or another one, and the puzzle does not."""
    own = " ".join([puzzle.story, *puzzle.keys]).lower()
    return any(match[0].lower() not in own for match in _OFF_LIMITS.finditer(question))


def repeats_story(question: str, puzzle: Puzzle) -> bool:
    """Whether it only says again what the story says, by unigram BLEU: of characters in
    Chinese; of words in English, where letters alone make any two sentences alike. What is
    no further from a truth key is no mere repetition."""
    asked = _tokens(question, puzzle.language)
    story = _nearness(asked, puzzle.story_keys, puzzle.language)
    return story > _REPEATED and story > _nearness(asked, puzzle.keys, puzzle.language)


def _nearness(asked: list[str], keys: Iterable[str], language: str) -> float:
    return max((bleu(_tokens(key, language), asked, order=1) for key in keys), default=0.0)


def _tokens(text: str, language: str) -> list[str]:
    text = _MARK.sub("." if language == "en" else "。", text.strip().lower())
    return list(text) if language == "zh" else re.findall(r"[\w']+|[.,]", text)
