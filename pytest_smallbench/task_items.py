"""Which pytest items are tasks, and of which benchmark.

The door for collectors: an item of any class becomes a task when its collector says
``enlist(item, "name", entry)``, and runs, counts and is reported like every other. The
benchmark's object, which is asked for the task and its environment, is found in the registry
under that name. An entry may be of a class of its own, derived from TaskEntry: what it holds
besides stays in this process, where ``Benchmark.task`` and ``Benchmark.environment`` get it
back; reports get the fields of TaskEntry.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pytest_smallbench.contracts import TaskEntry


@dataclass(frozen=True)
class TaskOfItem:
    """What makes an item a task: one attempt at ``entry``. ``own_test``: its function is a
    test that a user wrote, whose failed assert is told as pytest tells it."""

    benchmark: str
    entry: TaskEntry
    attempt: int = 1
    own_test: bool = False


TASK = pytest.StashKey[TaskOfItem]()


def enlist(
    item: pytest.Item,
    benchmark: str,
    entry: TaskEntry,
    attempt: int = 1,
    *,
    own_test: bool = False,
) -> None:
    """Make ``item`` a task. To be called while pytest collects, the same on every worker."""
    item.stash[TASK] = TaskOfItem(benchmark, entry, attempt, own_test)
    _read_id_anew(item)


def _read_id_anew(item: pytest.Item) -> None:
    """pytest 9.2 compares ids in parts, what is in brackets apart, and for --lf reads them from
    text. It must read a name that ends in ``[2]`` here the same way."""
    known: Any = getattr(item, "_id", None)
    if known is not None:
        item._id = type(known).parse(item.nodeid)  # type: ignore[attr-defined,unused-ignore]


def task_of(item: pytest.Item) -> TaskOfItem | None:
    """None for a user's ordinary test."""
    return item.stash.get(TASK, None)
