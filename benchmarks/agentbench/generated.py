"""``generated:N[:SEED]``: N tasks of each environment, made where they run.

The index holds ids alone; a worker makes the record again from the id's seed and number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pytest_smallbench.contracts import TaskEntry
from pytest_smallbench.errors import GradingError, UsageMistake

from . import parts
from .entries import entry_of
from .kinds import KINDS
from .own_settings import difficulty_of
from .worlds import Record

DEFAULT = "generated:20:0"
MOST = 100_000  # tasks of an environment: so many ids take a second to list
_ID = re.compile(r"(\w+)/g(-?\d+)-(\d+)")


@dataclass(frozen=True)
class Generated:
    """So many tasks of each environment, from this seed."""

    number: int
    seed: int

    def __str__(self) -> str:
        return f"generated:{self.number}:{self.seed}"

    def entries(self, difficulty: str) -> list[TaskEntry]:
        return [
            entry_of(f"{key}/g{self.seed}-{number:05d}", key, difficulty_of(number, difficulty))
            for key in KINDS
            for number in range(self.number)
        ]


def parsed(source: str) -> Generated | None:
    """What the text names; None where it names another kind of data set."""
    if source.partition(":")[0] != "generated":
        return None
    match = re.fullmatch(r"generated:([0-9]{1,9})(?::([0-9]{1,9}))?", source)
    if match is None or not 0 < int(match[1]) <= MOST:
        raise UsageMistake(
            f"--smallbench-dataset={source}: not generated:N or generated:N:SEED with N from 1 "
            f"to {MOST} tasks an environment and SEED a whole number, such as {DEFAULT}"
        )
    return Generated(int(match[1]), int(match[2] or 0))


def make(task_id: str, values: Mapping[str, str]) -> Record:
    """The record of a generated task, alone. ``values`` are the run's checked settings."""
    match = _ID.fullmatch(task_id)
    if match is None or match[1] not in KINDS:
        raise GradingError(f"{task_id} is not the id of a generated task")
    kind, seed, number = KINDS[match[1]], int(match[2]), int(match[3])
    difficulty = difficulty_of(number, values["difficulty"])
    generate = parts.generator(kind)
    if "language" in kind.settings:
        return generate(seed, number, difficulty, language=values["language"])
    return generate(seed, number, difficulty)
