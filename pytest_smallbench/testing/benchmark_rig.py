"""A benchmark opened for checking, as a run opens it: its tasks, its limits, its sandboxes."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias, cast

from pytest_smallbench.attempt import Attempt
from pytest_smallbench.cache import cache_folder
from pytest_smallbench.contracts import (
    Agent,
    Bench,
    Benchmark,
    Environment,
    Grade,
    Limits,
    Preparation,
    Sandbox,
    SandboxBack,
    SandboxLimits,
    TaskEntry,
    TaskIndex,
    ToolCall,
)
from pytest_smallbench.errors import SandboxUnavailable, UsageMistake
from pytest_smallbench.recording import RecordedAgent, RecordedEnvironment
from pytest_smallbench.registry import installed
from pytest_smallbench.settings import Settings
from pytest_smallbench.testing.cheats import Hostile, collection
from pytest_smallbench.testing.watched_sandbox import SECRET, SECRET_NAME, WatchedSandbox
from pytest_smallbench.trajectory import Trajectory
from pytest_smallbench.worker import limits_for

Submit: TypeAlias = Callable[[Environment, Hostile], Sequence[ToolCall]]
"""How a hostile solution is handed in: the calls that submit ``hostile.render(...)``."""

UNLIMITED = Limits(max_steps=None, timeout_s=None)


@dataclass(frozen=True)
class Opened:
    """What another process needs to open the same environments. Can be pickled."""

    benchmark: Benchmark
    settings: Settings
    index: TaskIndex
    preparation: Preparation
    address: str = ""

    def bench(self, entry: TaskEntry, open_sandbox: Callable[[SandboxLimits], Sandbox]) -> Bench:
        limits = limits_for(self.benchmark, self.settings, entry)
        return Bench(
            self.settings, self.index, self.preparation, cache_folder(), limits, open_sandbox
        )

    def back(self) -> SandboxBack:
        return installed().get_sandbox(self.settings.sandbox)


@dataclass(frozen=True)
class Played:
    """How an attempt ended. ``limit`` names the limit that it ran into, if any."""

    grade: Grade
    limit: str
    metrics: Mapping[str, Any]


@dataclass
class Rig:
    """``entries`` are the tasks to check: a sample, some of each category. ``leaks`` says where
    a secret of this process's environment was handed to a sandbox."""

    opened: Opened
    entries: tuple[TaskEntry, ...]
    folder: Path
    submit: Submit | None = None
    hostile: tuple[Hostile, ...] = ()
    leaks: list[str] = field(default_factory=list)

    @property
    def benchmark(self) -> Benchmark:
        return self.opened.benchmark

    def environment(self, task: TaskEntry | str) -> Environment:
        """A fresh environment of the task, bare; to be closed by the caller."""
        entry = self._entry(task)
        bench = self.bench(entry)
        return self.benchmark.environment(bench, entry, self.benchmark.task(bench, entry))

    def bench(self, entry: TaskEntry) -> Bench:
        return self.opened.bench(entry, self._open_sandbox)

    @contextmanager
    def recorded(self, task: TaskEntry | str, limits: Limits | None = None) -> Iterator[Recorded]:
        """A fresh environment as an agent is handed it, which is closed then."""
        entry = self._entry(task)
        bare = self.environment(entry)
        try:
            path = Path(tempfile.mkdtemp(dir=self.folder)) / "trajectory.jsonl"
            allowed = limits or self.bench(entry).limits
            attempt = Attempt(bare.task, allowed, Trajectory(path))
            yield Recorded(cast(Environment, RecordedEnvironment(bare, attempt)), bare, attempt)
        finally:
            bare.close()

    def play(self, task: TaskEntry | str, agent: Agent) -> Played:
        """One attempt, as in a run: limits and checked arguments and all."""
        with self.recorded(task) as recorded:
            RecordedAgent(agent, recorded.attempt).solve(recorded.environment)
            grade = recorded.environment.grade()
            limit = recorded.attempt.limit_reached
            return Played(grade, limit, dict(recorded.bare.metrics()))

    def _entry(self, task: TaskEntry | str) -> TaskEntry:
        if isinstance(task, TaskEntry):
            return task
        return next(each for each in self.opened.index.entries if task in (each.id, each.name))

    def _open_sandbox(self, limits: SandboxLimits) -> Sandbox:
        opened = self.opened.back().open(self.opened.address, limits)
        return cast(Sandbox, WatchedSandbox(opened, self.leaks))


@dataclass(frozen=True)
class Recorded:
    """An environment as an agent is handed it, the bare one within, and the attempt's record."""

    environment: Environment
    bare: Environment
    attempt: Attempt


@contextmanager
def open_rig(
    benchmark: Benchmark,
    *,
    sample: int = 5,
    settings: Settings | None = None,
    submit: Submit | None = None,
    hostile: Sequence[Hostile] | None = None,
) -> Iterator[Rig]:
    """Opens a benchmark for checking, and ends all that it started.

    ``sample`` is how many tasks are looked at; ``settings`` are those of a run, for another
    data set or sandbox; ``submit`` is given where a task is to write one Python function: the
    bundled hostile solutions (all cheats, or those in ``hostile``) are handed in by it. Raises
    UsageMistake as a run would.
    """
    settings = settings or Settings()
    with _secret_around(), tempfile.TemporaryDirectory(prefix="smallbench-rig-") as folder:
        index = benchmark.index(settings, cache_folder(), _say)
        preparation = benchmark.prepare(settings, index, cache_folder(), _say)
        opened = Opened(benchmark, settings, index, preparation)
        back = opened.back() if index.sandboxed else None
        if back is not None:
            opened = replace(opened, address=_started(back, preparation))
        try:
            gradable = [entry for entry in index.entries if entry.id not in preparation.skips]
            chosen = collection("cheat") if hostile is None else tuple(hostile)
            yield Rig(opened, spread(gradable, sample), Path(folder), submit, chosen)
        finally:
            if back is not None:
                back.stop()


def spread(entries: Sequence[TaskEntry], size: int) -> tuple[TaskEntry, ...]:
    """``size`` of the entries, of each category in turn: the same ones each time."""
    kept: dict[str, list[TaskEntry]] = {}
    for entry in sorted(entries, key=lambda entry: sha256(entry.name.encode()).digest()):
        kept.setdefault(entry.category, []).append(entry)
    turns = [
        (turn, category, entry)
        for category, members in kept.items()
        for turn, entry in enumerate(members)
    ]
    turns.sort(key=lambda each: each[:2])
    return tuple(entry for _, _, entry in turns[:size])


def _started(back: SandboxBack, preparation: Preparation) -> str:
    reason = back.unavailable()
    if reason:
        raise UsageMistake(f"sandbox {back.name}: {reason}")
    try:
        return back.start(preparation.setup)
    except SandboxUnavailable as unavailable:
        raise UsageMistake(str(unavailable)) from None


@contextmanager
def _secret_around() -> Iterator[None]:
    """A variable in this process's environment that nothing may hand on."""
    os.environ[SECRET_NAME] = SECRET
    try:
        yield
    finally:
        os.environ.pop(SECRET_NAME, None)


def _say(line: str) -> None:
    print(f"smallbench: {line}", file=sys.stderr, flush=True)
