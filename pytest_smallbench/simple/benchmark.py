"""A whole benchmark over a file of JSON lines, with a default for all that most have alike."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pytest_smallbench import record_file, selection
from pytest_smallbench.contracts import (
    Bench,
    Check,
    Environment,
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
from pytest_smallbench.record_sources import open_source
from pytest_smallbench.settings import Settings
from pytest_smallbench.simple import records
from pytest_smallbench.simple.records import Fields

Opens = Callable[[Task, Mapping[str, Any], Bench], Environment]


@dataclass
class SimpleBenchmark:
    """See ``contracts.Benchmark``. Whatever a default does not suit, a subclass overrides.

    ``tasks`` is a JSON lines file (``.jsonl``, ``.jsonl.gz``), a folder of them, or a hub id; a
    user's --smallbench-dataset takes its place. Each line is a task, as ``simple.records``
    says; ``fields`` names the fields that it has besides, and their types:
    ``{"goal": dict, "answer": str}``. ``environment_class`` is called with (task, record,
    bench). With ``sandboxed=True`` tasks may open sandboxes, whose interpreter is that of
    --smallbench-python or this one, ``preload`` naming modules that it holds ready.
    """

    name: str
    title: str
    tasks: str | Path
    environment_class: Opens
    grader_version: str = "1"
    suite: str = "pytest_smallbench.simple.suite:test_task"
    limits: Limits = Limits()  # noqa: RUF009 - frozen
    labels: Mapping[str, str] = field(default_factory=dict)
    fields: Fields = field(default_factory=dict)
    own_settings: Sequence[str] = ()
    sandboxed: bool = False
    preload: tuple[str, ...] = ()

    def index(self, settings: Settings, cache: Path, say: Say) -> TaskIndex:
        opened = open_source(
            settings.dataset or str(self.tasks), "a .jsonl or .jsonl.gz file, or a folder", say
        )
        found = records.read(opened.pairs, self.fields, opened.name)
        path, digest, places = record_file.write(cache / self.name / "datasets", found)
        entries = [self._entry(*each) for each in zip(found, places, strict=True)]
        splits = {record["id"]: record.get("split") or "" for record in found}
        return TaskIndex(
            source=settings.dataset or self.name,
            revision=opened.revision or f"sha256:{digest}",
            selection=", ".join([f"split {settings.split}", *selection.words(settings)]),
            records=str(path),
            entries=tuple(_chosen(entries, splits, settings)),
        )

    def prepare(self, settings: Settings, index: TaskIndex, cache: Path, say: Say) -> Preparation:
        setup = SandboxSetup(python=settings.python or sys.executable, preload=self.preload)
        return Preparation(setup, fingerprint=", ".join(self._fingerprint(settings)))

    def _fingerprint(self, settings: Settings) -> Iterable[str]:
        """What verdicts depend on besides tasks and grader: two runs that differ in it are not
        compared."""
        if self.sandboxed:
            yield settings.python or f"Python {platform.python_version()}"
        for key in sorted(self.own_settings):
            if key in settings.values:
                yield f"{key}={settings.values[key]}"

    def task(self, bench: Bench, entry: TaskEntry) -> Task:
        instruction = self.record(bench, entry)["instruction"]
        return Task(entry.id, entry.name, self.name, instruction, entry.category, entry.tags)

    def environment(self, bench: Bench, entry: TaskEntry, task: Task) -> Environment:
        return self.environment_class(task, self.record(bench, entry), bench)

    def record(self, bench: Bench, entry: TaskEntry) -> dict[str, Any]:
        return record_file.read(Path(bench.index.records), entry)

    def check_reference(self, bench: Bench, entry: TaskEntry, times: int) -> ReferenceCheck:
        from pytest_smallbench.reference_play import check

        return check(lambda: self.environment(bench, entry, self.task(bench, entry)), times)

    def remember(self, bench: Bench, checks: Mapping[str, ReferenceCheck], cache: Path) -> str:
        from pytest_smallbench.reference_play import summary

        return summary(checks)

    def abilities(self, results: Sequence[Result]) -> Mapping[str, float | None]:
        return {}

    def doctor(self, settings: Settings, cache: Path) -> Sequence[Check]:
        return ()

    def _entry(self, record: Mapping[str, Any], place: tuple[int, int]) -> TaskEntry:
        return TaskEntry(
            id=record["id"],
            name=record["id"],
            category=record.get("category") or "",
            tags=tuple(record.get("tags") or ()),
            offset=place[0],
            length=place[1],
            max_steps=record.get("max_steps"),
            timeout_s=record.get("timeout_s"),
            sandboxed=self.sandboxed,
        )


def _chosen(
    entries: Sequence[TaskEntry], splits: Mapping[str, str], settings: Settings
) -> list[TaskEntry]:
    return selection.select(
        selection.of_split(entries, splits, settings.split, "the data set"),
        category=settings.categories,
        task=settings.task,
        sample=settings.sample,
        limit=settings.limit,
        seed=settings.seed,
    )
