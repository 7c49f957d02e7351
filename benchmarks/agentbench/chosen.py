"""Which tasks of a data set a run takes."""

from __future__ import annotations

from pytest_smallbench import selection
from pytest_smallbench.contracts import TaskEntry
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
        selection.of_split(data.entries, data.splits, settings.split, data.source),
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
