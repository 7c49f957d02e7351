"""Custom tasks as a benchmark: what the run asks of one, for tests that a user wrote."""

from __future__ import annotations

import platform
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from pytest_smallbench.contracts import (
    Bench,
    Check,
    Limits,
    Preparation,
    ReferenceCheck,
    Result,
    SandboxLimits,
    SandboxSetup,
    Say,
    Task,
    TaskEntry,
    TaskIndex,
)
from pytest_smallbench.custom.asserting import ASSERTS_NOTHING
from pytest_smallbench.custom.entry import NAME, CustomEntry
from pytest_smallbench.custom.environment import SandboxEnvironment
from pytest_smallbench.errors import UsageMistake
from pytest_smallbench.settings import Settings

PROCESS = "process"
VALIDATE = (
    "--smallbench-validate: the grader of a custom task is the test itself: run it with "
    "--smallbench-agent=oracle instead"
)
HOW = "custom tasks are tests of your own: name their files or folder instead"


class CustomTasks:
    """See ``contracts.CollectedBenchmark``."""

    name = NAME
    title = "Tests of your own that use the fixture sandbox: docs/custom-tasks.md"
    suite = ""
    limits = Limits(max_steps=20, timeout_s=600.0)
    labels: Mapping[str, str] = {}
    own_settings: Sequence[str] = ()
    grader_version = ""

    def index(self, settings: Settings, cache: Path, say: Say) -> TaskIndex:
        raise UsageMistake(f"--smallbench={self.name}: {HOW}")

    def collected(self, entries: Sequence[TaskEntry]) -> TaskIndex:
        return TaskIndex("test files", "", "as collected", "", tuple(entries))

    def prepare(self, settings: Settings, index: TaskIndex, cache: Path, say: Say) -> Preparation:
        if settings.validate:
            raise UsageMistake(VALIDATE)
        python = settings.python or sys.executable
        image = _image(settings, index.entries)
        return Preparation(
            # No path of this machine means anything in an image.
            SandboxSetup(python="python3" if image else python, image=image),
            fingerprint=image or _version(python),
            skips={e.id: _other_image(e, settings) for e in index.entries if e.image != image},
        )

    def task(self, bench: Bench, entry: TaskEntry) -> Task:
        own = _own(entry)
        return Task(
            own.id,
            own.name,
            self.name,
            own.instruction,
            own.category,
            own.tags,
            expected_output=own.expected,
        )

    def environment(self, bench: Bench, entry: TaskEntry, task: Task) -> SandboxEnvironment:
        sandbox = bench.open_sandbox(SandboxLimits())
        return SandboxEnvironment(sandbox, task, _own(entry).reference)

    def check_reference(self, bench: Bench, entry: TaskEntry, times: int) -> ReferenceCheck:
        raise UsageMistake(VALIDATE)

    def remember(self, bench: Bench, checks: Mapping[str, ReferenceCheck], cache: Path) -> str:
        return ""

    def abilities(self, results: Sequence[Result]) -> Mapping[str, float | None]:
        return {}

    def remarks(self, results: Sequence[Result]) -> Sequence[str]:
        idle = sorted({each.task_id for each in results if ASSERTS_NOTHING in each.flags})
        if not idle:
            return ()
        first = idle[0] if len(idle) == 1 else f"{len(idle)} tests, the first {idle[0]}"
        return (f"asserts nothing, so that any agent resolves it: {first}",)

    def doctor(self, settings: Settings, cache: Path) -> Sequence[Check]:
        return ()


def _own(entry: TaskEntry) -> CustomEntry:
    assert isinstance(entry, CustomEntry)
    return entry


def _image(settings: Settings, entries: Sequence[TaskEntry]) -> str:
    """The one that the sandboxes of this run are made of: a run has one."""
    named = [entry.image for entry in entries if entry.image]
    return named[0] if named and settings.sandbox != PROCESS else ""


def _other_image(entry: TaskEntry, settings: Settings) -> str:
    if settings.sandbox == PROCESS:
        return f"needs the image {entry.image}: run it with --smallbench-sandbox=docker"
    return "needs another image than the other tasks of this run: run it by itself"


def _version(python: str) -> str:
    """The interpreter that the tasks' code runs with."""
    if python == sys.executable:
        return f"Python {platform.python_version()}"
    command = [python, "-I", "-c", "import platform; print(platform.python_version())"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    except (OSError, subprocess.SubprocessError) as error:
        raise UsageMistake(f"--smallbench-python={python}: it does not run: {error}") from None
    return f"Python {done.stdout.strip()}"
