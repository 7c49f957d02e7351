"""Task folders as a benchmark: its tasks are what pytest collects, its sandbox a container."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_smallbench.contracts import (
    Bench,
    Check,
    Limits,
    Preparation,
    ReferenceCheck,
    Result,
    SandboxSetup,
    Say,
    Task,
    TaskEntry,
    TaskIndex,
)
from pytest_smallbench.errors import UsageMistake
from pytest_smallbench.settings import Settings

from . import own_settings
from .recognising import description

# What collection does not need is imported where it is used.
if TYPE_CHECKING:
    from .environment import FolderEnvironment
    from .task import FolderTask

NAME = "harbor"
SANDBOXES = ("process", "docker")  # the run's default, which is for other tasks, and ours


class Harbor:
    """See ``contracts.CollectedBenchmark``. ``root`` is pytest's rootdir: ids start there."""

    name = NAME
    title = "Harbor task folders (task.toml), and terminal-bench's (task.yaml)"
    suite = ""
    grader_version = "1"
    limits = Limits(max_steps=100, timeout_s=None)
    labels: Mapping[str, str] = {"category": "category", "score": "reward"}
    own_settings = own_settings.NAMES

    def __init__(self, root: Path) -> None:
        self._root = root
        self.prepared = False

    def index(self, settings: Settings, cache: Path, say: Say) -> TaskIndex:
        raise UsageMistake(
            "--smallbench=harbor: its tasks are folders; name them instead: pytest PATH"
        )

    def collected(self, entries: Sequence[TaskEntry]) -> TaskIndex:
        return TaskIndex(
            source="task folders",
            revision="",
            selection="as collected",
            records=str(self._root),
            entries=tuple(entries),
            runs_in="docker",
        )

    def prepare(self, settings: Settings, index: TaskIndex, cache: Path, say: Say) -> Preparation:
        from .preparing import prepare

        if settings.sandbox not in SANDBOXES:
            raise UsageMistake(
                f"--smallbench-sandbox={settings.sandbox}: task folders run on docker only"
            )
        own = own_settings.checked(settings.values)
        tasks = {entry.id: self._folder_task(index, entry) for entry in index.entries}
        self.prepared = True
        state, skips = prepare(tasks, own, say)
        return Preparation(
            SandboxSetup(python=""), own_settings.fingerprint(own), state=state, skips=skips
        )

    def task(self, bench: Bench, entry: TaskEntry) -> Task:
        return Task(
            id=entry.id,
            name=entry.name,
            benchmark=self.name,
            problem_statement=self._folder_task(bench.index, entry).instruction,
            category=entry.category,
            tags=entry.tags,
        )

    def environment(self, bench: Bench, entry: TaskEntry, task: Task) -> FolderEnvironment:
        from .opening import open_environment

        return open_environment(bench, self._folder_task(bench.index, entry), task)

    def check_reference(self, bench: Bench, entry: TaskEntry, times: int) -> ReferenceCheck:
        from .reference import check

        return check(lambda: self.environment(bench, entry, self.task(bench, entry)), times)

    def remember(self, bench: Bench, checks: Mapping[str, ReferenceCheck], cache: Path) -> str:
        failed = sorted(task for task, check in checks.items() if check.outcome != "pass")
        which = f": {', '.join(failed)}" if failed else ""
        return f"{len(checks)} solutions checked, {len(failed)} do not hold{which}"

    def abilities(self, results: Sequence[Result]) -> Mapping[str, float | None]:
        return {}

    def doctor(self, settings: Settings, cache: Path) -> Sequence[Check]:
        return []  # the sandbox docker's own line tells whether there is an engine

    def _folder_task(self, index: TaskIndex, entry: TaskEntry) -> FolderTask:
        from .folders import read_task

        folder = Path(index.records) / entry.id
        file = description(folder)
        if file is None:
            raise UsageMistake(f"{folder}: is no task folder any more")
        return read_task(file)
