"""The pytest hooks of task folders: any package could bring tasks of a form of its own so.

Loaded with every pytest run, so it imports next to nothing: a folder is looked at twice, and
the rest is imported once there is a task.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_smallbench.registry import Registry

    from .benchmark import Harbor


def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """So early that --smallbench-list knows the benchmark too."""
    manager = early_config.pluginmanager
    if manager.has_plugin("smallbench"):
        manager.register(TaskFolders(early_config), "smallbench-task-folders")


class TaskFolders:
    """Registered where pytest-smallbench is in force."""

    def __init__(self, config: pytest.Config) -> None:
        self._root = config.rootpath
        self._benchmark: Harbor | None = None

    @pytest.hookimpl(optionalhook=True)
    def pytest_smallbench_register(self, registry: Registry) -> None:
        from .benchmark import NAME, Harbor

        self._benchmark = Harbor(self._root)
        registry.benchmark(NAME, self._benchmark, "pytest-smallbench")

    @pytest.hookimpl(tryfirst=True)
    def pytest_collect_directory(
        self, path: Path, parent: pytest.Collector
    ) -> pytest.Collector | None:
        from .recognising import description

        file = description(path)
        if file is None:
            return None
        from .collection import TaskFolder

        return TaskFolder.of(parent, path, file)

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self) -> None:
        """xdist's workers are gone: what they could not remove, killed or interrupted, is swept."""
        if self._benchmark is not None and self._benchmark.prepared:
            from .preparing import clear_up

            clear_up()
