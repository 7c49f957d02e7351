"""How xdist's workers tell the controller which tasks they collected, and get the plan.

The controller collects nothing and xdist carries only node ids to it, and nothing but ids to
a worker. So each worker that found tasks leaves a *letter* just before it says that it has
collected, and the controller, which hears that before any test is given out, takes it in,
starts what the tasks need, and leaves the plan in the run's output folder, where a worker
reads it at its first task. Where there are no tasks nothing is written anywhere.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

PLAN = "plan.json"


@dataclass(frozen=True)
class Desk:
    """Where the two meet: ``letter`` is a file whose name nobody can guess, gone as soon as it
    was read; ``output`` is the folder of the run, should there be one."""

    letter: str
    output: str

    @staticmethod
    def new(output: Path, folder: str) -> Desk:
        """``folder`` is where letters lie until they are read, a moment later."""
        return Desk(f"{folder}/smallbench-{secrets.token_hex(16)}", str(output))

    def hand_in(self, letter: str) -> None:
        """Called by a worker. All workers collect the same, so one letter stands for all."""
        _write(Path(self.letter), letter)

    def take(self) -> str | None:
        """The letter, if any; called by the controller each time a worker has collected."""
        text = _read(Path(self.letter))
        self.take_back()
        return text

    def take_back(self) -> None:
        """Called by a worker at its end: the controller may have died, or stopped the run,
        without a look at the letter."""
        Path(self.letter).unlink(missing_ok=True)

    def put_plan(self, plan: str) -> None:
        _write(Path(self.output) / PLAN, plan)

    def plan(self) -> str | None:
        return _read(Path(self.output) / PLAN)

    def clear(self, *, plan: bool = True) -> None:
        """Called by the controller at the end of the run; ``plan``: one was put there."""
        self.take_back()
        if plan:
            Path(self.output, PLAN).unlink(missing_ok=True)


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None


def _write(path: Path, text: str) -> None:
    """Whole or not at all, and for the user's own eyes: a plan has the sandboxes' address."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
    with os.fdopen(os.open(draft, flags, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)
