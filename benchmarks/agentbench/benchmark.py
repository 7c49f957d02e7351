"""AgentBench as a benchmark: ties data set, worlds and the shared environment together."""

from __future__ import annotations

import sys
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
from pytest_smallbench.settings import Settings

from . import own_settings

# What is not needed to list the benchmark is imported where it is used.
if TYPE_CHECKING:
    from .environment import AgentBenchEnvironment
    from .worlds import Record


class AgentBench:
    """See ``contracts.Benchmark``; the rules are those of the AgentBench specification."""

    name = "agentbench"
    title = "Seven interactive environments: shell, database, graph, shop, cards, puzzles, house"
    suite = "pytest_smallbench.benchmarks.agentbench.suite:test_task"
    grader_version = "1"
    limits = Limits(max_steps=20, timeout_s=300.0)
    labels: Mapping[str, str] = {
        "category": "environment",
        "score": "own metric",
        "abilities": "figures",
    }
    own_settings = (*own_settings.ALLOWED, *own_settings.FREE)

    def index(self, settings: Settings, cache: Path, say: Say) -> TaskIndex:
        from . import chosen, dataset

        values = own_settings.checked(settings.values)
        data = dataset.open_dataset(settings.dataset or dataset.DEFAULT_SOURCE, values, cache, say)
        entries = chosen.choose(data, settings)
        selection = chosen.words(data, settings, values["difficulty"])
        return TaskIndex(data.source, data.revision, selection, data.records, tuple(entries))

    def prepare(self, settings: Settings, index: TaskIndex, cache: Path, say: Say) -> Preparation:
        from . import requirements

        values = own_settings.checked(settings.values)
        requirements.check(index, values, settings.base_url)
        return Preparation(
            SandboxSetup(python=sys.executable),
            fingerprint=own_settings.fingerprint(values),
            skips=requirements.skips(index, values, settings.sandbox),
        )

    def task(self, bench: Bench, entry: TaskEntry) -> Task:
        from .opening import task_of

        return task_of(self._record(bench, entry), entry, self.name)

    def environment(self, bench: Bench, entry: TaskEntry, task: Task) -> AgentBenchEnvironment:
        from .opening import open_environment

        return open_environment(bench, self._record(bench, entry), task)

    def check_reference(self, bench: Bench, entry: TaskEntry, times: int) -> ReferenceCheck:
        from pytest_smallbench.reference_play import check

        return check(lambda: self.environment(bench, entry, self.task(bench, entry)), times)

    def remember(self, bench: Bench, checks: Mapping[str, ReferenceCheck], cache: Path) -> str:
        from pytest_smallbench.reference_play import summary

        return summary(checks)

    def abilities(self, results: Sequence[Result]) -> Mapping[str, float | None]:
        from .figures import figures

        return figures(results)

    def remarks(self, results: Sequence[Result]) -> Sequence[str]:
        from .figures import remarks

        return remarks(results)

    def doctor(self, settings: Settings, cache: Path) -> Sequence[Check]:
        from .checkup import checkup

        return checkup(settings, cache)

    def _record(self, bench: Bench, entry: TaskEntry) -> Record:
        from .dataset import read_record

        return read_record(bench.index, entry, own_settings.checked(bench.settings.values))
