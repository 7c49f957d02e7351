"""A benchmark as a collector, a task as a pytest item.

The items hang below one Directory node per folder from the rootdir down to the current
one, so that fixtures and hooks of the user's conftest files apply to them, the nearest
winning, as for a test file that lay in the current folder. The benchmark's own node is a
Directory at ``rootdir/<name>``, which need not exist: it gives the ids their form
``bcb-agent::BigCodeBench/0`` on every machine. Nothing but the task index is read here.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from pytest_smallbench.contracts import Benchmark, TaskEntry
from pytest_smallbench.plan import BenchPlan
from pytest_smallbench.task_items import enlist


class TaskItem(pytest.Function):
    """One task of a benchmark that was asked for by name. Its function is the benchmark's
    suite; its fixtures are the user's or ours."""

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, 0, self.name


class BenchmarkNode(pytest.Directory):
    """A benchmark: yields its tasks, marked with their tags."""

    benchmark: Benchmark
    plan: BenchPlan
    function: Callable[..., None]

    def collect(self) -> Iterable[pytest.Item]:
        for planned in self.plan.items():
            item: TaskItem = TaskItem.from_parent(self, name=planned.name, callobj=self.function)
            enlist(item, self.benchmark.name, planned.entry, planned.attempt)
            self._mark(item, planned.entry)
            yield item

    def _mark(self, item: TaskItem, entry: TaskEntry) -> None:
        for tag in entry.tags:
            item.add_marker(tag)
        reason = self.plan.preparation.skips.get(entry.id)
        if reason:
            item.add_marker(pytest.mark.skip(reason=reason))


class FolderNode(pytest.Directory):
    """A folder on the way from the rootdir to the current one; holds one child."""

    child: Callable[[FolderNode], pytest.Collector]

    def collect(self) -> Iterable[pytest.Collector]:
        yield self.child(self)


def benchmark_node(
    session: pytest.Session,
    benchmark: Benchmark,
    plan: BenchPlan,
    function: Callable[..., None],
    collected: Iterable[pytest.Item | pytest.Collector] = (),
) -> pytest.Collector:
    """The top of a benchmark's chain of nodes, to be added to what the session ``collected``."""

    def lowest(parent: pytest.Collector) -> pytest.Collector:
        path = session.config.rootpath / benchmark.name
        node: BenchmarkNode = BenchmarkNode.from_parent(parent, path=path)
        node.benchmark, node.plan, node.function = benchmark, plan, function
        return node

    parent, left = _lowest_known(session, collected)
    return _chain(parent, left, lowest)


def _lowest_known(
    session: pytest.Session, collected: Iterable[pytest.Item | pytest.Collector]
) -> tuple[pytest.Collector, list[Path]]:
    """Where the chain of folders begins, and which are left: a conftest's fixtures belong to the
    first node that pytest makes of its folder, so one that is there already has to be used."""
    known = {
        node.path: node
        for each in collected
        for node in each.listchain()
        if isinstance(node, pytest.Directory)
    }
    way = folders(session.config)
    for number in range(len(way), 0, -1):
        if way[number - 1] in known:
            return known[way[number - 1]], way[number:]
    return session, way


def _chain(
    parent: pytest.Collector,
    folders: list[Path],
    lowest: Callable[[pytest.Collector], pytest.Collector],
) -> pytest.Collector:
    if not folders:
        return lowest(parent)
    node: FolderNode = FolderNode.from_parent(parent, path=folders[0])
    node.child = lambda above: _chain(above, folders[1:], lowest)
    return node


def folders(config: pytest.Config) -> list[Path]:
    """rootdir ... current folder; the rootdir alone where the current one lies outside it."""
    root, here = config.rootpath, config.invocation_params.dir
    if not here.is_relative_to(root):
        return [root]
    steps = here.relative_to(root).parts
    return [root.joinpath(*steps[:count]) for count in range(len(steps) + 1)]


def suite_function(benchmark: Benchmark) -> Callable[..., None]:
    """The benchmark's test function, imported from ``package.module:function``."""
    module, _, name = benchmark.suite.partition(":")
    function: Any = getattr(importlib.import_module(module), name)
    return function  # type: ignore[no-any-return] # a module's attribute has no known type


def longest_first(items: list[pytest.Item], expected: Callable[[pytest.Item], float]) -> None:
    """Sort in place for several workers: a long task that starts last makes all wait."""
    items.sort(key=expected, reverse=True)
