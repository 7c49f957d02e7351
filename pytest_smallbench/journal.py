"""``results.jsonl``: what became of each attempt, written while the run goes on.

A line for each result as it reaches the controller, so that a run that was killed can be
carried on. ``kind`` is ``part`` (pytest began, or began again), ``result``, or ``cut`` (an
attempt that was under way when an earlier part ended: what it used).
"""

from __future__ import annotations

import fcntl
import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO

from pytest_smallbench.errors import UsageMistake
from pytest_smallbench.trajectory import masked

NAME = "results.jsonl"


class Journal:
    """Open for appending by one process at a time, which holds a lock until it ends."""

    def __init__(self, folder: Path, secrets: Sequence[str] = ()) -> None:
        self.path = folder / NAME
        self._secrets = secrets
        self._file: TextIO | None = None

    def open(self, *, anew: bool) -> None:
        """Raises UsageMistake where another pytest is at work in the folder."""
        file = self.path.open("a", encoding="utf-8")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            raise UsageMistake(
                f"{self.path.parent}: another pytest is at work there; wait for its end, or "
                "name another folder with --smallbench-output"
            ) from None
        file.truncate(0 if anew else _whole_lines(self.path))
        self._file = file
        self.add("part")

    def add(self, kind: str, **data: Any) -> None:
        """Append a line at once: a kill takes at most the line being written."""
        assert self._file is not None
        line = json.dumps({"kind": kind, "at": round(time.time(), 3), **data})
        self._file.write(masked(line, self._secrets) + "\n")
        self._file.flush()

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
        self._file = None


def read_journal(path: Path) -> Iterator[dict[str, Any]]:
    """The lines of a journal; one cut short at the end is left out. Raises UsageMistake."""
    lines = path.read_bytes()[: _whole_lines(path)].decode("utf-8", "replace").splitlines()
    for number, line in enumerate(lines, 1):
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError):
            entry = None
        if not isinstance(entry, dict) or entry.get("kind") not in ("part", "result", "cut"):
            raise UsageMistake(
                f"--smallbench-resume: {path}:{number} is no line of a journal; "
                "take it out, and its attempt runs again"
            )
        yield entry


def _whole_lines(path: Path) -> int:
    """How many bytes of the file are whole lines."""
    return path.read_bytes().rfind(b"\n") + 1
