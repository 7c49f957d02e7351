"""Family (c): a text file to be taken apart into fields, lines and words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from random import Random

from .os_draft import Asked, Draft, asks_number, asks_text, date, write

_VOCABULARY = """
amber basin candle delta ember falcon garden harbor island jungle kernel lantern meadow needle
orchard pepper quarry ribbon saddle timber umbrella valley walnut yonder zephyr anchor bottle
copper dragon engine forest glacier hammer ivory jacket kettle ladder marble
"""
_FILES = ("words.txt", "letter.txt", "report.txt", "list.txt")


def draft(rng: Random, level: int) -> Draft:
    path = f"/root/{rng.choice(_FILES)}"
    lines = _lines(rng, level)
    text = f"The file {path} has lines of words, separated by single spaces."
    init = write(path, lines) + date([path])
    return rng.choice(_QUESTIONS[: 4 + level])(rng, path, lines).draft("text", text, init)


def _lines(rng: Random, level: int) -> list[str]:
    """Some lines are there more than once; at higher levels words also occur inside others."""
    vocabulary = rng.sample(_VOCABULARY.split(), (12, 20, 30)[level])
    if level:
        vocabulary += [word + rng.choice(("s", "er", "less")) for word in vocabulary[:8]]
    count = (rng.randint(10, 20), 60, 200)[level]
    length = (4, 6, 6)[level]
    words = iter(rng.choices(vocabulary, k=count * length))
    lines = [" ".join(row) for row in zip(*[words] * length, strict=True)]
    again = [rng.choice(lines) for _ in range(count // 4)]
    lines += again
    rng.shuffle(lines)
    return lines


def _field(rng: Random, path: str, lines: Sequence[str]) -> Asked:
    row, column = rng.randint(2, len(lines)), rng.randint(1, 4)
    words = lines[row - 1].split()
    question = rng.choice(
        (
            f"What is word number {column} of line {row}?",
            f"Which word stands in line {row} at position {column} (counted from 1)?",
        )
    )
    wrong = next((word for word in words if word != words[column - 1]), "none")
    solution = f"sed -n {row}p {path} | cut -d' ' -f{column}"
    question += " Answer with the word only."
    return asks_text("field", question, solution, words[column - 1], wrong)


def _unique(rng: Random, path: str, lines: Sequence[str]) -> Asked:
    question = rng.choice(
        (
            "How many different lines are in it?",
            "How many lines are left when each line is kept only once?",
        )
    )
    solution = f"sort -u {path} | wc -l"
    wrong = sum(count == 1 for count in Counter(lines).values())
    return asks_number("unique", question, solution, len(set(lines)), wrong)


def _once(rng: Random, path: str, lines: Sequence[str]) -> Asked:
    question = rng.choice(
        (
            "How many of its lines occur exactly once?",
            "Count the lines that no other line is equal to.",
        )
    )
    answer = sum(count == 1 for count in Counter(lines).values())
    solution = f"sort {path} | uniq -u | wc -l"
    return asks_number("once", question, solution, answer, len(set(lines)))


def _containing(rng: Random, path: str, lines: Sequence[str]) -> Asked:
    word = rng.choice(rng.choice(lines).split())
    answer = sum(word in line.split() for line in lines)
    question = rng.choice(
        (
            f"How many lines contain the whole word {word!r}?",
            f"In how many lines does {word!r} stand as a word of its own?",
        )
    )
    wrong = sum(line.count(word) for line in lines)
    return asks_number("containing", question, f"grep -cw {word} {path}", answer, wrong)


def _frequent(rng: Random, path: str, lines: Sequence[str]) -> Asked:
    counts = Counter(word for line in lines for word in line.split())
    (word, most), (second, next_most) = counts.most_common(2)
    if most == next_most:  # no answer is the only one
        return _unique(rng, path, lines)
    question = rng.choice(
        (
            "Which word occurs most often?",
            "What is the most frequent word?",
        )
    )
    solution = f"tr ' ' '\\n' < {path} | sort | uniq -c | sort -nr | awk 'NR == 1 {{ print $2 }}'"
    question += " Answer with the word only."
    return asks_text("frequent", question, solution, word, second)


def _occurrences(rng: Random, path: str, lines: Sequence[str]) -> Asked:
    counts = Counter(word for line in lines for word in line.split())
    word = rng.choice(sorted(counts))
    question = rng.choice(
        (
            f"How often does the whole word {word!r} occur, every occurrence counted?",
            f"Count all occurrences of {word!r} as a word of its own.",
        )
    )
    wrong = sum(word in line.split() for line in lines)
    solution = f"tr ' ' '\\n' < {path} | grep -cx {word}"
    return asks_number("occurrences", question, solution, counts[word], wrong)


_QUESTIONS: tuple[Callable[[Random, str, Sequence[str]], Asked], ...] = (
    _field,
    _unique,
    _once,
    _containing,
    _frequent,
    _occurrences,
)
