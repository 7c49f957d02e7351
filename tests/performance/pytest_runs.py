"""Runs of pytest with and without the plugin, for the scripts beside this."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from measuring import Spent, measure, usual_environment

HEAVY = ("datasets", "docker", "jsonschema", "numpy", "openai")
PLAIN = ("-p", "no:smallbench")

# Written into a run's conftest: what the process has imported, and what it holds for itself.
NOTES = """
import json, os, pathlib, sys

def pytest_sessionfinish(session):
    own = 0
    for line in pathlib.Path("/proc/self/smaps_rollup").read_text().splitlines():
        if line.startswith("Private_"):
            own += int(line.split()[1]) * 1024
    heavy = sorted(set({heavy}).intersection(sys.modules))
    name = os.environ.get("PYTEST_XDIST_WORKER", "controller")
    note = {{"own_bytes": own, "heavy": heavy}}
    pathlib.Path(r"{folder}", name + ".json").write_text(json.dumps(note))
"""


def pytest_run(folder: Path, *arguments: str, ok: Sequence[int] = (0,)) -> Spent:
    """``pytest ARGUMENTS`` in a folder, with every process that it starts."""
    start = (
        f"import os, pytest, sys; os.chdir({str(folder)!r}); sys.exit(pytest.main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", start, "-p", "no:cacheprovider", *arguments]
    return measure(command, usual_environment(), ok)


def median(runs: int, *sides: Callable[[], float]) -> list[float]:
    """The median of each side over so many runs, taken in turn: a disturbance meets all."""
    rounds = [[side() for side in sides] for _ in range(runs)]
    return [statistics.median(values) for values in zip(*rounds, strict=True)]


def take_notes(folder: Path) -> Path:
    """Make a run in ``folder`` write one note a process; returns where."""
    notes = folder / "notes"
    notes.mkdir(exist_ok=True)
    (folder / "conftest.py").write_text(NOTES.format(heavy=repr(HEAVY), folder=notes))
    return notes
