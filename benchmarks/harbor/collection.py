"""A task folder as pytest's collector: its file, and in that the task's attempts.

The ids are pytest's own kind, ``tasks/hello/task.toml::hello``, so that one can be pasted
back as an argument, and ``--lf`` and ``--deselect`` know it. Nothing else in the folder is
collected: its tests are for the container.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from pytest_smallbench import options
from pytest_smallbench.contracts import TaskEntry
from pytest_smallbench.errors import UsageMistake
from pytest_smallbench.task_items import enlist

from .benchmark import NAME
from .folders import read_task
from .suite import test_task
from .task import FolderTask


class TaskFolder(pytest.Directory):
    """The folder; holds the one file."""

    file: Path

    @classmethod
    def of(cls, parent: pytest.Collector, folder: Path, file: Path) -> TaskFolder:
        node: TaskFolder = cls.from_parent(parent, path=folder)
        node.file = file
        return node

    def collect(self) -> Iterable[pytest.Collector]:
        yield TaskFile.from_parent(self, path=self.file)


class TaskFile(pytest.File):
    """task.toml or task.yaml."""

    def collect(self) -> Iterable[pytest.Item]:
        try:
            task = read_task(self.path)
        except UsageMistake as mistake:
            raise self.CollectError(str(mistake)) from None
        attempts = options.read(self.config).attempts
        for attempt in range(1, attempts + 1):
            yield self._item(task, attempt, f"[{attempt}]" if attempts > 1 else "")

    def _item(self, task: FolderTask, attempt: int, suffix: str) -> pytest.Item:
        name = self.path.parent.name
        item: TaskFunction = TaskFunction.from_parent(self, name=name + suffix, callobj=test_task)
        tags = tuple(_mark_names(task.tags))
        for tag in tags:
            # Declared, so that --strict-markers and -W error stay quiet.
            self.config.addinivalue_line("markers", f"{tag}: a task with this tag")
            item.add_marker(tag)
        entry = TaskEntry(
            id=self.path.parent.relative_to(self.config.rootpath).as_posix(),
            name=name,
            category=task.category,
            tags=tags,
            timeout_s=task.agent_timeout_s,
            sandboxed=False,  # its container is no sandbox of the run's
        )
        enlist(item, NAME, entry, attempt)
        return item


class TaskFunction(pytest.Function):
    """One attempt. Its fixtures are the user's or ours."""

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, 0, self.name


def _mark_names(tags: Iterable[str]) -> Iterable[str]:
    """Tags as ``-m`` can name them: ``machine-learning`` is ``machine_learning``."""
    for tag in tags:
        name = re.sub(r"\W+", "_", tag).strip("_")
        if name:
            yield f"_{name}" if name[0].isdigit() else name
