"""Which tasks of a data set a run takes."""

from __future__ import annotations

from pytest_smallbench import selection
from pytest_smallbench.contracts import TaskEntry
from pytest_smallbench.errors import UsageMistake
from pytest_smallbench.settings import Settings

from .dataset import DataSet
from .plain import ID_PREFIX


def choose(data: DataSet, settings: Settings) -> list[TaskEntry]:
    """Split, category, task, sample, limit, in this order. Raises UsageMistake.

    Plain records keep the order of their data set, as the seed takes them; all else is in
    natural order. A plain task may be named with or without the prefix of its id.
    """
    task = settings.task
    if data.plain and task is not None and not task.startswith((ID_PREFIX, "*", "?")):
        task = ID_PREFIX + task
    return selection.select(
        _of_split(data, settings.split),
        category=settings.categories,
        task=task,
        sample=settings.sample,
        limit=settings.limit,
        seed=settings.seed,
        natural=not data.plain,
    )


def words(data: DataSet, settings: Settings, difficulty: str) -> str:
    """Which part was taken, in words."""
    said = [f"difficulty {difficulty}"] if not data.records else [f"split {settings.split}"]
    return ", ".join([*said, *selection.words(settings)])


def _of_split(data: DataSet, split: str) -> list[TaskEntry]:
    if split == "all":
        return list(data.entries)
    entries = [entry for entry in data.entries if data.splits.get(entry.id) == split]
    if not entries:
        known = sorted(set(data.splits.values()) - {""})
        there = f"there are {', '.join(known)}" if known else "its tasks are in no split"
        raise UsageMistake(f"--smallbench-split={split}: none in {data.source}; {there}")
    return entries
