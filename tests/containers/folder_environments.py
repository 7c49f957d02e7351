"""Environments of task folders, opened as a worker opens them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pytest_smallbench.benchmarks.harbor import own_settings, preparing
from pytest_smallbench.benchmarks.harbor.environment import FolderEnvironment
from pytest_smallbench.benchmarks.harbor.folders import read_task
from pytest_smallbench.benchmarks.harbor.opening import open_environment
from pytest_smallbench.benchmarks.harbor.recognising import description

from pytest_smallbench.contracts import (
    Bench,
    Limits,
    Preparation,
    SandboxSetup,
    Task,
    TaskIndex,
)
from pytest_smallbench.settings import Settings

OWN = Path(__file__).parents[1] / "harbor_tasks"


@contextmanager
def opened(folder: Path, values: Mapping[str, str] | None = None) -> Iterator[FolderEnvironment]:
    file = description(folder)
    assert file is not None
    folder_task, own = read_task(file), own_settings.checked(values or {})
    state, skips = preparing.prepare({folder.name: folder_task}, own, lambda line: None)
    assert not skips
    bench = Bench(
        Settings(values=values or {}),
        TaskIndex("", "", "", "", ()),
        Preparation(SandboxSetup(""), "", state=state),
        Path(),
        Limits(),
        no_sandbox,
    )
    task = Task(folder.name, folder.name, "harbor", folder_task.instruction)
    environment = open_environment(bench, folder_task, task)
    try:
        yield environment
    finally:
        environment.close()


def no_sandbox(*_: object) -> None:
    raise AssertionError("a task folder opens no sandbox")


def play(environment: FolderEnvironment) -> None:
    """The reference solution."""
    for call in environment.reference():
        environment.call(call.name, dict(call.arguments))
