"""Which of the tasks that pytest collected are to run: by the options that select tasks, and
without what a resumed run has a verdict of."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pytest_smallbench.contracts import TaskEntry
from pytest_smallbench.errors import UsageMistake
from pytest_smallbench.run_folder import RunFolder
from pytest_smallbench.selection import select
from pytest_smallbench.settings import Settings
from pytest_smallbench.task_items import task_of

Items = list[pytest.Item]


def unselected(items: Sequence[pytest.Item], settings: Settings) -> Items:
    """The tasks that --smallbench-category, -task, -sample and -limit leave out, each
    benchmark for itself. Raises UsageMistake where they leave nothing."""
    entries: dict[str, dict[str, TaskEntry]] = {}
    for item in items:
        task = task_of(item)
        if task is not None and task.benchmark not in settings.benchmarks:
            entries.setdefault(task.benchmark, {})[task.entry.id] = task.entry
    chosen = {
        (name, entry.id) for name, each in entries.items() for entry in _chosen(each, settings)
    }
    return [item for item in items if _is_among(item, entries) and not _is_in(item, chosen)]


def _chosen(entries: dict[str, TaskEntry], settings: Settings) -> Sequence[TaskEntry]:
    try:
        return select(
            list(entries.values()),
            category=settings.categories,
            task=settings.task,
            sample=settings.sample,
            limit=settings.limit,
            seed=settings.seed,
            natural=False,
        )
    except UsageMistake:
        if settings.benchmarks:  # a category of a benchmark that was asked for by name
            return ()
        raise


def _is_among(item: pytest.Item, entries: dict[str, dict[str, TaskEntry]]) -> bool:
    task = task_of(item)
    return task is not None and task.benchmark in entries


def _is_in(item: pytest.Item, chosen: set[tuple[str, str]]) -> bool:
    task = task_of(item)
    return task is not None and (task.benchmark, task.entry.id) in chosen


def done(items: Sequence[pytest.Item], settings: Settings) -> Items:
    """The tasks that have a verdict in the run to be resumed. Raises UsageMistake."""
    if settings.resume is None:
        return []
    verdicts = RunFolder(settings.resume).earlier().done
    return [item for item in items if task_of(item) is not None and item.nodeid in verdicts]
