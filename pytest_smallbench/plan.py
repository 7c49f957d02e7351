"""What the controller decided for a run, in a form that travels to the workers.

Every worker must collect the same tasks in the same order: so the controller alone reads
the data set and selects, and the workers get the outcome as text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from pytest_smallbench.contracts import Preparation, SandboxSetup, TaskEntry, TaskIndex

NOT_PREPARED = Preparation(SandboxSetup(python=""), fingerprint="")


@dataclass(frozen=True)
class PlannedItem:
    """One attempt at a task. Its ``name`` ends in ``[2]`` where tasks have several; that of an
    item which was collected from a user's file is its whole node id."""

    name: str
    entry: TaskEntry
    attempt: int = 1


@dataclass(frozen=True)
class BenchPlan:
    """One benchmark's share: what to run, and where its sandboxes are to be had.

    ``left_out`` names items that do not run: others were asked for, or they have a verdict.
    ``collected`` are the items of a benchmark whose tasks pytest collects from the user's
    files; of any other they follow from the index.
    """

    index: TaskIndex
    preparation: Preparation = NOT_PREPARED
    address: str = ""
    attempts: int = 1
    left_out: frozenset[str] = frozenset()
    collected: tuple[PlannedItem, ...] = ()

    def items(self) -> Iterator[PlannedItem]:
        """All that runs, task by task."""
        return (item for item in self._all_items() if item.name not in self.left_out)

    def sandbox(self, asked: str) -> str:
        """The sandbox's name for the report: ``asked``, or none where no task needs any."""
        return asked if self.index.sandboxed else self.index.runs_in or "none"

    def only(self, names: set[str]) -> BenchPlan:
        """The same plan with just these items; a task's own name stands for its attempts."""
        kept = [item for item in self._all_items() if names & {item.name, item.entry.name}]
        entries = tuple(dict.fromkeys(item.entry for item in kept))
        narrow = replace(self, index=replace(self.index, entries=entries))
        return narrow.without({item.name for item in narrow._all_items()} - {i.name for i in kept})

    def without(self, names: set[str]) -> BenchPlan:
        return replace(self, left_out=self.left_out | names)

    def _all_items(self) -> Iterator[PlannedItem]:
        if self.collected:
            yield from self.collected
            return
        for entry in self.index.entries:
            for attempt in range(1, self.attempts + 1):
                suffix = f"[{attempt}]" if self.attempts > 1 else ""
                yield PlannedItem(entry.name + suffix, entry, attempt)


@dataclass(frozen=True)
class Plan:
    """``output`` is empty for a run that only collects."""

    run_id: str
    output: str = ""
    benches: Mapping[str, BenchPlan] = field(default_factory=dict)

    def items(self) -> Iterator[tuple[str, str, PlannedItem]]:
        """(node id, benchmark, item) of all that runs."""
        for name, bench in self.benches.items():
            for item in bench.items():
                yield item.name if bench.collected else f"{name}::{item.name}", name, item

    @property
    def trajectories(self) -> Path:
        return Path(self.output) / "trajectories"

    def pack(self) -> str:
        benches = {name: _packed(bench) for name, bench in self.benches.items()}
        return json.dumps({"run_id": self.run_id, "output": self.output, "benches": benches})

    @staticmethod
    def unpack(text: str) -> Plan:
        values = json.loads(text)
        benches = {name: _unpacked(bench) for name, bench in values["benches"].items()}
        return Plan(values["run_id"], values["output"], benches)


def _packed(bench: BenchPlan) -> dict[str, Any]:
    index = {**vars(bench.index), "entries": [_values(entry) for entry in bench.index.entries]}
    return {
        "index": index,
        "preparation": asdict(bench.preparation),
        "address": bench.address,
        "attempts": bench.attempts,
        "left_out": sorted(bench.left_out),
        "collected": pack_items(bench.collected),
    }


def _unpacked(values: dict[str, Any]) -> BenchPlan:
    index = values["index"]
    entries = tuple(_entry(entry) for entry in index.pop("entries"))
    preparation = values["preparation"]
    lists = ("preload", "readable", "python_path")
    setup = preparation.pop("setup")
    setup = SandboxSetup(**{**setup, **{name: tuple(setup[name]) for name in lists}})
    return BenchPlan(
        TaskIndex(**index, entries=entries),
        Preparation(setup=setup, **preparation),
        values["address"],
        values["attempts"],
        frozenset(values["left_out"]),
        unpack_items(values["collected"]),
    )


def pack_items(items: Sequence[PlannedItem]) -> list[dict[str, Any]]:
    return [{**vars(item), "entry": _values(item.entry)} for item in items]


def unpack_items(packed: Sequence[dict[str, Any]]) -> tuple[PlannedItem, ...]:
    return tuple(PlannedItem(**{**item, "entry": _entry(item["entry"])}) for item in packed)


# Not asdict: a data set has thousands of entries.
_FIELDS = tuple(field.name for field in fields(TaskEntry))


def bare(entry: TaskEntry) -> TaskEntry:
    """A TaskEntry without what a class derived from it holds besides."""
    return TaskEntry(**_values(entry))


def _values(entry: TaskEntry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in _FIELDS}


def _entry(values: dict[str, Any]) -> TaskEntry:
    return TaskEntry(**{**values, "tags": tuple(values["tags"])})
