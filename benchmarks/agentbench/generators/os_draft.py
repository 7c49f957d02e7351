"""What each family of generated operating-system tasks hands in, before it is a record."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

DIFFICULTIES = {"easy": 0, "medium": 1, "hard": 2}
EPOCH = 1_672_574_400  # 2023-01-01 12:00 UTC: files that say nothing else are of that time


@dataclass(frozen=True)
class Draft:
    """A task. ``solution`` is a script that prints ``answer``, or, where that is None, brings
    about what ``rule`` asks for. ``wrong`` is a plausible mistake of the same kind: an answer,
    or a script that falls short."""

    template: str
    question: str
    init: str
    solution: str
    wrong: str
    answer: str | None = None
    is_number: bool = True
    rule: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Asked:
    """A question about a model that is there already, with what answers it."""

    template: str
    question: str
    solution: str
    answer: str
    wrong: str
    is_number: bool

    def draft(self, family: str, about: str, init: str) -> Draft:
        return Draft(
            f"{family} {self.template}",
            f"{about} {self.question}",
            init,
            self.solution,
            self.wrong,
            self.answer,
            self.is_number,
        )


def asks_number(template: str, question: str, solution: str, answer: int, wrong: int) -> Asked:
    """``wrong`` is what a mistake would give; where it makes no difference, a neighbour."""
    wrong = wrong if wrong != answer else answer + 1
    question += " Answer with the number only."
    return Asked(template, question, solution, str(answer), str(wrong), True)


def asks_text(template: str, question: str, solution: str, answer: str, wrong: str) -> Asked:
    """One that asks for a text."""
    return Asked(template, question, solution, answer, wrong, False)


def write(path: str, lines: Iterable[str]) -> str:
    """Shell text that makes a file of these lines."""
    return f"cat > {shlex.quote(path)} <<'END'\n" + "".join(f"{line}\n" for line in lines) + "END\n"


def date(paths: Iterable[str], seconds: int = EPOCH) -> str:
    """Shell text that gives files one time."""
    return f"touch -h -d @{seconds} -- {' '.join(map(shlex.quote, paths))}\n"
