"""BCB-Agent as a benchmark: ties data set, grading environment, ACI and grader together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_smallbench import selection
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
from pytest_smallbench.errors import GradingError, UsageMistake
from pytest_smallbench.settings import Settings

from . import parts
from .abilities import abilities
from .dataset import DEFAULT_SOURCE, open_dataset, read_record
from .records import Record, task_of

# What runs, grades and builds is imported where it is used: collection must stay cheap.
if TYPE_CHECKING:
    from .environment import BcbEnvironment
    from .grading_environment import GradingPython


class BcbAgent:
    """See ``contracts.Benchmark``; the rules are those of the BCB-Agent specification."""

    name = "bcb-agent"
    title = "BigCodeBench's tasks through an agent-computer interface"
    suite = "pytest_smallbench.benchmarks.bcb_agent.suite:test_task"
    limits = Limits(max_steps=10, timeout_s=600.0)
    labels: Mapping[str, str] = {"category": "library domain", "tag": "library"}

    own_settings = ()
    grader_version = "1"

    def index(self, settings: Settings, cache: Path, say: Say) -> TaskIndex:
        data = open_dataset(settings.dataset or DEFAULT_SOURCE, cache, say)
        entries = parts.select(
            data.index,
            prompt=settings.prompt,
            subset=settings.subset,
            split=settings.split,
            category=settings.categories,
            task=settings.task,
            limit=settings.limit,
            sample=settings.sample,
            seed=settings.seed,
        )
        return TaskIndex(
            source=data.source,
            revision=data.revision,
            selection=_selection(settings),
            records=str(data.path),
            entries=tuple(entries),
        )

    def prepare(self, settings: Settings, index: TaskIndex, cache: Path, say: Say) -> Preparation:
        from .holding import worth_holding
        from .validation import ReferenceChecks

        python = grading_python(settings, index, cache, say)
        checks = ReferenceChecks(cache, python.fingerprint, index.revision)
        records = _records(index)
        expected = {id: s for id, r in records.items() if (s := checks.expected_s(r)) is not None}
        skips = {
            id: why for id, r in records.items() if (why := checks.skip_reason(r, python.broken))
        }
        held = worth_holding(python.preload, records.values())
        return Preparation(
            SandboxSetup(python.python, preload=held, image=python.image),
            python.fingerprint,
            state={"python": "py" + "".join(python.python_version.split(".")[:2])},
            skips={} if settings.validate else skips,
            expected_s=expected,
        )

    def task(self, bench: Bench, entry: TaskEntry) -> Task:
        return task_of(_record(bench, entry), entry, self.name)

    def environment(self, bench: Bench, entry: TaskEntry, task: Task) -> BcbEnvironment:
        from .environment import BcbEnvironment
        from .grading import Grading

        return BcbEnvironment(
            task,
            lambda: _record(bench, entry),
            bench.open_sandbox,
            Grading(bench).grade,
            bench.limits,
            python=bench.preparation.state["python"],
        )

    def check_reference(self, bench: Bench, entry: TaskEntry, times: int) -> ReferenceCheck:
        from .grading import Grading

        return Grading(bench).check_reference(_record(bench, entry), times)

    def remember(self, bench: Bench, checks: Mapping[str, ReferenceCheck], cache: Path) -> str:
        from .validation import ReferenceChecks

        store = ReferenceChecks(cache, bench.preparation.fingerprint, bench.index.revision)
        store.add(checks)
        return f"{len(checks)} reference checks stored, {store.summary()}: {store.path}"

    def abilities(self, results: Sequence[Result]) -> Mapping[str, float | None]:
        return abilities(results)

    def doctor(self, settings: Settings, cache: Path) -> Sequence[Check]:
        from .checkup import checkup

        return checkup(settings, cache)


def _record(bench: Bench, entry: TaskEntry) -> Record:
    return read_record(Path(bench.index.records), entry)


def _records(index: TaskIndex) -> dict[str, Record]:
    """The records of all selected tasks, by task id (controller). Raises UsageMistake."""
    try:
        return {e.id: read_record(Path(index.records), e) for e in index.entries}
    except GradingError as error:
        raise UsageMistake(str(error)) from None


def grading_python(settings: Settings, index: TaskIndex, cache: Path, say: Say) -> GradingPython:
    """The interpreter to grade with. ``mini`` has a small environment of its own; the hub
    set never falls back to it."""
    lock = "mini" if index.source == "mini" else settings.environment
    if settings.sandbox in ("docker", "modal"):
        from .grading_image import GradingImage

        return GradingImage.ensure(lock, settings, cache, say)

    from .grading_environment import GradingEnvironment

    if settings.python:
        return GradingEnvironment.existing(settings.python, cache=cache, say=say)
    return GradingEnvironment.ensure(lock, base_python=settings.base_python, cache=cache, say=say)


def _selection(settings: Settings) -> str:
    """Which part of the data set was taken, in words."""
    words = [f"prompt {settings.prompt}", f"subset {settings.subset}", f"split {settings.split}"]
    return ", ".join([*words, *selection.words(settings)])
